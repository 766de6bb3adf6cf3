/* Messages: problems below the face, in whole sentences with one action, and toasts.

   One problem is shown at a time, the first of ORDER. A toast says what succeeded and needs no answer. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  /** @type {ProblemKind[]} */
  const ORDER = ["away", "pins", "picture", "link"];
  /** @type {Record<ProblemKind, string>} */
  const TITLES = {
    away: "The server does not answer",
    pins: "Pins that contradict each other",
    picture: "No picture",
    link: "This link is broken",
  };
  /** @type {Map<ProblemKind, LikenessEvents["likeness:problem"]>} */
  const current = new Map();
  const OFFERED = 10_000; // ms that a toast with an action is shown
  /** @type {Map<string, WayOn[]>} */
  const offered = new Map();
  let toasts = 0;

  events.addEventListener("likeness:problem", ({ detail }) => {
    if (!detail.sentence && !current.has(detail.kind)) return;
    detail.sentence ? current.set(detail.kind, detail) : current.delete(detail.kind);
    tell();
  });

  // Errors of a link end with the first step to another face.
  events.addEventListener("likeness:settle", () => current.delete("link") && tell());

  function tell() {
    const holder = document.getElementById("message");
    if (!holder) return;
    const kind = ORDER.find((each) => current.has(each));
    document.getElementById("frame")?.toggleAttribute("data-failed", kind === "picture" || kind === "away");
    if (!kind) return holder.replaceChildren();
    const { sentence = "", pins = [] } = current.get(kind) ?? {};
    const box = part("div", `lk-problem lk-problem-${kind === "away" ? "doubt" : "error"}`);
    const title = part("p", "lk-problem-title");
    title.append(part("span", `lk-icon lk-icon-${kind === "away" ? "unplugged" : "error"}`), TITLES[kind]);
    box.append(title, part("p", "lk-problem-text", kind === "pins" ? `${sentence} ${instead()}` : `${sentence}`));
    box.append(...buttons(kind, pins));
    // The countdown changes every second: only its text does, so that a button keeps the focus and is not read again.
    const old = holder.firstElementChild;
    if (old?.dataset.kind === kind && kind === "away") {
      old.querySelector(".lk-problem-text").textContent = sentence;
    } else {
      box.dataset.kind = kind;
      holder.replaceChildren(box);
    }
  }

  /** Return what is shown instead of an infeasible face. */
  const instead = () =>
    likeness.state.shown.face.includes(";") ? "The last face that worked is shown." : "The face without pins is shown.";

  /** @param {ProblemKind} kind @param {string[]} pins */
  function buttons(kind, pins) {
    const made = [];
    if (kind === "pins") for (const name of pins) made.push(button(`Release ${likeness.display(name)}`, "release", name));
    if (kind === "away") made.push(button("Try now", "try-again"));
    if (kind === "picture") made.push(button("Try again", "try-again"));
    return made;
  }

  /** @param {string} text @param {string} action @param {string} [pin] */
  function button(text, action, pin) {
    const element = /** @type {HTMLButtonElement} */ (part("button", "lk-button", text));
    element.type = "button";
    element.dataset.action = action;
    if (pin) element.dataset.pin = pin;
    return element;
  }

  /** @param {string} tag @param {string} className @param {string} [text] */
  function part(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  /** Show a toast. An action has `text` and either `href`, a page here, `action` and its `data`, or `act`, which
   * is called once; there may be several, and then the message is shown longer.
   * @param {string} words
   * @param {"good" | "error"} kind
   * @param {WayOn | WayOn[]} [way] */
  function toast(words, kind, way) {
    const id = `toast-${++toasts}`;
    const ways = way === undefined ? [] : [way].flat();
    const message = ways.length ? dash("html", "Span", { className: "lk-toast-words", children: [words, ...ways.map((each, place) => leads(each, id, place))] }) : words;
    if (ways.some(({ act }) => act)) offered.set(id, ways);
    likeness.setProps("notifications", {
      sendNotifications: [{ action: "show", id, message, ...(ways.length ? { autoClose: OFFERED } : {}), color: kind === "error" ? "red" : "azure", className: `lk-toast lk-toast-${kind}`, closeButtonProps: { "aria-label": "Close" } }],
    });
  }

  /** @param {string} library @param {string} type @param {Record<string, unknown>} props @returns {Component} */
  const dash = (library, type, props) => ({ namespace: `dash_${library}_components`, type, props });

  /** @param {WayOn} way @param {string} id @param {number} place */
  function leads({ text, href, action, data = {} }, id, place) {
    if (href) return dash("core", "Link", { className: "lk-toast-way", children: text, href });
    const given = Object.fromEntries(Object.entries(action ? data : { toast: id, way: String(place) }).map(([name, value]) => [`data-${name}`, value]));
    return dash("html", "Button", { className: "lk-toast-way", children: text, type: "button", ...(action ? { "data-action": action } : {}), ...given });
  }

  document.addEventListener("click", (event) => {
    const { toast: id, way } = event.target.closest?.("[data-toast]")?.dataset || {};
    if (!offered.has(id)) return;
    const act = offered.get(id)?.[Number(way)].act;
    offered.delete(id);
    likeness.setProps("notifications", { hideNotifications: [id] });
    act?.();
  });

  function reset() {
    current.clear();
    tell();
  }

  likeness.messages = { toast, reset };
})();
