/* What the scripts share: the members of `likeness`, the events that they send one another, and the data that pages begin
   with. `make lint` checks every script against this (tsconfig.json). The answers of the server are in answers.d.ts, made
   from their models; what the browser and the libraries bring is in browser.d.ts. */

// Faces --------------------------------------------------------------------------------------------------------------

/** "drag" follows the hand, "ease" is a jump, "step" another face, "base" another base. */
type Motion = "drag" | "ease" | "step" | "base";

/** A sentence for whoever uses the page; null where there is nothing to say. */
type Sentence = string | null;

type Attribute = AttributeAnswer;
type Model = ModelAnswer;

/** The name of an attribute or a direction, and its value in standard deviations. */
type Pin = [name: string, value: number];

/** How a face is drawn: text by option, only what changes something (docs/faces.md). */
type Options = Partial<Record<string, string>>;

/** Numbers in order: an array, or a typed array. */
interface Numbers extends Iterable<number> {
  readonly length: number;
  readonly [place: number]: number;
  reduce(fold: (sum: number, value: number, place: number) => number, start: number): number;
}
type Matrix = ArrayLike<Numbers> & { map<Value>(make: (row: Numbers, place: number) => Value): Value[] };
type Interval = [low: number, high: number];
/** Points of a plane. */
type Polygon = [x: number, y: number][];

/** A base: its coordinates on every direction, and its squared length. */
interface Base { coordinates: Numbers; norm2: number }
interface Origin extends Base { base: string; coordinates: Float64Array }

/** The face that is shown: its string, and its coordinate on every direction. */
interface Shown { face: string; coordinates: Float64Array }

/** Where a face stands; or, where no latent has its pins, those that contradict each other. */
type Solution =
  | { s: Float64Array; feasible: true; limit: null; limitOf: null; pins: number[] }
  | { s: null; feasible: false; limit: number | null; limitOf: number | null; pins: number[] };

/** Where the drift of an attribute comes from. */
interface Drift { total: number; parts: { index: number; amount: number }[]; rest: number }

/** What pins.js takes: the model, the base, places of the pinned directions, their values. */
type Problem = [model: Model, base: Origin, idx: number[], values: number[]];

/** The functions of pins.js. */
interface Pins {
  coordinates(model: Pick<Model, "gram" | "latent_size" | "normalised" | "spare">, base: Base, idx: number[], values: number[]): Solution;
  range(model: Model, base: Base, idx: number[], values: number[], k: number): Interval | null;
  ranges(model: Model, base: Base, idx: number[], values: number[]): (Interval | null)[];
  drift(model: Model, base: Base, idx: number[], values: number[], k: number): Drift;
  lean(model: Model, base: Base, idx: number[], values: number[], k: number): number[] | null;
  formatFace(base: string, pins: Pin[] | Record<string, number>, options?: Options): string;
  parseFace(text: string): { base: string; pins: Pin[]; options: Options };
  originFace(base: string, options: Options): string;
  canonicalOptions(options: Options): Options;
  mixOptions(first: Options, second: Options, share: number): Options;
  layersOf(options: Options): Map<string, string>;
  writtenLayers(ranges: Map<string, string>): string | undefined;
  layered<M extends Pick<Model, "gram" | "attributes" | "layers" | "layer_ranges">>(model: M, options: Options): M;
  quantise(value: number): number;
  formatNumber(value: number): string;
}

/** The functions of latent_space/polygon.js. */
interface Polygons {
  simplified(points: Polygon): Polygon;
  inside(polygon: Polygon, x: ArrayLike<number>, y: ArrayLike<number>): Uint8Array;
  written(polygon: Polygon): string;
  read(text: string): Polygon;
}

// What pages begin with ----------------------------------------------------------------------------------------------

/** A face to begin with: dashboard/faces/initial_face.py, with its model. */
interface Opening {
  model: Model;
  default_model: string;
  start: FaceAnswer;
  extras: string[];
  asked: string;
  problem: { sentence: string; pins: string[] } | null;
}
/** The same on a page: dashboard/components/initial_state.py. */
interface PageOpening extends Opening { default: string; few: string[] }
/** dashboard/pages/demo/page.py. */
interface DemoOpening extends PageOpening { names: string[]; controlled: string[] }

