/* What the scripts share: the members of `likeness`, the events they send one another, and what the page itself brings.
   `make lint` checks every script against this (tsconfig.json). The answers of the server are in answers.d.ts. */

type Motion = "drag" | "ease" | "step" | "base";
type Sentence = string | null;

type Attribute = AttributeAnswer;
type Model = ModelAnswer;
interface Origin { base: string; coordinates: number[]; norm2: number; [more: string]: any }
interface Shown { face: string; coordinates: Float64Array }

/** The one face of the page: a base, pins, and the coordinate on every direction (state.js). */
interface FaceState {
  readonly model: Model; readonly base: string | null; readonly origin: Origin; readonly pins: Map<string, number>;
  readonly heldPins: Map<string, number> | null; readonly shown: Shown;
  open(data: any): void; face(): string; query(face?: string): string; feasible(): boolean; isOurs(address: string): boolean;
  pin(name: string, value: number, motion?: Motion): void; release(name: string): void; releaseAll(): void; settle(): void;
  value(name: string): number; seedValue(name: string): number; stepped(name: string, steps: number): number;
  reaches(...given: any[]): any; lean(...given: any[]): any; because(name: string): string; inWords(...given: any[]): any;
  rebase(base: string, ...given: any[]): Promise<Sentence>; go(face: string, ...given: any[]): Promise<Sentence>;
  know(names: string[]): Promise<Sentence>; withoutPins(on: boolean): void;
}

/** Details of the events on `likeness.events`, by name. */
interface LikenessEvents {
  "likeness:change": { motion: Motion };
  "likeness:settle": { face: string };
  "likeness:open": Record<string, never>;
  "likeness:directions": { attribute: Attribute; place: number };
  "likeness:problem": { kind: "pins" | "link" | "picture" | "away"; sentence: Sentence; pins?: string[]; [more: string]: any };
  "likeness:face": { face: string; ms: number; cache: string; askedAt: number; shownAt: number };
  "likeness:words": { restored: boolean };
  "likeness:rows": null;
  "likeness:added": null;
  "likeness:compared": null;
  "likeness:sheet": null;
  "likeness:job": { id: string; kind: string; model: string; state: string; stage?: string; [more: string]: any };
  "likeness:picked": { row: number };
  "likeness:cleared": Record<string, never>;
  "likeness:slide": { slug: string; at: number; slides: any[]; taken?: boolean; [more: string]: any };
  "likeness:outlined": { polygon: number[][]; rows: number[] };
}
interface LikenessBus {
  addEventListener<K extends keyof LikenessEvents>(name: K, heard: (event: CustomEvent<LikenessEvents[K]>) => void): void;
  removeEventListener<K extends keyof LikenessEvents>(name: K, heard: (event: CustomEvent<LikenessEvents[K]>) => void): void;
  dispatchEvent(event: Event): boolean;
}

/** An action that has keys: made from dashboard/components/action_table.py. */
interface ActionWithKeys { id: string; title: string; keys: string[][]; where: string; needs: string }

type Answer = Promise<{ body?: any; sentence?: string; cancelled?: boolean; [more: string]: any }>;
type Element_ = any;

