/* The menu of a slider: the layers that its attribute acts on, where the model has layers (docs/faces.md); of a style channel,
   which acts on its own layer, what its pin does. The ranges are part of the face, and so of its address, of every link and of
   undo. The server renders no menu: rows are the same on every model, and this script adds a button to each, which opens the
   one menu of the page. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const NUMBERS = "numbers";

  /** What is said of attributes of which the score to expect is known for pins in all layers. */
  const NO_TICK = "On some layers only, this slider shows no measured score: what to expect is known for pins in all layers.";

  /** @type {PageElement} */
  let menu; // made when it is opened
  /** @type {PageElement | null} */
  let opener = null; // the button whose menu is open
  /** @type {string | undefined} */
  let marked; // the ranges that the rows show

  const ranges = () => likenessPins.layersOf(likeness.state.options);
  /** @param {PageElement} element */
  const rowOf = (element) => element.closest(".lk-row");
  /** Return the style channel of a row; undefined for any other.
   * @param {PageElement} row */
  const channelOf = (row) => likeness.state.model.attributes.find(({ name }) => name === row.dataset.name)?.channel;
  /** @param {string} range */
  const words = (range) => range.replace("-", "\u2013");

  /** Whether a row shows measured scores, but none where its attribute acts on some layers only.
   * @param {PageElement} row */
  const losesTick = (row) => Boolean(likeness.state.model?.measurable && likeness.state.model.expected && !("added" in row.dataset));

  /** Show the range of each row on its button. */
  function mark() {
    if (!likeness.state.model?.layers) return;
    marked = likeness.state.options.layers;
    const chosen = ranges();
    for (const row of document.querySelectorAll("#panel .lk-row")) {
      const button = row.querySelector(".lk-layers") ?? made(row);
      const channel = channelOf(row);
      const range = channel ? "s" : chosen.get(row.dataset.name);
      const layers = `Layers of ${row.dataset.shownName}: ${words(range ?? "all")}${range && losesTick(row) ? `. ${NO_TICK}` : ""}`;
      const told = channel ? `Style of ${row.dataset.shownName}: ${channel.words}` : layers;
      button.querySelector(".lk-icon").hidden = Boolean(range);
      button.querySelector(".lk-layers-range").textContent = words(range ?? "");
      button.title = told;
      button.setAttribute("aria-label", told);
    }
  }

  /** Add the button to a row.
   * @param {PageElement} row */
  function made(row) {
    const button = element("button", "lk-layers", { type: "button" });
    button.dataset.action = "layers";
    button.setAttribute("aria-haspopup", "dialog");
    const dots = element("span", "lk-icon lk-icon-more");
    dots.setAttribute("aria-hidden", "true");
    button.append(dots, element("span", "lk-layers-range"));
    row.querySelector(".lk-name").append(button);
    return button;
  }

  /** @param {string} tag @param {string} className @param {Record<string, unknown>} [properties] */
  const element = (tag, className, properties = {}) =>
    /** @type {PageElement} */ (/** @type {unknown} */ (Object.assign(document.createElement(tag), { className, ...properties })));

  /** Create the menu of ranges. */
  function lay() {
    const { layers, layer_ranges: named } = likeness.state.model;
    const box = popover();
    const fields = element("fieldset", "");
    fields.append(element("legend", ""));
    for (const [name, [first, last]] of Object.entries(named)) {
      fields.append(choice(name, `${name[0].toUpperCase()}${name.slice(1)}`, first === last ? `${first}` : `${first}\u2013${last}`));
    }
    const numbers = element("div", "lk-layers-numbers");
    numbers.append(choice(NUMBERS, "Layers", ""), number("First layer", layers), element("span", "", { textContent: "to" }), number("Last layer", layers));
    const problem = element("p", "lk-layers-problem");
    problem.setAttribute("role", "alert");
    fields.append(numbers, element("p", "lk-layers-note", { textContent: NO_TICK }), problem);
    box.append(fields);
    box.addEventListener("change", ({ target }) => take(/** @type {PageElement} */ (target)));
    return box;
  }

  /** Create what is shown of a style channel instead.
   * @param {NonNullable<Attribute["channel"]>} channel */
  function layNote({ words }) {
    const box = popover();
    box.tabIndex = -1;
    box.append(element("p", "", { textContent: `Style of ${words}` }));
    box.append(element("p", "", { textContent: "A pin sets this number of the style, in standard deviations over random faces, and leaves w as it is: it moves no other slider, and none holds it. Without a pin it follows them." }));
    return box;
  }

  /** Create a menu, and add it to the page. It closes on Escape, and when the focus or a click is elsewhere: a popover that
   * does so by itself gives the focus back while it closes, when the help of the button cannot be shown. */
  function popover() {
    const box = element("div", "lk-layers-menu", { popover: "manual" });
    box.setAttribute("role", "dialog");
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      const button = opener;
      close();
      button?.focus();
    });
    box.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !box.contains(relatedTarget)) close();
    });
    document.body.append(box);
    return box;
  }

  /** @param {string} value @param {string} text @param {string} rows */
  function choice(value, text, rows) {
    const label = element("label", "");
    label.append(element("input", "", { type: "radio", name: "attribute-layers", value }), text, element("small", "", { textContent: rows }));
    return label;
  }

  /** @param {string} text @param {number} layers */
  function number(text, layers) {
    const input = element("input", "", { type: "number", min: "0", max: String(layers - 1), step: "1" });
    input.setAttribute("aria-label", text);
    return input;
  }

  const limits = () => [...menu.querySelectorAll("[type=number]")];

  function close() {
    if (!opener) return;
    opener = null;
    menu.remove(); // the next model may have other layers
  }

  /** Open the menu of a row; close it if it is open.
   * @param {PageElement} button */
  function open(button) {
    const again = opener === button;
    close();
    if (again) return;
    const channel = channelOf(rowOf(button));
    menu = channel ? layNote(channel) : lay();
    opener = button;
    const name = rowOf(button).dataset.shownName;
    menu.setAttribute("aria-label", `${channel ? "Style" : "Layers"} of ${name}`);
    if (!channel) {
      menu.querySelector("legend").textContent = `${name} acts on`;
      menu.querySelector(".lk-layers-note").hidden = !losesTick(rowOf(button));
    }
    show();
    menu.showPopover();
    const at = button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    menu.style.top = `${at.bottom + height > innerHeight ? Math.max(8, at.top - height) : at.bottom}px`;
    (menu.querySelector(":checked") ?? menu).focus();
  }

  /** Show the range of the open menu's attribute. */
  function show() {
    if (!opener || channelOf(rowOf(opener))) return;
    const { layer_ranges: named, layers } = likeness.state.model;
    const range = ranges().get(rowOf(opener).dataset.name) ?? "all";
    const [first, last = first] = named[range] ?? range.split("-").map(Number);
    menu.querySelector(`[value="${named[range] ? range : NUMBERS}"]`).checked = true;
    limits().forEach((input, place) => { input.value = String([first, Math.min(last, layers - 1)][place]); });
    tell("");
  }

  /** @param {string} problem */
  const tell = (problem) => { menu.querySelector(".lk-layers-problem").textContent = problem; };

  /** Take a choice: a named range, or numbers.
   * @param {PageElement} field */
  async function take(field) {
    if (!opener) return;
    const { layers } = likeness.state.model;
    const numbered = field.type === "number" || field.value === NUMBERS;
    const [first, last] = limits().map((input) => (/^\d{1,2}$/.test(input.value) ? Number(input.value) : NaN));
    if (numbered) menu.querySelector(`[value="${NUMBERS}"]`).checked = true;
    if (numbered && !(first <= last && last < layers)) return tell(`Expected layers from 0 to ${layers - 1}, the first one before the last.`);
    tell("");
    await choose(rowOf(opener).dataset.name, numbered ? `${first}-${last}` : field.value);
  }

  /** Let an attribute act on a range of layers, as one undo step.
   * @param {string} name @param {string} range */
  async function choose(name, range) {
    likeness.gestures.endBurst();
    const sentence = await likeness.state.draw({ layers: likenessPins.writtenLayers(ranges().set(name, range)) });
    sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
  }

  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !menu?.contains(target) && !opener?.contains(target)) close();
  });
  events.addEventListener("likeness:open", () => {
    close();
    mark();
  });
  events.addEventListener("likeness:directions", mark);
  events.addEventListener("likeness:added", mark);
  events.addEventListener("likeness:change", () => {
    if (likeness.state.options.layers === marked) return;
    mark();
    if (opener && !limits().some((input) => input === document.activeElement)) show();
  });

  /** @type {Actions} */
  const actions = { layers: open };
  likeness.actions = Object.assign(likeness.actions || {}, actions);
})();
