// The places of a report as the map draws them: those that a filter leaves.

import { type Columns, heaviestFirst, type PlaceList, type UnitData } from "./data.ts";
import type { Facts } from "./facts.ts";
import type { Sums } from "./filter.ts";

/** The places with something to count, as columns. */
export class FactPlaces implements PlaceList {
  readonly columns: Columns;
  readonly count: number;
  /** The number in the facts of each place here. */
  readonly ids: Uint32Array;
  private order: Uint32Array | null = null;

  constructor(
    readonly facts: Facts,
    sums: Sums,
    readonly unit: UnitData,
    private readonly names: (code: string) => string,
    /** Only places known to a city: those that may stand for a point. */
    onlyPrecise = false,
  ) {
    const counts = sums.places.of(unit);
    const ids: number[] = [];
    for (let place = 0; place < facts.located; place++) {
      if (counts[place] > 0 && !(onlyPrecise && facts.precision[place] > 0)) ids.push(place);
    }
    this.ids = Uint32Array.from(ids);
    this.count = ids.length;
    const column = (values: Float64Array) => Float64Array.from(this.ids, (place) => values[place]);
    const weight = column(counts);
    this.columns = {
      lat: column(facts.lat),
      lng: column(facts.lng),
      x: column(facts.x),
      y: column(facts.y),
      weight,
      total: weight.reduce((sum, value) => sum + value, 0),
    };
  }

  isCoarse(place: number): boolean {
    return this.facts.precision[this.ids[place]] > 0;
  }

  title(place: number): string {
    return fullName(this.facts, this.ids[place], this.names);
  }

  details(): [string, string][] {
    return [];
  }

  words(place: number): string {
    return this.title(place);
  }

  byWeight(): Uint32Array {
    return (this.order ??= heaviestFirst(this.columns.weight));
  }
}

/** City, region and country. */
export function fullName(facts: Facts, place: number, names: (code: string) => string): string {
  const code = facts.code(place);
  const [name, country] = [facts.placeName(place), code ? names(code) : ""];
  if (name === "" || name === country) return country || "Unnamed place";
  return country === "" ? name : `${name}, ${country}`;
}
