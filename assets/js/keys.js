/* Keys that act anywhere on a page, from the table in dashboard/components/action_table.py; other scripts ask `likeness.keys`
   for theirs. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @type {Record<string, string>} */
  const NAMES = { "\u2190": "arrowleft", "\u2192": "arrowright", "\u2191": "arrowup", "\u2193": "arrowdown", esc: "escape", space: " ", "\u2212": "-" };
  const HERE = ["everywhere", "face"]; // keys handled here; other scripts call `action` for theirs

  /** Return whether single letters and digits act; the list of shortcuts has the switch. */
  likeness.singleKeys = () => document.getElementById("single-keys")?.checked !== false;

  /** @param {PageElement} element */
  const writes = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  /** @param {string} key */
  const keyName = (key) => NAMES[key.toLowerCase()] ?? key.toLowerCase();

  /** @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">} event @param {string[]} keys */
  function matches(event, keys) {
    const key = keyName(keys[keys.length - 1]);
    const shift = keys.includes("Shift") || (event.shiftKey && !/[a-z]/.test(key)); // ? and + are typed with Shift
    return keyName(event.key) === key && keys.includes("Ctrl") === (event.ctrlKey || event.metaKey) && (shift === event.shiftKey || keys.length === 1);
  }

  /** Return the action of a key in some contexts of the table (dashboard/components/action_table.py), or undefined.
   * @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">} event
   * @param {...string} where */
  const action = (event, ...where) =>
    likeness.actionTable.find((each) => where.includes(each.where) && each.keys.some((keys) => keys.length > 1 && matches(event, keys))) ??
    likeness.actionTable.find((each) => where.includes(each.where) && each.keys.some((keys) => keys.length === 1 && matches(event, keys)));

  /** Return the key of an action for the help of its button; empty if it has none, or if single keys are off.
   * @param {string | undefined} id */
  function hint(id) {
    const keys = likeness.actionTable.find((each) => each.id === id)?.keys;
    if (!keys?.length || keys.length > 2 || (keys[0].length === 1 && !likeness.singleKeys())) return "";
    return keys[0].join("+");
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || writes(event.target)) return;
    const found = action(event, ...HERE);
    if (!found || (found.needs && !document.querySelector(found.needs))) return;
    if (!event.ctrlKey && !event.metaKey && !likeness.singleKeys()) return;
    if (found.id === "scheme") press(event, document.getElementById("scheme"));
    else if (found.id === "page") press(event, document.querySelectorAll(".lk-nav:not(.lk-nav-below) a")[Number(event.key) - 1]);
    else if (likeness.actions[found.id]) act(event, found.id);
  });

  /** @param {KeyPress} event @param {string} action */
  function act(event, action) {
    event.preventDefault();
    /** @type {() => void} */ (likeness.actions[action])(); // an action that has keys needs no element
  }

  /** @param {KeyPress} event @param {PageElement} element */
  function press(event, element) {
    if (!element || element.dataset.active) return; // the page that is already open
    event.preventDefault();
    element.click();
  }

  /**
   * Return which of an action's keys was pressed, as its index; -1 for none.
   * @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">} event
   * @param {string} id
   */
  const which = (event, id) => likeness.actionTable.find((each) => each.id === id)?.keys.findIndex((keys) => matches(event, keys)) ?? -1;

  likeness.keys = { action, hint, which };
})();
