/* The face on the screen: a canvas that the style sheet enlarges to its visible size.

   Faces are small (64 to 128 px) and shown large. High-quality smoothing (bicubic) avoids the lattice of bilinear
   enlargement by the style sheet. Without a graphics card bicubic smoothing costs 16 products per pixel, so only the first
   part of the enlargement uses it; the browser does the rest bilinearly outside the page's thread, with the same visible result
   (docs/decisions/pictures.md). The canvas never shrinks, so that scrolling on a phone, where the face shrinks, draws
   nothing. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const LAST = 2.5; // maximum factor of bilinear enlargement
  const FIRST = 2.5; // minimum factor of smooth enlargement before it

  /** @type {HTMLCanvasElement | null} */
  let canvas = null;
  /** @type {ImageBitmap | null} */
  let picture = null;
  let seen = 0; // largest width of this page's stage so far, in screen pixels

  /** @param {HTMLCanvasElement} canvas */
  const width = (canvas) => Math.ceil((canvas.parentElement?.clientWidth ?? 0) * window.devicePixelRatio);
  const resized = new ResizeObserver(() => canvas && width(canvas) > seen && draw());

  /** Insert the canvas into the new page. */
  function open() {
    const stage = document.getElementById("stage");
    if (canvas?.parentElement === stage) return;
    resized.disconnect();
    canvas = document.createElement("canvas");
    canvas.id = "face-canvas";
    seen = 0;
    canvas.setAttribute("role", "img");
    stage.append(canvas);
    resized.observe(stage);
  }

  /** Show a picture, an ImageBitmap, instead of the last one; false if its page is gone.
   * @param {ImageBitmap} bitmap */
  function show(bitmap) {
    picture?.close();
    picture = bitmap;
    if (!canvas?.isConnected) return false;
    draw();
    return true;
  }

  function draw() {
    if (!picture || !canvas) return;
    seen = Math.max(seen, width(canvas));
    const side = Math.max(picture.width, Math.min(seen, Math.ceil(Math.max(seen / LAST, picture.width * FIRST))));
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d", { alpha: false }); // faces are opaque
    if (!context) return;
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, side, side);
  }

  /** Set the alternative text of the picture.
   * @param {string} words */
  function name(words) {
    if (canvas && canvas.getAttribute("aria-label") !== words) canvas.setAttribute("aria-label", words);
  }

  likeness.canvas = { open, show, name, picture: () => picture };
})();
