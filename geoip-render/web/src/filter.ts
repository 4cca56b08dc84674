// What the reader has chosen, and what is then left to add up.

import type { UnitData } from "./data.ts";
import type { Facts } from "./facts.ts";

export type Rule = "only" | "without";

export interface Filter {
  unit: UnitData;
  country: string | null;
  /** -1 for none chosen. */
  system: number;
  network: number;
  place: number;
  group: number;
  flags: Map<string, Rule>;
  /** The first slot and the one after the last. */
  time: [number, number] | null;
  /** Places with less are left out. */
  least: number;
}

export const everything = (unit: UnitData): Filter => ({
  unit,
  country: null,
  system: -1,
  network: -1,
  place: -1,
  group: -1,
  flags: new Map(),
  time: null,
  least: 0,
});

/** Whether anything is left out. */
export const isOpen = (filter: Filter): boolean =>
  filter.country === null &&
  filter.system < 0 &&
  filter.network < 0 &&
  filter.place < 0 &&
  filter.group < 0 &&
  filter.flags.size === 0 &&
  filter.time === null &&
  filter.least <= 1;

/** Hits and addresses of each of several things. */
export class Tallies {
  readonly hits: Float64Array;
  readonly addresses: Float64Array;
  constructor(count: number) {
    this.hits = new Float64Array(count);
    this.addresses = new Float64Array(count);
  }
  of(unit: UnitData): Float64Array {
    return unit === "hits" ? this.hits : this.addresses;
  }
  /** Those with something, most first. */
  ranking(unit: UnitData): number[] {
    const counts = this.of(unit);
    const found: number[] = [];
    for (let i = 0; i < counts.length; i++) if (counts[i] > 0) found.push(i);
    return found.sort((a, b) => counts[b] - counts[a] || this.hits[b] - this.hits[a] || a - b);
  }
}

export interface Sums {
  hits: number;
  addresses: number;
  /** Of what no database knows the place. */
  nowhere: { hits: number; addresses: number };
  places: Tallies;
  countries: Tallies;
  systems: Tallies;
  networks: Tallies;
  /** By the set of flags. */
  flags: Tallies;
  /** What each row counts; 0 if it is left out. */
  rowHits: Float64Array;
  /** Hits in each slot, whatever the time that is chosen. */
  slots: Float64Array;
  /** Whether addresses are at most as many as said: rows of several in a part of the time. */
  atMost: boolean;
}

/** Adds up all rows that a filter takes. */
export function addUp(facts: Facts, filter: Filter): Sums {
  const { rows, place, system, network, flags, addresses, hits, slotStart, slot, slotHits } = facts;
  const sums: Sums = {
    hits: 0,
    addresses: 0,
    nowhere: { hits: 0, addresses: 0 },
    places: new Tallies(facts.places),
    countries: new Tallies(facts.codes.length),
    systems: new Tallies(maximum(system) + 1),
    networks: new Tallies(maximum(network) + 1),
    flags: new Tallies(facts.data.flag_sets.length),
    rowHits: new Float64Array(rows),
    slots: new Float64Array(facts.data.timeline?.slots ?? 0),
    atMost: false,
  };
  const country = filter.country === null ? -1 : facts.codes.indexOf(filter.country);
  const wantsCountry = filter.country !== null;
  const takesFlags = facts.data.flag_sets.map((set) => takes(filter.flags, set));
  const taken = new Uint8Array(rows);
  const placeHits = new Float64Array(facts.places);
  for (let row = 0; row < rows; row++) {
    const here = place[row];
    if (wantsCountry && (here < 0 || facts.country[here] !== country)) continue;
    if (filter.system >= 0 && system[row] !== filter.system) continue;
    if (filter.network >= 0 && network[row] !== filter.network) continue;
    if (filter.place >= 0 && here !== filter.place) continue;
    if (filter.group >= 0 && (here < 0 || facts.group[here] !== filter.group)) continue;
    if (!takesFlags[flags[row]]) continue;
    taken[row] = 1;
    let count = hits[row];
    if (filter.time) {
      count = 0;
      const [from, to] = filter.time;
      for (let i = slotStart[row]; i < slotStart[row + 1]; i++) {
        if (slot[i] >= from && slot[i] < to) count += slotHits[i];
      }
    }
    sums.rowHits[row] = count;
    if (here >= 0) placeHits[here] += count;
  }
  for (let row = 0; row < rows; row++) {
    if (!taken[row]) continue;
    const here = place[row];
    if (filter.least > 1 && (here < 0 || placeHits[here] < filter.least)) {
      sums.rowHits[row] = 0;
      continue;
    }
    for (let i = slotStart[row]; i < slotStart[row + 1]; i++) sums.slots[slot[i]] += slotHits[i];
    const count = sums.rowHits[row];
    if (count === 0) continue;
    const many = Math.min(addresses[row], count);
    // Of several, all are there if all hits are, and one a hit if no one came twice;
    // otherwise no more than that is known.
    if (count < hits[row] && addresses[row] < hits[row] && addresses[row] > 1) sums.atMost = true;
    sums.hits += count;
    sums.addresses += many;
    if (here >= 0) {
      add(sums.places, here, count, many);
      if (facts.country[here] >= 0) add(sums.countries, facts.country[here], count, many);
    } else {
      sums.nowhere.hits += count;
      sums.nowhere.addresses += many;
    }
    if (system[row] >= 0) add(sums.systems, system[row], count, many);
    if (network[row] >= 0) add(sums.networks, network[row], count, many);
    add(sums.flags, flags[row], count, many);
  }
  return sums;
}

