// What a report is made of: the columns that geoip_render::report writes, made ready
// for adding up.

import type { UnitData } from "./data.ts";
import { unpackedJson } from "./packed.ts";
import { project } from "./projection.ts";

export interface TimelineData {
  /** Seconds since 1970. */
  start: number;
  /** Seconds a slot. */
  width: number;
  slots: number;
  untimed: number;
  outside: number;
}

/** Hits of all rows in narrower slots than theirs. */
export interface BarsData {
  start: number;
  width: number;
  hits: number[];
}

export interface FixedTable {
  title: string;
  note: string;
  columns: [name: string, isNumber: boolean][];
  rows: string[][];
}

export interface HomeData {
  lat: number;
  lng: number;
  name: string;
}

/** The JSON as it stands in the page: differences from row to row, where they are short. */
export interface ReportData {
  whole: boolean;
  unit: UnitData;
  heat: boolean;
  points: boolean;
  choropleth: boolean;
  groups: "no" | "asleep" | "shown";
  /** How far apart two places of a group may be. */
  within: string;
  /** Where arcs lead. */
  home: HomeData | null;
  bandwidth_km: number | null;
  lines: number | null;
  places: {
    lat: number[];
    lng: number[];
    codes: string[];
    country: number[];
    precision: (0 | 1 | 2)[];
    radius_km: (number | null)[];
    /** The number of the group of each place, -1 for none; empty without groups. */
    group: number[];
  };
  known_flags: string[];
  flag_sets: string[][];
  rows: {
    listed: number;
    place: number[];
    system: number[];
    network: number[];
    flags: number[];
    addresses: number[];
    /** Those that are in no slot. */
    hits: number[];
    slots: number[];
    slot: number[];
    slot_hits: number[];
    prefix: (number | null)[];
    first: (number | null)[];
    last: (number | null)[];
    failed: number[];
    accepted: number[];
    users_tried: number[];
  };
  timeline: TimelineData | null;
  bars: BarsData | null;
  /** What has no place on Earth and is in no row. */
  apart: [addresses: number, hits: number];
  tables: FixedTable[];
  facts: [string, string][];
}

/** The words, which are read when the first is asked for. */
export interface ReportWords {
  /** The names up to the first comma, and the number of what follows. */
  places: string[];
  region: number[];
  regions: string[];
  systems: [number, string][];
  networks: string[];
  addresses: string[];
  users: string[];
  /** For each listed row the number of a name, failed and accepted, name after name. */
  logins: number[][];
}

/** What came of a name that an address tried. */
export interface Login {
  user: string;
  failed: number;
  accepted: number;
}

const NO_WORDS: ReportWords = { places: [], region: [], regions: [], systems: [], networks: [], addresses: [], users: [], logins: [] };

/** Places and rows as columns. A row is an address, or several alike. */
export class Facts {
  /** How many places there are, and how many of them, the first, have a point. */
  readonly places: number;
  readonly located: number;
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly codes: string[];
  readonly country: Int16Array;
  readonly precision: Uint8Array;
  /** -1 is none. */
  readonly group: Int32Array;
  /** How many groups there are. */
  readonly groups: number;
  readonly rows: number;
  /** How many rows, the first, are addresses that are listed. */
  readonly listed: number;
  /** -1 is not known. */
  readonly place: Int32Array;
  readonly system: Int32Array;
  readonly network: Int32Array;
  readonly flags: Uint8Array;
  readonly addresses: Float64Array;
  readonly hits: Float64Array;
  /** Where the slots of each row begin. */
  readonly slotStart: Uint32Array;
  readonly slot: Uint16Array;
  readonly slotHits: Float64Array;
  private words = NO_WORDS;

