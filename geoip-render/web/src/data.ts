// What the page is about: the JSON that geoip_render::html writes, and its columns
// made ready for drawing.

import { byId } from "./dom.ts";
import { project } from "./projection.ts";

/** A text, or the index of one in the table of texts that occur more than once. */
type Text = string | number;

/** The JSON as it stands in the page. Coordinates are columns of differences, in
 * units of 1e-4 degrees. */
export interface PageData {
  title: string;
  notes: string[];
  theme: "dark" | "light";
  extent: "auto" | "world" | { west: number; south: number; east: number; north: number };
  /** Country names by code. */
  countries: Record<string, string>;
  layers: LayerData[];
}

/** What is written about places: a second JSON, at the end of the page, which the
 * page is drawn without and which is read when someone asks for a text. */
export interface TextsData {
  /** Texts that occur more than once. */
  shared: string[];
  /** For each points layer, in order. */
  layers: {
    title: Text[];
    /** The names of the details: one row for each set of names that occurs. */
    shapes: Text[][];
    /** Which row of `shapes` each place has. */
    shape: number[];
    /** The values of the details, place after place. */
    values: Text[];
  }[];
}

export type LayerData = HeatData | PointsData | ChoroplethData | GroupsData | ArcsData;
export type UnitData = "addresses" | "hits";

export interface HeatData {
  kind: "heat";
  unit: UnitData;
  bandwidth_km: number | null;
  lat: number[];
  lng: number[];
  weight: number[];
}

export interface PointsData {
  kind: "points";
  unit: UnitData;
  lat: number[];
  lng: number[];
  weight: number[];
  /** Indices of the places that stand for a whole country or region. */
  coarse: number[];
}

export interface ChoroplethData {
  kind: "choropleth";
  unit: UnitData;
  counts: [string, number][];
}

export interface GroupsData {
  kind: "groups";
  unit: UnitData;
  groups: {
    label: string;
    weight: number;
    outline: [number, number][];
    center: [number, number];
    radius_km: number;
    details: [string, string][];
  }[];
}

export interface ArcsData {
  kind: "arcs";
  unit: UnitData;
  /** What the place is called at which most end. */
  home: string;
  from: { lat: number[]; lng: number[] };
  to: { lat: number[]; lng: number[] };
  weight: number[];
}

const readJson = (id: string): unknown => JSON.parse(byId(id).textContent!);

export const readPageData = (): PageData => readJson("map-data") as PageData;

/** The words for a unit. */
export function noun(unit: UnitData, count: number): string {
  if (unit === "hits") return count === 1 ? "hit" : "hits";
  return count === 1 ? "address" : "addresses";
}

/** Points on the plane with their weights, as columns. */
export interface Columns {
  lat: Float64Array;
  lng: Float64Array;
  x: Float64Array;
  y: Float64Array;
  weight: Float64Array;
  total: number;
}

export function columnsOf(data: { lat: number[]; lng: number[]; weight: number[] }): Columns {
  const count = data.weight.length;
  const lat = new Float64Array(count);
  const lng = new Float64Array(count);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  let total = 0;
  let latSum = 0;
  let lngSum = 0;
  for (let i = 0; i < count; i++) {
    latSum += data.lat[i];
    lngSum += data.lng[i];
    lat[i] = latSum / 1e4;
    lng[i] = lngSum / 1e4;
    const plane = project(lat[i], lng[i]);
    x[i] = plane.x;
    y[i] = plane.y;
    total += data.weight[i];
  }
  return { lat, lng, x, y, weight: Float64Array.from(data.weight), total };
}

/** What is written about the places of all layers, read when first asked for. */
export class Texts {
  private data: TextsData | null = null;

  /** Where the details of each place begin in the column of values, by layer. */
  private starts: Uint32Array[] = [];

  private read(): TextsData {
    if (!this.data) {
      this.data = readJson("map-texts") as TextsData;
      this.starts = this.data.layers.map(({ shapes, shape }) => {
        const start = new Uint32Array(shape.length + 1);
        shape.forEach((row, i) => (start[i + 1] = start[i] + shapes[row].length));
        return start;
      });
    }
    return this.data;
  }

  private resolve(text: Text): string {
    return typeof text === "string" ? text : this.read().shared[text];
  }

  title(layer: number, place: number): string {
    return this.resolve(this.read().layers[layer].title[place]);
  }

  details(layer: number, place: number): [string, string][] {
    const { shapes, shape, values } = this.read().layers[layer];
    const start = this.starts[layer][place];
    return shapes[shape[place]].map((name, i) => [this.resolve(name), this.resolve(values[start + i])]);
  }
}

/** Places as a layer draws them. */
export interface PlaceList {
  readonly columns: Columns;
  readonly count: number;
  readonly unit: UnitData;
  isCoarse(place: number): boolean;
  title(place: number): string;
  details(place: number): [string, string][];
  /** Everything that is written about a place, for searching. */
  words(place: number): string;
  /** The places in the order of their weights, heaviest first. */
  byWeight(): Uint32Array;
}

/** The places of a points layer. */
export class Places implements PlaceList {
  readonly columns: Columns;
  readonly count: number;
  readonly unit: UnitData;
  private readonly coarse: Uint8Array;
  private order: Uint32Array | null = null;

  constructor(
    data: PointsData,
    /** Which of the points layers this is. */
    private readonly layer: number,
    private readonly texts: Texts,
  ) {
    this.columns = columnsOf(data);
    this.count = data.weight.length;
    this.unit = data.unit;
    this.coarse = new Uint8Array(this.count);
    for (const place of data.coarse) this.coarse[place] = 1;
  }

  isCoarse(place: number): boolean {
    return this.coarse[place] === 1;
  }

  title(place: number): string {
    return this.texts.title(this.layer, place);
  }

  details(place: number): [string, string][] {
    return this.texts.details(this.layer, place);
  }

  words(place: number): string {
    return [this.title(place), ...this.details(place).map(([, value]) => value)].join("\n");
  }

  byWeight(): Uint32Array {
    return (this.order ??= heaviestFirst(this.columns.weight));
  }
}

/** Indices in the order of weights. */
export function heaviestFirst(weight: Float64Array): Uint32Array {
  // Numbers sort many times faster than a function compares; a weight and an index
  // share one as long as they fit.
  const indices = 2 ** 21;
  if (weight.length <= indices && weight.every((value) => value < 2 ** 32)) {
    const keys = weight.map((value, i) => i - value * indices).sort();
    return Uint32Array.from(keys, (key) => ((key % indices) + indices) % indices);
  }
  return Uint32Array.from(weight.keys()).sort((a, b) => weight[b] - weight[a] || a - b);
}
