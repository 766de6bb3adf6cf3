/* Callbacks of Dash whose answers have an address (dashboard/web/cached_callbacks.py): the browser caches the
   answers. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** Answer a callback.

      name: of the callback.
      places: in `given`, of the digest, of the values, and of those without which nothing is asked for.
      given: the inputs and states from Dash.

      Returns the outputs; without an answer nothing changes and an error message is shown. */
  likeness.cachedCallback = async function (name, places, given) {
    const { no_update: unchanged } = window.dash_clientside;
    if (places.needed.some((place) => (given[place] ?? null) === null)) return unchanged;
    const values = JSON.stringify(places.values.map((place) => given[place] ?? null));
    const { body, sentence } = await likeness.ask(likeness.to(`/_answers/${given[places.digest]}/${name}.json?values=${encodeURIComponent(values)}`));
    if (sentence) {
      likeness.messages.toast(sentence, "error");
      return unchanged;
    }
    /** @param {{_dash_no_update?: unknown} | null} value */
    const output = (value) => (value?._dash_no_update ? unchanged : value);
    return Array.isArray(body) ? body.map(output) : output(body);
  };
})();
