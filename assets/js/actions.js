/* Actions of buttons: an element with data-action="..." runs the action of that name; keys.js runs the same ones. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const RANDOM_SEEDS = 1_000_000; // short enough to read out

  /** @param {() => void} action */
  const once = (action) => likeness.gestures.once(action);

  /** Pin at the current value, to four decimals so that the face does not move; or release.
   * @param {string} name */
  function toggleLock(name) {
    const { state } = likeness;
    once(() => (state.pins.has(name) ? state.release(name) : state.pin(name, state.value(name), "ease")));
  }

  /** Pin at the value of the base, to undo a drift.
   * @param {string} name */
  function putBack(name) {
    once(() => likeness.state.pin(name, likeness.state.seedValue(name), "ease"));
  }

  /** @param {string} name */
  const release = (name) => once(() => likeness.state.release(name));
  const reset = () => once(() => likeness.state.releaseAll());

  async function random() {
    likeness.gestures.endBurst();
    const sentence = await likeness.state.rebase(String(Math.floor(Math.random() * RANDOM_SEEDS)));
    sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
  }

  /** @param {string} form */
  const fileAddress = (form) => new URL(`${likeness.state.model.address}${likeness.state.shown.face}.${form}`, window.location.href).href;
  const pictureAddress = () => fileAddress("png");
  /** @param {string} [form] */
  const fileName = (form = "png") => `likeness-${likeness.state.shown.face.slice(2).replace(/[^A-Za-z0-9._=-]+/g, "_")}.${form}`;

  /** @param {string} [form] */
  function download(form = "png") {
    const link = document.createElement("a");
    link.href = fileAddress(form);
    link.download = fileName(form.replace("numbers.", ""));
    link.click();
  }

  const link = () => new URL(`${likeness.path}?${likeness.history.query()}`, window.location.href).href;
  const command = () => `curl -o "${fileName()}" "${pictureAddress()}"`;

  /** Return a Python program that makes this face without the dashboard; tests/browser runs it. */
  const python = () => `from pathlib import Path

from PIL import Image

from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import parse
from dashboard.settings import load_settings
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.pixels import to_bytes
from dashboard.synthesis.installed_models import find_model

model = open_model(find_model("${likeness.state.model.name}", (Path("weights"), load_settings().home / "models")))
engine = open_engine(model, precision="exact")
drawing = drawing_of(parse("${likeness.state.shown.face}"), model)
image = engine.run(drawing.latent[None], options=drawing.options)["image"][0]
Image.fromarray(to_bytes(image)).save("face.png")
`;

  /** @param {string} text @param {string} told */
  async function copy(text, told) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      // navigator.clipboard needs https or localhost; elsewhere execCommand still works.
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      const copied = document.execCommand("copy");
      area.remove();
      if (!copied) return likeness.messages.toast("The browser does not let pages copy here. The link is in the address bar.", "error");
    }
    likeness.messages.toast(told, "good");
  }

  /** Go to the field that finds an attribute; a folded dock, or a closed tab, with the sliders is opened first. */
  async function find() {
    const field = document.getElementById("find");
    if (!field) return;
    if (!field.checkVisibility()) {
      if (field.closest(".lk-docked[data-folded]")) likeness.fold();
      likeness.setProps("compare-tab", { value: "sliders" });
      for (let frames = 0; frames < 60 && !field.checkVisibility(); frames += 1) await new Promise(requestAnimationFrame);
    }
    field.focus();
  }

  /** Open the list of shortcuts; it marks those that do nothing on this page. */
  function shortcuts() {
    likeness.writeHtml();
    likeness.setProps("shortcuts", { opened: true });
    for (const row of document.querySelectorAll("[data-shortcut]")) {
      const needs = likeness.actionTable.find(({ id }) => id === row.dataset.shortcut)?.needs;
      row.toggleAttribute("data-elsewhere", Boolean(needs) && !document.querySelector(needs ?? ""));
    }
  }

  /** @type {Actions} */
  const actions = {
    random, reset,
    download: () => download(),
    "download-numbers": (element) => download(element.dataset.form),
    undo: () => { likeness.gestures.endBurst(); likeness.history.undo(); },
    redo: () => { likeness.gestures.endBurst(); likeness.history.redo(); },
    lock: (element) => toggleLock(element.closest(".lk-row").dataset.name),
    release: (element) => release(element.dataset.pin || element.closest(".lk-row").dataset.name),
    "put-back": (element) => putBack(element.closest(".lk-row").dataset.name),
    "copy-link": () => copy(link(), "Link copied"),
    "copy-command": () => copy(command(), "Command copied"),
    "copy-python": () => copy(python(), "Python copied"),
    favourite: () => likeness.recentFaces.favourite(),
    average: () => likeness.recentFaces.average(),
    "open-face": (element) => likeness.recentFaces.open(element),
    "next-hint": () => likeness.hints.next(),
    "skip-hints": () => likeness.hints.skip(),
    find,
    "try-again": () => likeness.pictureQueue.again(),
    "show-all": () => likeness.setProps("shown", { value: likeness.state.model.attributes.filter(({ title }) => !title).map(({ name }) => name) }),
    "show-few": () => likeness.setProps("shown", { value: likeness.few }),
    scheme: () => document.getElementById("scheme").click(),
    shortcuts,
    fold: () => likeness.fold(),
    "figure-png": (element) => likeness.figures.png(element),
    "figure-svg": (element) => likeness.figures.svg(element),
    tool: (element) => likeness.latent.tool(element),
    fit: () => likeness.latent.fit(),
    arrows: () => likeness.latent.arrows(),
    "open-row": (element) => likeness.latent.openRow(element),
    "clear-selection": () => likeness.latent.clear(),
    "remove-direction": (element) => likeness.added.remove(element.closest(".lk-row").dataset.name),
    "add-direction": (element) => likeness.addDirection(element.dataset.direction),
  };

  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-action]");
    if (element && element.getAttribute("aria-disabled") !== "true") likeness.actions[element.dataset.action]?.(element);
  });

  // A typed base is applied on Enter, or when the field loses focus.
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "base") return;
    if (event.key === "Enter") takeBase(event.target);
    if (event.key === "Escape") showBase();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.id === "base") takeBase(event.target);
  });

  /** @param {PageElement} field */
  async function takeBase(field) {
    const text = field.value.trim();
    if (text === likeness.state.base || text === field.dataset.refused) return;
    const sentence = await likeness.state.rebase(text);
    if (sentence) {
      field.dataset.refused = text;
      likeness.setProps("base", { error: sentence });
    } else {
      likeness.state.settle();
      showBase();
    }
  }

  function showBase() {
    const field = document.getElementById("base");
    if (!field) return; // a page without one, such as the demo
    delete field.dataset.refused;
    likeness.setProps("base", { value: "", error: null });
    likeness.setProps("base", { value: likeness.state.base });
  }

  likeness.actions = { ...likeness.actions, ...actions };
  likeness.rowActions = { toggleLock, putBack };
  likeness.showBase = showBase;
})();
