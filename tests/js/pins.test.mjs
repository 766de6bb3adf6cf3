import assert from "node:assert/strict";
import test from "node:test";
import { required } from "./page.mjs";

const pins = required("pins.js");

test("a face has one string, however it was written", () => {
  for (const [written, canonical] of [
    ["1:4;Smiling=1;Male=0", "1:4;Male=0;Smiling=1"],
    ["1:4;Male=-0.00;Smiling=2.20", "1:4;Male=0;Smiling=2.2"],
    ["1:4217", "1:4217"],
  ]) {
    const { base, pins: held } = pins.parseFace(written);
    assert.equal(pins.formatFace(base, held), canonical);
  }
});

test("a broken face is refused with what was expected and what came", () => {
  for (const [face, words] of [
    ["2:4217", /Expected a face such as 1:4217;Smiling=2\.2\. Received: 2:4217/],
    ["1:4217;Smiling", /Expected a pin such as Smiling=2\.2\. Received: Smiling\./],
    ["1:4217;Smiling=5", /Expected Smiling from -4 to 4\. Received: 5\./],
    ["1:4217;Male=1;Male=2", /Expected every attribute once\. Received: Male twice\./],
    ["1:<b>", /Expected a base such as 4217/],
  ]) assert.throws(() => pins.parseFace(face), words);
});

test("numbers are rounded to four decimals, halves away from zero, without a negative zero", () => {
  assert.equal(pins.formatNumber(-0.00001), "0");
  assert.equal(pins.formatNumber(1.23456), "1.2346");
  assert.equal(pins.formatNumber(-2.5), "-2.5");
  assert.ok(Object.is(pins.quantise(-0), 0));
});

test("a pinned coordinate is exactly where it was put, and independent directions stay", () => {
  const size = 512;
  const model = { gram: [[1, 0], [0, 1]], spare: [0, 0], latent_size: size, normalise: true };
  const base = { coordinates: [0.3, -0.7], norm2: size };
  const { s, feasible } = pins.coordinates(model, base, [0], [2]);
  assert.ok(feasible);
  assert.ok(Math.abs(s[0] - 2) < 1e-9);
  assert.ok(Math.abs(s[1] - -0.7) < 0.01, "what is left of the latent is only put back on the sphere");
});
