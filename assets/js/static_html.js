/* Writes the static HTML parts of a page (dashboard/components/static_html.py) into their elements. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const written = new WeakMap(); // element -> the HTML written into it

  /** Write the parts below an element that are not written yet.
   * @param {string} [below] a selector: what is in closed dialogs is written when they open */
  likeness.writeHtml = (below = "body") => {
    for (const holder of document.querySelectorAll(`${below} [data-html]`)) {
      if (written.get(holder) === holder.dataset.html) continue;
      holder.innerHTML = holder.dataset.html;
      written.set(holder, holder.dataset.html);
    }
  };
})();
