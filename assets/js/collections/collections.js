/* Collections page: create, rename, export, import and remove collections; edit titles and notes; reorder by pointer and keys.

   Every change is one request (dashboard/pages/collections/routes.py), after which the page is rendered again. Undo in the
   message restores what was removed or overwritten. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  const head = () => document.querySelector(".lk-collection-head");
  const here = () => likeness.to(`/collections/${head().dataset.slug}`);
  /** @param {PageElement} element */
  const cardOf = (element) => element.closest("[data-item]");
  const cards = () => [...document.querySelectorAll("#items > [data-item]")];
  /** @param {PageElement} card @param {string} [action] */
  const addressOf = ({ dataset }, action = "") => `${here()}/items/${dataset.item}${action}`;

  /** What a change answers with: a collection, an item, or the name of what was removed. @typedef {Partial<CollectionAnswer & ItemAnswer>} Kept */

  let changes = Date.now();
  const changed = () => document.getElementById("collections") && set("collections-changed", { data: ++changes });

  /** Open another address, as a Dash link does.
   * @param {string} address */
  function go(address) {
    if (window.location.pathname === address) return changed();
    likeness.visit(address);
  }

  /** Send a change. Returns the answer, or null after showing the error. The page is rendered again, unless the
   * change opens another page: the two responses would race.
   * @param {string} address
   * @param {unknown} [value]
   * @param {boolean} [leads]
   * @returns {Promise<Kept | null>} */
  async function send(address, value = {}, leads = false) {
    /** @type {Reply<Kept>} */
    const { body, sentence } = await likeness.write(address, value);
    if (sentence) likeness.messages.toast(sentence, "error");
    if (sentence || !leads) changed();
    return sentence ? null : body;
  }

  /** @param {() => unknown} act */
  const undo = (act) => [{ text: "Undo", act }];

  // Collections ------------------------------------------------------------------------------------------------------

  async function begin() {
    const field = document.getElementById("collection-new");
    if (!field.value.trim()) return field.focus();
    const made = await send(likeness.to("/collections"), { name: field.value }, true);
    if (!made) return;
    field.blur(); // finished: the next render has an empty one
    go(likeness.to(`/collections/${made.slug}`));
  }

  /** @param {PageElement} field */
  async function rename(field) {
    const { slug, version, name } = head().dataset;
    if (field.value.trim() === name) return;
    if (!field.value.trim()) return set("collection-name", { value: name });
    const kept = await send(likeness.to(`/collections/${slug}`), { name: field.value, version: Number(version) });
    if (!kept) return;
    const back = () => send(likeness.to(`/collections/${slug}`), { name, version: kept.version });
    likeness.messages.toast("Renamed", "good", undo(back));
  }

  async function remove() {
    const address = here();
    const { name } = head().dataset;
    if (!(await send(`${address}/remove`, {}, true))) return;
    go(likeness.to("/collections"));
    const back = async () => (await send(`${address}/restore`, {}, true)) && go(address);
    likeness.messages.toast(`${name} removed`, "good", undo(back));
  }

  /** Copy the model's read-only collection into an editable one. */
  async function copied() {
    /** @type {Reply<CollectionAnswer>} */
    const { body, sentence } = await likeness.write(likeness.to("/collections/tour/copy"));
    if (sentence) return likeness.messages.toast(sentence, "error");
    go(likeness.to(`/collections/${body.slug}`));
    likeness.messages.toast(`${body.name} is yours to change`, "good");
  }

  function exported() {
    const link = document.createElement("a");
    link.href = `${here()}.json?download`;
    link.download = "";
    link.click();
  }

  function choose() {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".json";
    input.addEventListener("change", () => input.files?.[0] && imported(input.files[0]));
    input.click();
  }

  /** @param {File} file */
  async function imported(file) {
    /** @type {Reply<CollectionAnswer>} */
    const { body, sentence } = await likeness.upload(likeness.to("/collections/import"), file, () => {}).done;
    if (sentence) return likeness.messages.toast(`${file.name} was not taken. ${sentence}`, "error");
    go(likeness.to(`/collections/${body.slug}`));
    likeness.messages.toast(`${body.name} is here`, "good");
    for (const note of body.notes ?? []) likeness.messages.toast(note, "error", { text: "Models", href: likeness.to("/models") });
  }

  // What is in one ---------------------------------------------------------------------------------------------------

  let kept = Promise.resolve(); // the last text change

  /** Save the texts of a card, after earlier changes have been saved: each request names the version that it changes.
   * @param {PageElement} card */
  function edit({ dataset: { item } }) {
    kept = kept.then(() => keepTexts(cards().find(({ dataset }) => dataset.item === item)));
  }

  /** @param {PageElement | undefined} card */
  async function keepTexts(card) {
    if (!card) return; // removed in the meantime
    const { title, note, version } = card.dataset;
    const now = { title: card.querySelector(".lk-edit-title input").value, note: card.querySelector(".lk-edit-note textarea").value };
    if (now.title.trim() === title && now.note.trim() === note) return;
    const address = addressOf(card);
    const told = await send(address, { ...now, version: Number(version) });
    if (!told) return;
    Object.assign(card.dataset, { title: told.title, note: told.note, version: told.version });
    likeness.messages.toast("Kept", "good", undo(() => send(address, { title, note, version: told.version })));
  }

  /** @param {PageElement} element */
  async function removeItem(element) {
    const card = cardOf(element);
    const address = addressOf(card);
    const { title } = card.dataset;
    if (!(await send(`${address}/remove`))) return;
    likeness.messages.toast(`${title} removed`, "good", undo(() => send(`${address}/restore`)));
  }

  /** Move a card before another, or to the end; the page shows it immediately.
   * @param {PageElement} card
   * @param {PageElement | null} before */
  async function move(card, before) {
    if (before === card || card.nextElementSibling === before) return;
    say(`${card.dataset.title}: ${before ? `before ${before.dataset.title}` : "at the end"}`);
    await send(addressOf(card, "/move"), { before: before ? Number(before.dataset.item) : null });
  }

  /** @param {string} words */
  const say = (words) => { document.getElementById("collections-message").textContent = words; };

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (target.id === "collection-new" && key === "Enter") begin();
    if (key === "Enter" && target.matches?.("#collection-name, .lk-edit-title input")) target.blur();
    const step = [-1, 1][likeness.keys.which(event, "collection-move")];
    if (!target.matches?.(".lk-grip") || !step) return;
    event.preventDefault();
    const card = cardOf(target);
    const all = cards();
    const place = all.indexOf(card);
    if (step < 0 && place > 0) move(card, all[place - 1]);
    if (step > 0 && place < all.length - 1) move(card, all[place + 2] || null);
  });

  // Text being typed -----------------------------------------------------------------------------------------

  const FIELDS = "#collection-new, #collection-name, .lk-edit-title input, .lk-edit-note textarea";

  /** Return a key of a field that is stable across renders.
   * @param {PageElement} field */
  const keyOf = (field) => `${field.tagName} ${cardOf(field)?.dataset.item ?? field.id}`;

  /** Return the dataset of the element that a field belongs to, and its stored text.
   * @param {PageElement} field
   * @returns {{data: Record<string, string>, text: string}} */
  function keptOf(field) {
    if (field.id === "collection-new") return { data: {}, text: "" };
    if (field.id === "collection-name") return { data: head().dataset, text: head().dataset.name };
    const { dataset } = cardOf(field);
    return { data: dataset, text: field.tagName === "INPUT" ? dataset.title : dataset.note };
  }

  // A field loses focus to another field, or because the page is rendered again and the field is about to be removed.
  document.addEventListener("focusout", ({ target }) => {
    if (!target.matches?.(FIELDS)) return;
    const { value, selectionStart: from, selectionEnd: to } = target;
    const { data, text } = keptOf(target);
    const left = { key: keyOf(target), value, from, to, text, version: data.version };
    queueMicrotask(() => (target.isConnected ? leave(target) : giveBack(left)));
  });

  /** @param {PageElement} field */
  function leave(field) {
    if (field.id === "collection-name") rename(field);
    else if (field.id !== "collection-new") edit(cardOf(field));
  }

  /** A field that lost focus because its page was rendered again. @typedef {{key: string, value: string, from: number | null, to: number | null, text: string, version: string}} Left */

  /** Restore text that was being typed when the page was rendered again from the stored texts.
   * @param {Left} left */
  function giveBack({ key, value, from, to, text, version }) {
    const field = [...document.querySelectorAll(FIELDS)].find((each) => keyOf(each) === key);
    if (!field) return;
    if (value !== text) {
      const now = keptOf(field);
      if (now.text !== text) now.data.version = version; // another user's text is there now: do not overwrite it
      // Simulate typing, so that the component is notified.
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")?.set?.call(field, value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
    field.setSelectionRange(from, to);
  }

  // Dragging ---------------------------------------------------------------------------------------------------------

  /** The dragged card, and the card before which it would be dropped; null for the end. @typedef {{card: PageElement, grip: PageElement, before: PageElement | null | undefined}} Drag */
  /** @type {Drag | null} */
  let drag = null;

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".lk-grip");
    if (!grip || event.button !== 0) return;
    drag = { card: cardOf(grip), grip, before: undefined };
    grip.setPointerCapture(event.pointerId);
    drag.card.toggleAttribute("data-dragged", true);
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const below = cards().find((card) => {
      const box = card.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    mark(below || null);
  });

  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
    document.addEventListener(kind, () => {
      if (!drag) return;
      const { card, before } = drag;
      card.removeAttribute("data-dragged");
      mark(undefined);
      drag = null;
      if (kind === "pointerup" && before !== undefined) move(card, before);
    });
  }

  /** Show the drop position: above a card, below the last, or none.
   * @param {PageElement | null | undefined} before */
  function mark(before) {
    if (drag) drag.before = before;
    const all = cards();
    for (const card of all) {
      card.toggleAttribute("data-drop-above", card === before);
      card.toggleAttribute("data-drop-below", before === null && card === all.at(-1));
    }
  }

  likeness.collections = { changed };
  Object.assign(likeness.actions, {
    "collection-new": begin, "collection-remove": remove, "collection-export": exported, "collection-import": choose, "collection-copy": copied,
    "item-remove": removeItem,
  });
})();
