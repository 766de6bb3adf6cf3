/* What changes something on the server: one request, its answer or a sentence. The session of the browser says whether it may (/enter). */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** POST to an address, with a value as JSON if there is one: {body} or {sentence}. */
  likeness.write = async function (address, value) {
    try {
      const told = value === undefined ? {} : { body: JSON.stringify(value) };
      /** @type {Record<string, string>} */
      const type = value === undefined ? {} : { "Content-Type": "application/json" };
      const response = await fetch(address, { method: "POST", headers: type, ...told });
      return answer(response.ok, response.status, await response.text());
    } catch (error) {
      return { sentence: "The server does not answer. Nothing was changed." };
    }
  };

  /** POST a file, told how many bytes have gone: {done: promise of {body} or {sentence}, cancel}. */
  likeness.upload = function (address, file, gone) {
    const request = new XMLHttpRequest(); // fetch tells nothing of what it has sent
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => gone(event.loaded, file.size));
    const done = new Promise((end) => {
      request.addEventListener("load", () => end(answer(request.status < 400, request.status, request.responseText)));
      request.addEventListener("error", () => end({ sentence: "The upload broke off. Nothing was kept: send it again." }));
      request.addEventListener("abort", () => end({ cancelled: true }));
    });
    request.send(file);
    return { done, cancel: () => request.abort() };
  };

  function answer(ok, status, text) {
    let body = {};
    try {
      body = JSON.parse(text);
    } catch (error) {
      // Not ours: a proxy's page, say. The status tells what there is to tell.
    }
    return ok ? { body } : { sentence: body.error || `The server answered ${status}. Nothing was changed.` };
  }
})();
