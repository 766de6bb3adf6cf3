/* Uploaded sets of latents on the Latent space page: files that are dropped or chosen, sets that are shown or removed. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  /** @param {string} id @param {string} text */
  const words = (id, text) => { const element = document.getElementById(id); if (element) element.textContent = text; };
  /** @param {number} bytes */
  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`);
  const zone = () => document.getElementById("latents-drop");
  const onPage = () => document.getElementById("latent-space") !== null;
  /** @param {string} text */
  const problem = (text) => words("latents-problem", text);

  /** @type {Upload<WaitingLatentFileAnswer> | null} */
  let running = null; // the upload

  /** Refresh the list of sets on the page, and show one of them if given.
   * @param {string | null} [show] */
  const changed = (show = null) => set("sets-changed", { data: { show, at: Date.now() } });

  const open = () => set("sets", { opened: true });

  function choose() {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".npy,.npz,.safetensors,.csv,.tsv,.txt";
    input.addEventListener("change", () => input.files?.[0] && send(input.files[0]));
    input.click();
  }

  /** Return why a file cannot be sent, checked before sending; "" if it can.
   * @param {File} file */
  function refusal(file) {
    const limit = Number(zone().dataset.limit);
    if (!file.size) return "Expected rows of numbers. Received: an empty file. Choose another.";
    if (file.size > limit) return `Expected a file of at most ${size(limit)}. Received: ${size(file.size)}. Send fewer rows.`;
    return "";
  }

  /** @param {File} file */
  async function send(file) {
    open();
    if (!zone()) return;
    if (running) return problem("Expected one file at a time. Received: another. Wait for the first, or cancel it.");
    words("sets-message", "");
    const refused = refusal(file);
    if (refused) return problem(`${file.name} was not taken. ${refused}`);
    problem("");
    zone().dataset.working = "true";
    /** @param {number} gone */
    const tell = (gone) => {
      set("latents-bar", { value: (100 * gone) / file.size });
      words("latents-words", gone < file.size ? `${file.name}: ${size(gone)} of ${size(file.size)}` : `${file.name}: reading`);
    };
    tell(0);
    const model = zone().dataset.model;
    const query = new URLSearchParams({ model, file: file.name });
    running = likeness.upload(likeness.to(`/latent-space/sets/read?${query}`), file, tell);
    const { body, sentence, cancelled } = await running.done;
    running = null;
    if (zone()) delete zone().dataset.working;
    if (cancelled) return words("sets-message", "Upload cancelled. Nothing was kept.");
    if (sentence) return problem(`${file.name} was not taken. ${sentence}`);
    summarise(body, model);
  }

  /** Show the content of a file, to store it, read it differently, or discard it.
   * @param {WaitingLatentFileAnswer} told
   * @param {string} model */
  function summarise(told, model) {
    set("sets", { opened: false });
    likeness.fileSummary.latents(told, {
      another: choose,
      cancel: () => likeness.write(likeness.to(`/latent-space/sets/read/${told.token}/drop`)),
      read: async (how) => {
        const query = new URLSearchParams({ model, token: told.token, ...how });
        /** @type {Reply<WaitingLatentFileAnswer>} */
        const { body, sentence } = await likeness.write(likeness.to(`/latent-space/sets/read?${query}`));
        sentence ? likeness.messages.toast(sentence, "error") : summarise(body, model);
      },
      keep: async (values) => {
        /** @type {Reply<LatentSetAnswer>} */
        const { body, sentence } = await likeness.write(likeness.to("/latent-space/sets/keep"), { model, token: told.token, ...values });
        if (sentence) return sentence;
        likeness.messages.toast(`${body.title}: ${body.rows.toLocaleString("en")} rows are a space of the Latent space page`, "good");
        if (onPage()) changed(body.space);
        return "";
      },
    });
  }

  /** @param {PageElement} element */
  function show({ dataset }) {
    set("sets", { opened: false });
    changed(`set-${dataset.set}`);
  }

  /** @param {string} name @param {string} action */
  async function act(name, action) {
    const { sentence } = await likeness.write(likeness.to(`/latent-space/sets/${name}/${action}`));
    sentence ? problem(sentence) : changed();
    return !sentence;
  }

  /** @param {PageElement} element */
  async function remove({ dataset }) {
    const { set: name, title } = dataset;
    if (!(await act(name, "remove"))) return;
    const undo = document.createElement("button");
    Object.assign(undo, { type: "button", className: "lk-link", textContent: "Undo" });
    undo.addEventListener("click", async () => (await act(name, "restore")) && words("sets-message", `${title} is back.`));
    document.getElementById("sets-message").replaceChildren(`${title} removed; links to its faces no longer work. `, undo);
    undo.focus();
  }

  for (const kind of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
    document.addEventListener(kind, (event) => {
      if (!onPage() || !zone() || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // a file dropped outside the zone must not replace the page
      document.getElementById("latent-space").toggleAttribute("data-over", kind === "dragover");
      zone().toggleAttribute("data-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
    });
  }

  Object.assign(likeness.actions, {
    "open-sets": open,
    "choose-latents": choose,
    "cancel-latents": () => running?.cancel(),
    "show-set": show,
    "remove-set": remove,
  });
})();
