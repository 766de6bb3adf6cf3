/* Recent faces below the face: the last faces of this tab, and the favourites of this browser.

   Thumbnails have the addresses of the pictures, which the browser has already. Without storage (a private window) both lists
   last until the user leaves the page. Each is bounded, and stored by the model's digest. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const LAST = 9;
  const FAVOURITES = 16; // maximum number of faces of an average
  /** @typedef {"last" | "favourites"} Kind */
  const STORES = { last: () => window.sessionStorage, favourites: () => window.localStorage };
  const MOST = { last: LAST, favourites: FAVOURITES };
  /** @type {Map<string, string[]>} */
  const unkept = new Map();

  /** @param {Kind} kind */
  const key = (kind) => `likeness-${kind}-${likeness.state.model.digest8}`;

  /** @param {Kind} kind @returns {string[]} */
  function read(kind) {
    const held = unkept.get(key(kind));
    if (held) return held;
    try {
      const faces = JSON.parse(STORES[kind]().getItem(key(kind)) || "[]");
      return Array.isArray(faces) ? faces.filter(isFace).slice(0, MOST[kind]) : [];
    } catch (error) {
      return [];
    }
  }

  /** @param {unknown} text */
  function isFace(text) {
    try {
      return typeof text === "string" && Boolean(likenessPins.parseFace(text));
    } catch (error) {
      return false;
    }
  }

  /** @param {Kind} kind @param {string[]} faces */
  function keep(kind, faces) {
    try {
      STORES[kind]().setItem(key(kind), JSON.stringify(faces));
    } catch (error) {
      unkept.set(key(kind), faces);
    }
  }

  // The face on the page is first; earlier ones follow.
  function met() {
    if (!document.getElementById("recent-list") || !likeness.state.feasible()) return;
    const face = likeness.state.face();
    const last = read("last");
    if (!last.includes(face)) keep("last", [face, ...last].slice(0, LAST));
    draw();
  }
  events.addEventListener("likeness:settle", met);
  events.addEventListener("likeness:open", met);
  events.addEventListener("likeness:change", ({ detail }) => detail.motion !== "drag" && draw());

  /** Add the face to the favourites, or remove it. */
  function favourite() {
    const face = likeness.state.face();
    const before = read("favourites");
    if (!before.includes(face) && before.length >= FAVOURITES) {
      return likeness.messages.toast(`There are ${FAVOURITES} favourites, the maximum. Remove a star first.`, "error");
    }
    keep("favourites", before.includes(face) ? before.filter((each) => each !== face) : [face, ...before]);
    draw();
  }

  /** Continue from the average of the favourites' bases. */
  async function average() {
    const bases = read("favourites").map((face) => likenessPins.parseFace(face).base);
    const sentence = await likeness.state.go(likenessPins.formatFace(`avg(${bases.join(",")})`, [], likeness.state.options));
    if (sentence) return likeness.messages.toast(sentence, "error");
    likeness.state.settle();
    likeness.messages.toast(`The average of ${bases.length} bases. Pins are left out.`, "good");
  }

  /** @param {PageElement} element */
  async function open(element) {
    likeness.gestures.endBurst();
    const sentence = await likeness.state.go(element.dataset.face);
    sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
  }

  /** Return the recent faces and the favourites, each once. */
  const faces = () => [...new Set([...read("last"), ...read("favourites")])];

  function draw() {
    const strip = document.getElementById("recent-list");
    if (!strip) return;
    const stars = read("favourites");
    const now = likeness.state.face();
    const all = faces();
    const old = new Map([...strip.children].map((each) => [each.dataset.face, each]));
    const made = all.map((face) => old.get(face) || thumbnail(face));
    for (const each of made) {
      each.setAttribute("aria-current", String(each.dataset.face === now));
      each.toggleAttribute("data-star", stars.includes(each.dataset.face ?? ""));
    }
    if (made.length !== strip.children.length || made.some((each, k) => strip.children[k] !== each)) strip.replaceChildren(...made);
    const star = document.getElementById("favourite");
    star.setAttribute("aria-pressed", String(stars.includes(now)));
    const button = document.getElementById("average");
    button.hidden = stars.length < 2;
    button.textContent = `Average of ${stars.length} favourites`;
  }

  /**
   * Make a thumbnail; with the priority "low" the pictures of the face on the page come first.
   * @param {string} face
   * @param {"auto" | "high" | "low"} priority
   */
  function thumbnail(face, priority = "auto") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lk-thumbnail";
    button.title = face.slice(2).replaceAll(";", ", ").replaceAll("_", " ");
    button.setAttribute("aria-label", `Show face ${button.title}`);
    Object.assign(button.dataset, { action: "open-face", face });
    const picture = document.createElement("img");
    picture.alt = "";
    picture.fetchPriority = priority;
    picture.src = `${likeness.state.model.address}${face}.webp`;
    button.append(picture);
    return button;
  }

  likeness.recentFaces = { favourite, average, open, faces, thumbnail };
})();
