import assert from "node:assert/strict";
import test from "node:test";
import { required } from "./page.mjs";

const polygon = required("latent_space/polygon.js");
const SQUARE = [[0, 0], [2, 0], [2, 2], [0, 2]];

test("points inside an outline are flagged", () => {
  assert.deepEqual([...polygon.inside(SQUARE, [1, 3, 0.5], [1, 1, 1.5])], [1, 0, 1]);
});

test("an outline is read as it was written", () => {
  const written = polygon.written(SQUARE);
  assert.match(written, /^[-0-9._]+$/, "it goes into an address as it is");
  assert.deepEqual(polygon.read(written), SQUARE);
});

test("an outline is made shorter, and keeps its shape", () => {
  const circle = Array.from({ length: 400 }, (_, k) => [Math.cos((k * Math.PI) / 200), Math.sin((k * Math.PI) / 200)]);
  const simple = polygon.simplified(circle);
  assert.ok(simple.length >= 8 && simple.length <= 64, `${simple.length} corners`);
  assert.ok(simple.every(([x, y]) => Math.abs(Math.hypot(x, y) - 1) < 0.05));
});
