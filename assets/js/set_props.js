/* Sets properties of Dash's components: `likeness.setProps(id, props)`.

   While pages change, a script may set a component of a page that is gone or not there yet. Dash fails for an id that is not
   in its layout; this function ignores it. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** Return whether Dash's layout has a component. For an unknown id Dash returns the whole layout, or, for a pattern, fails.
   * @param {ComponentId} id */
  function isThere(id) {
    const { getLayout } = window.dash_component_api;
    try {
      const found = getLayout(id);
      return found !== undefined && found !== getLayout([]);
    } catch {
      return false;
    }
  }

  /** Set props of the component with this id (a string, or an object of Dash's patterns), where the page has it. */
  likeness.setProps = function (id, props) {
    if (isThere(id)) window.dash_clientside.set_props(id, props);
  };
})();
