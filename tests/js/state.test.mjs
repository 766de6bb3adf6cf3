import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

const MODEL = {
  name: "m", digest8: "12345678", resolution: 16, latent_size: 4, normalised: false, space: "z", reach2: 20, address: "/faces/m@12345678/",
  measurable: false, expected: false, previews: false, layers: 0, layer_ranges: {},
  attributes: ["Smiling", "Young"].map((name) => ({ name, group: "Person", kind: "binary", range: [-4, 4], ends: [-4, 4], reliability: {} })),
  gram: [[1, 0], [0, 1]], spare: [0.5, 0.5],
};

const answer = (seed) => ({ face: `1:${seed}`, base: seed, latent_size: 4, norm2: 4, base_coordinates: [0.5, 0.5], coordinates: [0.5, 0.5] });

/** A page whose requests wait until `come` answers them. */
function opened(seed) {
  const { likeness } = page({ scripts: ["pins.js", "state.js"] });
  const requests = [];
  likeness.ask = () => new Promise((then) => requests.push(then));
  const open = (which) =>
    likeness.state.open({ model: structuredClone(MODEL), default_model: "m", start: answer(which), extras: [], asked: `1:${which}`, problem: null });
  open(seed);
  const come = (place, which) => requests[place]({ body: answer(which) });
  return { state: likeness.state, open, come };
}
const settled = () => new Promise((then) => setTimeout(then));

test("a face that is requested is shown when it comes", async () => {
  const { state, come } = opened("5");
  const done = state.go("1:7");
  await settled();
  come(0, "7");
  assert.equal(await done, null);
  assert.equal(state.shown.face, "1:7");
});

test("a face that comes after another page or slide was opened is not shown there", async () => {
  const { state, open, come } = opened("5");
  const done = state.go("1:7");
  await settled();
  open("6");
  come(0, "7");
  assert.equal(await done, null);
  assert.equal(state.shown.face, "1:6");
});

test("of two faces that are requested the later one stays, in whatever order they come", async () => {
  const { state, come } = opened("5");
  const first = state.go("1:7");
  await settled();
  const second = state.go("1:8");
  await settled();
  come(1, "8");
  come(0, "7");
  await Promise.all([first, second]);
  assert.equal(state.shown.face, "1:8");
});
