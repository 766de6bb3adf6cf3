/* Imported scores: sends two files, a manifest and scores, one after the other
   (dashboard/pages/directions/imported_scores_routes.py); removes stored scores, and restores them by Undo. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @type {Record<string, File>} */
  const files = {}; // by the id of the file button

  /** @param {Record<string, string>} words */
  const query = (words) => new URLSearchParams({ model: likeness.state.model.name, ...words }).toString();
  const changed = () => likeness.setProps("scores-changed", { data: Date.now() });

  /** @param {string} text @param {() => void} [undo] */
  function tell(text, undo) {
    const line = document.getElementById("scores-message");
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
    let token = "";
    if (manifest) {
      /** @type {Reply<WaitingManifestAnswer>} */
      const sent = await likeness.upload(likeness.to(`/directions/scores/manifest?${query({ file: manifest.name })}`), manifest, () => {}).done;
      if (sent.sentence) return tell(sent.sentence);
      token = sent.body.token;
    }
    const words = { name, file: scores.name, ...(token ? { manifest: token } : {}) };
    /** @type {Reply<ImportedScoresAnswer>} */
    const { sentence, body } = await likeness.upload(likeness.to(`/directions/scores?${query(words)}`), scores, () => {}).done;
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

  likeness.actions = Object.assign(likeness.actions || {}, { "scores-choose": choose, "scores-import": take, "scores-remove": remove });
})();
