import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

test("what a page looks at goes into the address and comes back", () => {
  const { likeness } = page({ scripts: ["query_parameters.js"], search: "?face=1:4&space=z&x=2" });
  const heard = [];
  likeness.events.addEventListener("likeness:words", ({ detail }) => heard.push(detail.restored));
  likeness.words.open("?face=1:4&space=z&x=2");
  assert.equal(likeness.words.get("space"), "z");
  assert.equal(likeness.words.get("sel"), null);
  likeness.words.set({ space: "scores", x: null });
  assert.equal(likeness.words.get("space"), "scores");
  assert.equal(likeness.words.get("x"), null);
  assert.match(likeness.words.text(), /space=scores/);
  assert.ok(!/face=/.test(likeness.words.text()), "the face is the state's own");
});
