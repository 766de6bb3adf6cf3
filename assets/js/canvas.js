/* The face on the screen: a canvas of the size that it is seen at.

   Faces are small (64 to 128 px) and shown large. Drawn with high-quality smoothing (bicubic) they show no lattice, which
   a picture that the style sheet enlarges does (bilinear); it costs about 1 ms. The canvas never becomes smaller than it
   was, so that scrolling on a phone, where the face shrinks, draws nothing. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  let canvas = null;
  let picture = null;

  const resized = new ResizeObserver(() => canvas.parentElement.clientWidth > canvas.width && draw());

  /** Put the canvas on the page that was just laid out. */
  function open() {
    const stage = document.getElementById("stage");
    if (canvas?.parentElement === stage) return;
    resized.disconnect();
    canvas = document.createElement("canvas");
    canvas.id = "face-canvas";
    canvas.setAttribute("role", "img");
    stage.append(canvas);
    resized.observe(stage);
  }

  /** Show a picture, an ImageBitmap, in place of the last one; false where there is no page for it any more. */
  function show(bitmap) {
    picture?.close();
    picture = bitmap;
    if (!canvas?.isConnected) return false;
    draw();
    return true;
  }

  function draw() {
    if (!picture) return;
    const side = Math.max(canvas.width, canvas.parentElement.clientWidth, picture.width);
    if (canvas.width !== side || canvas.height !== side) canvas.width = canvas.height = side;
    const context = canvas.getContext("2d", { alpha: false }); // nothing shines through a face
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, side, side);
  }

  /** Say in words what the picture shows. */
  function name(words) {
    if (canvas && canvas.getAttribute("aria-label") !== words) canvas.setAttribute("aria-label", words);
  }

  likeness.canvas = { open, show, name };
})();
