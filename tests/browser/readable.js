/* Texts of every figure on the page that cannot be read: on top of one another, off their card, or too small. */
() => {
  const seen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return width > 1 && height > 1 && style.visibility !== "hidden" && Number(style.opacity) > 0.1 && element.textContent.trim();
  };
  /** Corners on the screen of a text's box, turned as the text is; a fifth of its height holds no letter. */
  const corners = (text) => {
    const { x, y, width, height } = text.getBBox();
    const to = text.getScreenCTM();
    const inset = height * 0.2;
    return [[x, y + inset], [x + width, y + inset], [x + width, y + height - inset], [x, y + height - inset]].map(([a, b]) => [to.a * a + to.c * b + to.e, to.b * a + to.d * b + to.f]);
  };
  const overlap = (one, other) => {
    for (const shape of [one, other]) {
      for (let k = 0; k < 4; k += 1) {
        const [a, b] = [shape[k], shape[(k + 1) % 4]];
        const axis = [b[1] - a[1], a[0] - b[0]];
        const length = Math.hypot(...axis) || 1;
        const on = (points) => points.map(([x, y]) => (x * axis[0] + y * axis[1]) / length);
        const [left, right] = [on(one), on(other)];
        if (Math.min(Math.max(...left), Math.max(...right)) - Math.max(Math.min(...left), Math.min(...right)) < 0.5) return false;
      }
    }
    return true;
  };
  const wrong = [];
  for (const plot of document.querySelectorAll(".js-plotly-plot")) {
    if (!plot.checkVisibility()) continue;
    const texts = [...plot.querySelectorAll("svg text")].filter(seen).map((element) => ({ words: element.textContent.trim(), shape: corners(element), element }));
    const card = plot.closest(".lk-figure-card") || plot;
    const scrolls = [card, plot.closest(".lk-graph-box")].some((each) => each && each.scrollWidth > each.clientWidth + 1);
    const frame = card.getBoundingClientRect();
    texts.forEach(({ words, shape, element }, k) => {
      const { a, b } = element.getScreenCTM();
      const size = parseFloat(getComputedStyle(element).fontSize) * Math.hypot(a, b);
      if (size < 9.9) wrong.push(`"${words}" is ${size.toFixed(1)} px high`);
      const out = shape.some(([x, y]) => x < frame.left - 1 || x > frame.right + 1 || y < frame.top - 1 || y > frame.bottom + 1);
      if (out && !scrolls) wrong.push(`"${words}" leaves its card`);
      for (const other of texts.slice(k + 1)) if (overlap(shape, other.shape)) wrong.push(`"${words}" and "${other.words}" overlap`);
    });
  }
  return wrong;
}
