import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

/** A page with one range on which a face is asked for; `come` answers. */
function asked() {
  const elements = { "ranges-count": {}, "ranges-draw": { setAttribute() {} } };
  const { likeness, window } = page({ scripts: ["pins.js", "generator/attribute_ranges.js"], elements });
  window.matchMedia = () => ({ matches: true });
  const done = { shown: [] };
  Object.assign(likeness, {
    words: { get: () => "Smiling:1:4" },
    to: (path) => path,
    ask: () => new Promise((then) => { done.come = () => then({ body: { matches: 3, of: 9, by: "scores", base: "7" } }); }),
    gestures: { endBurst() {} },
    state: { model: { name: "m" }, base: "5", options: {}, go: async (face) => void done.shown.push(face), settle() {} },
  });
  return { likeness, elements, done };
}

test("a face in the ranges is shown, and how many match", async () => {
  const { likeness, elements, done } = asked();
  const drawn = likeness.actions["draw-ranges"]();
  done.come();
  await drawn;
  assert.deepEqual(done.shown, ["1:7"]);
  assert.equal(elements["ranges-count"].textContent, "3 of 9 faces match, by their scores.");
});

test("one that comes after the user has left the page changes nothing", async () => {
  const { likeness, elements, done } = asked();
  const drawn = likeness.actions["draw-ranges"]();
  delete elements["ranges-count"];
  done.come();
  await drawn;
  assert.deepEqual(done.shown, []);
});
