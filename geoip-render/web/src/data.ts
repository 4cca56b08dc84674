// What the page is about: the JSON that geoip_render::html writes, and its columns
// made ready for drawing.

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
  texts: string[];
  layers: LayerData[];
}

export type LayerData = HeatData | PointsData | ChoroplethData | GroupsData;
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
  title: Text[];
  /** The names of the details: one row for each set of names that occurs. */
  shapes: Text[][];
  /** Which row of `shapes` each place has. */
  shape: number[];
  /** The values of the details, place after place. */
  values: Text[];
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

export function readPageData(): PageData {
  return JSON.parse(document.getElementById("map-data")!.textContent!) as PageData;
}

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

/** The places of a points layer. */
export class Places {
  readonly columns: Columns;
  readonly count: number;
  readonly unit: UnitData;
  private readonly coarse: Uint8Array;
  /** Where the details of each place begin in the column of values. */
  private readonly start: Uint32Array;

  constructor(
    private readonly data: PointsData,
    private readonly texts: string[],
  ) {
    this.columns = columnsOf(data);
    this.count = data.weight.length;
    this.unit = data.unit;
    this.coarse = new Uint8Array(this.count);
    for (const place of data.coarse) this.coarse[place] = 1;
    this.start = new Uint32Array(this.count + 1);
    for (let i = 0; i < this.count; i++) {
      this.start[i + 1] = this.start[i] + data.shapes[data.shape[i]].length;
    }
  }

  private text(text: Text): string {
    return typeof text === "string" ? text : this.texts[text];
  }

  isCoarse(place: number): boolean {
    return this.coarse[place] === 1;
  }

  title(place: number): string {
    return this.text(this.data.title[place]);
  }

  details(place: number): [string, string][] {
    const names = this.data.shapes[this.data.shape[place]];
    return names.map((name, i) => [
      this.text(name),
      this.text(this.data.values[this.start[place] + i]),
    ]);
  }

  /** Everything that is written about a place, for searching. */
  words(place: number): string {
    let words = this.title(place);
    for (let i = this.start[place]; i < this.start[place + 1]; i++) {
      words += "\n" + this.text(this.data.values[i]);
    }
    return words;
  }

  /** The places in the order of their weights, heaviest first. */
  byWeight(): Uint32Array {
    const weight = this.columns.weight;
    return Uint32Array.from({ length: this.count }, (_, i) => i).sort(
      (a, b) => weight[b] - weight[a] || a - b,
    );
  }
}
