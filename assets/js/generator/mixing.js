/* Mix: the third tab below the face, a path from one face to another (pages/generator/mixing_tab.py).

   The two faces and the share of the second are the word `mix` of the address, "0.5!FACE!FACE". The face on the page is at
   that share, as for Compare's mixes (dashboard/faces/mixing.py, `between`): slerp of the bases, linear in the pins. A drag
   is one undo step. Nothing runs while another slider moves. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const WORD = "mix";
  const REST = 300; // ms without a change after which a drag has ended
  const HALF = 0.5;

  /** A position on the path from one face to another. @typedef {{t: number, first: string, second: string}} Mix */
  /** @type {Map<string, Record<string, number>>} */
  let stands = new Map(); // coordinates by face and name
  /** @type {number | null} */
  let wanted = null;
  let flying = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let ending;

  const box = () => document.getElementById("mix");
  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  /** @param {string} face */
  const parse = (face) => likenessPins.parseFace(face);

  /** Return {t, first, second} of the address; null where there is none.
   * @returns {Mix | null} */
  function mix() {
    const [t, first, second] = (likeness.words.get(WORD) || "").split("!");
    try {
      return parse(first) && parse(second) && t !== "" && Number(t) >= 0 && Number(t) <= 1 ? { t: Number(t), first, second } : null;
    } catch (error) {
      return null; // no mix, or an invalid one
    }
  }

  /** Return the face at a share of the path, canonical as in dashboard/faces/grammar.py.
   * @param {Mix} mix */
  function at({ t, first, second }) {
    if (t <= 0 || t >= 1) return t <= 0 ? first : second;
    const [a, b] = [parse(first), parse(second)];
    const names = new Set([...a.pins, ...b.pins].map(([name]) => name));
    const [from, to] = [stands.get(first), stands.get(second)];
    if (!from || !to) return first; // `know` has not been called: no data
    const pins = [...names].map((name) => /** @type {Pin} */ ([name, (1 - t) * from[name] + t * to[name]]));
    return likenessPins.formatFace(between(a.base, b.base, t), pins, likenessPins.mixOptions(a.options, b.options, t));
  }

  /** @param {string} first @param {string} second @param {number} t */
  function between(first, second, t) {
    if (first === second) return first;
    const [a, b, share] = first < second ? [first, second, t] : [second, first, 1 - t];
    return `mix(${a},${b},${likenessPins.formatNumber(share)})`;
  }

  /** Load the coordinates of both faces on all pinned directions. Returns an error message or null.
   * @param {string[]} faces
   * @returns {Promise<Sentence>} */
  async function know(faces) {
    if (faces.every((face) => stands.has(face))) return null;
    const { model } = likeness.state;
    const names = model.attributes.filter(({ title }) => !title).map(({ name }) => name);
    const pinned = faces.flatMap((face) => parse(face).pins.map(([name]) => name));
    const extras = [...new Set(pinned.filter((name) => !names.includes(name)))];
    /** @type {Reply<FaceAnswer>[]} */
    const answers = await Promise.all(faces.map((face) => likeness.ask(`${model.address}${encodeURIComponent(face)}.json?with=${extras.join(",")}`)));
    const wrong = answers.find(({ sentence }) => sentence);
    if (wrong) return wrong.sentence ?? null;
    stands = new Map(answers.map(({ body }, place) => [faces[place], Object.fromEntries([...names, ...extras].map((name, k) => [name, body.coordinates[k]]))]));
    return null;
  }

  /** Start a mix of the face on the page with another one, at share 0.5.
   * @param {string} text */
  async function choose(text) {
    const second = canonical(text);
    const first = likeness.state.face();
    if (second === null) return refuse("Expected a seed such as 88, or a face such as 1:88;Smiling=2. Type it again.");
    if (second === first) return refuse("Expected another face. Received: the current one. Choose another.");
    const chosen = { t: HALF, first, second };
    const sentence = (await know([first, second])) || (await show(chosen));
    if (sentence) return refuse(sentence);
    likeness.state.settle();
  }

  /** @param {string} text */
  function canonical(text) {
    try {
      const { base, pins, options } = parse(text.startsWith("1:") ? text : `1:${text}`);
      return likenessPins.formatFace(base, pins, text.startsWith("1:") ? options : likeness.state.options);
    } catch (error) {
      return null;
    }
  }

  /** @param {string} sentence */
  const refuse = (sentence) => likeness.messages.toast(sentence, "error");

  /** Show the face of a mix, and write it to the address. Returns an error message or null.
   * @param {Mix} chosen
   * @returns {Promise<Sentence>} */
  async function show(chosen) {
    const before = likeness.words.get(WORD);
    likeness.words.set({ [WORD]: `${likenessPins.formatNumber(chosen.t)}!${chosen.first}!${chosen.second}` });
    const sentence = await likeness.state.go(at(chosen));
    if (sentence) likeness.words.set({ [WORD]: before });
    draw();
    return sentence;
  }

  /** Receive the position of the slider from Dash: one request at a time, the newest next.
   * @param {number} t */
  async function moveMix(t) {
    const now = mix();
    if (!now || t === now.t) return String(t);
    wanted = t;
    if (flying) return String(t);
    flying = true;
    /** @type {Sentence} */
    let sentence = null;
    while (wanted !== null && mix() && !sentence) {
      /** @type {number} */
      const next = wanted;
      wanted = null;
      sentence = await show({ ...now, ...mix(), t: next });
    }
    flying = false;
    if (sentence) refuse(sentence);
    clearTimeout(ending);
    ending = setTimeout(() => likeness.state.settle(), REST);
    return String(t);
  }

  /** Choose another pair; the face on the page stays. */
  function clear() {
    likeness.words.set({ [WORD]: null });
    likeness.state.settle();
    draw();
  }

  // Display -----------------------------------------------------------------------------------------------------

  function draw() {
    if (!box()) return;
    const now = mix();
    box().toggleAttribute("data-mixed", now !== null);
    if (!now) return offer();
    set("mix-share", { value: now.t });
    document.getElementById("mix-first").replaceChildren(end(now.first, "0"));
    document.getElementById("mix-second").replaceChildren(end(now.second, "1"));
    document.getElementById("mix-number").textContent = now.t.toFixed(2);
  }

  /** Offer the faces that can be chosen without typing. */
  function offer() {
    const others = likeness.recentFaces.faces().filter((face) => face !== likeness.state.face());
    document.getElementById("mix-faces").replaceChildren(...others.slice(0, 6).map((face) => tile(face, { action: "mix-with", face }, "Mix with face")));
  }

  /** @param {string} face @param {string} share */
  const end = (face, share) => tile(face, { action: "mix-end", share }, "Go to face");

  /** @param {string} face @param {Record<string, string>} data @param {string} verb */
  function tile(face, data, verb) {
    const button = likeness.recentFaces.thumbnail(face, "low");
    Object.assign(button.dataset, data);
    button.setAttribute("aria-label", `${verb} ${button.title}`);
    return button;
  }

  // A face set by other means is not part of this mix. History restores the parameter with its step.
  events.addEventListener("likeness:change", ({ detail }) => {
    if (detail.motion !== "step" && detail.motion !== "base") return;
    const now = box() && mix();
    if (!now || !stands.has(now.first) || parse(at(now)).base === likeness.state.base) return;
    likeness.words.set({ [WORD]: null });
    draw();
  });

  events.addEventListener("likeness:open", () => { stands = new Map(); }); // possibly of another model

  // The offered faces are the recent faces, which the ended gesture may have changed.
  events.addEventListener("likeness:settle", () => box() && !mix() && offer());

  events.addEventListener("likeness:words", async ({ detail }) => {
    if (!detail.restored || !box()) return;
    const now = mix();
    const sentence = now && (await know([now.first, now.second]));
    if (sentence) likeness.words.set({ [WORD]: null });
    if (now && !sentence) set("recent-tab", { value: "mix" });
    draw();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "mix-with" || event.key !== "Enter" || !event.target.value.trim()) return;
    choose(event.target.value.trim());
  });

  /** @type {Actions} */
  const actions = {
    "mix-with": ({ dataset }) => choose(dataset.face),
    "mix-end": ({ dataset }) => moveMix(Number(dataset.share)),
    "mix-other": clear,
  };
  likeness.actions = Object.assign(likeness.actions || {}, actions);
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { moveMix });
})();
