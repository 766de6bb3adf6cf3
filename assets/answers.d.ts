/* The answers of the JSON addresses: `python -m dashboard.web.answers` writes this from its models. */

/** An attribute, or an extra direction, which has a title. */
interface AttributeAnswer {
  name: string;
  title?: string | null;
  group: string;
  kind: string;
  range: [number, number];
  ends: [number, number];
  reliability: Record<string, any>;
}

/** A model that was imported, verified, removed or put back. */
interface ChangedModelAnswer {
  model: string;
  told?: string | null;
}

/** A collection. */
interface CollectionAnswer {
  slug: string;
  name: string;
  version: number;
  items: Array<ItemAnswer>;
}

/** A collection in the list of all. */
interface CollectionSummary {
  slug: string;
  name: string;
  count: number;
}

/** An extra direction, as the browser adds it to a model. */
interface DirectionAnswer {
  attribute: AttributeAnswer;
  base: string;
  gram: Array<number>;
  spare: number;
  coordinate: number;
}

/** How far a download of a model is. */
interface DownloadAnswer {
  name: string;
  phase: string;
  done: number;
  total: number;
  pace: string;
  note: string;
  error: string;
}

/** Whatever went wrong, with a status of 400 and above. */
interface ErrorAnswer {
  error: string;
  failed?: string | null;
}

/** Where a face stands on every direction. */
interface FaceAnswer {
  face: string;
  base: string;
  latent_size: number;
  norm2: number;
  base_coordinates: Array<number>;
  coordinates: Array<number>;
}

/** The process answers. */
interface HealthAnswer {
  status: "ok";
}

/** A saved thing. */
interface ItemAnswer {
  id: number;
  version: number;
  kind: string;
  address: string;
  title: string;
  note: string;
  still: string | null;
}

/** How far a job is. */
interface JobAnswer {
  id: string;
  kind: string;
  state: string;
  fraction: number;
  step: string;
  seconds_left: number | null;
  error: string;
  stage: number;
}

/** A model, as the browser computes coordinates from it. */
interface ModelAnswer {
  name: string;
  digest8: string;
  resolution: number;
  latent_size: number;
  normalised: boolean;
  address: string;
  measurable: boolean;
  attributes: Array<AttributeAnswer>;
  gram: Array<Array<number>>;
  spare: Array<number>;
}

/** A face, and how far it lies from the one that was asked about. */
interface NeighbourAnswer {
  face: string;
  distance: number;
}

/** Faces like one: by features of the scorer, or around its latent. */
interface NeighboursAnswer {
  face: string;
  by: "features" | "latent";
  faces: Array<NeighbourAnswer>;
}

/** A base, or a direction, on the components of a view. */
interface ProjectionAnswer {
  base?: string | null;
  canonical?: string | null;
  direction?: string | null;
  values: Array<number>;
}

/** How many faces have attributes within ranges; the base of one of them where it was asked for. */
interface RangesAnswer {
  matches: number;
  of: number;
  by: "scores" | "coordinates";
  widen: Widen | null;
  base?: string | null;
}

/** A first face has been made. */
interface ReadyAnswer {
  status: "ready";
  model: string;
  cache: string;
}

/** What the scorer reads in a face's picture, in standard deviations of the bank; ticks of a model with curves. */
interface ScoresAnswer {
  face: string;
  scores: Record<string, number>;
  ticks: Record<string, TickAnswer> | null;
}

/** A sheet of faces. */
interface SheetAnswer {
  title: string;
  columns: Array<string>;
  rows: Array<SheetRow>;
}

/** A face of a sheet, or why there is none. */
interface SheetCell {
  face: string | null;
  words: string;
  reason: string | null;
}

/** A row of a sheet. */
interface SheetRow {
  title: string;
  note: string;
  locked: boolean;
  cells: Array<SheetCell>;
}

/** Where a score stands on its slider, where to expect it, the same raw, whether a pinned row is beyond. */
interface TickAnswer {
  at: number;
  low: number;
  high: number;
  score: number;
  least: number;
  most: number;
  outside: boolean;
}

/** The range to leave out first, and how many faces match without it. */
interface Widen {
  name: string;
  matches: number;
}
