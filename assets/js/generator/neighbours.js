/* More like this: the second tab below the face (pages/generator/recent_faces.py).

   The neighbours stay while a user opens them in turn; "Like this face" continues from the face on the page. Nothing runs
   while a slider moves: the end of a gesture only shows or hides that button. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const TAB = "neighbours";

  /** @type {string | null} */
  let centre = null; // the face whose neighbours are shown
  let angle = "20";
  let asked = 0;

  const list = () => document.getElementById("neighbours");
  const isOpen = () => document.getElementById("recent-faces")?.dataset.tab === TAB;
  /** @param {string} words */
  const note = (words) => { document.getElementById("neighbours-note").textContent = words; };

  /** Receive the chosen tab from Dash.
   * @param {string} tab */
  function chooseFaceList(tab) {
    document.getElementById("recent-faces").dataset.tab = tab;
    if (tab === TAB && likeness.state.shown) likeness.state.shown.face === centre ? mark() : look();
    return tab;
  }

  /** Receive the angle from Dash, in degrees.
   * @param {string} degrees */
  function chooseAngle(degrees) {
    angle = degrees;
    if (isOpen()) look();
    return degrees;
  }

  /** Search for neighbours of the face on the page. */
  async function look() {
    const turn = ++asked;
    const { face } = likeness.state.shown;
    note("Looking for faces …");
    const query = `model=${encodeURIComponent(likeness.state.model.name)}&face=${encodeURIComponent(face)}&angle=${angle}`;
    /** @type {Reply<NeighboursAnswer>} */
    const { body, sentence } = await likeness.ask(likeness.to(`/find/near.json?${query}`));
    if (turn !== asked || !list()) return;
    centre = sentence ? null : face;
    list().replaceChildren(...(sentence ? [] : body.faces.map((each) => tile(each, body.by))));
    note(sentence || (body.by === "features" ? "Nearest of the bank; two faces are usually 1.00 apart" : "Degrees between latents"));
    mark();
  }

  /** @param {NeighbourAnswer} neighbour @param {NeighboursAnswer["by"]} by */
  function tile({ face, distance }, by) {
    const button = likeness.recentFaces.thumbnail(face, "low");
    const far = by === "features" ? distance.toFixed(2) : `${Math.round(distance)}\u00b0`;
    const words = document.createElement("span");
    words.className = "lk-thumbnail-note";
    words.textContent = far;
    button.append(words);
    button.setAttribute("aria-label", `${button.getAttribute("aria-label")}, distance ${far}`);
    return button;
  }

  /** Mark the neighbour on the page, and offer to search from another face. */
  function mark() {
    if (!isOpen()) return;
    const now = likeness.state.face();
    for (const each of list().children) each.setAttribute("aria-current", String(each.dataset.face === now));
    document.getElementById("neighbours-again").hidden = now === centre;
  }
  events.addEventListener("likeness:settle", mark);
  events.addEventListener("likeness:open", () => { centre = null; });

  Object.assign((likeness.actions = likeness.actions || {}), { neighbours: look });
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { chooseFaceList, chooseAngle });
})();
