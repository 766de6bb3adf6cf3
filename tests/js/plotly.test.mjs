import assert from "node:assert/strict";
import test from "node:test";
import { page } from "./page.mjs";

/** A plotly that notes what it draws; like the real one, it forgets the listeners of before. */
function loaded() {
  const { window } = page({ scripts: ["plotly.js"] });
  const done = [];
  window.Plotly = {
    react(plot, figure) {
      done.push(figure.data.length);
      plot.marked = plot.dataset.drawing;
      plot._fullLayout = {};
      plot.listeners = [];
      plot.on = (...listener) => plot.listeners.push(listener);
      return Promise.resolve(plot);
    },
    Plots: { resize: () => Promise.resolve(done.push("resized")) },
  };
  return { plotly: window.Plotly, done, window };
}

test("a figure is first drawn when it has data", async () => {
  const { plotly, done } = loaded();
  const plot = { dataset: {} };
  assert.equal(await plotly.react(plot, { data: [] }), plot);
  await plotly.Plots.resize(plot);
  assert.deepEqual(done, []);
  await plotly.react(plot, { data: [{}, {}] });
  await plotly.react(plot, { data: [] }); // one that is drawn can be emptied
  await plotly.Plots.resize(plot);
  assert.deepEqual(done, [2, 0, "resized"]);
});

test("what listens to a figure before it is drawn, listens to the drawn one", async () => {
  const { plotly } = loaded();
  const plot = { dataset: {} };
  const click = () => {};
  await plotly.react(plot, { data: [] });
  plot.on("plotly_click", click);
  await plotly.react(plot, {}); // empty again, and still heard
  await plotly.react(plot, { data: [{}] });
  assert.deepEqual(plot.listeners, [["plotly_click", click]]);
});

test("a figure that has data from the start is drawn at once", async () => {
  const { plotly, done } = loaded();
  const plot = { dataset: {} };
  await plotly.react(plot, { data: [{}] });
  assert.deepEqual(plot.listeners, []);
  assert.deepEqual(done, [1]);
});

test("a figure that asks for it is drawn in several tasks, and marked meanwhile", async () => {
  const { plotly } = loaded();
  for (const [layout, marked] of [[{ meta: { tasks: true } }, "true"], [{}, undefined]]) {
    const plot = { dataset: {} };
    await plotly.react(plot, { data: [{}], layout });
    assert.equal(plot.marked, marked);
    assert.deepEqual(plot.dataset, {});
  }
});

test("what changes a figure meanwhile is drawn after it, the last on top", async () => {
  const { plotly, done } = loaded();
  const { react } = plotly;
  const plot = { dataset: {} };
  const answers = [1, 2, 3].map((count) => react(plot, { data: Array.from({ length: count }, () => ({})), layout: { meta: { tasks: true } } }));
  assert.deepEqual(done, [1]);
  await Promise.all(answers);
  assert.deepEqual(done, [1, 2, 3]);
});

test("a figure that asks for it is drawn after the others, with the listeners that it has by then", async () => {
  const { plotly, done, window } = loaded();
  const idle = [];
  window.requestIdleCallback = (then) => idle.push(then);
  const later = { dataset: {}, isConnected: true };
  const drawn = plotly.react(later, { data: [{}], layout: { meta: { tasks: true, afterwards: true } } });
  later.on("plotly_click", null);
  await plotly.react({ dataset: {} }, { data: [{}, {}] });
  assert.deepEqual(done, [2]);
  assert.equal(idle.length, 1);
  idle.pop()();
  await drawn;
  assert.deepEqual(later.listeners, [["plotly_click", null]]);
  assert.deepEqual(done, [2, 1, "resized"]);
});
