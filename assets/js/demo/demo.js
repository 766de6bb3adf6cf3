/* The demo page: sliders from 0 to 100, and the face that follows from them.

   The state is the face string, as everywhere (state.js, history.js, picture_queue.js). Where its base is the demo's own,
   "demo(Male=70,Young=75)", the features stand in the base and only the server knows the latent; where it is any other,
   each slider that was moved is a pin at (f - 50) / 25, one that was not stands where the face is, so that a visitor
   sees what comes along, and state.js does the rest. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const events = (likeness.events = likeness.events || new EventTarget());

  const MIDDLE = 50;
  const STEP = 5;
  const PER_SIGMA = 25;
  const REST = 400; // ms of silence after which keys on a slider are a step of their own

  let names = []; // features that have a slider, in the model's order
  let values = {}; // of those that are controlled
  /** @type {any} */
  let start = null; // the face that the demo begins with
  /** @type {any} */
  let moving = null; // a gesture that has not ended: its timer
  let held = false; // whether a pointer is down
  let told = {}; // what Dash told of the sliders last, and which sliders these are

  const isHere = () => document.getElementById("demo") !== null;
  const isLiteral = () => Boolean(likeness.state.base?.startsWith("demo("));
  const set = (name, value) => window.dash_clientside.set_props({ type: "demo-slider", name }, { value });
  const onGrid = (value) => Math.min(100, Math.max(0, STEP * Math.round(value / STEP)));
  const rows = () => [...document.querySelectorAll("#demo-sliders .lk-demo-row")];

  /** Begin with a face: called by Dash with the data of dashboard/pages/demo/page.py, once a layout. */
  async function open(data) {
    while (!document.getElementById("stage") || rows().length < data.names.length) {
      await new Promise(requestAnimationFrame);
    }
    likeness.path = likeness.here();
    names = data.names;
    start = data.default;
    values = Object.fromEntries(data.controlled.map((name) => [name, null]));
    likeness.canvas.open();
    likeness.messages.reset();
    likeness.pictureQueue.reset();
    likeness.rows.open();
    likeness.state.open(data);
    likeness.history.open(data);
    take();
    return "true";
  }

  /** What the state says of each feature: those that are controlled, and those that are pinned by now. */
  function read() {
    const found = /^demo\((.*)\)$/.exec(likeness.state.base ?? "");
    if (found) {
      const told = found[1].split(",").filter(Boolean).map((feature) => feature.split("="));
      return Object.fromEntries(told.filter(([name]) => names.includes(name)).map(([name, value]) => [name, onGrid(Number(value))]));
    }
    const shown = names.filter((name) => name in values || likeness.state.pins.has(name));
    return Object.fromEntries(shown.map((name) => [name, where(name)]));
  }

  /** Where a slider stands: on its grid where it was moved, else as near to the face as a hundredth of its way. */
  function where(name) {
    const at = MIDDLE + PER_SIGMA * likeness.state.value(name);
    return likeness.state.pins.has(name) ? onGrid(at) : Math.min(100, Math.max(0, Math.round(at)));
  }

  /** Put the sliders where the state is. */
  function take() {
    const now = read();
    const before = values;
    values = now;
    for (const [name, value] of Object.entries(now)) if (before[name] !== value) set(name, value);
    const chosen = names.filter((name) => name in now);
    if (chosen.join() !== names.filter((name) => name in before).join()) {
      window.dash_clientside.set_props("demo-controlled", { value: chosen });
    }
    draw();
  }

  function draw() {
    for (const row of rows()) {
      const { name } = row.dataset;
      row.hidden = !(name in values);
      if (name in values) row.querySelector(".lk-demo-value").textContent = values[name];
    }
  }

  const base = () => `demo(${Object.keys(values).sort().map((name) => `${name}=${values[name]}`).join(",")})`;

  /** Sliders were moved: called by Dash with all of their values, in the order of `names`. */
  function moved(all) {
    const holder = document.getElementById("demo-sliders");
    const before = told.holder === holder ? told.all : all; // a page that was just laid out: nobody has moved anything
    told = { holder, all };
    if (!holder || !likeness.state.shown) return "";
    const changed = names.filter((name, place) => name in values && all[place] !== values[name] && all[place] !== before[place]);
    for (const name of changed) values[name] = all[names.indexOf(name)];
    if (changed.length) follow(changed);
    return String(changed.length);
  }

  function follow(changed) {
    draw();
    if (isLiteral()) likeness.pictureQueue.want(`1:${base()}`);
    else for (const name of changed) likeness.state.pin(name, (values[name] - MIDDLE) / PER_SIGMA, "drag");
    clearTimeout(moving);
    moving = setTimeout(() => !held && settle(), REST);
  }

  /** A gesture has ended: the state, the steps and the address follow. */
  async function settle() {
    clearTimeout(moving);
    moving = null;
    if (isLiteral() && base() !== likeness.state.base) {
      const sentence = await likeness.state.rebase(base());
      if (sentence) return likeness.messages.toast(sentence, "error");
      if (base() !== likeness.state.base) return likeness.pictureQueue.want(`1:${base()}`); // moved on meanwhile
    }
    likeness.state.settle();
  }

  /** Features were chosen: called by Dash with the value of the multi-select. A new one begins in the middle. */
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

  // What comes along moves with the picture: the hand's own slider waits for nobody.
  events.addEventListener("likeness:face", () => isHere() && start && !isLiteral() && moving && take());

  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.(".lk-demo-slider")) held = true;
  }, true);
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => {
      held = false;
      if (moving) setTimeout(settle); // after the slider has told its last value
    }, true);
  }

  const { random } = likeness.actions; // also the key R; the demo's own latents have no base face
  Object.assign(likeness.actions, {
    random: () => (isHere() && isLiteral() ? undefined : random()),
    "demo-start": async () => {
      const sentence = await likeness.state.go(start);
      sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
    },
    "full-screen": () => {
      if (document.fullscreenElement) return document.exitFullscreen();
      return document.getElementById("demo").requestFullscreen?.();
    },
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { likeness_demo: { open, moved, chosen } });
})();
