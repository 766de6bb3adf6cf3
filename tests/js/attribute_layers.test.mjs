import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

const MODEL = {
  name: "m", digest8: "12345678", resolution: 16, latent_size: 4, normalised: false, space: "w", reach2: 20, address: "/faces/m@12345678/",
  measurable: true, expected: true, previews: false, layers: 6, layer_ranges: { all: [0, 5], coarse: [0, 0], middle: [1, 2], fine: [3, 5] },
  attributes: ["Smiling", "Young"].map((name) => ({ name, group: "Person", kind: "binary", range: [-4, 4], ends: [-4, 4], reliability: {} })),
  gram: [[1, 0], [0, 1]], spare: [0.5, 0.5],
};

/** Open a face of a model; return what the button of each row says. */
function told(given, added = false) {
  const rows = ["Smiling", "Young"].map((name) => {
    const parts = { ".lk-icon": {}, ".lk-layers-range": {} };
    const button = { querySelector: (selector) => parts[selector], setAttribute: (attribute, value) => { button[attribute] = value; } };
    const dataset = { name, shownName: name, ...(added ? { added: "" } : {}) };
    return { dataset, button, querySelector: (selector) => (selector === ".lk-layers" ? button : null) };
  });
  const { likeness } = page({ scripts: ["pins.js", "state.js", "attribute_layers.js"], selectors: { "#panel .lk-row": rows } });
  const start = { face: "1:5", base: "5", latent_size: 4, norm2: 4, base_coordinates: [0.5, 0.5], coordinates: [0.5, 0.5] };
  const asked = "1:5;Smiling=1;layers:Smiling=coarse";
  likeness.state.open({ model: { ...structuredClone(MODEL), ...given }, default_model: "m", start, extras: [], asked, problem: null });
  likeness.send("likeness:directions", { attribute: MODEL.attributes[0], place: 0 });
  return rows.map(({ button }) => button["aria-label"]);
}

test("a slider that acts on some layers says that it shows no measured score", () => {
  const [smiling, young] = told({});
  assert.equal(young, "Layers of Young: all");
  assert.equal(smiling, "Layers of Smiling: coarse. On some layers only, this slider shows no measured score: what to expect is known for pins in all layers.");
});

test("it says nothing where no score, or a score without a range to expect, would be shown", () => {
  for (const given of [{ measurable: false }, { expected: false }]) assert.equal(told(given)[0], "Layers of Smiling: coarse");
  assert.equal(told({}, true)[0], "Layers of Smiling: coarse");
});
