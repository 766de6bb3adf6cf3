/* Extra directions as sliders: components, SeFa's directions, user directions (docs/faces.md).

   `likeness.addDirection(name)` adds a row to the group "Added" of the panel, immediately and without moving the face. A pin on
   it is part of the face, and so of every link. Rows without a pin are kept for the other pages of this tab
   (sessionStorage). The server renders the rows of the opened face; this script copies the first row for the
   others. state.js sends `likeness:directions` when it has loaded another direction; this script sends `likeness:added` when the
   group has changed. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const KEPT = "likeness-added";
  const GROUP = "Added";

  /** @param {string} name */
  const rowOf = (name) => [...document.querySelectorAll("#panel .lk-row")].find((row) => row.dataset.name === name);

  // What was added to a model, by the digest of its numbers -----------------------------------------------------------

  /** @returns {Record<string, string[]>} */
  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") || {};
    } catch (error) {
      return {};
    }
  }

  /** @param {(names: Set<string>) => Set<string>} change */
  function keep(change) {
    const all = kept();
    const key = likeness.state.model?.digest8 ?? "default";
    all[key] = [...change(new Set(all[key] || []))];
    sessionStorage.setItem(KEPT, JSON.stringify(all));
  }

  const sendAdded = () => likeness.send("likeness:added", null);

  // Rows ---------------------------------------------------------------------------------------------------------------

  /** Return the group's element at the end of the list; make it where it is missing. */
  function group() {
    const list = document.querySelector("#panel .lk-list");
    const there = [...list.querySelectorAll(".lk-group")].find((each) => each.getAttribute("aria-label") === GROUP);
    if (there) return there;
    const made = document.createElement("div");
    made.className = "lk-group";
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", GROUP);
    const title = document.createElement("h3");
    title.className = "lk-caps";
    title.textContent = GROUP;
    made.append(title);
    list.append(made);
    return made;
  }

  /** Create a row for another direction, as a copy of the first row.
   * @param {Attribute} attribute
   * @param {number} place */
  function layOut({ name, range }, place) {
    const words = likeness.display(name);
    const row = document.querySelector("#panel .lk-row").cloneNode(true);
    for (const element of [row, ...row.querySelectorAll("[id]")]) element.removeAttribute("id");
    for (const { name: flag } of Array.from(row.attributes)) if (flag.startsWith("data-")) row.removeAttribute(flag);
    Object.assign(row.dataset, { name, place: String(place), shownName: words, added: "" });
    row.style.setProperty("--clo", String(range[0]));
    row.style.setProperty("--chi", String(range[1]));
    row.hidden = false;
    row.querySelector(".lk-name-text").textContent = words;
    row.querySelector(".lk-thumb").setAttribute("aria-label", `${words}, in sigma`);
    row.querySelector(".lk-input input")?.setAttribute("aria-label", `${words}, typed value in sigma`);
    row.querySelector(".lk-remove-direction")?.remove();
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "lk-remove-direction";
    remove.dataset.action = "remove-direction";
    remove.title = `Take ${words} off the sliders`;
    remove.setAttribute("aria-label", remove.title);
    const cross = document.createElement("span");
    cross.className = "lk-icon lk-icon-x";
    cross.setAttribute("aria-hidden", "true");
    remove.append(cross);
    row.querySelector(".lk-name").append(remove);
    group().append(row);
  }

  events.addEventListener("likeness:directions", ({ detail }) => {
    if (!document.querySelector("#panel .lk-row") || rowOf(detail.attribute.name)) return;
    layOut(detail.attribute, detail.place);
    likeness.rows.open();
    sendAdded();
  });

  // A page has opened: add the previously added directions again.
  events.addEventListener("likeness:open", async () => {
    const names = (kept()[likeness.state.model.digest8] || []).concat(kept().default || []);
    for (const name of names) {
      if (await likeness.state.know([name])) keep((all) => (all.delete(name), all));
    }
    if (names.length) likeness.rows.draw();
  });

  /** Give a direction a slider. It is kept first: whatever page is open when the server has answered has the slider.
   * @param {string} name
   * @param {string} from address of the page where it was asked for */
  async function add(name, from = likeness.here()) {
    keep((all) => all.add(name));
    if (!likeness.state.shown || !document.querySelector("#panel .lk-row")) {
      if (likeness.here() !== from) return likeness.messages.toast("The direction is among the sliders of every page with a face", "good");
      const query = likeness.state.shown ? likeness.history.pageQuery(likeness.state.face()) : "";
      window.location.assign(likeness.to(`/${query && `?${query}`}`));
      return;
    }
    const sentence = await likeness.state.know([name]);
    if (sentence) {
      keep((all) => (all.delete(name), all));
      return likeness.messages.toast(sentence, "error");
    }
    const row = rowOf(name);
    if (!row) return; // the user has left the page in the meantime: the next one adds it on opening
    row.removeAttribute("data-removed");
    likeness.rows.draw();
    sendAdded();
    row.scrollIntoView({ block: "nearest" });
    likeness.messages.toast(`${likeness.display(name)} is among the sliders, under ${GROUP}`, "good");
  }

  /** Remove its slider, and its pin.
   * @param {string} name */
  function remove(name) {
    rowOf(name)?.setAttribute("data-removed", "");
    keep((all) => (all.delete(name), all));
    likeness.gestures.once(() => likeness.state.release(name));
    likeness.rows.draw();
    sendAdded();
  }

  likeness.addDirection = add;
  likeness.added = { remove };
})();
