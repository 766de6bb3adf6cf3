/* Outlines on a plane: simplify, write and read them, and find the points inside.

   dashboard/analysis/selection.py computes the same bit by bit: tests/browser compares them. */
(function (root) {
  "use strict";

  const MOST = 64;
  const DIGITS = 4;

  /** Round to four digits, the precision of a link.
   * @param {number} value */
  const rounded = (value) => Number(value.toPrecision(DIGITS));

  /** Simplify to at most 64 corners: those that change the area least are removed first (Visvalingam and Whyatt 1993).
   * @param {Polygon} points
   * @returns {Polygon} */
  function simplified(points) {
    const kept = points.slice();
    while (kept.length > MOST) {
      let least = Infinity;
      let which = 0;
      for (let k = 0; k < kept.length; k += 1) {
        const [a, b, c] = [kept[(k + kept.length - 1) % kept.length], kept[k], kept[(k + 1) % kept.length]];
        const area = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
        if (area < least) [least, which] = [area, k];
      }
      kept.splice(which, 1);
    }
    return kept.map(([x, y]) => [rounded(x), rounded(y)]);
  }

  /** Return which points are inside, by the even-odd rule; `x` and `y` are arrays of numbers.
   * @param {Polygon} polygon
   * @param {ArrayLike<number>} x
   * @param {ArrayLike<number>} y */
  function inside(polygon, x, y) {
    const inside = new Uint8Array(x.length);
    for (let k = 0; k < polygon.length; k += 1) {
      const [ax, ay] = polygon[k];
      const [bx, by] = polygon[(k + 1) % polygon.length];
      if (ay === by) continue;
      const slope = (bx - ax) / (by - ay);
      for (let i = 0; i < x.length; i += 1) {
        if (ay > y[i] !== by > y[i] && x[i] < ax + (y[i] - ay) * slope) inside[i] ^= 1;
      }
    }
    return inside;
  }

  /** @param {Polygon} polygon */
  const written = (polygon) => polygon.map(([x, y]) => `${x}_${y}`).join("_");

  /** @param {string} text @returns {Polygon} */
  function read(text) {
    const numbers = text.split("_").map(Number);
    /** @type {Polygon} */
    const points = [];
    for (let k = 0; k + 1 < numbers.length; k += 2) points.push([numbers[k], numbers[k + 1]]);
    return points;
  }

  const api = { simplified, inside, written, read };
  if (typeof module !== "undefined" && module.exports) module.exports = api;
  else root.likenessPolygon = api;
})(globalThis);