/** A picture, and what it shows. */
interface Still { address: string; words: string; figure?: boolean }
interface SlideCell { address: string | null; words: string; reason: string | null }
interface SlideRow { title: string; note: string; locked: boolean; cells: SlideCell[] }
/** A slide: dashboard/library/slides.py. */
interface Slide {
  kind: string; title: string; note: string; speaker: string; address: string; leads: string; problem: string;
  pictures: Still[]; still: Still | null; tiles: { columns: string[]; rows: SlideRow[] } | null;
  opening: Opening | null; rows: string[];
}
interface Presentation { slug: string; slides: Slide[]; first: number }
/** What the stage and the presenter's window say to each other; empty: that they are there. */
interface PresenterMessage { at?: number; face?: string; black?: boolean; end?: boolean; hello?: boolean }

/** The sample that a scatter draws: dashboard/pages/latent_space/page.py. */
interface Sample {
  n: number; space: string; method: string; stem: string; components: number[]; axes: string[]; note?: string;
  ink: { title: string; groups: string[] }; limits: Interval[];
  atlas: { address: string; count: number; columns: number } | null;
  density?: { picture: string };
}
/** Numbers that are linear in the latent: dashboard/pages/latent_space/projected_point.py. */
interface Projection {
  offset: number[]; gram: number[][]; spare: number[]; base: string; values: number[]; address: string; words: string;
  key: (string | number)[];
}
/** What says where the face on the page stands in an analysis. */
interface Follower { at(): number[] | null; path(steps: number): number[][] }

/** A row of the Reliability table: dashboard/entanglement/reliability.py. */
interface ReliabilityRow {
  name: string; title: string; group: string; measure: string | null; partner: string; unsure: boolean;
  low: number; high: number; reached: number; left: number | null;
  angle_low: number; response_low: number | null; response_high: number;
  leakage: number | null; leakage_low: number | null; leakage_high: number;
  locked: number | null; locked_low: number | null; locked_high: number;
  size: number | null; size_low: number | null; size_high: number;
  locked_size: number | null; locked_size_low: number | null; locked_size_high: number;
  other: number; apart: number | null; apart_low: number | null; apart_high: number;
}

// The server's answers -----------------------------------------------------------------------------------------------

/** What a request comes to: a body, or the sentence of what is wrong; then there is nothing to read in the body. */
interface Reply<Body> { body: Body; sentence?: string; cancelled?: boolean }
interface Upload<Body> { done: Promise<Reply<Body>>; cancel(): void }

/** How far a job is, as far as it is known. */
type JobState = Partial<JobAnswer> & Pick<JobAnswer, "state">;
/** What a job is asked for, by its kind: dashboard/jobs. */
interface JobParams {
  moved?: string; locked?: string[]; by?: string;
  what?: string; form?: string; faces?: string; words?: Record<string, string>; size?: number; seconds?: number; rate?: number;
  back?: boolean; site?: string;
}
type ExportParams = Required<Omit<JobParams, "moved" | "locked" | "by">>;
/** What is called with what becomes of a job. */
interface JobListeners {
  onprogress?(state: JobState): void; ondone?(state: JobState): void; onfail?(sentence: string): void; oncancel?(): void;
}
interface JobOptions extends JobListeners { title?: string; model?: string; card?: string | null }
/** A job that this tab follows. */
interface FollowedJob {
  kind: string; params: JobParams; model: string; title: string; card: string | null; address: string;
  id?: string; last?: JobState | null; again?: boolean; wait?: number; called?: JobListeners; watched?: boolean;
}

/** The score of an attribute on its slider; nothing is to be expected where there are no curves. */
interface Tick { at: number; low: number | null; high: number | null; outside: boolean; score?: number; least?: number; most?: number }

// Events -------------------------------------------------------------------------------------------------------------

/** Details of the events on `likeness.events`, by name. This is the table of their names. */
interface LikenessEvents {
  "likeness:change": { motion: Motion };
  "likeness:settle": { face: string };
  "likeness:open": null;
  "likeness:directions": { attribute: Attribute; place: number };
  "likeness:problem": { kind: ProblemKind; sentence: Sentence; pins?: string[] };
  "likeness:face": { face: string; ms: number; cache: boolean; preview: boolean; picture: ImageBitmap; askedAt: number; shownAt: number };
  "likeness:words": { restored: boolean; opened: boolean };
  "likeness:rows": null;
  "likeness:added": null;
  "likeness:compared": null;
  "likeness:sheet": null;
  "likeness:job": FollowedJob & JobState;
  "likeness:picked": { row: number };
  "likeness:cleared": null;
  "likeness:slide": { slug: string; at: number; slides: Slide[]; taken: boolean };
  "likeness:outlined": { polygon: Polygon; rows: Uint8Array };
}
type ProblemKind = "pins" | "link" | "picture" | "away";

