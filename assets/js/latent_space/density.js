/* Density picture of a sample of too many points: the server draws the visible window, which has an address.

   The picture moves with the axes during a drag; the picture of the new window replaces it afterwards. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const REST = 160; // ms
  const DIGITS = 6;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let shown = ""; // the address of the picture that is loading or shown

  /** Show the window that the axes of `plot` have; `address` ends in `&window=`.
   * @param {Plot} plot
   * @param {{picture: string}} address */
  function draw(plot, address) {
    clearTimeout(timer);
    timer = setTimeout(() => redraw(plot, address), plot.layout.images?.length ? REST : 0);
  }

  /** @param {Plot} plot @param {{picture: string}} address */
  async function redraw(plot, address) {
    if (!plot.isConnected || !plot._fullLayout?.xaxis) return;
    const [x, y] = [plot._fullLayout.xaxis.range, plot._fullLayout.yaxis.range].map((range) => range.map(Number));
    const wanted = `${address.picture}${[...x, ...y].map((value) => value.toPrecision(DIGITS)).join("_")}`;
    if (shown === wanted && plot.layout.images?.length) return;
    shown = wanted;
    /** @type {Reply<DensityAnswer>} */
    const { body, sentence } = await likeness.ask(wanted.replace("density.png", "density.json"));
    if (shown !== wanted || !plot.isConnected) return; // the view has changed in the meantime
    if (!body || body.most === undefined) return likeness.messages.toast(sentence || "The density could not be drawn.", "error");
    const image = {
      source: wanted, xref: "x", yref: "y", x: x[0], y: y[1], sizex: x[1] - x[0], sizey: y[1] - y[0],
      sizing: "stretch", layer: "below",
    };
    await window.Plotly.update(plot, { "marker.cmax": Math.log10(Math.max(body.most, 2)) }, { images: [image] }, [0]);
    document.getElementById("scatter-box").dataset.density = `${body.inside} ${body.most}`;
  }

  likeness.density = { draw };
})();
