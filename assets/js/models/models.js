/* Models page: fetch, cancel, remove, undo, verify, and files that are dropped or chosen. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  /** @param {string} id @param {string} text */
  const words = (id, text) => { const element = document.getElementById(id); if (element) element.textContent = text; };
  /** @param {number} bytes */
  const size = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`);
  /** @param {string} name @param {string} action */
  const address = (name, action) => likeness.to(`/models/${encodeURIComponent(name)}/${action}`);

  const TLGAN_IN_Z = "The directions of TL-GAN's file are in z. Choose z, or import the network without them.";

  const FOLLOW = 1000; // ms between two polls of a fetch from other pages

  let changes = Date.now();
  /** @type {string} */
  let asked; // the model whose licence is shown
  /** @type {{network: File, directions: File | undefined}} */
  let chosen; // files that wait for a name
  /** @type {Upload<ChangedModelAnswer> | null} */
  let running = null; // the upload

  const changed = () => set("models-changed", { data: ++changes });

  /** @param {string} name @param {string} action @param {string} [told] @param {string} [query] */
  async function act(name, action, told = "", query = "") {
    /** @type {Reply<ChangedModelAnswer>} */
    const { body, sentence } = await likeness.write(address(name, action) + query);
    changed();
    if (sentence) likeness.messages.toast(sentence, "error");
    else if (told || body.message) likeness.messages.toast(told || body.message || "", "good");
  }

  /** Report the end of a fetch on other pages; the Models page shows it in the row.
   * @param {string} name
   * @returns {Promise<void>} */
  async function follow(name) {
    /** @type {Reply<DownloadAnswer>} */
    const { body } = await likeness.ask(address(name, "fetch"));
    if (["waiting", "fetching", "importing"].includes(body?.phase)) return void setTimeout(() => follow(name), FOLLOW);
    if (document.getElementById("models")) return;
    if (body?.phase === "done") likeness.messages.toast(`${name} has been fetched: see the Models page.`, "good");
    if (body?.phase === "failed") likeness.messages.toast(`${name} was not fetched. ${body.error}`, "error");
  }

  /** @param {string} name @param {string} [query] */
  async function startFetch(name, query) {
    await act(name, "fetch", "", query);
    follow(name);
  }

  /** @param {PageElement} element */
  function fetchModel({ dataset }) {
    if (dataset.accepted === "true") return startFetch(dataset.name);
    asked = dataset.name;
    set(dataset.dialog, { opened: true });
  }

  /** @param {PageElement} element */
  function accept({ dataset }) {
    set(dataset.dialog, { opened: false });
    startFetch(asked, `?accept=${encodeURIComponent(dataset.licence)}`);
  }

  // Files ------------------------------------------------------------------------------------------------------------

  /** @param {boolean} multiple @param {(files: File[]) => void} then */
  function choose(multiple, then) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = multiple ? ".pkl,.pt,.pth,.zip" : ".pkl";
    input.multiple = multiple;
    input.addEventListener("change", () => input.files?.length && then([...(input.files ?? [])]));
    input.click();
  }

  /** Ask for a name: of two files, the larger is the network, the smaller its directions.
   * @param {File[]} files */
  function take(files) {
    problem("");
    if (running) return problem("Another upload is running. Wait for it, or cancel it.");
    const limit = Number(document.getElementById("drop").dataset.limit);
    const [network, directions, ...more] = files.sort((a, b) => b.size - a.size);
    if (more.length) return problem(`Expected a network, or a network and its directions. Received: ${files.length} files.`);
    if (network.size > limit) return problem(`Expected a file of at most ${size(limit)}. Received: ${network.name} of ${size(network.size)}.`);
    chosen = { network, directions };
    /** @param {File} file */
    const named = (file) => `${file.name}, ${size(file.size)}`;
    words("import-files", directions ? `${named(network)}, with directions ${named(directions)}` : named(network));
    const proposed = network.name.replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[-_]+/, "").slice(0, 64);
    set("import-name", { value: proposed, error: null });
    document.getElementById("import-space").value = directions ? "z" : "";
    document.getElementById("import-space-row").hidden = isFolder(network);
    words("import-space-note", directions ? TLGAN_IN_Z : "");
    set("import", { opened: true });
  }

  /** @param {File} file */
  const isFolder = (file) => /\.zip$/i.test(file.name);

  async function importChosen() {
    const name = document.getElementById("import-name").value.trim();
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
      return set("import-name", { error: 'Expected 1 to 64 letters, digits, "_" and "-", the first a letter or digit.' });
    }
    const { network, directions } = chosen;
    const space = document.getElementById("import-space").value;
    if (directions && space !== "z" && !isFolder(network)) {
      document.getElementById("import-space").focus();
      return words("import-space-note", `Expected z. Received: ${space || "the network's own"}. ${TLGAN_IN_Z}`);
    }
    set("import", { opened: false });
    if (!(await send(isFolder(network) ? "folder" : "network", name, network, isFolder(network) ? "" : space))) return;
    if (directions && !(await send("directions", name, directions))) return changed();
    likeness.messages.toast(`${name} is here`, "good");
    changed();
  }

  /** @param {PageElement} element */
  async function addDirections({ dataset }) {
    choose(false, async ([file]) => {
      if (await send("directions", dataset.name, file)) likeness.messages.toast(`${dataset.name} has directions now`, "good");
      changed();
    });
  }

  /** Send one file, showing the progress; returns whether it was accepted.
   * @param {string} kind
   * @param {string} name
   * @param {File} file
   * @param {string} [space] in which directions of a network will live; empty for its own */
  async function send(kind, name, file, space = "") {
    const drop = document.getElementById("drop");
    drop.dataset.working = "true";
    problem("");
    /** @param {number} gone */
    const tell = (gone) => {
      set("upload-bar", { value: (100 * gone) / file.size });
      words("upload-words", gone < file.size ? `${file.name}: ${size(gone)} of ${size(file.size)}` : `${file.name}: checking the content`);
    };
    tell(0);
    const query = new URLSearchParams({ as: kind, name, ...(space ? { space } : {}) });
    running = likeness.upload(likeness.to(`/uploads?${query}`), file, tell);
    const { sentence, cancelled } = await running.done;
    running = null;
    delete drop.dataset.working;
    if (cancelled) likeness.messages.toast("Upload cancelled. Nothing was kept.", "good");
    if (sentence) problem(`${file.name} was not taken. ${sentence}`);
    return !sentence && !cancelled;
  }

  /** @param {string} text */
  const problem = (text) => words("upload-problem", text);

  for (const kind of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
    document.addEventListener(kind, (event) => {
      const drop = document.getElementById("drop");
      if (!drop || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault(); // a file dropped outside the zone must not replace the page
      drop.toggleAttribute("data-over", kind === "dragover");
      if (kind === "drop") take([...event.dataTransfer.files]);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.id === "import-name" && event.key === "Enter") importChosen();
  });

  /** @type {Actions} */
  const actions = {
    "fetch-model": fetchModel,
    "accept-licence": accept,
    "cancel-fetch": ({ dataset }) => act(dataset.name, "cancel"),
    "remove-model": ({ dataset }) => act(dataset.name, "remove", `${dataset.name} removed. Undo is in its row.`),
    "restore-model": ({ dataset }) => act(dataset.name, "restore", `${dataset.name} is back`),
    "verify-model": ({ dataset }) => act(dataset.name, "verify"),
    "add-directions": addDirections,
    "open-card": () => set("card-modal", { opened: true }),
    "choose-file": () => choose(true, take),
    "import-start": importChosen,
    "cancel-upload": () => running?.cancel(),
  };
  Object.assign(likeness.actions, actions);
})();
