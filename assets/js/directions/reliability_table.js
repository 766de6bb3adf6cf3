/* Reliability table: fetches AG Grid where a page needs it, sets its rows, draws its cells, and keeps search, sorting, filters
   and hidden columns in the address (query_parameters.js): find, sort, filter, hide. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const ID = "table";
  const PAGE = "directions-reliability";
  const CONDITIONS = ["equals", "notEqual", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual", "inRange", "contains", "notContains", "startsWith", "endsWith", "blank", "notBlank"];
  const TRIES = 20; // frames in which a filter of the address is set again
  const WIDEST = 0.6; // leakage at the end of the axis

  const FIXED = ["title", "group", "slider", "matrix"]; // fixed columns

  /** @type {Promise<unknown> | null} */
  let script = null; // the promise of AG Grid's script
  /** @type {Grid | null} */
  let api = null; // API of the grid on the page
  /** @type {ReliabilityRow[] | null} */
  let rows = null; // last received from the server
  let quiet = false; // the grid is being set from the address
  let following = 0; // the frame that checks whether the grid has applied it

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  const isHere = () => document.getElementById(PAGE) !== null;
  const grid = () => /** @type {Grid} */ (api); // if any

  // The grid -----------------------------------------------------------------------------------------------------------

  /** @param {string} address */
  function fetched(address) {
    script ??= /** @type {Promise<unknown>} */ (new Promise((resolve, reject) => {
      if (window.dash_ag_grid) return resolve(null);
      const element = document.createElement("script");
      Object.assign(element, { src: address, onload: resolve });
      element.onerror = () => {
        script = null;
        element.remove();
        reject(new Error(address));
      };
      document.head.append(element);
    }));
    return script;
  }

  /** Receive the layout of the grid from Dash.
   * @param {{script: string, grid: Component}} given */
  async function lay({ script: address, grid: component }) {
    api = null;
    try {
      await fetched(address);
    } catch (error) {
      return "The table could not be loaded. Reload the page to try again.";
    }
    window.dash_ag_grid.getApiAsync(ID).then(begin);
    return component;
  }

  /** @param {Grid} found */
  function begin(found) {
    api = found;
    api.addEventListener("sortChanged", ({ source }) => (source === "uiColumnSorted" && quiet ? tellSort() : tell()));
    api.addEventListener("filterChanged", tell);
    api.addEventListener("cellClicked", ({ column, data, event }) => !event.target.closest?.("a") && go(column.getColId(), data));
    api.addEventListener("cellKeyDown", ({ column, data, event }) => event.key === "Enter" && go(column.getColId(), data));
    restore();
    give();
  }

  /** Receive the rows from Dash, whenever more has been measured.
   * @param {ReliabilityRow[] | null} given */
  function take(given) {
    rows = given;
    give();
    return String(rows?.length ?? 0);
  }

  function give() {
    if (!api || !rows || api.isDestroyed?.()) return;
    set(ID, { rowData: rows });
    requestAnimationFrame(count);
  }

  /** Ignore the grid's events until its filters match the address in two consecutive frames: before it has rows, it
   * delays filters, and its events are not the user's. Give up on a filter that it does not accept.
   * @param {Grid} followed
   * @param {number} [frames]
   * @param {number} [tries]
   * @returns {void} */
  function follow(followed, frames = 0, tries = 0) {
    if (!isHere() || api !== followed || followed.isDestroyed?.()) return;
    const wanted = read(likeness.words.get("filter"));
    const taken = written(wanted) === written(followed.getFilterModel() ?? {});
    if ((taken && frames) || tries === TRIES) {
      quiet = false;
      filterGroup();
      showColumns();
      keepFind();
      return count();
    }
    let there = false;
    followed.forEachNode(() => (there = true));
    const again = !taken && there;
    if (again) followed.setFilterModel(wanted);
    following = requestAnimationFrame(() => follow(followed, taken ? frames + 1 : 0, tries + Number(again)));
  }

  function count() {
    if (!isHere() || !api || !rows) return;
    /** @type {string[]} */
    const names = [];
    api.forEachNodeAfterFilterAndSort((node) => names.push(node.data.name));
    const told = names.length === rows.length ? `${rows.length} directions` : `${names.length} of ${rows.length} directions`;
    set("table-count", { children: told });
    const model = likeness.state.model?.name;
    const judge = likeness.words?.get("judge");
    for (const form of ["csv", "npz"]) {
      const query = new URLSearchParams({ ...(model ? { model } : {}), ...(judge ? { judge } : {}), rows: names.join(",") });
      set(`table-${form}`, { href: likeness.to(`/directions/reliability.${form}?${query}`) });
    }
  }

  // Links of a row -------------------------------------------------------------------------------------------------

  /** @param {ReliabilityRow} row */
  const matrix = ({ name, partner }) => likeness.to(`/directions?${[likeness.state.shown && likeness.state.query(), `cell=${name},${partner}`].filter(Boolean).join("&")}`);

  /** @param {string} column @param {ReliabilityRow} data */
  function go(column, data) {
    if (column === "slider") slide(data.name);
    else window.location.assign(matrix(data));
  }

  /** Focus the slider of a direction.
   * @param {string} name */
  async function slide(name) {
    const row = [...document.querySelectorAll("#panel .lk-row")].find((each) => each.dataset.name === name);
    if (!row) return;
    if (document.querySelector(".lk-docked[data-folded]")) likeness.fold();
    if (row.hidden) /** @type {() => void} */ (likeness.actions["show-all"])();
    for (let tries = 0; tries < 60 && row.hidden; tries += 1) await new Promise(requestAnimationFrame);
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("[role=slider]").focus();
  }

  // The view in the address ----------------------------------------------------------------------------------------------

  /** Format a leakage, with its interval if enough people were measured.
   * @param {string} name @param {number | null} value @param {number | null} low @param {number} high */
  function leaked(name, value, low, high) {
    if (value == null) return `${name}: not measured yet`;
    return low == null ? `${name}: ${fixed(value, 3)} (rough)` : `${name}: ${fixed(value, 3)} (${fixed(low, 3)} to ${fixed(high, 3)})`;
  }

  /** Format filters as "leakage:greaterThan:0.2"; the value follows the second colon.
   * @param {GridFilters} model */
  const written = (model) => Object.entries(model)
    .map(([column, { type, filter, filterTo }]) => [column, type, filter ?? "", ...(filterTo == null ? [] : [filterTo])].join(":"))
    .join(",");

  /** @param {string | null} text @returns {GridFilters} */
  function read(text) {
    const parts = String(text || "").slice(0, 1000).split(",").map((part) => part.split(":"));
    const isText = (/** @type {string} */ column) => grid().getColumn(column).getColDef().filter === "agTextColumnFilter";
    const known = parts.filter(([column, type, from = "", to = ""]) =>
      grid().getColumn(column) && CONDITIONS.includes(type) && (isText(column) || (Number.isFinite(Number(from)) && Number.isFinite(Number(to)))));
    return Object.fromEntries(known.map(([column, type, from = "", to]) => {
      if (isText(column)) return [column, { filterType: "text", type, filter: from }];
      return [column, { filterType: "number", type, ...(from === "" ? {} : { filter: Number(from) }), ...(to === undefined ? {} : { filterTo: Number(to) }) }];
    }));
  }

  function tell() {
    count();
    if (quiet || !likeness.state.shown) return;
    const changed = likeness.words.set({ sort: sortWords(), filter: written(grid().getFilterModel()) || null });
    if (changed) likeness.state.settle();
  }

  function sortWords() {
    const sorted = grid().getColumnState().find(({ sort }) => sort);
    return sorted ? `${sorted.colId}-${sorted.sort}` : null;
  }

  /** Keep a sort clicked while the view is being restored: only its filters are not yet those of the address. */
  function tellSort() {
    if (likeness.state.shown && likeness.words.set({ sort: sortWords() })) likeness.state.settle();
  }

  /** Receive the search text from Dash.
   * @param {string | null} text */
  function find(text) {
    api?.setGridOption("quickFilterText", text || "");
    chosen.find = text || "";
    keepFind();
    return text || "";
  }

  function keepFind() {
    if (!quiet && likeness.state.shown && likeness.words.set({ find: chosen.find || null })) later();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** Treat letters typed in sequence as one undo step. */
  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(() => isHere() && likeness.state.settle(), 600);
  }

  /** What Dash sent last: what is chosen while the view is being restored is applied after it.
   * @type {{group: string | null, columns: string[] | null, find: string}} */
  const chosen = { group: null, columns: null, find: "" };

  /** Receive the shown group from Dash, null for all; the group is one of the filters.
   * @param {string | null} name */
  function group(name) {
    chosen.group = name || null;
    filterGroup();
    return name || "";
  }

  /** Return the only group that filters show; null for several.
   * @param {GridFilters} filters */
  const onlyGroup = ({ group: wanted }) => (wanted?.type === "equals" && wanted.filter ? String(wanted.filter) : null);

  function filterGroup() {
    const now = api?.getFilterModel() ?? {};
    if (!api || quiet || onlyGroup(now) === chosen.group) return;
    const { group: before, ...others } = now;
    const name = chosen.group;
    api.setFilterModel(name ? { ...others, group: { filterType: "text", type: "equals", filter: name } } : others);
  }

  const hideable = () => grid().getColumns().map((column) => column.getColId()).filter((id) => !FIXED.includes(id));
  const hidden = () => grid().getColumns().filter((column) => !column.isVisible()).map((column) => column.getColId()).filter((id) => !FIXED.includes(id));

  /** @param {string[]} ids */
  function hide(ids) {
    grid().setColumnsVisible(hideable().filter((id) => !ids.includes(id)), true);
    grid().setColumnsVisible(ids, false);
  }

  /** Receive the shown columns from Dash.
   * @param {string[]} columns */
  function show(columns) {
    chosen.columns = columns;
    showColumns();
    return columns.join();
  }

  function showColumns() {
    const columns = chosen.columns;
    if (!api || quiet || !columns) return;
    const gone = hideable().filter((id) => !columns.includes(id));
    if (gone.join() !== hidden().join()) {
      hide(gone);
      if (likeness.state.shown && likeness.words.set({ hide: gone.join(",") || null })) likeness.state.settle();
    }
  }

  function restore() {
    if (!api || api.isDestroyed?.()) return;
    quiet = true;
    const gone = (likeness.words.get("hide") || "").split(",").filter((id) => hideable().includes(id));
    hide(gone);
    chosen.columns = hideable().filter((id) => !gone.includes(id));
    set("table-columns", { value: chosen.columns });
    const [column, way] = (likeness.words.get("sort") || "").split("-");
    const known = api.getColumn(column) && ["asc", "desc"].includes(way);
    api.applyColumnState({ state: known ? [{ colId: column, sort: way }] : [], defaultState: { sort: null } });
    const filters = read(likeness.words.get("filter"));
    api.setFilterModel(filters);
    chosen.group = onlyGroup(filters);
    set("table-group", { value: chosen.group });
    chosen.find = likeness.words.get("find") || "";
    api.setGridOption("quickFilterText", chosen.find);
    set("table-find", { value: chosen.find });
    cancelAnimationFrame(following);
    following = requestAnimationFrame(() => follow(grid()));
  }

  events.addEventListener("likeness:words", ({ detail }) => isHere() && detail.restored && restore());

  // A job has progressed: the callback reads the table again when it is done.
  events.addEventListener("likeness:job", ({ detail }) => {
    if (detail.kind === "angles" && isHere()) set("angles-message", { data: detail.state });
  });

  // Mark pinned directions.
  let pinned = "";
  events.addEventListener("likeness:change", () => {
    const now = [...likeness.state.pins.keys()].sort().join(",");
    if (now === pinned) return;
    pinned = now;
    if (api && isHere() && !api.isDestroyed?.()) api.refreshCells({ columns: ["title"], force: true });
  });

  // Cells ----------------------------------------------------------------------------------------------------------------

  /** @param {string} kind @param {Record<string, unknown> | null} props @param {...ReactChild} children */
  const part = (kind, props, ...children) => window.React.createElement(kind, props, ...children);
  /** @param {string} className @param {...ReactChild} children */
  const span = (className, ...children) => part("span", { className }, ...children);
  /** @param {number} value @param {number} [digits] */
  const fixed = (value, digits = 2) => value.toFixed(digits).replace("-", "\u2212");
  /** @param {string} [words] */
  const unknown = (words = "not measured yet") => part("span", { className: "lk-table-none", title: words }, "\u2013", span("lk-unseen", words));

  /**
   * The input of a cell: its row, its value, and parameters of its column.
   * @typedef {{data: ReliabilityRow, value: number | null, measure?: boolean, to?: string, colDef: {field: string}}} Cell
   */
  /** @type {Record<string, (cell: Cell) => ReactNode | string>} */
  const CELLS = {
    LkName({ data }) {
      const held = likeness.state.pins?.has(data.name);
      return span("lk-table-name",
        held ? part("i", { className: "lk-table-pinned", title: "Pinned on this face" }) : null,
        part("strong", null, data.title), span("lk-table-group", data.group));
    },
    LkShare({ data, value, measure }) {
      if (value == null) return unknown("the model does not say");
      return span("lk-table-share", span("lk-table-number", fixed(value)),
        part("i", { className: "lk-table-bar", style: { "--v": Math.max(0, Math.min(1, value)) } }),
        measure ? span("lk-table-group", data.measure) : null);
    },
    LkAngle({ data, value }) {
      if (value == null) return unknown();
      const words = `${fixed(data.angle_low, 1)} to ${fixed(value, 1)} degrees`;
      return part("span", { title: data.unsure ? `${words}: unsure` : words }, `\u00b1 ${fixed(value, 1)}\u00b0`,
        data.unsure ? part("span", { className: "lk-icon lk-icon-doubt lk-table-doubt", role: "img", "aria-label": "unsure" }) : null);
    },
    LkRange({ data }) {
      const style = { "--lo": data.low, "--hi": data.high };
      /** @param {number} value */
      const end = (value) => `${value < 0 ? "\u2212" : "+"}${Math.abs(value).toFixed(1)}`;
      return span("lk-table-range", span("lk-table-number", end(data.low)), part("i", { className: "lk-table-axis", style }), span("lk-table-number", end(data.high)));
    },
    LkNumber({ data, value, colDef }) {
      if (value == null) return unknown();
      const words = colDef.field === "response"
        ? data.response_low == null ? "rough: too few people for an interval" : `${likeness.signed(data.response_low)} to ${likeness.signed(data.response_high)}`
        : `reached on ${Math.round(100 * data.reached)} % of traversals`;
      return part("span", { title: words }, colDef.field === "response" ? likeness.signed(value) : fixed(value));
    },
    LkLeakage({ data }) {
      if (data.leakage == null) return unknown();
      /** @param {number} value */
      const at = (value) => Math.min(1, value / WIDEST);
      const style = { "--free": at(data.leakage), "--locked": at(data.locked ?? data.leakage) };
      const title = `${leaked("free", data.leakage, data.leakage_low, data.leakage_high)}; ${leaked("locked", data.locked, data.locked_low, data.locked_high)}`;
      return part("span", { className: "lk-table-leak", title },
        span("lk-table-number", fixed(data.leakage, 3)),
        part("i", { className: data.locked == null ? "lk-table-leaks" : "lk-table-leaks lk-table-both", style }),
        span("lk-table-locked", data.locked == null ? "" : fixed(data.locked, 3)));
    },
    LkSizes({ data }) {
      if (data.size == null) return unknown();
      const title = `${leaked("free", data.size, data.size_low, data.size_high)}; ${leaked("locked", data.locked_size, data.locked_size_low, data.locked_size_high)}`;
      return part("span", { className: "lk-table-leak", title }, span("lk-table-number", fixed(data.size, 2)),
        span("lk-table-locked", data.locked_size == null ? "" : fixed(data.locked_size, 2)));
    },
    LkApart({ data, value }) {
      if (value == null) return unknown();
      const words = data.apart_low == null ? "rough" : `${likeness.signed(data.apart_low)} to ${likeness.signed(data.apart_high)}`;
      return part("span", { title: `${words}; the other judge: ${likeness.signed(data.other)}` }, likeness.signed(value));
    },
    LkLeft: ({ value }) => (value == null ? unknown() : `${Math.round(100 * value)} %`),
    LkOpen({ data, to }) {
      const slider = to === "slider";
      const name = slider ? `Go to the slider of ${data.title}` : `Row of ${data.title} in the matrix`;
      const icon = span(`lk-icon lk-icon-${slider ? "sliders" : "matrix"}`);
      return part("a", {
        className: "lk-table-open", tabIndex: -1, title: name, "aria-label": name, href: slider ? "#panel" : matrix(data),
        onClick: (/** @type {Event} */ event) => {
          if (!slider) return;
          event.preventDefault();
          slide(data.name);
        },
      }, icon);
    },
  };

  window.dashAgGridComponentFunctions = Object.assign(window.dashAgGridComponentFunctions || {}, CELLS);
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.table = { lay, rows: take, find, group, show };
})();
