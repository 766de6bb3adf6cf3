/* The sheet: the grid is rendered immediately, pictures as they arrive, each from the address of its

   face. The server gives requests of image elements a lower priority than those of a dragged slider. Four at a time
   leave two of the browser's six connections free. Pictures fetched before come from the browser's cache. This script
   sends `likeness:sheet` when every picture has arrived. */
(function () {
  "use strict";
  const likeness = window.likeness;
  const { events } = likeness;

  const REST = 250; // ms; changes closer than this count as one series
  const AT_ONCE = 4;
  const BEAT = 160; // ms a step while playing
  const WORDS = ["sheet", "on", "by", "from", "to", "steps", "runs", "people", "layers"];

  const NO_SLIDERS = "This model has no sliders. Mix faces instead, or add directions on the Models page.";
  const REMEMBERED = 3000;

  /** @type {Set<string>} */
  const fetched = new Set(); // addresses
  /** @type {string | null} */
  let last = null; // the query of the sheet on the page
  let turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let playing;
  /** @type {SheetAnswer | null} */
  let sheet = null;

  events.addEventListener("likeness:compared", () => {
    const first = resting === undefined;
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = undefined;
      follow();
    }, REST);
    if (first) follow(); // a single change is applied immediately, a series when it ends
  });

  function follow() {
    if (!likeness.compare.isOpen() || document.querySelector("[data-dragging]")) return;
    const { compare } = likeness;
    const kind = compare.word("sheet");
    document.getElementById("sheet-card").dataset.kind = kind;
    const { words, faces } = asked();
    const query = new URLSearchParams([...words, ["faces", faces.join("!")], ["model", likeness.state.model.name]]).toString();
    if (query === last && document.querySelector("#sheet > *")) return;
    last = query;
    const moved = kind === "sweep" ? ["on"] : kind === "grid" ? ["on", "by"] : [];
    if (moved.some((name) => !compare.word(name))) return tell(NO_SLIDERS);
    load(query);
  }

  /** Return the parameters of a sheet: its words as pairs, and the faces, the reference first.
   * @returns {{words: [string, string][], faces: string[]}} */
  function asked() {
    const { compare } = likeness;
    /** @type {[string, string][]} */
    const all = WORDS.map((name) => [name, compare.word(name)]);
    const words = all.filter(([name, value]) => value !== undefined && value !== "" && value !== null && (name !== "layers" || mixesStyles()));
    const faces = [...compare.faces];
    faces.unshift(...faces.splice(compare.reference, 1));
    return { words, faces };
  }

  const mixesStyles = () => likeness.compare.word("sheet") === "styles";

  /** Show a message instead of a sheet; request no pictures.
   * @param {string} sentence */
  function tell(sentence) {
    turn += 1;
    stop();
    sheet = null;
    document.getElementById("sheet-words").textContent = sentence;
    for (const id of ["sheet-play", "sheet-save"]) document.getElementById(id).disabled = true;
    document.getElementById("sheet").replaceChildren();
  }

  /** @param {string} query */
  async function load(query) {
    const mine = ++turn;
    /** @type {Reply<SheetAnswer>} */
    const { body, sentence } = await likeness.ask(likeness.to(`/compare/sheet.json?${query}`));
    if (mine !== turn || !likeness.compare.isOpen()) return;
    stop();
    const holder = document.getElementById("sheet");
    const below = measures() ? ` Below each picture: ${likeness.display(likeness.compare.word("on"))} as measured by the scorer, in \u03c3.` : "";
    const framed = mixesStyles() ? " Framed: the faces themselves. Other pictures open alone: no slider moves a style mix." : "";
    document.getElementById("sheet-words").textContent = sentence || `${body.title}.${below}${framed}`;
    for (const id of ["sheet-play", "sheet-save"]) document.getElementById(id).disabled = Boolean(sentence);
    sheet = sentence ? null : body;
    if (sentence) return holder.replaceChildren();
    holder.style.setProperty("--columns", String(body.columns.length));
    const part = likeness.compare.part;
    const head = part("div", "lk-tiles-row lk-tiles-columns", "");
    head.append(part("span", "", ""), ...body.columns.map((words) => part("span", "", words)));
    const lines = body.rows.map((row, at) => line(row, body.rows[at - 1]));
    fill(lines.flatMap((each) => [...each.querySelectorAll("img")]), mine); // requested before anything is rendered
    holder.replaceChildren(head, ...lines);
  }

  /** @param {SheetRow} row @param {SheetRow | undefined} above */
  function line(row, above) {
    const { part } = likeness.compare;
    const element = part("div", "lk-tiles-row", "");
    const head = part("div", "lk-tiles-head", "");
    head.append(part("span", "lk-tiles-title", above?.title === row.title && row.locked ? "" : row.title));
    const note = part("span", "lk-tiles-note", row.note);
    note.toggleAttribute("data-locked", row.locked);
    if (row.locked) note.prepend(part("span", "lk-icon lk-icon-lock", ""));
    head.append(note);
    element.append(head, ...row.cells.map(tile));
    return element;
  }

  /** @param {SheetCell} cell */
  function tile(cell) {
    const { part } = likeness.compare;
    if (cell.reason || !cell.face) {
      const empty = part("span", "lk-tiles-empty", "no face");
      empty.title = cell.reason ?? "";
      empty.tabIndex = 0;
      empty.setAttribute("role", "img");
      empty.setAttribute("aria-label", `${cell.words}: ${cell.reason}`);
      return empty;
    }
    const link = /** @type {HTMLAnchorElement} */ (part("a", "lk-tiles-tile", ""));
    const mixed = cell.face.includes("!"); // a style mix, which has no sliders
    const { address } = likeness.state.model;
    link.href = mixed ? `${address}${cell.face}.png` : likeness.to(`/?${likeness.state.query(cell.face)}`);
    link.toggleAttribute("data-source", mixesStyles() && !mixed);
    link.title = cell.words;
    const image = document.createElement("img");
    image.alt = cell.words;
    image.dataset.address = `${address}${cell.face}.webp`;
    link.append(image);
    if (!measures()) return link;
    const holder = part("span", "lk-tiles-read", "");
    const number = part("span", "lk-tiles-measured", "");
    number.dataset.face = cell.face;
    holder.append(link, number);
    return holder;
  }

  // Scores of the swept attribute, below each picture once all are loaded ----------------------

  /** Return whether scores can be shown: one attribute is swept, and the model has a scorer and a bank. */
  const measures = () => ["sweep", "grid"].includes(likeness.compare.word("sheet")) && likeness.state.model.measurable;

  /** @param {number} mine */
  async function measure(mine) {
    const left = [...document.querySelectorAll("#sheet .lk-tiles-measured")];
    const { model } = likeness.state;
    const name = likeness.compare.word("on");
    const title = likeness.display(name);
    const next = async () => {
      for (let number = left.shift(); number && mine === turn; number = left.shift()) {
        /** @type {Reply<ScoresAnswer>} */
        const { body, sentence } = await likeness.ask(`${model.address}${number.dataset.face}.scores.json`, { headers: { Priority: "u=6" } });
        if (mine !== turn) return;
        const read = body.scores?.[name];
        if (sentence || read === undefined) continue;
        number.textContent = likeness.signed(read);
        number.title = `${title} as measured in the picture: ${likeness.signed(read)} \u03c3`;
      }
    };
    await Promise.all([next(), next()]);
  }

  /** Fetch the pictures, some concurrently, from the top left.
   * @param {PageElement[]} images
   * @param {number} mine */
  function fill(images, mine) {
    /** @param {PageElement} image */
    const show = (image) => (image.src = image.dataset.address);
    images.filter(({ dataset }) => fetched.has(dataset.address)).forEach(show);
    const left = images.filter(({ dataset }) => !fetched.has(dataset.address));
    const fetchNext = async () => {
      for (let image = left.shift(); image && mine === turn; image = left.shift()) {
        show(image);
        try {
          await image.decode();
          remember(image.dataset.address);
        } catch (error) {
          const wait = await patience(image.dataset.address);
          if (wait === null) return; // the server does not answer: picture_queue.js shows the error
          if (!wait) continue;
          image.removeAttribute("src");
          left.unshift(image);
          await new Promise((done) => setTimeout(done, 1000 * wait));
        }
      }
    };
    const hands = Array.from({ length: AT_ONCE }, fetchNext);
    Promise.all(hands).then(() => {
      if (mine !== turn) return;
      likeness.send("likeness:sheet", null);
      if (measures()) measure(mine);
    });
  }

  /** Return how long to wait before the next try: seconds if the server is busy, 0 if it is not, null if it does not answer.
   * @param {string} address */
  async function patience(address) {
    try {
      const response = await fetch(address, { headers: { Priority: "u=5" } });
      return response.status === 503 ? Number(response.headers.get("Retry-After")) || 1 : 0;
    } catch (error) {
      return null;
    }
  }

  /** @param {string} address */
  function remember(address) {
    if (fetched.size >= REMEMBERED) fetched.delete([...fetched][0]);
    fetched.add(address);
  }

  // Playing: the steps one after another, there and back, in all rows together ----------------------------------------

  function play() {
    if (playing) return stop();
    if (!sheet) return;
    const count = sheet.columns.length;
    let step = 0;
    let way = 1;
    button(true);
    playing = setInterval(() => {
      if (!document.getElementById("sheet")) return stop();
      for (const row of document.querySelectorAll("#sheet .lk-tiles-row:not(.lk-tiles-columns)")) {
        const screen = row.querySelector(".lk-tiles-screen") ?? screenOf(row);
        const image = row.children[step + 1].querySelector("img[src]");
        if (image) screen.src = image.src;
      }
      for (const tile of document.querySelectorAll("#sheet [data-now]")) tile.removeAttribute("data-now");
      for (const row of document.querySelectorAll("#sheet .lk-tiles-row")) row.children[step + 1].setAttribute("data-now", "");
      if (step + way < 0 || step + way >= count) way = -way;
      step += way;
    }, BEAT);
  }

  /** Return the player of a row, which shows its steps in turn.
   * @param {PageElement} row */
  function screenOf(row) {
    const screen = Object.assign(document.createElement("img"), { className: "lk-tiles-screen", alt: "" });
    row.firstElementChild.prepend(screen);
    return screen;
  }

  function stop() {
    playing = void clearInterval(playing);
    for (const screen of document.querySelectorAll(".lk-tiles-screen")) screen.remove();
    for (const tile of document.querySelectorAll("#sheet [data-now]")) tile.removeAttribute("data-now");
    button(false);
  }

  /** @param {boolean} on */
  function button(on) {
    const element = document.getElementById("sheet-play");
    if (!element) return;
    element.setAttribute("aria-pressed", String(on));
    element.querySelector(".mantine-Button-label").textContent = on ? "Stop" : "Play";
  }

  likeness.actions["sheet-play"] = play;
  likeness.compare.asked = asked;
  likeness.actions["sheet-save"] = () => sheet && likeness.save({ kind: likeness.compare.word("sheet"), title: sheet.title });
})();
