/* The group Network (pages/generator/network_options.py): how the face is drawn. The options are part of the face, and so of
   its address, of every link and of undo. A drag is one undo step. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const REST = 300; // ms without a change after which a drag has ended
  const FIRST_NOISE = "0";
  const MINUS = "\u2212";

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let ending;

  const box = () => document.getElementById("network-options");

  /** Return the value of every control for the options of the face.
   * @returns {Record<string, string | number>} */
  function values() {
    const { psi = "1", cutoff = "", label = "", noise = "const", translate = "0,0", rotate = "0" } = likeness.state.options;
    const [x, y] = translate.split(",").map(Number);
    const seeded = noise !== "const" && noise !== "none";
    return {
      psi: Number(psi), cutoff: cutoff && Number(cutoff), label: label && Number(label),
      noise: seeded ? "seed" : noise, "noise-seed": seeded ? Number(noise) : "", x, y, rotate: Number(rotate),
    };
  }

  /** Return the options that a control's new value asks for.
   * @param {string} name @param {string | number} value
   * @returns {Options} */
  function asked(name, value) {
    const now = values();
    if (name === "x" || name === "y") {
      const { x, y } = name === "x" ? { x: value, y: now.y } : { x: now.x, y: value };
      return { translate: `${number(x)},${number(y)}` };
    }
    if (name === "noise") return { noise: value === "seed" ? FIRST_NOISE : String(value) };
    if (name === "noise-seed") return now.noise === "seed" && value !== "" ? { noise: String(value) } : {};
    if (value === "") return { [name]: undefined };
    return { [name]: number(value) };
  }

  /** @param {string | number} value */
  const number = (value) => likenessPins.formatNumber(Number(value));

  /** Receive the value of a control from Dash.
   * @param {string | number | null | undefined} value @param {string} id */
  async function takeOption(value, id) {
    const name = id.replace("option-", "");
    const given = value ?? "";
    if (!box() || given === values()[name]) return String(given);
    const sentence = await likeness.state.draw(asked(name, given), "drag");
    if (sentence) likeness.messages.toast(sentence, "error");
    clearTimeout(ending);
    ending = setTimeout(() => likeness.state.settle(), REST);
    return String(given);
  }

  /** Show the options of the face. */
  function show() {
    const here = box();
    if (!here) return;
    const now = values();
    for (const [name, value] of Object.entries(now)) {
      likeness.setProps(`option-${name}`, { value });
      const text = document.getElementById(`option-${name}-text`);
      if (text) text.textContent = written(name, Number(value));
    }
    here.dataset.noise = now.noise === "seed" ? "seeded" : "fixed";
    here.toggleAttribute("data-changed", drawn().length > 0);
  }

  /** @param {string} name @param {number} value */
  const written = (name, value) => (name === "rotate" ? `${value}\u00b0` : value.toFixed(2)).replace("-", MINUS);

  events.addEventListener("likeness:change", show);
  events.addEventListener("likeness:open", show);

  /** Return the options of the face that this group sets: layers of attributes are set beside their sliders. */
  const drawn = () => Object.keys(likeness.state.options).filter((name) => name !== "layers");

  async function reset() {
    const none = Object.fromEntries(drawn().map((name) => [name, undefined]));
    const sentence = await likeness.state.draw(none);
    sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
  }

  /** @type {Actions} */
  const actions = { "reset-options": reset };
  likeness.actions = Object.assign(likeness.actions || {}, actions);
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { takeOption });
})();
