/* Imported scores: sends two files, a manifest and scores, one after the other
   (dashboard/pages/directions/imported_scores_routes.py): another judge, or directions. Removes stored scores, and restores
   them by Undo. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @type {Record<string, File>} */
  const files = {}; // by the id of the file button

  /** @param {Record<string, string>} words */
  const query = (words) => new URLSearchParams({ model: likeness.state.model.name, ...words }).toString();
  const changed = () => likeness.setProps("scores-changed", { data: Date.now() });

  /** @param {string} text @param {() => void} [undo] @param {string} [id] of the line */
  function tell(text, undo, id = "scores-message") {
    const line = document.getElementById(id);
    if (!line) return;
    line.textContent = text;
    if (!undo) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "lk-link", textContent: "Undo" });
    button.addEventListener("click", undo);
    line.append(" ", button);
  }

  /** @param {PageElement} element */
  function choose(element) {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: element.dataset.accept });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (!file) return;
      files[element.id] = file;
      element.textContent = file.name;
    });
    input.click();
  }

  /** Send a manifest, if there is one, and then scores.
   * @template Body
   * @param {string} address
   * @param {Record<string, string>} words
   * @param {File} scores
   * @param {File} [manifest]
   * @returns {Promise<Reply<Body>>} */
  async function send(address, words, scores, manifest) {
    /** @type {Record<string, string>} */
    const told = { ...words, file: scores.name };
    if (manifest) {
      /** @type {Reply<WaitingManifestAnswer>} */
      const { sentence, body } = await likeness.upload(likeness.to(`/directions/scores/manifest?${query({ file: manifest.name })}`), manifest, () => {}).done;
      if (sentence) return { body: /** @type {never} */ (/** @type {unknown} */ ({})), sentence };
      told.manifest = body.token;
    }
    /** @type {Upload<Body>} */
    const upload = likeness.upload(`${address}?${query(told)}`, scores, () => {});
    return upload.done;
  }

  /** Make directions of scores of faces: they appear in the list of user directions. */
  async function fit() {
    /** @param {string} text */
    const say = (text) => tell(text, undefined, "face-scores-message");
    const scores = files["face-scores-file"];
    if (!scores) return say("Choose a table of scores.");
    say("Sending the files and finding directions");
    /** @type {Reply<ScoredDirectionsAnswer>} */
    const { sentence, body } = await send(likeness.to("/directions/scores/directions"), {}, scores, files["face-scores-manifest"]);
    if (sentence) return say(sentence);
    likeness.setProps("user-direction-changed", { data: Date.now() });
    const made = body.titles.length === 1 ? "1 direction" : `${body.titles.length} directions`;
    say(`${made}, listed above: ${body.words}`);
  }

  async function take() {
    const name = document.getElementById("scores-name").value.trim();
    const scores = files["scores-file"];
    const manifest = files["scores-manifest"];
    if (!name) {
      document.getElementById("scores-name").focus();
      return tell("Enter a name first: whose scores are they?");
    }
    if (!scores) return tell("Choose a table of scores.");
    tell("Sending");
    /** @type {Reply<ImportedScoresAnswer>} */
    const { sentence, body } = await send(likeness.to("/directions/scores"), { name }, scores, manifest);
    if (sentence) return tell(sentence);
    changed();
    tell(`${body.title}: ${body.words} Reload the page to choose it under Judged by.`);
  }

  /** @param {string} name @param {string} action */
  const act = (name, action) => likeness.write(likeness.to(`/directions/scores/${encodeURIComponent(name)}/${action}?${query({})}`));

  /** @param {PageElement} element */
  async function remove({ dataset }) {
    const { sentence } = await act(dataset.scores, "remove");
    if (sentence) return tell(sentence);
    changed();
    tell(`${dataset.title} removed.`, async () => {
      const back = await act(dataset.scores, "restore");
      tell(back.sentence || `${dataset.title} is back.`);
      changed();
    });
  }

  likeness.actions = Object.assign(likeness.actions || {}, {
    "scores-choose": choose,
    "scores-import": take,
    "scores-fit": fit,
    "scores-remove": remove,
  });
})();