/** An event on `likeness.events`: its name is one of the table, its detail what the table says. */
interface LikenessBus {
  addEventListener<Name extends keyof LikenessEvents>(name: Name, heard: (event: CustomEvent<LikenessEvents[Name]>) => void): void;
  removeEventListener<Name extends keyof LikenessEvents>(name: Name, heard: (event: CustomEvent<LikenessEvents[Name]>) => void): void;
  dispatchEvent(event: CustomEvent): boolean;
}

// What the scripts share ---------------------------------------------------------------------------------------------

/** An action that has keys: made from dashboard/components/action_table.py. */
interface ActionWithKeys { id: string; title: string; keys: string[][]; where: string; needs: string }
/** What a button with `data-action` does; a key calls it without an element. */
type Action = (element: PageElement) => unknown;
type Actions = Record<string, Action>;

/** The one face of the page: a base, pins, and the coordinate on every direction (state.js). */
interface FaceState {
  readonly model: Model;
  readonly base: string | null;
  readonly origin: Origin;
  readonly pins: Map<string, number>;
  readonly options: Options;
  readonly heldPins: Map<string, number> | null;
  readonly shown: Shown;
  open(data: Opening): void;
  face(): string;
  query(face?: string): string;
  feasible(): boolean;
  isOurs(search: string): boolean;
  pin(name: string, value: number, motion: Motion): void;
  release(name: string): void;
  releaseAll(): void;
  settle(): Promise<void>;
  value(name: string): number;
  seedValue(name: string): number;
  stepped(name: string, steps: number): number;
  reaches(): (Interval | null)[];
  lean(name: string): number[] | null;
  because(name: string): string;
  inWords(): string;
  rebase(base: string): Promise<Sentence>;
  draw(changes: Options, motion?: Motion): Promise<Sentence>;
  optionWords(options: Options): string[];
  pinWords(pin: Pin, options: Options): string;
  go(face: string): Promise<Sentence>;
  know(names: string[]): Promise<Sentence>;
  withoutPins(on: boolean): void;
}

/** A way on that a message offers: a link here, an action with its data, or what is done once. */
interface WayOn { text: string; href?: string; action?: string; data?: Record<string, string>; act?(): unknown }

/** The comparison of the Compare page. */
interface Comparison {
  readonly LETTERS: string;
  readonly faces: string[];
  readonly active: number;
  readonly reference: number;
  add(face: string): void;
  move(from: number, to: number): void;
  choose(place: number): Promise<void>;
  nameOf(face: string): string;
  isOpen(): boolean;
  apart(): boolean;
  send(): void;
  stand(face: string): Standing | null;
  word(name: string): string;
  asked(): { words: [string, string][]; faces: string[] };
  part(tag: string, className: string, words: string): HTMLElement;
  wipe(values: number[]): unknown;
}
/** Where a compared face stands, or why it stands nowhere. */
interface Standing { s: Float64Array | null; feasible: boolean; sentence?: string }

/** What a page that is more than a face says of itself when it is saved. */
interface Saved { kind: string; title: string; address: string }

