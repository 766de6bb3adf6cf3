/* Gestures on a row: drag, keys on the slider, typed values.

   The script reads the pointer itself: the sliders are Mantine's for their look, name and tab order, but a picture must not
   wait for React. css/sliders.css lets pointers through to the rail, so Mantine's handlers receive none. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const STEP = 0.05;
  const BURST = 600; // ms of silence after which keys are a step of their own
  const GRAB = 14; // px around the thumb in which a press grabs it; GRAB_TOUCH for touch
  const GRAB_TOUCH = 24;
  const SLACK = 3; // px of movement before a held thumb follows
  const SLACK_TOUCH = 8;

  /**
   * A dragged thumb: its rail, and how far from its centre it was grabbed.
   * @typedef {{name: string, rail: PageElement, box: DOMRect, pointer: number, from: number, offset: number, slack: number,
   *   moving: boolean}} Drag
   */
  /** @type {Drag | null} */
  let drag = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let burst;
  let onThumb = false; // the last press was on a thumb: do not click what covers it

  /** @param {PageElement} element */
  const rowOf = (element) => element.closest?.(".lk-row");
  /** @param {PageElement} element */
  const nameOf = (element) => rowOf(element).dataset.name;
  /** @param {number} value */
  const onGrid = (value) => Math.round(value / STEP) * STEP;

  // Pointer ----------------------------------------------------------------------------------------------------------

  document.addEventListener("pointerdown", (event) => {
    const rail = event.target.closest?.(".lk-rail");
    onThumb = false;
    if (!rail || event.button !== 0 || !event.isPrimary) return;
    const name = nameOf(rail);
    const box = rail.getBoundingClientRect();
    const thumb = rail.querySelector(".lk-thumb").getBoundingClientRect();
    const centre = box.left + ((likeness.state.value(name) + 4) / 8) * box.width;
    const touch = event.pointerType === "touch";
    // A press on the thumb grabs it, whatever covers it; press the seed's dot beside it.
    onThumb = Math.abs(event.clientX - centre) <= thumb.width / 2;
    if (event.target.closest(".lk-seed") && !onThumb) return;
    const grabbed = Math.abs(event.clientX - centre) <= (touch ? GRAB_TOUCH : GRAB);
    endBurst();
    drag = {
      name, rail, box, pointer: event.pointerId, from: event.clientX,
      offset: grabbed ? event.clientX - centre : 0,
      slack: touch ? SLACK_TOUCH : grabbed ? SLACK : 0,
      moving: false,
    };
    rail.querySelector(".lk-thumb").focus({ preventScroll: true });
    if (!touch) {
      rail.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
    // A click on the rail moves there immediately; a touch may be the start of a scroll.
    if (!grabbed && !touch) follow(event);
  });

  document.addEventListener("pointermove", (event) => {
    if (drag && event.pointerId === drag.pointer) follow(event);
  });

  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
    document.addEventListener(kind, (event) => {
      if (!drag || event.pointerId !== drag.pointer) return;
      const { rail, moving, slack } = drag;
      // A tap beside the thumb, now known not to be a scroll: move there.
      if (kind === "pointerup" && !moving && slack === SLACK_TOUCH && !drag.offset) drag.slack = 0;
      if (kind === "pointerup") follow(event);
      const moved = drag.moving;
      drag = null;
      mark(rail, false);
      if (moved) likeness.state.settle();
    });
  }

  window.addEventListener("click", (event) => {
    if (onThumb && event.detail && event.target.closest?.(".lk-seed")) event.stopImmediatePropagation();
  }, true);

  /** @param {PointerEvent} event */
  function follow(event) {
    if (!drag) return;
    if (!drag.moving && Math.abs(event.clientX - drag.from) < drag.slack) return;
    if (!drag.moving) {
      drag.moving = true;
      mark(drag.rail, true);
    }
    const share = (event.clientX - drag.offset - drag.box.left) / drag.box.width;
    likeness.state.pin(drag.name, onGrid(share * 8 - 4), "drag");
  }

  /** @param {PageElement} rail @param {boolean} dragged */
  function mark(rail, dragged) {
    rowOf(rail).toggleAttribute("data-dragging", dragged);
    document.getElementById("panel")?.toggleAttribute("data-dragged", dragged);
  }

  document.addEventListener("dblclick", (event) => {
    if (event.target.closest?.(".lk-rail")) once(() => likeness.state.release(nameOf(event.target)));
  });

  // Keys on a slider -------------------------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onThumb = event.target.classList?.contains("lk-thumb");
    const inField = event.target.closest?.(".lk-input");
    if (!onThumb && !inField) return;
    const name = nameOf(event.target);
    if (onThumb ? thumbKey(event, name) : fieldKey(event, name)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  /** @param {KeyPress} event @param {string} name */
  function thumbKey(event, name) {
    const { which } = likeness.keys;
    const steps = [-1, 1, -1, 1][which(event, "step")] ?? [10, -10][which(event, "leap")] ?? [-Infinity, Infinity][which(event, "ends")];
    if (steps !== undefined) {
      pinInBurst(name, Number.isFinite(steps) ? likeness.state.stepped(name, steps) : steps);
      return true;
    }
    const id = likeness.keys.action(event, "slider")?.id;
    if (id === "release") {
      once(() => likeness.state.release(name));
      return true;
    }
    if (!likeness.singleKeys()) return false;
    if (id === "pin-average") pinInBurst(name, 0);
    else if (id === "put-back") likeness.rowActions.putBack(name);
    else if (id === "lock") likeness.rowActions.toggleLock(name);
    else return false;
    return true;
  }

  /** @param {string} name @param {number} value */
  function pinInBurst(name, value) {
    likeness.state.pin(name, value, "drag");
    clearTimeout(burst);
    burst = setTimeout(endBurst, BURST);
  }

  function endBurst() {
    if (!burst) return;
    clearTimeout(burst);
    burst = undefined;
    likeness.state.settle();
  }

  /** Run an action as one undo step.
   * @param {() => void} action */
  function once(action) {
    endBurst();
    action();
    likeness.state.settle();
  }

  // Typing -----------------------------------------------------------------------------------------------------------

  /** @param {KeyPress} event @param {string} name */
  function fieldKey(event, name) {
    const step = [0, 0, -1, 1][likeness.keys.which(event, "step")]; // left and right move within the text
    if (step) {
      pinInBurst(name, likeness.state.stepped(name, step));
      fill(event.target, name);
      return true;
    }
    if (event.key === "Enter") {
      take(event.target, name);
      fill(event.target, name);
      return true;
    }
    if (event.key === "Escape") {
      fill(event.target, name);
      return true;
    }
    return false;
  }

  document.addEventListener("focusin", (event) => {
    if (!event.target.closest?.(".lk-input")) return;
    fill(event.target, nameOf(event.target));
    requestAnimationFrame(() => document.activeElement === event.target && event.target.select());
  });

  document.addEventListener("focusout", (event) => {
    if (event.target.closest?.(".lk-input")) take(event.target, nameOf(event.target));
    endBurst();
  });

  /** Write the row's value into its field.
   * @param {PageElement} field
   * @param {string} name */
  function fill(field, name) {
    field.dataset.filled = String(Math.round(likeness.state.value(name) * 1e4) / 1e4);
    field.value = field.dataset.filled;
  }

  /** Pin at the typed value, if it has changed and is a number.
   * @param {PageElement} field
   * @param {string} name */
  function take(field, name) {
    const text = field.value.replace("\u2212", "-").replace(",", ".").replace(/[^0-9.+-]/g, "");
    const value = Number(text);
    if (!text || !Number.isFinite(value) || value === Number(field.dataset.filled)) return;
    once(() => likeness.state.pin(name, value, "ease"));
    field.dataset.filled = String(likeness.state.value(name));
  }

  likeness.gestures = { once, endBurst };
})();
