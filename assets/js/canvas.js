/* The face on the screen: a canvas of the size that it is seen at.

   Faces are small (64 to 128 px) and shown large. Drawn with high-quality smoothing (bicubic) they show no lattice, which
   a picture that the style sheet enlarges does (bilinear). Without a graphics card bicubic costs 16 products a pixel, so
   only the first part of the way is gone with it: what is enlarged smoothly already looks the same enlarged bilinearly
   (decisions/pictures.md). The canvas never becomes smaller than it was, so that scrolling on a phone, where the face
   shrinks, draws nothing. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const LAST = 2.5; // enlarged bilinearly by so much
  const FIRST = 2.5; // and smoothly before that by so much at least

  const smooth = document.createElement("canvas"); // a picture as far as it is enlarged smoothly
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
    const middle = Math.ceil(Math.max(side / LAST, picture.width * FIRST));
    if (middle < side) enlarge(smooth, picture, middle, "high");
    enlarge(canvas, middle < side ? smooth : picture, side, middle < side ? "low" : "high");
  }

  function enlarge(to, from, side, quality) {
    if (to.width !== side || to.height !== side) to.width = to.height = side;
    const context = to.getContext("2d", { alpha: false }); // nothing shines through a face
    context.imageSmoothingQuality = quality;
    context.drawImage(from, 0, 0, side, side);
  }

  /** Say in words what the picture shows. */
  function name(words) {
    if (canvas && canvas.getAttribute("aria-label") !== words) canvas.setAttribute("aria-label", words);
  }

  likeness.canvas = { open, show, name };
})();