/** Everything the scripts share. */
interface Likeness {
  state: FaceState;
  events: LikenessBus;
  actionTable: ActionWithKeys[];
  actions: Record<string, (element?: any, ...more: any[]) => any>;
  keys: { action(event: KeyboardEvent, ...where: string[]): ActionWithKeys | undefined; hint(id: string | undefined): string };
  singleKeys(): boolean;
  history: { open(...given: any[]): any; amend(...given: any[]): any; pageQuery(face: string): string; pause(): void; undo(): void; redo(): void; query(): string };
  words: { open(...given: any[]): any; get(name: string): string | null; set(words: Record<string, string | null | undefined>, ...given: any[]): any; text(...given: any[]): string; textOf(...given: any[]): string; restore(...given: any[]): any; travelling(): string };
  pictureQueue: { want(face: string): any; again(): void; reset(): void; readonly shownFace: string | null };
  recentFaces: { favourite(): void; average(): any; open(element: Element_): any; faces(): string[]; thumbnail(face: string, priority?: "auto" | "high" | "low"): HTMLButtonElement };
  rows: { open(...given: any[]): any; show(...given: any[]): any; draw(...given: any[]): any; find(...given: any[]): any };
  measured: { placed(name: string, scores: Record<string, number>, ticks: ScoresAnswer["ticks"]): any; sentence(shownName: string, value: number, tick: any): string };
  gestures: { once(action: () => any): any; endBurst(): void };
  fileSummary: { latents(told: any, on: Record<string, (...given: any[]) => any>): void; directions(told: any, on: Record<string, (...given: any[]) => any>): void };
  messages: { toast(words: string, kind?: string, ...given: any[]): any; reset(): void };
  canvas: { open(...given: any[]): any; show(...given: any[]): any; name(...given: any[]): any };
  figures: { still(...given: any[]): any; title(...given: any[]): any; png(element: Element_): any; svg(element: Element_): any };
  jobs: { run(...given: any[]): any; refresh(...given: any[]): any };
  hints: { next(): void; skip(): void };
  added: { remove(name: string): void };
  addDirection(name: string, ...given: any[]): any;
  projectedPoint: { follow(given: any, changed: () => void): any };
  density: { draw(...given: any[]): any };
  scatter: { open(...given: any[]): any; select(...given: any[]): any; tool(name: string): void; fit(): void; showThumbnail(...given: any[]): any; faceOf(row: number): string; draw(): void; readonly sample: any };
  latent: { openRow(element: Element_): void; tool(element: Element_): void; fit(): void; arrows(): void; clear(): void };
  traverse: { take(data: any): any };
  collections: { changed(): void };
  compare: any;
  present: { show(at: number, taken?: boolean): any; step(by: number): any; leave(): any; readonly at: number; readonly slug: string };
  presenter: { open(): any; black(): any; isOpen(): boolean; end(): any; saved(): any };
  overlays: Record<string, () => any[]>;
  savers: Record<string, () => any>;
  save: (...given: any[]) => any;
  begin(data: any, ...given: any[]): any;
  fold(): void;
  few: string[];
  path: any;
  /** Set props of a component of Dash, where the page has it (set_props.js). */
  setProps(id: string | Record<string, any>, props: Record<string, any>): void;
  /** Where the site begins: an address of it, and the path of the page without that beginning (site_address.js). */
  to(address: string): string;
  here(): string;
  /** Answer a callback of Dash by an address that the browser keeps (cached_callback.js). */
  cachedCallback(name: string, places: { digest: number; values: number[]; needed: number[] }, given: ArrayLike<any>): Promise<any>;
  display(name: string): string;
  signed(number: number): string;
  ask(address: string, options?: RequestInit): Answer;
  write(address: string, value?: unknown): Answer;
  upload(address: string, file: Blob, gone: (sent: number, all: number) => void): any;
}

declare var likeness: Likeness;
declare var likenessPins: any;
declare var likenessPolygon: any;
interface Window {
  likeness: Likeness; likenessPins: any; likenessPolygon: any;
  dash_clientside: any; dash_component_api: any; dash_ag_grid: any; React: any; dashAgGridComponentFunctions: any; agGrid: any; Plotly: any;
  addEventListener(name: string, heard: (event: any) => void, options?: any): void;
}

// The page is laid out in Python: what a script looks up there has the kind of element that its page gives it.
interface ParentNode { querySelector(selectors: string): Element_; querySelectorAll(selectors: string): NodeListOf<any> }
interface Document { getElementById(id: string): Element_; addEventListener(name: string, heard: (event: any) => void, options?: any): void }
interface Element { closest(selectors: string): Element_ }
interface EventTarget { addEventListener(name: string, heard: (event: any) => void, options?: any): void }
interface HTMLElement { addEventListener(name: string, heard: (event: any) => void, options?: any): void }
declare var module: { exports: unknown };
