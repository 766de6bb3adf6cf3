import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

const { likeness } = page({ scripts: ["state.js", "measured_scores.js"] });
const { placed, sentence } = likeness.measured;

test("a tick stands where the model's curves say, and without curves nothing is expected", () => {
  const tick = { at: 0.5, low: 0, high: 1, score: 2, least: 1, most: 3, outside: true };
  assert.equal(placed("Beard", { Beard: 1.2 }, { Beard: tick }), tick);
  const bare = placed("Beard", { Beard: 1.2 }, null);
  assert.deepEqual({ ...bare }, { at: 1.2, low: null, high: null, outside: false });
  assert.equal(placed("Beard", {}, null), undefined);
  assert.equal(placed("Beard", { Beard: 1.2 }, {}), undefined);
});

test("a miss is told in coordinates, and as scores where the coordinate says nothing any more", () => {
  const beyond = { at: -0.44, low: 0.7, high: 2.1, score: -3, least: -1, most: 4 };
  assert.equal(sentence("Beard", 1.5, beyond), "Beard asked +1.50, measured \u22120.44. To expect: +0.70 to +2.10.");
  const ended = { at: 1.5, low: 0.25, high: 4, score: 4.6, least: 3, most: 4.4 };
  assert.equal(sentence("Male", 1.5, ended), "Male asked +1.50, scored +4.60. To expect: +3.00 to +4.40.");
});
