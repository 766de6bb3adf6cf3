/* Pictures of saved figures: finds out in which colour scheme each was drawn, from its corners. figures.css shows it in the
   scheme of the page. Anything that is not on the background of a figure stays as it is. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const LIGHT = 235; // least value of a channel of a light background, of 255
  const DARK = 60; // largest one of a dark background

  /** Return the scheme of a picture: "light", "dark", or "none" where its corners are not the background of a figure.
   * @param {ArrayLike<number>} corners red, green, blue and opacity of each */
  function schemeOf(corners) {
    const channels = Array.from(corners).filter((_, place) => place % 4 < 3);
    if (channels.every((value) => value >= LIGHT)) return "light";
    return channels.every((value) => value <= DARK) ? "dark" : "none";
  }

  /** Read the four corners of a picture, a pixel inside its edges.
   * @param {PageElement & HTMLImageElement} picture */
  function cornersOf(picture) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2, height: 2 });
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    const { naturalWidth, naturalHeight } = picture;
    for (const [x, left] of [1, naturalWidth - 2].entries()) {
      for (const [y, top] of [1, naturalHeight - 2].entries()) pen.drawImage(picture, left, top, 1, 1, x, y, 1, 1);
    }
    return pen.getImageData(0, 0, 2, 2).data;
  }

  /** @param {PageElement} element @returns {element is PageElement & HTMLImageElement} */
  const isSavedFigure = (element) => element instanceof HTMLImageElement && element.matches(".lk-saved-figure");

  // Neither event bubbles: both are heard on their way down.
  document.addEventListener("load", ({ target }) => {
    if (isSavedFigure(target)) target.dataset.drawnIn = schemeOf(cornersOf(target));
  }, true);
  document.addEventListener("error", ({ target }) => {
    if (isSavedFigure(target)) target.dataset.drawnIn = "none"; // its words are shown instead
  }, true);

  likeness.savedFigures = { schemeOf };
})();
