/* Make your own: marks on faces, and the directions that are made from them (dashboard/pages/directions/user_directions_routes.py).

   A face is marked 1 (+) or -1, and keeps its mark until the user leaves the page. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const LABELS = ".csv,.tsv,.txt,.npy,.npz,.safetensors";
  /** Marked plus, or minus. @typedef {1 | -1} Mark */
  /**
   * The figures of a direction.
   * @typedef {Pick<UserDirectionAnswer, "plus" | "minus" | "accuracy" | "auc"> & Partial<UserDirectionAnswer>} Figures
   */
  /** @type {Map<string, Mark>} */
  const marks = new Map(); // base -> 1 or -1
  /** @type {string | null} */
  let markedOn = null; // digest of the model of the marks

  const faces = () => [...document.querySelectorAll(".lk-user-direction-face")];
  /** @param {Mark} mark @returns {string[]} */
  const of = (mark) => [...marks].filter(([, value]) => value === mark).map(([base]) => base);
  /** @type {Record<Mark | 0, Mark | 0>} */
  const NEXT = { 0: 1, 1: -1, "-1": 0 };
  /** @type {Record<Mark | 0, string>} */
  const SIGNS = { 1: "+", "-1": "\u2212", 0: "" };
  /** @type {Record<Mark | 0, string>} */
  const WORDS = { 1: "marked plus", "-1": "marked minus", 0: "not marked" };

  /** @param {PageElement} element @param {Mark | 0} value */
  function mark(element, value) {
    const digest = likeness.state.model.digest8;
    if (markedOn !== digest) marks.clear();
    markedOn = digest;
    value === 0 ? marks.delete(element.dataset.base) : marks.set(element.dataset.base, value);
    show();
  }

  function show() {
    for (const element of faces()) {
      const value = marks.get(element.dataset.base) ?? 0;
      element.dataset.mark = SIGNS[value];
      element.setAttribute("aria-label", `Face ${element.dataset.base}, ${WORDS[value]}`);
    }
    const count = document.getElementById("user-direction-count");
    if (count) count.textContent = `${of(1).length} marked +, ${of(-1).length} marked \u2212`;
  }

  /** Show the next rows of the same seed. */
  function more() {
    const holder = document.getElementById("user-direction-faces");
    const { seed, first, count } = holder.dataset;
    const next = (Number(first) + Number(count)) % 9600;
    holder.dataset.first = String(next);
    faces().forEach((element, k) => {
      element.dataset.base = next + k ? `${seed}.${next + k}` : seed;
      element.querySelector("img").src = `${likeness.state.model.address}1:${element.dataset.base}.webp`;
    });
    show();
  }

  // Sending ------------------------------------------------------------------------------------------------------------

  const title = () => document.getElementById("user-direction-name").value.trim();

  /** @param {string} text @param {"good" | "error"} [kind] */
  function tell(text, kind = "error") {
    const there = document.getElementById("user-direction-message");
    if (!there) {
      if (text) likeness.messages.toast(text, kind); // the user has left the page in the meantime
      return;
    }
    const line = document.createElement("p");
    line.className = `lk-user-direction-message lk-user-direction-message-${kind}`;
    line.textContent = text;
    there.replaceChildren(line);
  }

  const changed = () => likeness.setProps("user-direction-changed", { data: Date.now() });
  /** @param {Record<string, string>} words */
  const query = (words) => new URLSearchParams({ model: likeness.state.model.name, ...words }).toString();

  /** @param {string} address @param {Blob} body */
  async function send(address, body) {
    const from = likeness.here();
    tell("Working", "good");
    /** @type {Reply<UserDirectionAnswer>} */
    const { sentence, body: made } = await likeness.upload(address, body, () => {}).done;
    if (sentence) return tell(sentence);
    changed();
    tell(`${made.title}: ${figures(made)}`, "good"); // the list shows the warning permanently
    likeness.addDirection(made.name, from);
  }

  /** Show the labels of a file and let the user choose, before a direction is stored.
   * @param {File} file */
  async function labelsFrom(file) {
    tell("Working", "good");
    /** @type {Reply<WaitingLabelsAnswer>} */
    const { sentence, body: told } = await likeness.upload(likeness.to(`/directions/own/labels/read?${query({ file: file.name })}`), file, () => {}).done;
    if (sentence) return tell(sentence);
    tell("");
    likeness.fileSummary.labels({ ...told, title: title() || file.name.replace(/\.[^.]*$/, "") }, {
      read: (words) => likeness.write(likeness.to(`/directions/own/labels/read?${query({ token: told.token, ...words })}`)),
      keep: async (words) => {
        const from = likeness.here();
        /** @type {Reply<UserDirectionAnswer>} */
        const { sentence: refused, body: made } = await likeness.write(likeness.to(`/directions/own/labels?${query({ token: told.token, ...words })}`));
        if (refused) return refused;
        changed();
        tell(`${made.title}: ${figures(made)}`, "good");
        likeness.addDirection(made.name, from);
        return "";
      },
      cancel: () => (forget(told.token), tell("Nothing was kept.", "good")),
      another: () => choose(LABELS, labelsFrom),
    });
  }

  /** @param {string} token */
  const forget = (token) => likeness.write(likeness.to(`/directions/own/incoming/${token}/drop`));

  /** Import directions of a file: a single one immediately, several after the user has chosen.
   * @param {File} file */
  async function importFrom(file) {
    tell("Working", "good");
    /** @type {Reply<WaitingDirectionsAnswer>} */
    const { sentence, body: told } = await likeness.upload(likeness.to(`/directions/own/import/read?${query({ file: file.name })}`), file, () => {}).done;
    if (sentence) return tell(sentence);
    /** @param {number[]} places @param {string} space */
    const keep = async (places, space) => {
      const words = query({ token: told.token, take: places.join(","), space });
      /** @type {Reply<ImportedDirectionsAnswer>} */
      const { sentence: refused, body: made } = await likeness.write(likeness.to(`/directions/own/import?${words}`));
      if (refused) return tell(refused), refused;
      changed();
      tell(`${made.names.length} imported: ${made.titles.join(", ")}`, "good");
      return "";
    };
    if (told.count === 1 && !told.notes.length) return keep([1], told.space);
    tell("");
    likeness.fileSummary.directions(told, {
      keep,
      read: (words) => likeness.write(likeness.to(`/directions/own/import/read?${query({ token: told.token, ...words })}`)),
      cancel: () => (forget(told.token), tell("Nothing was imported.", "good")),
    });
  }

  /** @param {Figures} made @returns {string} */
  function figures({ accuracy, auc, plus, minus, correlation, read, low, high, p }) {
    if (read) return `${read} ${figures({ accuracy, auc, plus, minus, correlation })}`;
    if (!minus) return `${plus} faces with scores; correlation with those held out ${(correlation ?? 0).toFixed(2)}.`;
    if (accuracy === null) return `${plus} faces against ${minus}; too few to hold any out.`;
    if (p != null && low != null && high != null) return `${plus} faces against ${minus}; ${Math.round(100 * accuracy)} % of those held out correct (${Math.round(100 * low)} to ${Math.round(100 * high)} %), p ${p.toFixed(3)}.`;
    return `${plus} faces against ${minus}; ${Math.round(100 * accuracy)} % of those held out correct, AUC ${(auc ?? 0).toFixed(2)}.`;
  }

  /** Return how directions are learnt from marks; empty where the model has no bank.
   * @returns {{classifier: string, held: string[]}} */
  function learning() {
    const chosen = (/** @type {string} */ id) => document.getElementById(id)?.value || "";
    return { classifier: chosen("user-direction-classifier"), held: chosen("user-direction-held") ? [chosen("user-direction-held")] : [] };
  }

  /** @param {Record<string, unknown>} words */
  function make(words) {
    if (!title()) {
      document.getElementById("user-direction-name").focus();
      return tell("Enter a name first: how do the faces differ?");
    }
    const told = { model: likeness.state.model.name, name: title(), ...words };
    send(likeness.to("/directions/own"), new Blob([JSON.stringify(told)], { type: "application/json" }));
  }

  /** @param {string} accept @param {(file: File) => void} take */
  function choose(accept, take) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.addEventListener("change", () => input.files?.[0] && take(input.files[0]));
    input.click();
  }

  /** @param {string} name @param {string} action */
  async function act(name, action) {
    const { sentence } = await likeness.write(likeness.to(`/directions/own/${encodeURIComponent(name)}/${action}?${query({})}`));
    if (sentence) tell(sentence);
    else changed();
    return !sentence;
  }

  /** @param {PageElement} element */
  async function remove({ dataset }) {
    if (!(await act(dataset.direction, "remove"))) return;
    likeness.added.remove(dataset.direction);
    tell(`${dataset.title} removed. `, "good");
    const undo = document.createElement("button");
    Object.assign(undo, { type: "button", className: "lk-link", textContent: "Undo" });
    undo.addEventListener("click", async () => (await act(dataset.direction, "restore")) && tell(`${dataset.title} is back`, "good"));
    document.getElementById("user-direction-message")?.firstElementChild?.append(undo);
  }

  document.addEventListener("keydown", (event) => {
    const element = event.target.closest?.(".lk-user-direction-face");
    if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
    const { which } = likeness.keys;
    const marked = /** @type {(Mark | undefined)[]} */ ([1, -1])[which(event, "mark")];
    const value = marked ?? (event.key === "=" ? 1 : which(event, "unmark") >= 0 ? 0 : undefined); // = is + without Shift
    if (value === undefined) return;
    event.preventDefault();
    mark(element, value);
  });

  likeness.events.addEventListener("likeness:open", () => {
    if (document.getElementById("user-direction-faces")) show();
  });

  /** Show the controls for selections while there is a selection. */
  likeness.events.addEventListener("likeness:words", () => {
    const told = document.getElementById("user-direction-selected");
    if (told) told.hidden = likeness.words.get("sel") === null;
  });

  Object.assign(likeness.actions, {
    "user-direction-mark": (/** @type {PageElement} */ element) => mark(element, NEXT[marks.get(element.dataset.base) ?? 0]),
    "user-direction-more": more,
    "user-direction-clear": () => (marks.clear(), show()),
    "user-direction-make": () => make({ plus: of(1), minus: of(-1), ...learning() }),
    "user-direction-selection": () => {
      const selection = likeness.words.get("sel");
      const rest = document.querySelector("#user-direction-rest input:checked")?.value;
      selection ? make({ selection, rest }) : tell("Nothing is selected. Draw around some faces on the Latent space page first.");
    },
    "user-direction-labels": () => choose(LABELS, labelsFrom),
    "user-direction-import": () => choose(".npy,.npz,.safetensors,.pkl,.csv,.tsv,.txt,.json", importFrom),
    "user-direction-remove": remove,
  });
})();
