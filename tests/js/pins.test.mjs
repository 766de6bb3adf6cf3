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

/** A model of two attributes and both signs of a style channel, whose column leans on the first attribute. */
const CHANNELLED = {
  gram: [[1, 0, 0.5, -0.5], [0, 1, 0.2, -0.2], [0.5, 0.2, 1, -1], [-0.5, -0.2, -1, 1]],
  spare: [0, 0, 0, 0],
  latent_size: 16,
  normalised: false,
  reach2: 40,
  layers: 4,
  layer_ranges: { all: [0, 3] },
  attributes: [
    { name: "Male" },
    { name: "Smiling" },
    { name: "own~1", channel: { row: 2, style: "b8.conv1.2", sign: 1, words: "" } },
    { name: "own~2", channel: { row: 2, style: "b8.conv1.2", sign: -1, words: "" } },
  ],
};
const BASE = { coordinates: [0.3, -0.7, 1.1, -1.1], norm2: 16 };
/** @param {Iterable<number>} numbers */
const rounded = (numbers) => Array.from(numbers, (value) => Math.round(value * 1e6) / 1e6);

test("a pin on a style channel moves nothing but the channel, in both signs", () => {
  const free = pins.coordinates(CHANNELLED, BASE, [0], [2]);
  assert.deepEqual(rounded(free.s), [2, -0.7, 1.95, -1.95], "without a pin it follows the face");
  for (const [index, value] of [[2, 3], [3, -3]]) {
    assert.deepEqual(rounded(pins.coordinates(CHANNELLED, BASE, [0, index], [2, value]).s), [2, -0.7, 3, -3]);
    assert.deepEqual(rounded(pins.coordinates(CHANNELLED, BASE, [index], [value]).s), [0.3, -0.7, 3, -3]);
  }
  assert.deepEqual(rounded(pins.coordinates(CHANNELLED, BASE, [2, 3], [3, -3]).s), [0.3, -0.7, 3, -3]);
});

test("two values of one style contradict each other", () => {
  const { s, feasible, pins: blamed } = pins.coordinates(CHANNELLED, BASE, [0, 2, 3], [2, 1, 1]);
  assert.deepEqual([s, feasible, blamed], [null, false, [2, 3]]);
});

test("a style channel has every reach, and a pin on it leaves that of the others", () => {
  const before = pins.ranges(CHANNELLED, BASE, [0], [2]);
  const after = pins.ranges(CHANNELLED, BASE, [0, 2], [2, 3]);
  assert.deepEqual(after, before);
  assert.deepEqual(after[2], [-Infinity, Infinity]);
  assert.deepEqual(pins.range(CHANNELLED, BASE, [0, 2], [2, 3], 1), pins.range(CHANNELLED, BASE, [0], [2], 1));
});

test("a style channel drifts with the face, and moved it lets nothing drift", () => {
  const { total, parts } = pins.drift(CHANNELLED, BASE, [0, 3], [2, 1], 2);
  assert.ok(Math.abs(total - 0.85) < 1e-9);
  assert.deepEqual(parts.map(({ index }) => index), [0]);
  assert.deepEqual(rounded(pins.lean(CHANNELLED, BASE, [0], [2], 2)), [0, 0, 1, -1]);
});

test("a style channel is read from the row of its layer", () => {
  const ranges = { 2: 1.95, "0-1": 1.1, 3: 1.1 };
  for (const [range, expected] of Object.entries(ranges)) {
    const model = pins.layered(CHANNELLED, { layers: `Male=${range}` });
    assert.equal(rounded(pins.coordinates(model, BASE, [0], [2]).s)[2], expected);
  }
});
