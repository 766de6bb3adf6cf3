/* Presentation: one slide after the other, by keys or a tap, with live sliders (pages/present/page.py).

   Pictures are fetched before their slides: they have addresses, and the browser keeps them. The address bar names the slide
   without a step of its own: Escape returns to where the presentation was started. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const STILL = 2000; // ms after which the pointer is hidden
  const TRIES = 10; // tries for a picture that failed
  const AGAIN = 1500; // ms between them
  const BACK = 1 / 3; // share of the window's width in which a tap goes back

  /** @type {Slide[]} */
  let slides = [];
  let slug = "";
  let at = 0;
  /** @type {string | null} */
  let from = null; // the page on which it was started, if ours
  let filled = false; // the screen is
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let still;
  /** @type {HTMLImageElement[]} */
  let ahead = []; // pictures fetched for their slides

  const stage = () => document.getElementById("present");
  /** @param {string} id @param {string} text */
  const put = (id, text) => { document.getElementById(id).textContent = text; };

  /** Start: called by Dash with the data of pages/present/page.py, once per layout.
   * @param {Presentation} data */
  async function open(data) {
    while (!document.getElementById("stage")) await new Promise(requestAnimationFrame);
    ({ slides, slug } = data);
    likeness.path = null; // Dash handles Back here
    likeness.history.pause();
    likeness.messages.reset();
    likeness.pictureQueue.reset();
    filled = Boolean(document.fullscreenElement);
    show(Math.min(slides.length, Math.max(1, data.first)) - 1);
    fetchAhead();
    moved();
    return "true";
  }

  /** Fetch all pictures, the next slides' first. */
  async function fetchAhead() {
    const here = slides;
    ahead = [];
    for (const { pictures } of [...slides.slice(at), ...slides.slice(0, at)]) {
      for (const { address } of pictures) {
        if (slides !== here) return;
        const picture = new Image();
        picture.src = address;
        ahead.push(picture);
        await picture.decode().catch(() => {});
      }
    }
  }

  /** @param {number} to @param {boolean} [taken] */
  function show(to, taken = false) {
    at = to;
    stage().removeAttribute("data-black");
    const slide = slides[at];
    put("slide-title", slide.title);
    put("slide-note", slide.problem ? `${slide.note} ${slide.problem}`.trim() : slide.note);
    put("slide-count", `${at + 1} of ${slides.length}`);
    document.querySelectorAll(".lk-slide-dot").forEach((dot, place) => dot.toggleAttribute("data-now", place === at));
    stage().dataset.kind = kindOf(slide);
    put("slide-caption", slide.still?.words || "");
    const leads = document.getElementById("slide-open");
    Object.assign(leads, { hidden: !slide.leads, textContent: slide.leads, href: slide.address });
    const words = [likeness.presenter.isOpen() && "presenter=1", at && `slide=${at + 1}`].filter(Boolean).join("&");
    window.history.replaceState(window.history.state, "", likeness.to(`/present/${slug}${words && `?${words}`}`));
    const kept = document.querySelector(".lk-slide-name")?.textContent;
    document.title = [likeness.presenter.isOpen() && "Presenter", slide.title, kept, "Likeness"].filter(Boolean).join(" · ");
    const { opening, rows } = slide;
    if (opening) showFace({ opening, rows });
    else if (slide.still) showStill(slide.still);
    else slide.tiles ? showTiles(slide.tiles) : showSheet(slide);
    likeness.send("likeness:slide", { at, slides, slug, taken });
  }

  /** @param {Slide} slide */
  function kindOf({ still, opening, tiles, pictures }) {
    if (still) return "still";
    if (opening) return "face";
    if (tiles) return "tiles";
    return pictures.length ? "sheet" : "words";
  }

  /** Show a saved figure of another page; a click opens the page.
   * @param {Still} still */
  function showStill({ address, words, figure }) {
    const picture = pictureOf(address, words);
    picture.classList.toggle("lk-saved-figure", Boolean(figure));
    picture.dataset.opens = "";
    document.getElementById("slide-sheet").replaceChildren(picture);
  }

  /** Show one face with its sliders: only the slide's rows, each with its index in the slide's own model.
   * @param {{opening: Opening, rows: string[]}} slide */
  function showFace({ opening, rows }) {
    for (const row of document.querySelectorAll("#panel > [data-name]")) {
      const place = opening.model.attributes.findIndex(({ name }) => name === row.dataset.name);
      const on = place >= 0 && rows.includes(row.dataset.name);
      row.classList.toggle("lk-row", on);
      row.hidden = !on;
      if (!on) continue;
      row.dataset.index = String(place);
      const [low, high] = opening.model.attributes[place].range;
      row.style.setProperty("--clo", String(low));
      row.style.setProperty("--chi", String(high));
    }
    likeness.canvas.open();
    likeness.rows.open();
    likeness.rows.show(rows);
    likeness.state.open(opening);
    likeness.rows.draw();
  }

  /** @param {Slide} slide */
  function showSheet({ pictures }) {
    document.getElementById("slide-sheet").replaceChildren(...pictures.map(({ address, words }, place) => {
      const figure = document.createElement("figure");
      const picture = pictureOf(address, words);
      const letter = document.createElement("figcaption");
      letter.textContent = String.fromCharCode(65 + place);
      figure.append(picture, letter);
      return figure;
    }));
  }

  /** Show a part of a sheet with a caption for each row and column; cells without a face say so.
   * @param {{columns: string[], rows: SlideRow[]}} tiles */
  function showTiles({ columns, rows }) {
    const holder = document.getElementById("slide-sheet");
    holder.style.setProperty("--columns", String(columns.length));
    holder.style.setProperty("--rows", String(rows.length));
    const table = part("div", "lk-slide-tiles");
    const alike = rows.every(({ locked }) => locked === rows[0].locked); // one sweep: name it once
    table.append(alike ? run(rows[0]) : part("span"), ...columns.map((words) => part("span", "lk-slide-column", words)));
    rows.forEach((row, at) => {
      const head = part("div", "lk-slide-row");
      if (rows[at - 1]?.title !== row.title) head.append(part("span", "lk-slide-person", row.title));
      if (!alike) head.append(run(row));
      table.append(head, ...row.cells.map(tile));
    });
    holder.replaceChildren(table);
  }

  /** @param {SlideCell} cell */
  function tile({ address, words, reason }) {
    if (address) return pictureOf(address, words);
    const empty = part("span", "lk-slide-empty", "no face");
    empty.title = reason ?? "";
    return empty;
  }

  /** Create a picture that is requested again if the server was busy.
   * @param {string} address
   * @param {string} words
   * @param {number} [left] */
  function pictureOf(address, words, left = TRIES) {
    const picture = Object.assign(new Image(), { src: address, alt: words });
    picture.addEventListener("error", () => left-- > 0 && setTimeout(() => { picture.src = address; }, AGAIN));
    return picture;
  }

  /** @param {SlideRow} row */
  function run({ note, locked }) {
    const words = part("span", "lk-slide-run", note);
    words.toggleAttribute("data-locked", locked);
    return words;
  }

  /** @param {string} tag @param {string} [className] @param {string} [words] */
  function part(tag, className = "", words = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = words;
    return element;
  }

  /** @param {number} by */
  const step = (by) => slides[at + by] && show(at + by);

  function leave() {
    if (document.fullscreenElement) return document.exitFullscreen(); // returns here
    if (from) return window.history.back();
    likeness.visit(likeness.to(`/collections/${slug}`));
  }

  document.addEventListener("fullscreenchange", () => {
    const was = filled;
    filled = Boolean(document.fullscreenElement);
    if (stage() && was && !filled) leave();
  });

  /** @param {string} id @param {KeyboardEvent} event */
  function press(id, event) {
    if (id === "presenter") likeness.presenter.open();
    else if (id === "black") likeness.presenter.black();
    else if (id === "as-saved") show(at);
    else if (id === "next-slide" || id === "open-slide") step(1);
    else if (id === "previous-slide") step(-1);
    else if (id === "end-slides") show(likeness.keys.which(event, id) === 0 ? 0 : slides.length - 1);
  }

  // Before all other keys: on a stage letters do nothing, and arrows change slides unless a slider has the focus.
  window.addEventListener("keydown", (event) => {
    if (!stage() || event.ctrlKey || event.metaKey || event.altKey) return;
    const onSlider = event.target.matches?.(".lk-thumb, input");
    const id = likeness.keys.action(event, "presentation")?.id;
    if (id === "open-slide" && slides[at].leads) likeness.visit(slides[at].address);
    else if (id === "leave") likeness.presenter.isOpen() ? likeness.presenter.end() : leave();
    else if (onSlider) return;
    else if (id) press(id, event);
    else if (event.key.length > 1 || likeness.keys.which(event, "scheme") >= 0) return; // other letters do nothing on a stage
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // After a slider has been moved by hand, the arrows change slides again.
  document.addEventListener("pointerup", () => {
    if (stage()) setTimeout(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
  });

  function moved() {
    clearTimeout(still);
    stage()?.removeAttribute("data-still");
    still = setTimeout(() => stage()?.setAttribute("data-still", ""), STILL);
  }
  document.addEventListener("pointermove", () => stage() && moved());

  document.addEventListener("click", (event) => {
    if (!event.target.matches?.("#slide-open, [data-opens]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    likeness.visit(slides[at].address);
  });

  // A tap outside all controls changes the slide: on the left third backward.
  document.addEventListener("click", (event) => {
    if (!stage() || event.pointerType !== "touch" || event.target.closest("a, button, input, .lk-rail, [data-opens]")) return;
    step(event.clientX < window.innerWidth * BACK ? -1 : 1);
  });

  // Full screen starts with the click that opens this page: a page may not request it on load.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#present-link")) return;
    from = window.location.href;
    document.documentElement.requestFullscreen?.().catch(() => {});
  }, true);

  likeness.present = { show, step, leave, get at() { return at; }, get slug() { return slug; } };
  window.dash_clientside = Object.assign({}, window.dash_clientside, { likeness_present: { open } });
})();
