/* The answers of the JSON addresses: `python -m dashboard.web.openapi` writes this from its models. */

/** An attribute, or an extra direction, which has a title; a style channel sets a style and does not move w. */
interface AttributeAnswer {
  name: string;
  title?: string | null;
  group: string;
  kind: string;
  range: [number, number];
  ends: [number, number];
  reliability: Record<string, unknown>;
  channel?: ChannelAnswer | null;
}

/** A face's coordinate of an attribute, whether it is pinned, and its score. */
interface AttributeNumbers {
  attribute: string;
  pinned: boolean;
  coordinate: number;
  score: number | null;
}

/** The average of a selection: its face, and how many were averaged. */
interface AverageAnswer {
  face: string;
  count: number;
}

/** A model that was imported, verified, removed or restored. */
interface ChangedModelAnswer {
  model: string;
  message?: string | null;
}

/** A style channel: the row of w that it is read from, the style that it sets, its sign, and what it is in words. */
interface ChannelAnswer {
  row: number;
  style: string;
  sign: number;
  words: string;
}

/** A collection, with notes on missing parts of an import, and its authors if users are identified. */
interface CollectionAnswer {
  slug: string;
  name: string;
  version: number;
  items: Array<ItemAnswer>;
  notes?: Array<string> | null;
  made_by?: string | null;
  changed_by?: string | null;
}

/** A collection that was removed. */
interface CollectionName {
  slug: string;
}

/** A collection in the list of all. */
interface CollectionSummary {
  slug: string;
  name: string;
  count: number;
}

/** All collections that can be saved to. */
type CollectionsAnswer = Array<CollectionSummary>;

/** A column that accompanies latents: a histogram of numbers, or shares of categories. */
interface ColumnAnswer {
  name: string;
  kind: "numbers" | "categories";
  missing: number;
  words: string;
  bars?: Array<number> | null;
  shares?: Array<number> | null;
}

/** The density in a window: the largest count of a cell, and how many rows lie inside. */
interface DensityAnswer {
  most: number;
  inside: number;
}

/** An extra direction, in the form that the browser adds to a model. */
interface DirectionAnswer {
  attribute: AttributeAnswer;
  base: string;
  gram: Array<number>;
  spare: number;
  coordinate: number;
}

/** A direction of a file, and its description in the file. */
interface DirectionInFile {
  title: string;
  description: string;
}

/** The state of a model download. */
interface DownloadAnswer {
  name: string;
  phase: "waiting" | "fetching" | "importing" | "done" | "failed" | "cancelled";
  done: number;
  total: number;
  pace: string;
  note: string;
  error: string;
}

/** An error, with a status of 400 and above. */
interface ErrorAnswer {
  error: string;
  failed?: string | null;
}

/** The coordinates of a face on every direction. */
interface FaceAnswer {
  face: string;
  base: string;
  latent_size: number;
  norm2: number;
  base_coordinates: Array<number>;
  coordinates: Array<number>;
}

/** An uploaded file that was deleted. */
interface FileToken {
  token: string;
}

/** A finding: the moved attribute, the score that changed, the effect with its interval, and how many agree. */
interface FindingAnswer {
  moved: string;
  seen: string;
  effect: number;
  low: number | null;
  high: number | null;
  p_adjusted: number | null;
  same_way: number | null;
  people: number;
  flips: number | null;
  flips_low: number | null;
  flips_high: number | null;
  locked: number | null;
  locked_low: number | null;
  locked_high: number | null;
  locked_flips: number | null;
  alone_flips: number | null;
  other_judge: number | null;
  apart: number | null;
  apart_low: number | null;
  apart_high: number | null;
  sentence: string;
}

/** The findings about a model, how they were measured, and how they were chosen. */
interface FindingsAnswer {
  model: string;
  digest: string;
  judge: string;
  people: number;
  moved: string;
  unit: string;
  tested: number;
  told_from_0: number;
  false_finds_at_most: number;
  least_effect: number;
  interval_level: number | null;
  locked: Array<string>;
  findings: Array<FindingAnswer>;
}

/** The process is alive. */
interface HealthAnswer {
  status: "ok";
}

/** Directions that were imported. */
interface ImportedDirectionsAnswer {
  names: Array<string>;
  titles: Array<string>;
}

/** Imported scores of a model's pictures, and the locks of each of their runs. */
interface ImportedScoresAnswer {
  name: string;
  title: string;
  words: string;
  locked: Array<Array<string>>;
  made_by: string;
}

/** The imported scores of a model, newest first. */
interface ImportedScoresListAnswer {
  scores: Array<ImportedScoresAnswer>;
}

/** Imported scores that were removed or restored. */
interface ImportedScoresName {
  name: string;
}

/** A saved item, with the text of its picture if it has one, and its authors if users are identified. */
interface ItemAnswer {
  id: number;
  version: number;
  kind: string;
  address: string;
  title: string;
  note: string;
  still: string | null;
  made_by?: string | null;
  changed_by?: string | null;
}

/** An item that was taken out. */
interface ItemNumber {
  id: number;
}

/** The state of a job. */
interface JobAnswer {
  id: string;
  kind: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  fraction: number;
  step: string;
  seconds_left: number | null;
  error: string;
  stage: number;
}

/** A job whose result was deleted. */
interface JobNumber {
  id: string;
}

