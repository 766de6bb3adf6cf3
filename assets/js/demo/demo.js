/* Demo page: sliders from 0 to 100, and the face that follows from them.

   The state is the face string, as on other pages (state.js, history.js, picture_queue.js). If its base is the demo's,
   "demo(Male=70,Young=75)", the features are in the base and only the server knows the latent. Otherwise each moved slider
   is a pin at (f - 50) / 25, and the others show the face's coordinates, so that a visitor sees what changes along with
   them. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const MIDDLE = 50;
  const STEP = 5;
  const PER_SIGMA = 25;
  const REST = 400; // ms without a key after which the keys on a slider count as one step

  const GRAB = 14; // px around the thumb in which a press grabs it; GRAB_TOUCH for touch
  const GRAB_TOUCH = 24;
  const SLACK = 3; // px of movement before a held thumb follows
  const SLACK_TOUCH = 8;

  /** @type {string[]} */
  let names = []; // features with a slider, in the model's order
  /** @type {Record<string, number>} */
  let values = {}; // of the controlled ones
  /** @type {string} */
  let start; // the initial face of the demo
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let moving; // timer of the current gesture
  /** @typedef {{name: string, box: DOMRect, pointer: number, from: number, moved: boolean, offset: number, slack: number}} Drag */
  /** @type {Drag | null} */
  let drag = null; // the slider being dragged
  /** @type {{holder?: PageElement, all?: number[]}} */
  let told = {}; // the slider values last reported by Dash, and their names
  /** @type {Record<string, number>} */
  let said = {}; // values sent to Dash: its echo is not a move
  /** @type {Set<string>} */
  const unsaid = new Set(); // sliders moved here and not yet sent to Dash

  const isHere = () => document.getElementById("demo") !== null;
  const isLiteral = () => Boolean(likeness.state.base?.startsWith("demo("));
  /** @param {number} value */
  const onGrid = (value) => Math.min(100, Math.max(0, STEP * Math.round(value / STEP)));
  const rows = () => [...document.querySelectorAll("#demo-sliders .lk-demo-row")];

  /** Send a slider's value to Dash.
   * @param {string} name
   * @param {number} value */
  function set(name, value) {
    said[name] = value;
    unsaid.delete(name);
    likeness.setProps({ type: "demo-slider", name }, { value });
  }

  /** Move a slider's thumb without waiting for React; Dash gets the value when the gesture ends.
   * @param {string} name
   * @param {number} value */
  function setPosition(name, value) {
    const row = rows().find((each) => each.dataset.name === name);
    const thumb = row?.querySelector(".mantine-Slider-thumb");
    if (!row || !thumb) return;
    thumb.style.setProperty("--slider-thumb-offset", `${value}%`);
    thumb.setAttribute("aria-valuenow", value);
    const bar = row.querySelector(".mantine-Slider-bar");
    bar.style.setProperty("--slider-bar-width", `calc(${value}% + 2 * var(--slider-size))`);
    unsaid.add(name);
  }

  /** Open a face: called by Dash with the data of dashboard/pages/demo/page.py, once per layout.
   * @param {DemoOpening} data */
  async function open(data) {
    while (!document.getElementById("stage") || rows().length < data.names.length) {
      await new Promise(requestAnimationFrame);
    }
    likeness.path = likeness.here();
    names = data.names;
    start = data.default;
    drag = null;
    said = {};
    unsaid.clear();
    values = Object.fromEntries(data.controlled.map((name) => [name, NaN])); // until `take` has read the state
    likeness.canvas.open();
    likeness.messages.reset();
    likeness.pictureQueue.reset();
    likeness.rows.open();
    likeness.state.open(data);
    likeness.history.open(data);
    take();
    return "true";
  }

  /** Return the value of each feature in the state: the controlled ones, and the pinned ones.
   * @returns {Record<string, number>} */
  function read() {
    const found = /^demo\((.*)\)$/.exec(likeness.state.base ?? "");
    if (found) {
      const told = found[1].split(",").filter(Boolean).map((feature) => feature.split("="));
      return Object.fromEntries(told.filter(([name]) => names.includes(name)).map(([name, value]) => [name, onGrid(Number(value))]));
    }
    const shown = names.filter((name) => name in values || likeness.state.pins.has(name));
    return Object.fromEntries(shown.map((name) => [name, where(name)]));
  }

  /** Return the value of a slider: on its grid once it has been moved, before that rounded to 0.01 of its length.
   * @param {string} name */
  function where(name) {
    const at = MIDDLE + PER_SIGMA * likeness.state.value(name);
    return likeness.state.pins.has(name) ? onGrid(at) : Math.min(100, Math.max(0, Math.round(at)));
  }

  /** Set the sliders from the state. */
  function take() {
    const now = read();
    const before = values;
    values = now;
    for (const [name, value] of Object.entries(now)) {
      if (before[name] !== value) (moving ? setPosition : set)(name, value);
    }
    const chosen = names.filter((name) => name in now);
    if (chosen.join() !== names.filter((name) => name in before).join()) {
      likeness.setProps("demo-controlled", { value: chosen });
    }
    draw();
  }

  function draw() {
    for (const row of rows()) {
      const { name } = row.dataset;
      row.hidden = !(name in values);
      if (name in values) row.querySelector(".lk-demo-value").textContent = String(values[name]);
    }
  }

  const base = () => `demo(${Object.keys(values).sort().map((name) => `${name}=${values[name]}`).join(",")})`;

  /** Receive all slider values from Dash, in the order of `names`.
   * @param {number[]} all */
  function moved(all) {
    const holder = document.getElementById("demo-sliders");
    const before = told.holder === holder ? told.all ?? all : all; // a new page: nothing has been moved
    told = { holder, all };
    if (!holder || !likeness.state.shown) return "";
    const changed = names.filter((name, index) =>
      name in values && ![values[name], before[index], said[name]].includes(all[index]));
    for (const name of changed) {
      values[name] = all[names.indexOf(name)];
      delete said[name];
    }
    if (changed.length) follow(changed);
    return String(changed.length);
  }

  /** @param {string[]} changed */
  function follow(changed) {
    draw();
    if (isLiteral()) likeness.pictureQueue.want(`1:${base()}`);
    else for (const name of changed) likeness.state.pin(name, (values[name] - MIDDLE) / PER_SIGMA, "drag");
    clearTimeout(moving);
    moving = setTimeout(() => !drag && settle(), REST);
  }

  /** End a gesture: update the state, the history and the address. */
  async function settle() {
    clearTimeout(moving);
    moving = undefined;
    for (const name of unsaid) set(name, values[name]);
    if (isLiteral() && base() !== likeness.state.base) {
      const sentence = await likeness.state.rebase(base());
      if (sentence) return likeness.messages.toast(sentence, "error");
      if (base() !== likeness.state.base) return likeness.pictureQueue.want(`1:${base()}`); // moved again in the meantime
    }
    likeness.state.settle();
  }

  /** Receive the chosen features from Dash. A new one starts in the middle.
   * @param {string[]} list */
  function chosen(list) {
    if (!isHere() || !likeness.state.shown) return "";
    const added = list.filter((name) => !(name in values));
    const removed = Object.keys(values).filter((name) => !list.includes(name));
    if (!added.length && !removed.length) return String(list.length);
    const literal = isLiteral();
    for (const name of removed) {
      delete values[name];
      if (!literal) likeness.state.release(name);
    }
    for (const name of added) {
      values[name] = literal ? MIDDLE : where(name);
      set(name, values[name]);
    }
    draw();
    settle();
    return String(list.length);
  }

  events.addEventListener("likeness:change", ({ detail }) => {
    if (isHere() && start && detail.motion !== "drag" && !moving) take();
  });

  // Dependent sliders move with the picture; the dragged slider does not wait for it.
  events.addEventListener("likeness:face", () => isHere() && start && !isLiteral() && moving && take());

  // The script reads the pointer itself, as on the Generator (slider_gestures.js): a picture must not wait until React has
  // rendered a slider. Mantine's own handlers receive keys only.
  document.addEventListener("pointerdown", (event) => {
    const slider = event.target.closest?.(".lk-demo-slider");
    if (!slider || event.button !== 0 || !event.isPrimary) return;
    const { name } = slider.closest(".lk-demo-row").dataset;
    const box = slider.querySelector(".mantine-Slider-track").getBoundingClientRect();
    const centre = box.left + (values[name] / 100) * box.width;
    const touch = event.pointerType === "touch";
    const grabbed = Math.abs(event.clientX - centre) <= (touch ? GRAB_TOUCH : GRAB);
    drag = {
      name, box, pointer: event.pointerId, from: event.clientX, moved: false,
      offset: grabbed ? event.clientX - centre : 0,
      slack: touch ? SLACK_TOUCH : grabbed ? SLACK : 0,
    };
    slider.querySelector(".mantine-Slider-thumb").focus({ preventScroll: true });
    if (!touch) {
      slider.setPointerCapture(event.pointerId);
      event.preventDefault();
      if (!grabbed) pull(event); // the touch may be the start of a scroll
    }
  }, true);

  document.addEventListener("pointermove", (event) => drag && event.pointerId === drag.pointer && pull(event));

  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
    document.addEventListener(kind, (event) => {
      if (!drag || event.pointerId !== drag.pointer) return;
      if (event.pointerType === "touch" && !drag.offset) drag.slack = 0; // a tap beside the thumb, now known not to be a scroll: move there
      if (kind === "pointerup") pull(event);
      const { moved } = drag;
      drag = null;
      if (moved) settle();
    }, true);
  }

  for (const kind of /** @type {const} */ (["mousedown", "touchstart"])) {
    document.addEventListener(kind, (event) => {
      if (event.target.closest?.(".lk-demo-slider")) event.stopPropagation();
    }, { capture: true, passive: true });
  }

  /** Move the dragged slider to the pointer.
   * @param {PointerEvent} event */
  function pull(event) {
    if (!drag) return;
    const { name, box, offset } = drag;
    if (Math.abs(event.clientX - drag.from) < drag.slack) return;
    drag.slack = 0;
    const value = onGrid(((event.clientX - offset - box.left) / box.width) * 100);
    if (value === values[name]) return;
    drag.moved = true;
    values[name] = value;
    setPosition(name, value);
    follow([name]);
  }

  const { random } = likeness.actions; // also for the key R; the demo's own latents have no base face
  /** @type {Actions} */
  const actions = {
    random: (element) => (isHere() && isLiteral() ? undefined : random(element)),
    "demo-start": async () => {
      const sentence = await likeness.state.go(start);
      sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
    },
    "full-screen": () => {
      if (document.fullscreenElement) return document.exitFullscreen();
      return document.getElementById("demo").requestFullscreen?.();
    },
  };
  Object.assign(likeness.actions, actions);

  window.dash_clientside = Object.assign({}, window.dash_clientside, { likeness_demo: { open, moved, chosen } });
})();
