/* Actions on a selection: open its average as a face. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** Store the average latent of the selected faces, and open the generator with it. */
  async function average() {
    const told = { model: likeness.state.model.name, selection: likeness.words.get("sel") };
    /** @type {Reply<AverageAnswer>} */
    const { sentence, body } = await likeness.write(likeness.to("/latent-space/average"), told);
    if (sentence) return likeness.messages.toast(sentence, "error");
    window.location.assign(likeness.to(`/?${likeness.history.pageQuery(body.face)}`));
  }

  Object.assign(likeness.actions, { "open-average": average });
})();
