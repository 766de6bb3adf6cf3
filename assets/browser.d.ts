/* What the page and other people's libraries bring, as far as the scripts use it. The libraries have no types of their
   own here: each interface below is the part that is used. */

// The page -----------------------------------------------------------------------------------------------------------

/** An element of the page. The pages are laid out in Python (dashboard/pages), so a script knows what kind of element an
    id stands for; the members of all kinds that are used are here. Whether the page has the element, the script checks. */
interface PageElement extends HTMLElement {
  readonly dataset: Record<string, string>;
  readonly children: HTMLCollectionOf<PageElement>;
  readonly firstElementChild: PageElement;
  readonly parentElement: PageElement;
  value: string;
  checked: boolean;
  disabled: boolean;
  href: string;
  src: string;
  alt: string;
  type: string;
  width: number;
  height: number;
  selectionStart: number | null;
  selectionEnd: number | null;
  select(): void;
  setSelectionRange(from: number | null, to: number | null): void;
  decode(): Promise<void>;
  getBBox(): DOMRect;
  getContext(kind: "2d", options?: CanvasRenderingContext2DSettings): CanvasRenderingContext2D;
  setAttribute(name: string, value: string | number): void;
  cloneNode(deep: boolean): PageElement;
}

/** An event of the page, whose target is an element of the page. */
type PageEvent<Kind extends keyof DocumentEventMap> = DocumentEventMap[Kind] & { readonly target: PageElement };
type KeyPress = PageEvent<"keydown">;
type PointerMove = PageEvent<"pointermove">;

interface ParentNode {
  querySelector(selectors: string): PageElement;
  querySelectorAll(selectors: string): NodeListOf<PageElement>;
}
interface Document {
  getElementById(id: string): PageElement;
  addEventListener<Kind extends keyof DocumentEventMap>(name: Kind, heard: (event: PageEvent<Kind>) => void, options?: boolean | AddEventListenerOptions): void;
}
interface Element {
  closest(selectors: string): PageElement;
}
interface Window {
  addEventListener<Kind extends keyof WindowEventMap>(name: Kind, heard: (event: WindowEventMap[Kind] & { readonly target: PageElement }) => void, options?: boolean | AddEventListenerOptions): void;
}

// Dash ---------------------------------------------------------------------------------------------------------------

/** The id of a component: text, or the object of a pattern. */
type ComponentId = string | { type: string; name: string };

/** A component as Dash's renderer takes it. */
interface Component { namespace: string; type: string; props: Record<string, unknown> }

/** A value of a callback that lists its inputs by pattern. */
interface PatternInput<Value> { id: { type: string; name: string }; property: string; value: Value }

interface CallbackContext {
  inputs_list: PatternInput<never>[][];
  triggered: { prop_id: string; value: string | number | boolean | null }[];
}

/** A value of an input or a state: JSON. */
type CallbackValue = string | number | boolean | null | undefined | object;

/** Functions that Dash calls by name: `ClientsideFunction("compare", "open")` in Python. What Dash gives them is checked
    where they are defined. */
type Namespace = Record<string, (...given: never[]) => unknown>;

interface DashClientside {
  set_props(id: ComponentId, props: Record<string, unknown>): void;
  readonly no_update: unknown;
  readonly callback_context: CallbackContext;
  likeness: Namespace & { open(data: PageOpening): Promise<string> };
  compare: Namespace;
  directions: Namespace;
  filters: Namespace;
  findings: Namespace;
  latent: Namespace;
  table: Namespace;
  likeness_demo: Namespace;
  likeness_kiosk: Namespace;
  likeness_present: Namespace;
}

// React, plotly, AG Grid ---------------------------------------------------------------------------------------------

/** What React makes; only passed on. */
interface ReactNode { readonly $$typeof: symbol }
type ReactChild = ReactNode | string | null;
interface React {
  createElement(kind: string, props: Record<string, unknown> | null, ...children: ReactChild[]): ReactNode;
}

