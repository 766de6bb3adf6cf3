/* Cards of the compared faces: picture, difference from the reference, wipe and blink, pins, and position. */
(function () {
  "use strict";
  const likeness = window.likeness;
  const { events } = likeness;

  const KEPT = 60; // pictures
  const TOP = 0.4; // difference at the end of the scale, as a share of the whole range
  const BLINK = 700; // ms
  // Cividis (Nuñez, Anderton and Renslow 2018), as Plotly gives it.
  const CIVIDIS = [[0, 32, 76], [0, 42, 102], [0, 52, 110], [39, 63, 108], [60, 74, 107], [76, 85, 107], [91, 95, 109], [104, 106, 112], [117, 117, 117], [131, 129, 120], [146, 140, 120], [161, 152, 118], [176, 165, 114], [191, 177, 109], [209, 191, 102], [225, 204, 92], [243, 219, 79], [255, 233, 69]];

  /** @type {Map<string, HTMLCanvasElement>} */
  const pictures = new Map(); // face -> canvas at the picture's own size
  /** @type {Map<string, number>} */
  const previews = new Map(); // faces whose picture is still a preview -> its own size
  /** One request at a time per card; the newest face is next. @typedef {{wanted?: string | null, flying: boolean, preview?: boolean, last?: string}} Gate */
  /** @type {Map<number, Gate>} */
  const gates = new Map(); // place -> {wanted, flying}
  /** @type {({face: string, canvas: HTMLCanvasElement} | null)[]} */
  const shown = []; // the picture shown at each position: the last one received
  /** @type {number[]} */
  let wipes = [];
  let swapped = false;
  let still = false; // the user blinks by hand
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let drawing = false;

  const cards = () => [...document.querySelectorAll(".lk-compare-card")];
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** Fetch one picture at a time for each card, the newest next; picture_queue.js fetches the chosen face's first.
   * @param {number} place
   * @param {string} face
   * @param {string} [last] the face requested by the last draw */
  async function want(place, face, last) {
    /** @type {Gate} */
    const gate = gates.get(place) || { flying: false };
    gates.set(place, gate);
    if (last) gate.last = last;
    gate.wanted = face;
    gate.preview = likeness.pictureQueue.moving;
    if (gate.flying) return;
    gate.flying = true;
    while (gate.wanted) {
      const next = gate.wanted;
      gate.wanted = null;
      try {
        const response = await fetch(`${likeness.state.model.address}${next}.webp${gate.preview ? "?preview" : ""}`);
        if (!response.ok) continue;
        keep(next, await createImageBitmap(await response.blob()));
      } catch (error) {
        break; // the server does not answer: picture_queue.js shows the error
      }
    }
    gate.flying = false;
  }

  /** Keep a picture; a preview is enlarged, so that differences compare pixel with pixel.
   * @param {string} face @param {ImageBitmap} source */
  function keep(face, source) {
    const side = likeness.state.model.resolution;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    canvas.getContext("2d", { willReadFrequently: true })?.drawImage(source, 0, 0, side, side);
    source.width < side ? previews.set(face, source.width) : previews.delete(face);
    if (pictures.size >= KEPT) {
      const [oldest] = pictures.keys();
      pictures.delete(oldest);
      previews.delete(oldest);
    }
    pictures.set(face, canvas);
    soon();
  }

  // The browser has cached it, so this sends no request. Previews are not cached.
  events.addEventListener("likeness:face", ({ detail }) => {
    if (!likeness.compare.isOpen()) return;
    detail.preview ? keep(detail.face, detail.picture) : want(likeness.compare.active, detail.face);
  });
  events.addEventListener("likeness:settle", soon);
  events.addEventListener("likeness:compared", soon);
  window.addEventListener("resize", () => likeness.compare?.isOpen() && soon());

  function soon() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      if (likeness.compare.isOpen()) draw();
    });
  }

  function draw() {
    const { compare } = likeness;
    const view = compare.word("view");
    document.getElementById("compare").dataset.view = view;
    document.getElementById("compare-cards").dataset.count = String(compare.faces.length);
    document.getElementById("compare-lonely").hidden = compare.faces.length > 1;
    beat(view === "blink" && compare.faces.length > 1);
    cards().forEach((card, place) => {
      card.hidden = place >= compare.faces.length;
      if (card.hidden) return void (shown[place] = null);
      const face = compare.faces[place];
      const stands = compare.stand(face);
      const feasible = !stands || stands.feasible;
      const canvas = pictures.get(face);
      if (canvas) shown[place] = { face, canvas };
      const moving = likeness.pictureQueue.moving;
      const missing = !canvas || (previews.has(face) && !moving);
      const asking = `${face}${moving ? " preview" : ""}`;
      if (missing && place !== compare.active && feasible && gates.get(place)?.last !== asking) {
        want(place, face, asking);
      }
      words(card, place, face, stands);
    });
    cards().forEach((card, place) => !card.hidden && paint(card, place, view));
  }

  /** @param {PageElement} card @param {number} place @param {string} face @param {Standing | null} stands */
  function words(card, place, face, stands) {
    const { compare } = likeness;
    const name = compare.nameOf(face);
    const chosen = place === compare.active;
    card.toggleAttribute("data-chosen", chosen);
    card.toggleAttribute("data-reference", place === compare.reference);
    const size = previews.get(shown[place]?.face ?? "");
    card.toggleAttribute("data-preview", size !== undefined);
    text(card.querySelector(".lk-compare-preview"), size === undefined ? "" : `preview, ${size} \u00d7 ${size}`);
    card.querySelector(".lk-compare-choose").setAttribute("aria-pressed", String(chosen));
    text(card.querySelector(".lk-compare-name"), name);
    const problem = card.querySelector(".lk-compare-problem");
    problem.hidden = !stands?.sentence;
    text(problem, stands?.sentence || "");
    const { pins, options } = likenessPins.parseFace(face);
    const told = pins.map((pin) => likeness.state.pinWords(pin, options));
    told.push(...likeness.state.optionWords(options));
    card.querySelector("canvas").setAttribute("aria-label", `Face ${compare.LETTERS[place]}: ${name}${told.length ? ` with ${told.join(", ")}` : ""}`);
    const list = card.querySelector(".lk-compare-pins");
    if (list.dataset.told === told.join()) return;
    list.dataset.told = told.join();
    list.replaceChildren(...(told.length ? told.map(chip) : [part("li", "lk-compare-no-pins", "no pins")]));
  }

  /** @param {string} words */
  function chip(words) {
    const item = part("li", "lk-compare-pin", "");
    item.append(part("span", "lk-icon lk-icon-lock", ""), words);
    return item;
  }

  /** @param {PageElement} card @param {number} place @param {string} view */
  function paint(card, place, view) {
    const { compare } = likeness;
    const own = shown[place]?.canvas;
    const base = shown[compare.reference]?.canvas;
    const inset = card.querySelector(".lk-compare-inset");
    const compared = own && base && place !== compare.reference && own.width === base.width;
    inset.hidden = !(compared && view === "pictures");
    if (!own) return;
    const target = card.querySelector(".lk-compare-picture");
    const side = Math.max(own.width, Math.round(target.clientWidth * (window.devicePixelRatio || 1)));
    if (target.width !== side) target.width = target.height = side;
    const context = target.getContext("2d");
    context.imageSmoothingQuality = "high";
    if (!compared) return context.drawImage(own, 0, 0, side, side);
    if (view === "difference") return context.drawImage(heat(own, base), 0, 0, side, side);
    if (view === "blink" && swapped) return context.drawImage(base, 0, 0, side, side);
    context.drawImage(own, 0, 0, side, side);
    if (view === "wipe") wipe(context, base, side, (wipes[place] ?? 50) / 100);
    if (view !== "pictures") return;
    if (inset.width !== own.width) inset.width = inset.height = own.width;
    inset.getContext("2d").drawImage(heat(own, base), 0, 0);
  }

  /** Draw the reference left of the line and the face right of it.
   * @param {CanvasRenderingContext2D} context
   * @param {HTMLCanvasElement} base
   * @param {number} side
   * @param {number} share */
  function wipe(context, base, side, share) {
    const at = Math.round(side * share);
    context.save();
    context.beginPath();
    context.rect(0, 0, at, side);
    context.clip();
    context.drawImage(base, 0, 0, side, side);
    context.restore();
    context.fillStyle = "#fff";
    context.fillRect(at - 1, 0, 2, side);
  }

  /** Mean difference of the colours of every pixel, from none (dark blue) to TOP and more (yellow).
   * @param {HTMLCanvasElement} own
   * @param {HTMLCanvasElement} base */
  function heat(own, base) {
    const side = own.width;
    const [a, b] = [own, base].map((canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, side, side).data);
    const made = new ImageData(side, side);
    for (let at = 0; at < a.length; at += 4) {
      const amount = (Math.abs(a[at] - b[at]) + Math.abs(a[at + 1] - b[at + 1]) + Math.abs(a[at + 2] - b[at + 2])) / 765;
      const place = Math.min(1, amount / TOP) * (CIVIDIS.length - 1);
      const low = Math.min(CIVIDIS.length - 2, Math.floor(place));
      for (let colour = 0; colour < 3; colour += 1) {
        made.data[at + colour] = CIVIDIS[low][colour] + (place - low) * (CIVIDIS[low + 1][colour] - CIVIDIS[low][colour]);
      }
      made.data[at + 3] = 255;
    }
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    canvas.getContext("2d")?.putImageData(made, 0, 0);
    return canvas;
  }

  /** Blink automatically until the user takes over; never where reduced motion is preferred.
   * @param {boolean} on */
  function beat(on) {
    const runs = on && !still && !calm();
    if (runs && !timer) {
      timer = setInterval(() => {
        swapped = !swapped;
        soon();
      }, BLINK);
    }
    if (!runs && timer) timer = void clearInterval(timer);
    if (!on) still = swapped = false;
    const button = document.getElementById("compare-blink");
    if (button) text(button.querySelector(".mantine-Button-label"), runs ? "Stop" : swapped ? "Show the faces" : "Show the reference");
  }

  function blink() {
    if (timer) still = true;
    else swapped = !swapped;
    soon();
  }

  // Moving a card ----------------------------------------------------------------------------------------------------

  /** @type {PageElement | null} */
  let held = null;

  document.addEventListener("keydown", (event) => {
    const card = event.target.classList?.contains("lk-compare-handle") && event.target.closest(".lk-compare-card");
    const step = [-1, 1, -1, 1][likeness.keys.which(event, "compare-move")];
    if (!card || !step) return;
    event.preventDefault();
    const to = Number(card.dataset.index) + step;
    if (!likeness.compare.faces[to]) return;
    likeness.compare.move(Number(card.dataset.index), to);
    cards()[to].querySelector(".lk-compare-handle").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".lk-compare-handle");
    if (!handle) return;
    held = handle.closest(".lk-compare-card");
    held.setAttribute("data-held", "");
    event.preventDefault();
    handle.focus();
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest(".lk-compare-card");
    for (const card of cards()) card.toggleAttribute("data-over", card === over && card !== held);
  });
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
    document.addEventListener(kind, (event) => {
      if (!held) return;
      const over = kind === "pointerup" && document.elementFromPoint(event.clientX, event.clientY)?.closest(".lk-compare-card");
      const from = held;
      held = null;
      for (const card of cards()) ["data-held", "data-over"].forEach((name) => card.removeAttribute(name));
      if (over) likeness.compare.move(Number(from.dataset.index), Number(over.dataset.index));
    });
  }
  document.addEventListener("click", (event) => {
    const picture = event.target.closest?.(".lk-compare-picture");
    if (picture) likeness.compare.choose(Number(picture.closest(".lk-compare-card").dataset.index));
  });

  /** @param {string} tag @param {string} className @param {string} words */
  function part(tag, className, words) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = words;
    return element;
  }

  /** @param {PageElement} element @param {string} words */
  function text(element, words) {
    if (element && element.textContent !== words) element.textContent = words;
  }

  likeness.actions["compare-blink"] = blink;
  likeness.compare.part = part;
  likeness.compare.wipe = (values) => {
    wipes = values;
    soon();
    return window.dash_clientside.no_update;
  };
})();
