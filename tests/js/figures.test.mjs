import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

/** A graph in its card; `plot` is what is drawn in it. */
const graph = (id, plot, visible = true) => {
  const made = { id, checkVisibility: () => visible, querySelector: () => plot };
  if (plot) plot.closest = () => made;
  return made;
};
const drawn = () => ({ data: [{}] });
const titled = (...graphs) =>
  page({
    scripts: ["figures.js"],
    selectors: { ".lk-figure-card .lk-graph": graphs },
    elements: Object.fromEntries(graphs.map(({ id }) => [`${id}-title`, { textContent: ` ${id} ` }])),
  }).likeness.figures.title();

test("the main figure of a page is the first that can be seen", () => {
  assert.equal(titled(graph("scatter", drawn()), graph("scree", drawn())), "scatter");
  assert.equal(titled(graph("scatter", drawn(), false), graph("scree", drawn())), "scree");
});

test("while it is not drawn, no other one takes its place", () => {
  assert.equal(titled(graph("scatter", null), graph("scree", drawn())), "");
  assert.equal(titled(graph("scatter", { data: [] }), graph("scree", drawn())), "");
  assert.equal(titled(), "");
});
