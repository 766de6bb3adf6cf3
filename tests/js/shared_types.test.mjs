// The types that the scripts share: one table of events, which is sent and heard, and no type that is not said.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const ASSETS = new URL("../../assets/", import.meta.url);
const read = (name) => readFileSync(new URL(name, ASSETS), "utf8");
const scripts = new Map(readdirSync(new URL("js/", ASSETS), { recursive: true }).filter((name) => name.endsWith(".js")).map((name) => [name, read(`js/${name}`)]));
const table = [...read("types.d.ts").split("interface LikenessEvents {")[1].split("\n}")[0].matchAll(/^  "(likeness:\w+)"/gm)].map(([, name]) => name);
const all = [...scripts.values()].join("\n");
const named = (pattern) => new Set([...all.matchAll(pattern)].map(([, name]) => name));

test("events are sent by one function", () => {
  const past = [...scripts].filter(([, text]) => /new CustomEvent\((?!"_dashprivate)/.test(text)).map(([name]) => name);
  assert.deepEqual(past, ["events.js"]);
});

test("every event of the table is sent and heard, and no other is", () => {
  const sent = named(/\bsend\("(likeness:\w+)"/g);
  const heard = new Set([...named(/addEventListener\("(likeness:\w+)"/g), ...named(/\["(likeness:\w+)", "likeness:\w+"\]/g), ...named(/\["likeness:\w+", "(likeness:\w+)"\]/g)]);
  assert.deepEqual([...sent].sort(), [...table].sort());
  assert.deepEqual([...heard].sort(), [...table].sort());
});

test("nothing has the type any", () => {
  const types = ["types.d.ts", "browser.d.ts", "answers.d.ts"].map((name) => [name, read(name)]);
  const loose = [...scripts, ...types].filter(([, text]) => /[{<|:,(] ?any\b ?[\][}>|;,)]/.test(text) || /@ts-(ignore|nocheck|expect-error)/.test(text)).map(([name]) => name);
  assert.deepEqual(loose, []);
});
