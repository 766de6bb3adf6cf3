/* Picture queue: one picture in flight, and always the newest state next.

   While a slider is dragged the next picture is requested only when the last one has been decoded, and then for the
   slider's position at that moment: no queue builds up, nothing is aborted, and the last picture shows the last state.

   Large networks have previews (dashboard/synthesis/preview.py): requested instead of full pictures during a drag;
   the full picture follows on release, or on a pause.

   Measuring: for every picture on the screen it sends `likeness:face` with
     face      its string (also likeness.pictureQueue.shownFace)
     ms        the server's time, from Server-Timing (0 when the browser had it)
     cache     whether it came from a cache
     preview   whether it is a preview
     picture   the bitmap, open until the next one arrives
     askedAt   performance.now() when the state changed that it shows
     shownAt   performance.now() in the frame that shows it */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const REST = 200; // ms without a movement that count as a pause
  const SLOW = 200; // ms after which a line below the face shows that the next one is loading
  const FIRST_WAIT = 4; // seconds before trying again when the server does not answer; doubles up to LAST_WAIT
  const LAST_WAIT = 30;
  const REMEMBERED = 2000;

  /** @typedef {{face: string, preview: boolean, askedAt: number}} Wanted */
  /** @typedef {{away?: boolean, sentence?: string, seconds?: number}} Failure */
  /** @type {Wanted | null} */
  let wanted = null;
  let dragging = false;
  /** @type {string | null} */
  let previewed = null; // the face on the screen, if it is a preview
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  let flying = false;
  /** @type {string | null} */
  let lastFace = null; // requested last
  /** @type {string | null} */
  let shownFace = null; // on the screen
  let wait = FIRST_WAIT;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let retry = null;
  const seen = new Set(); // addresses that the browser has cached

  const { send } = likeness;
  const frame = () => document.getElementById("frame");

  const moving = () => dragging && Boolean(likeness.state.model?.previews);

  events.addEventListener("likeness:change", ({ detail }) => {
    const { shown } = likeness.state;
    dragging = detail.motion === "drag";
    if (shown.face !== lastFace) want(shown.face, moving());
  });
  events.addEventListener("likeness:settle", () => {
    dragging = false;
    whole();
  });

  /** Request the picture of a face; an earlier request that has not started is dropped.
   * @param {string} face
   * @param {boolean} [preview] whether a preview will do */
  function want(face, preview = false) {
    clearTimeout(rest);
    lastFace = face;
    wanted = { face, preview, askedAt: performance.now() };
    if (!flying && !retry) fly();
  }

  /** Request the full picture of the face requested last. */
  function whole() {
    clearTimeout(rest);
    if (wanted) wanted.preview = false;
    else if (previewed !== null && previewed === lastFace) want(previewed);
  }

  async function fly() {
    flying = true;
    while (wanted) {
      const request = wanted;
      wanted = null;
      const slow = setTimeout(() => frame()?.setAttribute("data-slow", ""), SLOW);
      try {
        await fetchAndShow(request);
      } catch (error) {
        if (!wanted) wanted = request;
        if (!later(/** @type {Failure} */ (error))) wanted = wanted === request ? null : wanted;
      }
      clearTimeout(slow);
      if (retry) break;
    }
    if (!wanted) frame()?.removeAttribute("data-slow");
    flying = false;
  }

  /** @param {Wanted} request */
  async function fetchAndShow(request) {
    const { model } = likeness.state;
    const address = `${model.address}${request.face}.webp${request.preview ? "?preview" : ""}`;
    const start = performance.now();
    let response;
    try {
      response = await fetch(address);
    } catch (error) {
      throw { away: true };
    }
    send("likeness:problem", { kind: "away", sentence: null });
    if (!response.ok) {
      const seconds = response.status === 503 ? Number(response.headers.get("Retry-After")) || 1 : 0;
      const told = await response.json().catch(() => ({}));
      throw { sentence: told.error || `The server answered ${response.status}.`, seconds };
    }
    const blob = await response.blob();
    const picture = await createImageBitmap(blob);
    const told = timing(response, address, performance.now() - start);
    if (model !== likeness.state.model) return; // another model's page has been opened in the meantime
    show(picture, request, told);
    wait = FIRST_WAIT;
    send("likeness:problem", { kind: "picture", sentence: null });
  }

  /** Return the text of the readout; a picture from the browser's cache has the headers of its first request.
   * @param {Response} response
   * @param {string} address
   * @param {number} took */
  function timing(response, address, took) {
    if (seen.has(address)) return { ms: took, cache: true };
    if (seen.size >= REMEMBERED) seen.delete(seen.values().next().value);
    seen.add(address);
    const header = response.headers.get("Server-Timing") || "";
    const synth = /synth;dur=([0-9.]+)/.exec(header);
    const cache = /cache;desc="?hit/.test(header);
    return { ms: cache || !synth ? took : Number(synth[1]), cache };
  }

  /** @param {ImageBitmap} picture @param {Wanted} request @param {{ms: number, cache: boolean}} told */
  function show(picture, request, { ms, cache }) {
    const preview = request.preview && picture.width < likeness.state.model.resolution;
    const size = `${preview ? "preview, " : ""}${picture.width} \u00d7 ${picture.height}`;
    if (!likeness.canvas.show(picture)) return; // the user has left the page in the meantime
    shownFace = request.face;
    previewed = preview ? request.face : null;
    if (preview) rest = setTimeout(whole, dragging ? REST : 0);
    const holder = frame();
    if (holder.dataset.empty) delete holder.dataset.empty;
    const readout = document.getElementById("readout");
    const words = `${cache ? "from cache" : `computed in ${Math.round(ms)} ms`} \u00b7 ${size}`; // the time of a cached picture is network time
    readout.firstChild instanceof Text ? (readout.firstChild.data = words) : readout.append(words);
    requestAnimationFrame(() => {
      if (picture !== likeness.canvas.picture()) return; // the next one came first, and has closed this one
      send("likeness:face", { face: request.face, ms, cache, preview, picture, askedAt: request.askedAt, shownAt: performance.now() });
    });
  }

  /** Schedule another try if useful; otherwise show the error.
   * @param {Failure} error */
  function later(error) {
    if (error.away) {
      countDown(wait);
      wait = Math.min(LAST_WAIT, wait * 2);
      return true;
    }
    if (error.seconds) {
      retry = setTimeout(again, error.seconds * 1000);
      return true;
    }
    const sentence = error.sentence || "The picture could not be read.";
    send("likeness:problem", { kind: "picture", sentence: `${sentence} The sliders are right; the picture is the one before.` });
    return false;
  }

  /** @param {number} seconds */
  function countDown(seconds) {
    send("likeness:problem", {
      kind: "away",
      sentence: `Your face is in the address bar. Trying again in ${seconds} s.`,
    });
    retry = setTimeout(() => (seconds > 1 ? countDown(seconds - 1) : again()), 1000);
  }

  /** Try immediately. */
  function again() {
    clearTimeout(retry ?? undefined);
    retry = null;
    if (!wanted && lastFace) wanted = { face: lastFace, preview: false, askedAt: performance.now() };
    if (!flying) fly();
  }

  /** Reset on a new page. */
  function reset() {
    clearTimeout(retry ?? undefined);
    retry = null;
    wait = FIRST_WAIT;
    wanted = null;
    lastFace = null;
    shownFace = null;
    previewed = null;
    dragging = false;
    clearTimeout(rest);
  }

  likeness.pictureQueue = { want, again, reset, get moving() { return moving(); }, get shownFace() { return shownFace; } };
})();
