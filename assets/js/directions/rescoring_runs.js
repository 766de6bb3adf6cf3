/* Runs of re-scoring: keeps their states in the store `measuring`, for callbacks, as {key: {id, state, stage}}; the key is
   that of dashboard/pages/directions/rescoring_runs.py. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  /** @type {Record<string, {id: string | null, state: string, stage: number}>} */
  let known = {};

  events.addEventListener("likeness:job", ({ detail }) => {
    if (detail.kind === "disentanglement" && detail.state === "done") likeness.setProps("codes-message", { data: Date.now() });
    if (detail.kind !== "rescoring" || !document.getElementById("measures")) return;
    const key = JSON.stringify([detail.model, detail.params.moved || "", detail.params.by || "", ...(detail.params.locked || [])]);
    const now = { id: detail.id || null, state: detail.state, stage: detail.stage || 0 };
    if (JSON.stringify(known[key]) === JSON.stringify(now)) return;
    known = { ...known, [key]: now };
    likeness.setProps("measuring", { data: known });
  });

  likeness.actions = Object.assign(likeness.actions || {}, { print: () => window.print() });
})();