/** Numbers of a trace, as plotly was given them or as it unpacks them. */
type TraceNumbers = (ArrayLike<number> & { _inputArray?: ArrayLike<number> }) | undefined;
interface Trace {
  x: TraceNumbers; y: TraceNumbers; z?: TraceNumbers;
  marker: { color?: TraceNumbers };
  selectedpoints?: number[];
  text: string[][];
}
interface PlotAxis { range: [number, number]; _offset: number; _length: number }
interface PlotLayout { scene?: { annotations?: { name: string }[] }; images?: unknown[]; shapes?: unknown[]; selections?: unknown[]; meta?: { keys: string[]; least?: [number, number] } }
interface Regl { clear(...given: unknown[]): unknown; eased?: boolean }
interface PlotScene { draw(...given: unknown[]): void; eased?: boolean }
interface FullPlotLayout {
  width: number; height: number; autosize: boolean; xaxis: PlotAxis; yaxis: PlotAxis; dragmode: string; scene?: object;
  _size: { l: number; t: number; w: number; h: number };
  _plots: { xy?: { _scene?: PlotScene } };
}
/** A point of an event of plotly's. */
interface PlotPoint { curveNumber: number; pointNumber: number; x: number; y: number; z?: number }
interface PlotEvents {
  plotly_afterplot: undefined;
  plotly_relayouting: undefined;
  plotly_hover: { points: PlotPoint[]; event: MouseEvent };
  plotly_unhover: undefined;
  plotly_click: { points: PlotPoint[] };
  plotly_selected: { lassoPoints?: { x: number[]; y: number[] }; range?: { x: number[]; y: number[] } } | undefined;
  plotly_doubleclick: undefined;
}
/** A figure on the page, with the members of plotly's own that are read (checked by tests/browser). */
interface Plot extends PageElement {
  data: Trace[];
  layout: PlotLayout;
  calcdata?: unknown[];
  _fullLayout: FullPlotLayout;
  _fullData: Trace[];
  _ev: object;
  _dragging?: boolean;
  heard?: Parameters<Plot["on"]>[]; // listeners of a figure that is not drawn yet (plotly.js)
  on<Kind extends keyof PlotEvents>(name: Kind, heard: (event: PlotEvents[Kind]) => void): void;
}
interface Plotly {
  react(plot: Plot, figure: { data?: object[]; layout?: { meta?: { tasks?: boolean; afterwards?: boolean } } }): Promise<Plot>;
  update(plot: Plot, traces: object, layout: object, places: number[]): Promise<void>;
  restyle(plot: Plot, traces: object, places: number[]): Promise<void>;
  relayout(plot: Plot, layout: object): Promise<void>;
  downloadImage(figure: object, options: object): Promise<void>;
  toImage(figure: object, options: object): Promise<string>;
  Plots: { resize(plot: Plot): Promise<unknown> };
}

interface GridFilter { filterType?: "text" | "number"; type: string; filter?: string | number; filterTo?: string | number }
type GridFilters = Record<string, GridFilter>;
interface GridColumn { getColId(): string; getColDef(): { filter: string }; isVisible(): boolean }
interface GridEvents {
  sortChanged: { source: string };
  filterChanged: undefined;
  cellClicked: { column: GridColumn; data: ReliabilityRow; event: PageEvent<"click"> };
  cellKeyDown: { column: GridColumn; data: ReliabilityRow; event: KeyPress };
}
interface Grid {
  addEventListener<Kind extends keyof GridEvents>(name: Kind, heard: (event: GridEvents[Kind]) => void): void;
  isDestroyed?(): boolean;
  getFilterModel(): GridFilters;
  setFilterModel(filters: GridFilters): void;
  forEachNode(each: () => void): void;
  forEachNodeAfterFilterAndSort(each: (node: { data: ReliabilityRow }) => void): void;
  getColumn(id: string): GridColumn;
  getColumns(): GridColumn[];
  getColumnState(): { colId: string; sort: string | null }[];
  applyColumnState(state: { state: { colId: string; sort: string }[]; defaultState: { sort: null } }): void;
  setColumnsVisible(ids: string[], visible: boolean): void;
  setGridOption(name: "quickFilterText", value: string): void;
  refreshCells(which: { columns: string[]; force: boolean }): void;
}

interface Window {
  dash_clientside: DashClientside;
  readonly dash_component_api: { getLayout(id: ComponentId | []): object | undefined };
  readonly dash_ag_grid: { getApiAsync(id: string): Promise<Grid> };
  dashAgGridComponentFunctions: object;
  readonly React: React;
  readonly Plotly: Plotly;
}

/** Node's, where tests/js loads a script as a module. */
declare var module: { exports: unknown };