  constructor(readonly data: ReportData) {
    const { places, rows } = data;
    this.places = places.country.length;
    this.located = places.lat.length;
    this.lat = new Float64Array(this.located);
    this.lng = new Float64Array(this.located);
    this.x = new Float64Array(this.located);
    this.y = new Float64Array(this.located);
    let lat = 0;
    let lng = 0;
    for (let i = 0; i < this.located; i++) {
      lat += places.lat[i];
      lng += places.lng[i];
      this.lat[i] = lat / 1e3;
      this.lng[i] = lng / 1e3;
      const { x, y } = project(this.lat[i], this.lng[i]);
      this.x[i] = x;
      this.y[i] = y;
    }
    this.codes = places.codes;
    this.country = Int16Array.from(places.country);
    this.precision = Uint8Array.from(places.precision);
    this.group = sums(places.group);
    this.groups = this.group.reduce((most, group) => Math.max(most, group + 1), 0);
    this.rows = rows.place.length;
    this.listed = rows.listed;
    this.place = sums(rows.place);
    this.system = Int32Array.from(rows.system);
    this.network = Int32Array.from(rows.network);
    this.flags = Uint8Array.from(rows.flags);
    this.addresses = Float64Array.from(rows.addresses);
    this.hits = Float64Array.from(rows.hits);
    this.slotStart = new Uint32Array(this.rows + 1);
    for (let i = 0; i < this.rows; i++) this.slotStart[i + 1] = this.slotStart[i] + rows.slots[i];
    this.slot = new Uint16Array(rows.slot.length);
    for (let row = 0; row < this.rows; row++) {
      let slot = 0;
      for (let i = this.slotStart[row]; i < this.slotStart[row + 1]; i++) {
        this.slot[i] = slot += rows.slot[i];
      }
    }
    this.slotHits = Float64Array.from(rows.slot_hits);
    for (let row = 0; row < this.rows; row++) {
      for (let i = this.slotStart[row]; i < this.slotStart[row + 1]; i++) this.hits[row] += this.slotHits[i];
    }
  }

  /** Reads the words. */
  async readWords(): Promise<void> {
    this.words = (await unpackedJson<ReportWords>("report-words")) ?? NO_WORDS;
  }

  /** The name of a place without its country. */
  placeName(place: number): string {
    const { places, region, regions } = this.words;
    const rest = regions[region[place]];
    return rest ? `${places[place]}, ${rest}` : (places[place] ?? "");
  }

  code(place: number): string | undefined {
    return place < 0 ? undefined : this.codes[this.country[place]];
  }

  address(row: number): string {
    return this.words.addresses[row] ?? "";
  }

  networkName(network: number): string {
    return this.words.networks[network] ?? "";
  }

  get networkCount(): number {
    return this.words.networks.length;
  }

  get systemCount(): number {
    return this.words.systems.length;
  }

  /** AS13335; nothing for the smaller ones that stand together as AS0. */
  systemNumber(system: number): string {
    const known = this.words.systems[system];
    return known && known[0] !== 0 ? `AS${known[0]}` : "";
  }

  /** How many systems stand together as AS0. */
  otherSystems(): number {
    return Number.parseInt(this.systemName(this.systemOf("AS0")).replaceAll(",", ""), 10) || 0;
  }

  systemName(system: number): string {
    return this.words.systems[system]?.[1] ?? "";
  }

  /** The system of a number such as AS13335. */
  systemOf(number: string): number {
    return this.words.systems.findIndex(([asn]) => `AS${asn}` === number);
  }

  /** When a listed address was first and last seen, in seconds since 1970. */
  seen(row: number): [number, number] | null {
    const { first, last } = this.data.rows;
    const begin = first[row];
    const end = last[row];
    if (begin === null || end === null || begin === undefined || end === undefined) return null;
    const from = (this.data.timeline?.start ?? 0) + begin;
    return [from, from + end];
  }

  /** The names that a listed address tried most. */
  logins(row: number): Login[] {
    const told = this.words.logins[row] ?? [];
    return Array.from({ length: told.length / 3 }, (_, i) => ({
      user: this.words.users[told[3 * i]],
      failed: told[3 * i + 1],
      accepted: told[3 * i + 2],
    }));
  }

  hasLogins(): boolean {
    return this.data.rows.failed.length > 0;
  }
}

/** Running sums. */
function sums(steps: number[]): Int32Array {
  const made = new Int32Array(steps.length);
  let sum = 0;
  for (let i = 0; i < steps.length; i++) made[i] = sum += steps[i];
  return made;
}
