/* Exports: the panel's controls become the parameters of a job; its card (jobs.js) shows the progress, then the file. */
(function () {
  "use strict";
  const likeness = window.likeness;
  const { events } = likeness;

  const CARD = "export";
  const ANIMATED = ["webp", "mp4"];
  /** @type {JobAnswer["state"][]} */
  const ENDED = ["done", "failed", "cancelled"];

  /** @typedef {{what: string, form: string, size: string, seconds: number, rate: number, back: boolean}} Controls */
  /** @type {Controls} */
  let controls = { what: "sheet", form: "png", size: "128", seconds: 4, rate: 12, back: true };
  let last = "";

  const panel = () => document.getElementById("export-panel");
  /** @param {ExportParams} params */
  const title = ({ what, form, words }) => `${what === "faces" ? "Faces" : { grid: "Grid", mix: "Mix", styles: "Style mix" }[words.sheet] || "Sweep"} as ${{ webp: "WebP" }[form] || form.toUpperCase()}`;
  /** @param {ExportParams} params */
  const fileName = ({ what, form, words }) => `likeness-${what === "faces" ? what : words.sheet}.${form}`;

  /** Take the values of the controls from Dash; an empty number keeps its last value. */
  function exporting() {
    const inputs = /** @type {PatternInput<string | number | boolean | null>[]} */ (window.dash_clientside.callback_context.inputs_list.flat());
    for (const { id, value } of inputs) {
      if (value !== null && value !== undefined && value !== "") controls = { ...controls, [id.name]: value };
    }
    follow();
    return window.dash_clientside.no_update;
  }

  /** @returns {ExportParams} */
  function params() {
    const { words, faces } = likeness.compare.asked();
    const { what, form, size, seconds, rate, back } = controls;
    const listed = what === "faces" ? likeness.compare.faces : faces;
    return { what, form, faces: listed.join("!"), words: Object.fromEntries(words), size: Number(size), seconds, rate, back, site: window.location.origin + likeness.to("") };
  }

  function follow() {
    if (!likeness.compare.isOpen() || !panel() || panel().hidden) return;
    const wanted = params();
    const text = JSON.stringify(wanted);
    panel().dataset.form = wanted.form;
    panel().toggleAttribute("data-animated", ANIMATED.includes(wanted.form));
    if (text === last && document.getElementById("export-params").textContent === text) return;
    last = text;
    document.getElementById("export-params").textContent = text;
    const card = document.getElementById(CARD);
    if (card.dataset.state !== "idle" && !ENDED.some((state) => state === card.dataset.state)) return; // the card shows the running export
    card.dataset.state = "idle";
    document.getElementById("export-download").hidden = true;
    tell(wanted);
  }

  /** @param {ExportParams} wanted */
  function tell(wanted) {
    document.getElementById("export-title").textContent = title(wanted);
    document.getElementById("export-text").textContent = described(wanted);
  }

  /** Describe the file in a sentence.
   * @param {ExportParams} params */
  function described({ what, form, words, seconds, rate, back }) {
    if (what === "sheet" && words.sheet === "styles" && ANIMATED.includes(form)) return "A style mix has no steps to animate: choose PNG, CSV or HTML.";
    const each = what === "faces" ? "the faces side by side" : "every face of the sheet";
    if (form === "png") return `A picture of ${each}, with captions.`;
    if (form === "csv") return "A table: every face with its coordinates and scores.";
    if (form === "html") return `A page with ${each} in it, each a link back to here. It needs no other files.`;
    const there = Math.max(2, Math.round(seconds * rate));
    const frames = back ? 2 * there - 2 : there;
    const way = what === "faces" ? "From each face to the next one" : "Through the steps, all rows at once";
    return `${way}: ${frames.toLocaleString("en")} frames, ${(frames / rate).toFixed(1)} s, ${back ? "there and back" : "one way"}.`;
  }

  /** @param {boolean} on */
  function open(on) {
    panel().hidden = !on;
    const button = document.getElementById("export-open");
    button.setAttribute("aria-expanded", String(on));
    if (on) follow();
    return button;
  }

  events.addEventListener("likeness:compared", follow);
  events.addEventListener("likeness:job", ({ detail }) => {
    if (detail.card !== CARD || !panel()) return;
    if (panel().hidden && !ENDED.includes(detail.state)) open(true); // continue after a reload
    const done = detail.state === "done";
    const link = document.getElementById("export-download");
    const focused = document.getElementById(CARD).contains(document.activeElement);
    const made = /** @type {ExportParams} */ (detail.params);
    tell(made);
    link.hidden = !done;
    if (!done) return;
    link.href = likeness.to(`/jobs/${detail.id}/files/${fileName(made)}`);
    if (focused) link.focus(); // the focused button has been removed
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#export-panel") && !event.defaultPrevented) open(false).focus();
  });

  likeness.actions["export-open"] = () => open(Boolean(panel().hidden));
  window.dash_clientside.compare.exporting = exporting;
})();