/** Everything the scripts share. */
interface Likeness {
  state: FaceState;
  events: LikenessBus;
  send<Name extends keyof LikenessEvents>(name: Name, detail: LikenessEvents[Name]): void;
  actionTable: ActionWithKeys[];
  actions: Actions;
  writeHtml(below?: string): void;
  rowActions: { toggleLock(name: string): void; putBack(name: string): void };
  showBase(): void;
  keys: { action(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">, ...where: string[]): ActionWithKeys | undefined; hint(id: string | undefined): string; which(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey">, id: string): number };
  singleKeys(): boolean;
  history: { open(data: { default: string }): void; amend(): void; pageQuery(face: string): string; pause(): void; undo(): Promise<void>; redo(): Promise<void>; query(): string };
  words: {
    open(): void;
    get(name: string): string | null;
    set(changes: Record<string, string | number | boolean | null | undefined>): boolean;
    text(names?: string[], from?: Map<string, string>): string;
    textOf(search: string): string;
    restore(kept: string): void;
    travelling(): string;
  };
  pictureQueue: { want(face: string, preview?: boolean): void; again(): void; reset(): void; readonly moving: boolean; readonly shownFace: string | null };
  recentFaces: { favourite(): void; average(): Promise<void>; open(element: PageElement): Promise<void>; faces(): string[]; thumbnail(face: string, priority?: "auto" | "high" | "low"): HTMLButtonElement };
  rows: { open(): void; show(names: string[]): void; draw(dragging?: boolean): void; find(text: string): void };
  measured: { placed(name: string, scores: Record<string, number>, ticks: ScoresAnswer["ticks"]): Tick | undefined; sentence(shownName: string, value: number, tick: TickAnswer): string };
  gestures: { once(action: () => void): void; endBurst(): void };
  fileSummary: {
    latents(told: WaitingLatentFileAnswer, on: LatentFileListeners): void;
    directions(told: WaitingDirectionsAnswer, on: DirectionFileListeners): void;
    labels(told: WaitingLabelsAnswer & { title: string }, on: LabelFileListeners): void;
  };
  messages: { toast(words: string, kind: "good" | "error", way?: WayOn | WayOn[]): void; reset(): void };
  canvas: { open(): void; show(picture: ImageBitmap): boolean; name(words: string): void; picture(): ImageBitmap | null };
  figures: { still(): Promise<{ picture: Blob; words: string } | null>; title(): string; png(element: PageElement): Promise<void>; svg(element: PageElement): Promise<void> };
  savedFigures: { schemeOf(corners: ArrayLike<number>): "light" | "dark" | "none" };
  jobs: { run(kind: string, params: JobParams, options?: JobOptions): { cancel(): void }; refresh(): void };
  hints: { next(): void; skip(): void };
  added: { remove(name: string): void };
  addDirection(name: string, from?: string): Promise<void>;
  projectedPoint: { follow(given: Projection, changed: () => void): Follower };
  density: { draw(plot: Plot, address: { picture: string }): void };
  scatter: {
    open(given: Sample & { place: Projection | null }): Promise<boolean>;
    select(rows: Uint8Array | null, polygon: Polygon | null): void;
    tool(mode: string): void;
    fit(): void;
    showThumbnail(element: HTMLElement, row: number, side?: number): void;
    faceOf(row: number): string;
    draw(): void;
    readonly sample: Sample | null;
  };
  latent: { openRow(element: PageElement): void; tool(element: PageElement): void; fit(): void; arrows(): void; clear(): void };
  traverse: { take(data: { name: string; component: number } | null): string };
  collections: { changed(): void };
  compare: Comparison;
  present: { show(at: number, taken?: boolean): void; step(by: number): void; leave(): void; readonly at: number; readonly slug: string };
  presenter: { open(): void; black(): void; isOpen(): boolean; end(): void; saved(): void };
  overlays: Record<string, () => object[]>;
  fixedNames: {
    draw(box: HTMLElement, plot: Plot): void;
    reveal(box: HTMLElement, plot: Plot, place: { x: number; y: number; width: number; height: number }): void;
  };
  savers: Record<string, () => Partial<Saved>>;
  save(told?: Partial<Saved>): Promise<void>;
  begin(data: PageOpening): void;
  fold(): void;
  few: string[];
  /** Pages that Dash has asked for and not got yet (page_away.js). */
  pagesAsked: number;
  /** The path of the page that the face on it belongs to; null where going back is Dash's. */
  path: string | null;
  /** Set props of a component of Dash, where the page has it (set_props.js). */
  setProps(id: ComponentId, props: Record<string, unknown>): void;
  /** Where the site begins: an address of it, and the path of the page without that beginning (site_address.js). */
  to(address: string): string;
  here(): string;
  /** Answer a callback of Dash by an address that the browser keeps (cached_callback.js). */
  cachedCallback(name: string, places: { digest: number; values: number[]; needed: number[] }, given: ArrayLike<CallbackValue>): Promise<unknown>;
  visit(address: string): void;
  display(name: string): string;
  signed(number: number, decimals?: number): string;
  /** Decimals of the numbers beside sliders; 2 where a page sets none. */
  decimals?: number;
  ask<Body>(address: string, options?: RequestInit): Promise<Reply<Body>>;
  write<Body>(address: string, value?: unknown): Promise<Reply<Body>>;
  upload<Body>(address: string, file: Blob, gone: (sent: number) => void): Upload<Body>;
}

/** What a dialog about a file of latents calls. */
interface LatentFileListeners {
  keep(values: { name: string; columns: { name: string; kind: string }[] }): Promise<string>;
  cancel(): void;
  another(): void;
  read(how: Record<string, string>): void;
}

/** What a dialog about a file of directions calls. */
interface DirectionFileListeners {
  keep(places: number[], space: string): Promise<string>;
  cancel(): void;
  read(words: Record<string, string>): Promise<Reply<WaitingDirectionsAnswer>>;
}

/** What a dialog about a file of labels calls. */
interface LabelFileListeners {
  keep(words: Record<string, string>): Promise<string>;
  cancel(): void;
  another(): void;
  read(words: Record<string, string>): Promise<Reply<WaitingLabelsAnswer>>;
}

declare var likeness: Likeness;
declare var likenessPins: Pins;
declare var likenessPolygon: Polygons;
interface Window { likeness: Likeness; likenessPins: Pins; likenessPolygon: Polygons }
