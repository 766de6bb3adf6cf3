import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

const MODEL = {
  name: "m", digest8: "12345678", resolution: 16, latent_size: 4, normalised: false, space: "w", reach2: 20, address: "/faces/m@12345678/",
  measurable: false, expected: false, previews: false, attributes: [{ name: "pc~w.1", title: "w, PC 1", group: "Added", kind: "continuous", range: [-4, 4], ends: [-4, 4], reliability: {} }],
  gram: [[1]], spare: [0.5],
};

/** A page with a face of `face`; `asked` are the addresses that it has asked the server for. */
function opened(face) {
  const box = { dataset: {}, toggleAttribute: () => {} };
  const texts = { "option-psi-text": {}, "option-rotate-text": {} };
  const { likeness, window } = page({ scripts: ["pins.js", "state.js", "generator/network_options.js"], elements: { "network-options": box, ...texts } });
  const asked = [];
  const shown = {};
  likeness.setProps = (id, { value }) => { shown[id] = value; };
  likeness.messages = { toast: (sentence) => asked.push(sentence) };
  likeness.ask = async (address) => {
    asked.push(decodeURIComponent(address));
    const given = decodeURIComponent(address).match(/\/(1:[^/]*)\.json/)[1];
    const base = given.slice(2).split(";")[0];
    return { body: { face: given, base, latent_size: 4, norm2: 5, base_coordinates: [given.includes("label") ? 1 : 0.25], coordinates: [0] } };
  };
  const label = /;label:\d+/.exec(face)?.[0] ?? "";
  const start = { face: `1:5${label}`, base: "5", latent_size: 4, norm2: 4, base_coordinates: [0.5], coordinates: [0.5] };
  likeness.state.open({ model: structuredClone(MODEL), default_model: "m", start, extras: [], asked: face, problem: null });
  return { state: likeness.state, asked, shown, take: window.dash_clientside.likeness.takeOption, box, texts };
}

test("a face keeps its options, whatever is done with its pins and its base", async () => {
  const { state, asked } = opened("1:5;psi:0.70;noise:none");
  assert.equal(state.face(), "1:5;psi:0.7;noise:none");
  assert.equal(state.shown.face, state.face());
  state.pin("pc~w.1", 2, "ease");
  assert.equal(state.face(), "1:5;pc~w.1=2;psi:0.7;noise:none");
  assert.equal(await state.rebase("6"), null);
  assert.equal(state.face(), "1:6;pc~w.1=2;psi:0.7;noise:none");
  assert.deepEqual(asked, ["/faces/m@12345678/1:6.json?with=pc~w.1"]);
  assert.equal(await state.go("1:6;rotate:5"), null);
  assert.equal(state.face(), "1:6;rotate:5");
  assert.match(state.inWords(), /^Face of seed 6, rotated by 5\u00b0$/);
});

test("a label is part of the base: its coordinates are asked for once, those of other options never", async () => {
  const { state, asked } = opened("1:5");
  assert.equal(await state.draw({ psi: "0.5" }), null);
  assert.equal(asked.length, 0);
  assert.equal(await state.draw({ label: "2" }), null);
  assert.deepEqual(asked, ["/faces/m@12345678/1:5;label:2.json?with=pc~w.1"]);
  assert.equal(state.value("pc~w.1"), 1);
  assert.equal(state.face(), "1:5;label:2;psi:0.5");
  assert.equal(await state.draw({ label: undefined }), null);
  assert.equal(state.value("pc~w.1"), 0.5);
  assert.equal(asked.length, 1);
  assert.match(await state.draw({ psi: "9" }), /Expected psi from -4 to 4\. Received: 9\./);
});

test("the controls change the options, and show those of another face", async () => {
  const { state, shown, take, box, texts } = opened("1:5");
  assert.deepEqual([shown["option-psi"], shown["option-cutoff"], shown["option-noise"]], [1, "", "const"]);
  await take(0.7, "option-psi");
  await take(4, "option-cutoff");
  await take("seed", "option-noise");
  await take(12, "option-noise-seed");
  await take(-0.25, "option-y");
  assert.equal(state.face(), "1:5;psi:0.7;cutoff:4;noise:12;translate:0,-0.25");
  assert.equal(box.dataset.noise, "seeded");
  assert.equal(texts["option-psi-text"].textContent, "0.70");
  await take("", "option-cutoff");
  await take("none", "option-noise");
  assert.equal(state.face(), "1:5;psi:0.7;noise:none;translate:0,-0.25");
  await state.go("1:5;psi:-1");
  assert.deepEqual([shown["option-psi"], shown["option-y"], shown["option-noise-seed"]], [-1, 0, ""]);
  assert.equal(texts["option-psi-text"].textContent, "\u22121.00");
});
