/* Dialogs about a file of latents, directions or labels, before any of it is stored (docs/guide/bring-your-own.md). */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const SHOWN = 3; // skipped rows that are listed; the others on demand

  /** Spaces that a model has directions in. @type {Record<string, string>} */
  const SPACES = { z: "z, the latent of a seed", w: "w, the input of the layers", s: "s, the styles of the layers" };

  /** Make an element with classes, text and children; attributes by name.
   * @param {string} tag
   * @param {string} [className]
   * @param {string} [text]
   * @param {Children} [children]
   * @param {Record<string, string>} [attributes]
   * @returns {HTMLElement} */
  function make(tag, className = "", text = "", children = [], attributes = {}) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...parts(children));
    return element;
  }

  /** @param {Children} children */
  const parts = (children) => children.filter((child) => child !== null);

  /** @param {number} number */
  const count = (number) => Number(number).toLocaleString("en");
  /** @param {number} number */
  const rows = (number) => `${count(number)} ${number === 1 ? "row" : "rows"}`;

  /** @typedef {(Node | string | null)[]} Children */
  /** @typedef {{dialog: HTMLDialogElement, cancel(): void, tell(sentence: string): void}} Open */
  /** @type {Open | null} */
  let open = null;

  function close() {
    open?.dialog.close();
    open?.dialog.remove();
    open = null;
  }

  /** Show a dialog: its title, content and buttons.
   * @param {string} title
   * @param {Children} body
   * @param {Children} buttons
   * @param {() => void} cancelled */
  function show(title, body, buttons, cancelled) {
    close();
    const problem = make("p", "lk-model-problem", "", [], { role: "alert" });
    const shut = make("button", "lk-file-close", "✕", [], { type: "button", "aria-label": "Cancel, and keep nothing" });
    const head = make("h2", "", title, [], { id: "file-title" });
    const foot = make("footer", "lk-file-foot", "", buttons);
    const dialog = /** @type {HTMLDialogElement} */ (
      make("dialog", "lk-file", "", [make("header", "", "", [head, shut]), make("div", "lk-file-body", "", [...body, problem]), foot], {
        "aria-labelledby": "file-title",
      })
    );
    const cancel = () => (close(), cancelled());
    shut.addEventListener("click", cancel);
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), cancel()));
    document.body.append(dialog);
    dialog.showModal();
    open = { dialog, cancel, tell: (/** @type {string} */ sentence) => { problem.textContent = sentence; } };
    return open;
  }

  /** @param {string} words @param {() => unknown} action @param {boolean} [filled] */
  function button(words, action, filled = false) {
    const element = make("button", filled ? "lk-button lk-button-filled" : "lk-button", words, [], { type: "button" });
    element.addEventListener("click", action);
    return element;
  }

  /** @param {string} label @param {string} value @param {string} note */
  function figure(label, value, note) {
    return make("div", "", "", [make("dt", "", label), make("dd", "lk-file-value", value), make("dd", "", note)]);
  }

  /** @param {WaitingLatentFileAnswer} told */
  function leftOut(told) {
    if (!told.left_out.length) return null;
    const gone = told.of - told.rows;
    const box = make("div", "lk-file-doubt");
    /** @param {LeftOutAnswer} each @returns {Children} */
    const line = (each) => {
      const place = each.number ? ` Number ${count(each.number)} of its ${count(told.size)} is “${each.value || "empty"}”.` : "";
      const text = make("p", "", "", [make("strong", "", `Line ${count(each.line)} ${each.why}.`), place]);
      const [before, value, after] = each.around;
      return [text, value ? make("p", "lk-file-around", "", [before, make("mark", "", value), after]) : null];
    };
    box.append(make("p", "", "", [make("strong", "", `${rows(gone)} left out.`)]));
    box.append(...parts(told.left_out.slice(0, SHOWN).flatMap(line)));
    if (told.left_out.length > SHOWN) {
      const more = button(`Show all ${count(told.left_out.length)}`, () => more.replaceWith(...parts(told.left_out.slice(SHOWN).flatMap(line))));
      box.append(more);
    }
    return box;
  }

  /** Make a small plot of a column: bars of numbers, shares of categories.
   * @param {Pick<ColumnAnswer, "bars" | "shares">} column */
  function plot(column) {
    const values = column.bars || column.shares || [];
    const most = Math.max(...values, 1);
    const total = values.reduce((sum, value) => sum + value, 0) || 1;
    const parts = values.map((value) => make("i", "", "", [], { style: column.bars ? `height:${Math.max(6, (100 * value) / most)}%` : `flex-grow:${value / total}` }));
    return make("div", column.bars ? "lk-file-bars" : "lk-file-shares", "", parts, { "aria-hidden": "true" });
  }

  /** @param {ColumnAnswer} each @param {number} place */
  function column(each, place) {
    const taken = /** @type {HTMLInputElement} */ (make("input", "", "", [], { type: "checkbox", id: `file-column-${place}` }));
    taken.checked = true;
    const kind = /** @type {HTMLSelectElement} */ (make("select", "", "", [], { "aria-label": `${each.name} is` }));
    for (const [value, words] of [["numbers", "Numbers"], ["categories", "Categories"]]) kind.append(new Option(words, value, false, value === each.kind));
    const missing = each.missing ? ` · ${count(each.missing)} missing` : "";
    const label = make("label", "lk-file-name", each.name, [], { for: taken.id });
    const row = make("li", "", "", [taken, label, kind, plot(each), make("span", "lk-file-words", each.words + missing)]);
    return { row, value: () => (taken.checked ? { name: each.name, kind: kind.value } : null) };
  }

  /** Create the fields that override the detected file format.
   * @param {WaitingLatentFileAnswer} told
   * @param {(how: Record<string, string>) => void} read */
  function differently(told, read) {
    const fields = { delimiter: [["", "found"], [",", "comma"], [";", "semicolon"], ["\t", "tab"], [" ", "blanks"], ["|", "bar"]],
                     decimal: [["", "found"], [".", "point"], [",", "comma"]], header: [["", "found"], ["yes", "yes"], ["no", "no"]] };
    const isText = /point|comma/.test(told.form);
    const chosen = isText ? fields : { array: [["", "found"], ...told.arrays.map((name) => [name, name])] };
    const box = make("div", "lk-file-differently");
    /** @type {(HTMLSelectElement | HTMLInputElement)[]} */
    const inputs = Object.entries(chosen).map(([name, options]) => {
      const select = /** @type {HTMLSelectElement} */ (make("select", "", "", [], { name }));
      for (const [value, words] of options) select.append(new Option(words, value));
      box.append(make("label", "", { array: "Array", delimiter: "Delimiter", decimal: "Decimal mark", header: "First line names columns" }[name], [select]));
      return select;
    });
    if (isText) {
      const first = /** @type {HTMLInputElement} */ (make("input", "", "", [], { type: "number", min: "1", name: "first", placeholder: "found" }));
      box.append(make("label", "", "First column of the numbers", [first]));
      inputs.push(first);
    }
    box.append(button("Read it again", () => read(Object.fromEntries(inputs.map((input) => [input.name, input.value]).filter(([, value]) => value)))));
    box.hidden = true;
    return box;
  }

  /** Show the content of a file of latents. `on` has keep(values), cancel(), another() and read(words); keep returns an error message if it fails.
   * @param {WaitingLatentFileAnswer} told
   * @param {LatentFileListeners} on */
  function latents(told, on) {
    const separators = told.form.split(", ");
    const columns = told.columns.map(column);
    const again = differently(told, on.read);
    const name = /** @type {HTMLInputElement} */ (make("input", "", "", [], { id: "file-name", maxlength: "40" }));
    name.value = told.name.replace(/\.[^.]*$/, "");
    const [low, high] = told.lengths.map((value) => value.toFixed(1));
    const faces = Array.from({ length: Math.min(8, told.rows) }, (_, k) =>
      make("img", "", "", [], { src: likeness.to(`/latent-space/sets/read/${told.token}/${k}.webp?model=${encodeURIComponent(told.model)}`), alt: `Row ${k + 1}`, width: "64", height: "64" }));
    const gone = told.of - told.rows;
    const body = [
      make("p", "lk-model-small", `${rows(told.rows)} can be used. Nothing is kept until you say so.`),
      make("dl", "lk-file-figures", "", [
        figure("Rows", count(told.rows), gone ? `of ${count(told.of)}; ${count(gone)} left out` : "all of them"),
        figure("Numbers a row", count(told.size), "as this model takes"),
        figure("Lengths", told.rows > 1 ? `${low} to ${high}` : low, `the model’s own: ${Math.sqrt(told.size).toFixed(1)}`),
        figure("Form", separators[0], separators.slice(1).join(", ")),
      ]),
      leftOut(told),
      ...told.doubts.map((text) => make("p", "lk-file-doubt", text)),
      ...told.notes.map((text) => make("p", "lk-model-small", text)),
      columns.length ? make("h3", "", `Beside the numbers: ${count(columns.length)} ${columns.length === 1 ? "column" : "columns"}`) : null,
      columns.length ? make("ul", "lk-file-columns", "", columns.map(({ row }) => row)) : null,
      make("h3", "", told.rows > 1 ? "The first as faces" : "Its face"),
      make("p", "lk-model-small", "If these look wrong, the file is for another model."),
      make("div", "lk-file-faces", "", faces),
      make("label", "lk-file-title", "Name", [name], { for: "file-name" }),
      again,
    ];
    const keep = button(`Keep ${rows(told.rows)}`, async () => {
      keep.toggleAttribute("disabled", true);
      const sentence = await on.keep({ name: name.value, columns: columns.map(({ value }) => value()).filter((each) => each !== null) });
      keep.toggleAttribute("disabled", false);
      sentence ? open?.tell(sentence) : close();
    }, true);
    const buttons = [
      button("Another file", () => (close(), on.cancel(), on.another())),
      button("Read it differently…", () => { again.hidden = !again.hidden; again.scrollIntoView({ block: "nearest" }); }),
      make("span", "lk-file-space"),
      button("Cancel", () => open?.cancel()),
      keep,
    ];
    show(`What is in ${told.name || "the file"}`, body, buttons, on.cancel);
    keep.focus();
  }

  /** Show the directions of a file to choose from, and the space that they are in if the model has both.
   * `on` has keep(places, space), read(words) and cancel(); keep returns an error message if it fails.
   * @param {WaitingDirectionsAnswer} told
   * @param {DirectionFileListeners} on */
  function directions(told, on) {
    let now = told;
    /** @type {HTMLInputElement[]} */
    let boxes = [];
    const found = make("div", "", "", [], { "aria-live": "polite" });
    const spaces = /** @type {HTMLSelectElement} */ (make("select", "", "", [], { id: "file-space" }));
    spaces.append(...told.spaces.map((space) => new Option(SPACES[space], space, false, space === told.space)));
    const spaceRow = make("label", "lk-file-title", "These directions are in", [spaces], { for: spaces.id });
    spaceRow.hidden = told.spaces.length < 2;
    const keep = button("", async () => {
      const places = boxes.flatMap((box, k) => (box.checked ? [k + 1] : []));
      const sentence = await on.keep(places, now.space);
      sentence ? open?.tell(sentence) : close();
    }, true);
    const counted = () => {
      const number = boxes.filter((box) => box.checked).length;
      keep.textContent = `Keep ${count(number)} ${number === 1 ? "direction" : "directions"}`;
      keep.toggleAttribute("disabled", number === 0 || number > 64);
    };
    /** @param {boolean} checked */
    const all = (checked) => () => { boxes.forEach((box) => { box.checked = checked; }); counted(); };

    function draw() {
      boxes = now.directions.map((_, k) => {
        const box = /** @type {HTMLInputElement} */ (make("input", "", "", [], { type: "checkbox", id: `file-direction-${k}` }));
        box.checked = now.count <= 16;
        return box;
      });
      const list = make("ul", "lk-file-columns", "", boxes.map((box, k) =>
        make("li", "", "", [box, make("label", "lk-file-name", now.directions[k].title, [], { for: box.id }), make("span", "lk-file-words", now.directions[k].description)])));
      list.addEventListener("change", counted);
      found.replaceChildren(
        make("p", "lk-model-small", `${count(now.count)} ${now.count === 1 ? "direction" : "directions"}. Choose up to 64; nothing is kept until you say so.`),
        ...now.notes.map((text) => make("p", "lk-file-doubt", text)),
        make("p", "lk-file-tools", "", [button("All", all(true)), button("None", all(false))]),
        list,
      );
      counted();
    }

    spaces.addEventListener("change", async () => {
      const { sentence, body } = await on.read({ space: spaces.value });
      open?.tell(sentence || "");
      if (!sentence) {
        now = body;
        draw();
      }
      spaces.value = now.space; // as it was read last
    });
    draw();
    show(`What is in ${told.name || "the file"}`, [spaceRow, found], [make("span", "lk-file-space"), button("Cancel", () => open?.cancel()), keep], on.cancel);
  }

  /** Show the labels of a file. `on` has read(words), keep(words), cancel() and another(); keep returns an error message if it fails.
   * @param {WaitingLabelsAnswer & {title: string}} told
   * @param {LabelFileListeners} on */
  function labels(told, on) {
    const name = /** @type {HTMLInputElement} */ (make("input", "", "", [], { id: "file-name", maxlength: "40" }));
    name.value = told.title;
    const found = make("div", "", "", [], { "aria-live": "polite" });
    const columns = /** @type {HTMLSelectElement} */ (make("select", "", "", [], { id: "file-labels" }));
    const ones = /** @type {HTMLSelectElement} */ (make("select", "", "", [], { id: "file-one" }));
    const columnRow = make("label", "lk-file-title", "Labels", [columns], { for: columns.id });
    const oneRow = make("label", "lk-file-title", "1 is", [ones], { for: ones.id });
    const chosen = () => ({ labels: columns.value, one: ones.value });
    const keep = button("Keep the direction", async () => {
      keep.toggleAttribute("disabled", true);
      const sentence = await on.keep({ ...chosen(), name: name.value });
      keep.toggleAttribute("disabled", false);
      sentence ? open?.tell(sentence) : close();
    }, true);

    /** @param {WaitingLabelsAnswer} now */
    function draw(now) {
      const known = now.columns.filter(Boolean);
      columns.replaceChildren(...known.map((column) => new Option(column, column, false, column === now.column)));
      if (!known.includes(now.column)) columns.prepend(new Option("Choose one", "", true, true));
      columnRow.hidden = known.length < 2;
      const regression = "no value: numbers, a direction by regression";
      const none = now.scores || now.numbers ? regression : now.problem ? "Choose one" : "";
      ones.replaceChildren(...now.counts.map(({ value, count: times }) => new Option(`${value} (${count(times)})`, value, false, value === now.one)));
      if (none) ones.prepend(new Option(none, "", false, !now.one));
      oneRow.hidden = !now.counts.length;
      const shares = now.one ? [now.ones, now.labels - now.ones] : [];
      const left = now.blanks || now.left_out ? `${count(now.blanks)} blank, ${rows(now.left_out)} left out` : "none left out";
      found.replaceChildren(...parts([
        now.problem ? null : make("dl", "lk-file-figures", "", [
          figure("Labels", count(now.labels), left),
          figure("Of", now.of, ""),
          figure("Gives", now.scores ? "A regression" : "Two classes", now.scores ? "along which the number grows" : "from 0 to 1"),
        ]),
        shares.length ? plot({ shares }) : null,
        make("p", now.problem ? "lk-file-doubt" : "", now.problem.replace(/ \((labels=NAME|one=VALUE)\)/, " above") || now.words),
      ]));
      keep.toggleAttribute("disabled", Boolean(now.problem));
    }

    /** @param {Record<string, string>} words */
    async function again(words) {
      const { sentence, body } = await on.read(words);
      open?.tell(sentence || "");
      if (!sentence) draw(body);
    }
    columns.addEventListener("change", () => again({ labels: columns.value }));
    ones.addEventListener("change", () => again(chosen()));
    draw(told);
    const body = [
      make("p", "lk-model-small", "Nothing is kept until you say so."),
      columnRow,
      oneRow,
      found,
      make("label", "lk-file-title", "Name", [name], { for: name.id }),
    ];
    const buttons = [
      button("Another file", () => (close(), on.cancel(), on.another())),
      make("span", "lk-file-space"),
      button("Cancel", () => open?.cancel()),
      keep,
    ];
    show(`What is in ${told.name || "the file"}`, body, buttons, on.cancel);
    (told.problem ? (columnRow.hidden ? ones : columns) : keep).focus();
  }

  likeness.fileSummary = { latents, directions, labels };
})();