/** A file of latents that was stored immediately, and its set. */
interface KeptLatentFileAnswer {
  space: string;
  title: string;
  rows: number;
  kept_columns: Array<string>;
  summary: string;
  of: number;
  size: number;
  form: string;
  columns: Array<ColumnAnswer>;
  notes: Array<string>;
  doubts: Array<string>;
  left_out: Array<LeftOutAnswer>;
  arrays: Array<string>;
  lengths: [number, number];
  distinct: number;
}

/** A value of a column of labels, and its count. */
interface LabelCount {
  value: string;
  count: number;
}

/** A set of latents stored as a space. */
interface LatentSetAnswer {
  space: string;
  title: string;
  rows: number;
  kept_columns: Array<string>;
}

/** A set of latents that was removed or restored. */
interface LatentSetName {
  name: string;
}

/** An invalid row of a file: its line, the reason, and the value with the surrounding text. */
interface LeftOutAnswer {
  line: number;
  why: string;
  number: number;
  value: string;
  around: [string, string, string];
}

/** A model, with the data from which the browser computes coordinates. */
interface ModelAnswer {
  name: string;
  digest8: string;
  resolution: number;
  latent_size: number;
  normalised: boolean;
  address: string;
  measurable: boolean;
  expected: boolean;
  space: "z" | "w";
  reach2: number | null;
  layers: number;
  layer_ranges: Record<string, [number, number]>;
  previews: boolean;
  attributes: Array<AttributeAnswer>;
  gram: Array<Array<number>>;
  spare: Array<number>;
}

/** A face, and its distance from the face of the request. */
interface NeighbourAnswer {
  face: string;
  distance: number;
}

/** Neighbours of a face: by features of the scorer, or around its latent. */
interface NeighboursAnswer {
  face: string;
  by: "features" | "latent";
  faces: Array<NeighbourAnswer>;
}

/** The numbers of a face as a file: coordinates, scores, and the latent, or its row for each layer. */
interface NumbersAnswer {
  model: string;
  digest: string;
  face: string;
  attributes: Array<AttributeNumbers>;
  latent: Array<number> | Array<Array<number>>;
}

/** How long a job takes on this machine, and the running job where one exists. */
interface OutlookAnswer {
  seconds: number;
  measured: boolean;
  job: JobAnswer | null;
}

/** A base, or a direction, on the components of a view. */
interface ProjectionAnswer {
  base?: string | null;
  canonical?: string | null;
  direction?: string | null;
  values: Array<number>;
}

/** Number of faces that match the ranges; the base of one of them if requested. */
interface RangesAnswer {
  matches: number;
  of: number;
  by: "scores" | "coordinates";
  widen: Widen | null;
  base?: string | null;
}

/** The first face was generated; "degraded" if something is missing, with the reason. */
interface ReadyAnswer {
  status: "ready" | "degraded";
  model: string;
  cache: "in use" | "not in use";
  why?: string | null;
}

/** Directions that were made from scores of faces, and what was read of the file. */
interface ScoredDirectionsAnswer {
  names: Array<string>;
  titles: Array<string>;
  words: string;
}

/** The scores of a face's picture, in standard deviations of the bank; with ticks if the model has curves. */
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

/** A face of a sheet, or the reason why it has none. */
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

/** A score on its slider: measured value and expected range, also as raw scores; whether a pinned row is outside. */
interface TickAnswer {
  at: number;
  low: number;
  high: number;
  score: number;
  least: number;
  most: number;
  outside: boolean;
}

/** A user direction: its name, title and examples, and its accuracy on held-out faces. */
interface UserDirectionAnswer {
  name: string;
  title: string;
  kind: string;
  accuracy: number | null;
  auc: number | null;
  plus: number;
  minus: number;
  warning: string;
  correlation?: number | null;
  read?: string | null;
  features?: number | null;
  low?: number | null;
  high?: number | null;
  p?: number | null;
  classifier?: string | null;
  strength?: number | null;
  held?: Array<string> | null;
  angle?: number | null;
}

/** A user direction that was removed or restored. */
interface UserDirectionName {
  name: string;
}

/** Directions of a file before they are stored: their number, the first of them, and notes on what was left out. */
interface WaitingDirectionsAnswer {
  token: string;
  name: string;
  count: number;
  directions: Array<DirectionInFile>;
  notes: Array<string>;
  space: "z" | "w" | "s";
  spaces: Array<"z" | "w" | "s">;
}

/** Labels of a file before a direction is made from them. */
interface WaitingLabelsAnswer {
  token: string;
  name: string;
  chosen: string;
  problem: string;
  column: string;
  columns: Array<string>;
  counts: Array<LabelCount>;
  one: string;
  scores: boolean;
  numbers: boolean;
  words: string;
  labels: number;
  ones: number;
  blanks: number;
  left_out: number;
  of: string;
}

/** The content of a file of latents before it is stored. */
interface WaitingLatentFileAnswer {
  summary: string;
  rows: number;
  of: number;
  size: number;
  form: string;
  columns: Array<ColumnAnswer>;
  notes: Array<string>;
  doubts: Array<string>;
  left_out: Array<LeftOutAnswer>;
  arrays: Array<string>;
  lengths: [number, number];
  distinct: number;
  token: string;
  name: string;
  model: string;
}

/** An uploaded manifest before the scores of its pictures. */
interface WaitingManifestAnswer {
  token: string;
  name: string;
}

/** The range to drop first, and how many faces match without it. */
interface Widen {
  name: string;
  matches: number;
}
