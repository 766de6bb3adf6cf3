import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

const { schemeOf } = page({ scripts: ["saved_figures.js"] }).likeness.savedFigures;
/** Four corners of one colour, opaque. */
const corners = (...colour) => Array.from({ length: 4 }, () => [...colour, 255]).flat();

test("a figure's background tells in which colours it was drawn, as a lossy picture keeps it", () => {
  assert.equal(schemeOf(corners(255, 255, 255)), "light");
  assert.equal(schemeOf(corners(250, 254, 249)), "light");
  assert.equal(schemeOf(corners(0x1b, 0x21, 0x29)), "dark");
});

test("a picture without the background of a figure stays as it is", () => {
  assert.equal(schemeOf(corners(51, 102, 153)), "none");
  assert.equal(schemeOf([...corners(255, 255, 255).slice(0, 12), 20, 20, 20, 255]), "none");
});
