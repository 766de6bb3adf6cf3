/* Requests that change something on the server: an answer or a sentence. The browser's session decides whether it is allowed (/enter). */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const NO_BODY = /** @type {never} */ (/** @type {unknown} */ ({})); // with an error message there is no body

  /** POST to an address, with a value as JSON if there is one: {body} or {sentence}. */
  likeness.write = async function (address, value) {
    try {
      const told = value === undefined ? {} : { body: JSON.stringify(value) };
      /** @type {Record<string, string>} */
      const type = value === undefined ? {} : { "Content-Type": "application/json" };
      const response = await fetch(address, { method: "POST", headers: type, ...told });
      return answer(response.ok, response.status, await response.text());
    } catch (error) {
      return { body: NO_BODY, sentence: "The server does not answer. Nothing was changed." };
    }
  };

  /** POST a file, with progress in bytes: {done: promise of {body} or {sentence}, cancel}.
   * @template Body
   * @param {string} address
   * @param {Blob} file
   * @param {(sent: number) => void} gone
   * @returns {Upload<Body>} */
  likeness.upload = function (address, file, gone) {
    const request = new XMLHttpRequest(); // fetch does not report upload progress
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => gone(event.loaded));
    /** @type {Promise<Reply<Body>>} */
    const done = new Promise((end) => {
      request.addEventListener("load", () => end(answer(request.status < 400, request.status, request.responseText)));
      request.addEventListener("error", () => end({ body: NO_BODY, sentence: "The upload was interrupted. Nothing was stored: send it again." }));
      request.addEventListener("abort", () => end({ body: NO_BODY, cancelled: true }));
    });
    request.send(file);
    return { done, cancel: () => request.abort() };
  };

  /** @param {boolean} ok @param {number} status @param {string} text */
  /** Parse JSON; an empty object if the text is not ours, such as a proxy's page: then the status decides.
   * @param {string} text */
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch (error) {
      return NO_BODY;
    }
  }

  /** @param {boolean} ok @param {number} status @param {string} text */
  function answer(ok, status, text) {
    const body = parsed(text);
    return ok ? { body } : { body: NO_BODY, sentence: body.error || `The server answered ${status}. Nothing was changed.` };
  }
})();