function add(counts: Tallies, index: number, hits: number, addresses: number): void {
  counts.hits[index] += hits;
  counts.addresses[index] += addresses;
}

/** Whether a set of flags is wanted: one of those asked for, and none that is not. */
function takes(rules: Map<string, Rule>, set: string[]): boolean {
  let asked = false;
  let has = false;
  for (const [flag, rule] of rules) {
    if (rule === "without" && set.includes(flag)) return false;
    if (rule === "only") {
      asked = true;
      has ||= set.includes(flag);
    }
  }
  return !asked || has;
}

function maximum(values: Int32Array): number {
  let most = -1;
  for (const value of values) if (value > most) most = value;
  return most;
}

// The filter in the address of the page, so that a link leads to the same view.

/** What a link says beside the filter. */
export interface Where {
  lat: number;
  lng: number;
  zoom: number;
}

export interface State {
  filter: Filter;
  layers: string[] | null;
  where: Where | null;
  /** Whether the map is a globe. */
  globe: boolean;
}

export function toHash(state: State, facts: Facts, initial: UnitData): string {
  const { filter, layers, where, globe } = state;
  const parts: string[] = [];
  const put = (key: string, value: string) => parts.push(`${key}=${encodeURIComponent(value)}`);
  const ruled = (wanted: Rule) => [...filter.flags].filter(([, rule]) => rule === wanted).map(([flag]) => flag);
  if (filter.unit !== initial) put("unit", filter.unit);
  if (filter.country !== null) put("country", filter.country);
  if (filter.system >= 0) put("as", facts.systemNumber(filter.system));
  if (filter.network >= 0) put("network", facts.networkName(filter.network));
  if (filter.place >= 0) put("place", String(filter.place));
  if (filter.group >= 0) put("group", String(filter.group));
  if (ruled("only").length) put("only", ruled("only").join(","));
  if (ruled("without").length) put("without", ruled("without").join(","));
  if (filter.time) put("time", filter.time.join("-"));
  if (filter.least > 1) put("least", String(filter.least));
  if (layers) put("layers", layers.join(","));
  if (globe) put("map", "globe");
  if (where) put("at", `${where.lat.toFixed(3)},${where.lng.toFixed(3)},${where.zoom.toFixed(2)}`);
  return parts.join("&").replace(/%2C/g, ",");
}

/** What a link says, as far as this page knows of it. */
export function fromHash(hash: string, facts: Facts): State {
  const filter = everything(facts.data.unit);
  const state: State = { filter, layers: null, where: null, globe: false };
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key, coded = ""] = part.split("=", 2);
    let value: string;
    try {
      value = decodeURIComponent(coded);
    } catch {
      continue;
    }
    const words = value.split(",").filter((word) => word !== "");
    switch (key) {
      case "unit":
        if (value === "hits" || value === "addresses") filter.unit = value;
        break;
      case "country":
        if (facts.codes.includes(value)) filter.country = value;
        break;
      case "as":
        filter.system = facts.systemOf(value);
        break;
      case "network":
        for (let i = 0; i < facts.networkCount; i++) if (facts.networkName(i) === value) filter.network = i;
        break;
      case "place":
        if (/^\d+$/.test(value) && Number(value) < facts.places) filter.place = Number(value);
        break;
      case "group":
        if (/^\d+$/.test(value) && Number(value) < facts.groups) filter.group = Number(value);
        break;
      case "only":
      case "without":
        for (const word of words) if (facts.data.known_flags.includes(word)) filter.flags.set(word, key);
        break;
      case "time": {
        const [from, to] = value.split("-").map(Number);
        const slots = facts.data.timeline?.slots ?? 0;
        if (from >= 0 && from < to && to <= slots) filter.time = [Math.floor(from), Math.floor(to)];
        break;
      }
      case "least":
        if (Number(value) > 1) filter.least = Math.floor(Number(value));
        break;
      case "layers":
        state.layers = words;
        break;
      case "map":
        state.globe = value === "globe";
        break;
      case "at": {
        const [lat, lng, zoom] = words.map(Number);
        const isPlace = Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && zoom > 0 && zoom < 1e4;
        if (isPlace) state.where = { lat, lng, zoom };
        break;
      }
    }
  }
  return state;
}
