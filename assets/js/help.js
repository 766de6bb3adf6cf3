/* Help: shows the text of `data-help` beside the control that is pointed at or focused, in one box for the whole page. The
   browser shows a `title` only to the pointer, so the box shows it on focus. */
(() => {
  const DELAY = 500; // ms under the pointer before the help is shown

  /** @type {HTMLElement} */
  let box; // created on first use
  /** @type {HTMLElement | null} */
  let shown = null; // the control whose help is shown
  /** @type {{restore(): void} | null} */
  let described = null; // the focused element, and its previous description
  let waiting = 0;

  /** Return the control that an element belongs to, if it has help.
   * @param {PageElement} element */
  const helped = (element) => element.closest?.("[data-help]") ?? null;

  /** @param {PageElement} control @param {string} words */
  function show(control, words) {
    hide();
    box ??= lay();
    const key = control.dataset.help && window.likeness?.keys?.hint(control.dataset.action);
    box.textContent = key ? `${words} (${key})` : words;
    box.showPopover();
    shown = control;
    setPosition(control.getBoundingClientRect());
  }

  function hide() {
    clearTimeout(waiting);
    if (!shown) return;
    box.hidePopover();
    shown = null;
    if (described) described.restore();
    described = null;
  }

  /** Create a popover: it is above dialogs, also in full screen. */
  function lay() {
    const element = document.createElement("div");
    Object.assign(element, { id: "help", className: "lk-help", popover: "manual" });
    element.setAttribute("role", "tooltip");
    return document.body.appendChild(element);
  }

  /** Position the box above the control, or below if there is no room, inside the window.
   * @param {DOMRect} at */
  function setPosition(at) {
    const { width, height } = box.getBoundingClientRect();
    const left = Math.min(Math.max(0, at.left + (at.width - width) / 2), innerWidth - width);
    box.style.left = `${Math.max(0, left)}px`;
    box.style.top = `${at.top >= height ? at.top - height : at.bottom}px`;
  }

  /** Make the shown help available to screen readers.
   * @param {PageElement} element */
  function describe(element) {
    const before = element.getAttribute("aria-describedby");
    element.setAttribute("aria-describedby", before ? `${before} ${box.id}` : box.id);
    described = {
      restore: () => (before ? element.setAttribute("aria-describedby", before) : element.removeAttribute("aria-describedby")),
    };
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    const control = helped(event.target);
    if (shown && (control === shown || box.contains(event.target) || shown.contains(document.activeElement))) return;
    hide();
    if (control) waiting = setTimeout(() => control.isConnected && show(control, control.dataset.help), DELAY);
  });
  document.addEventListener("focusin", (event) => {
    const { target } = event;
    if (!target.matches?.(":focus-visible")) return;
    const control = helped(target);
    const words = control?.dataset.help || target.title;
    if (!words) return;
    show(control ?? target, words);
    if (words !== target.getAttribute("aria-label")) describe(target);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerdown", hide, true);
  document.addEventListener("scroll", () => shown && (described ? setPosition(shown.getBoundingClientRect()) : hide()), true);
  document.addEventListener("keydown", (event) => ["Escape", "Enter", " "].includes(event.key) && hide(), true);
})();
