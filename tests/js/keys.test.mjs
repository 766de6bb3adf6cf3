import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

function typed(elements = { stage: {} }, selectors = {}) {
  const here = page({ scripts: ["action_table.js", "keys.js"], elements, selectors });
  const done = [];
  here.likeness.actions = Object.fromEntries(here.likeness.actionTable.map(({ id }) => [id, () => done.push(id)]));
  return { ...here, done };
}

test("letters act, whatever their case", () => {
  const { press, done } = typed();
  assert.ok(press("r") && press("R", { shiftKey: true }) && press("?", { shiftKey: true }));
  assert.deepEqual(done, ["random", "random", "shortcuts"]);
});

test("undo and redo need their modifiers, and nothing else", () => {
  const { press, done } = typed();
  press("z");
  press("z", { ctrlKey: true });
  press("Z", { ctrlKey: true, shiftKey: true });
  press("y", { metaKey: true });
  press("r", { ctrlKey: true });
  press("z", { ctrlKey: true, altKey: true });
  assert.deepEqual(done, ["undo", "redo", "redo"]);
});

test("nothing happens where its element is missing, in a field, or with single keys off", () => {
  assert.equal(typed({}).press("r"), false);
  const field = { closest: () => ({}) };
  assert.equal(typed().press("r", { target: field }), false);
  const off = typed({ stage: {}, "single-keys": { checked: false } });
  assert.equal(off.press("r"), false);
  assert.equal(off.press("z", { ctrlKey: true }), true);
});

test("digits open the pages of the bar", () => {
  const clicked = [];
  const links = ["first", "second"].map((name) => ({ dataset: {}, click: () => clicked.push(name) }));
  const { press } = typed({}, { ".lk-nav:not(.lk-nav-below) a": links });
  press("2");
  press("7");
  assert.deepEqual(clicked, ["second"]);
});

test("Shift+L is another action than L at a slider", () => {
  const { likeness } = typed();
  const key = (key, shiftKey) => likeness.keys.action({ key, shiftKey, ctrlKey: false, metaKey: false }, "slider")?.id;
  assert.deepEqual([key("l", false), key("L", true), key("0", false), key("Delete", false), key("x", false)], ["lock", "put-back", "pin-average", "release", undefined]);
});

test("help names the key of a button", () => {
  const { likeness } = typed();
  assert.equal(likeness.keys.hint("random"), "R");
  assert.equal(likeness.keys.hint("undo"), "Ctrl+Z");
  assert.equal(likeness.keys.hint("reset"), "");
});
