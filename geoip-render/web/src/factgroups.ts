// Groups of near places, made of those places that a filter leaves.

import type { UnitData } from "./data.ts";
import { fullName } from "./factplaces.ts";
import type { Facts } from "./facts.ts";
import type { Sums } from "./filter.ts";
import type { GroupData } from "./groups.ts";
import { whole } from "./numbers.ts";

const EARTH_RADIUS_KM = 6371.0088;
const RADIANS = Math.PI / 180;

type Point = [lat: number, lng: number];

/** What is left of a group: at least two of its places. */
export class FactGroup implements GroupData {
  private made: Shape | null = null;

  constructor(
    private readonly facts: Facts,
    private readonly names: (code: string) => string,
    /** Its number in the facts. */
    readonly id: number,
    /** Its places, heaviest first. */
    readonly places: number[],
    readonly hits: number,
    readonly addresses: number,
    private readonly unit: UnitData,
  ) {}

  get weight(): number {
    return this.unit === "hits" ? this.hits : this.addresses;
  }
  /** Its heaviest place, and how many more there are. */
  get name(): string {
    const others = this.places.length - 1;
    const first = fullName(this.facts, this.places[0], this.names);
    return `${first} and ${whole(others)} more`;
  }
  /** The same, short enough to stand on a map. */
  get label(): string {
    const [first] = this.facts.placeName(this.places[0]).split(",", 1);
    return `${first} +${whole(this.places.length - 1)}`;
  }
  /** How far its places are apart at most. */
  get acrossKm(): number {
    return this.shape.acrossKm;
  }
  get outline(): Point[] {
    return this.shape.outline;
  }
  get center(): Point {
    return this.shape.center;
  }
  get radius_km(): number {
    return this.shape.acrossKm / 2;
  }
  get details(): [string, string][] {
    return [
      ["Around", this.name],
      ["Places", whole(this.places.length)],
      [this.unit === "hits" ? "Addresses" : "Hits", whole(this.unit === "hits" ? this.addresses : this.hits)],
      ["Across", `${whole(Math.round(this.acrossKm))} km`],
      ["Within", this.facts.data.within],
    ];
  }
  private get shape(): Shape {
    const { lat, lng } = this.facts;
    return (this.made ??= shapeOf(this.places.map((place) => [lat[place], lng[place]])));
  }
}

/** The groups of which at least two places are left, heaviest first. */
export function groupsOf(facts: Facts, sums: Sums, unit: UnitData, names: (code: string) => string): FactGroup[] {
  const counts = sums.places.of(unit);
  const members: number[][] = Array.from({ length: facts.groups }, () => []);
  for (let place = 0; place < facts.located; place++) {
    if (facts.group[place] >= 0 && counts[place] > 0) members[facts.group[place]].push(place);
  }
  const groups: FactGroup[] = [];
  members.forEach((places, id) => {
    if (places.length < 2) return;
    places.sort((a, b) => counts[b] - counts[a] || a - b);
    const sum = (values: Float64Array) => places.reduce((all, place) => all + values[place], 0);
    const { hits, addresses } = sums.places;
    groups.push(new FactGroup(facts, names, id, places, sum(hits), sum(addresses), unit));
  });
  return groups.sort((a, b) => b.weight - a.weight || a.id - b.id);
}

interface Shape {
  /** The corners around all points; fewer than three are no outline. */
  outline: Point[];
  center: Point;
  acrossKm: number;
}

/** The outline of points that are less than a quarter of the globe apart. */
export function shapeOf(points: Point[]): Shape {
  const outline = hullOf(points);
  // The two that are farthest apart are corners.
  let acrossKm = 0;
  let center = outline[0];
  outline.forEach((a, i) => {
    for (const b of outline.slice(i + 1)) {
      const apart = distanceKm(a, b);
      if (apart > acrossKm) [acrossKm, center] = [apart, middleOf(a, b)];
    }
  });
  return { outline, center, acrossKm };
}

/** The convex hull. Seen from the middle of the globe, great circles are straight lines
 * on a plane that touches it, so the hull there is the hull on the ground. */
function hullOf(points: Point[]): Point[] {
  const [lat0, lng0] = points[0];
  const [sin0, cos0] = [Math.sin(lat0 * RADIANS), Math.cos(lat0 * RADIANS)];
  const flat = points.map((point): { x: number; y: number; point: Point } => {
    const [sin, cos] = [Math.sin(point[0] * RADIANS), Math.cos(point[0] * RADIANS)];
    const east = (point[1] - lng0) * RADIANS;
    const depth = sin0 * sin + cos0 * cos * Math.cos(east);
    return { x: (cos * Math.sin(east)) / depth, y: (cos0 * sin - sin0 * cos * Math.cos(east)) / depth, point };
  });
  flat.sort((a, b) => a.x - b.x || a.y - b.y);
  // Andrew's monotone chain, once along the lower side and once back along the upper.
  const side = (order: typeof flat) => {
    const chain: typeof flat = [];
    for (const next of order) {
      while (chain.length > 1) {
        const [a, b] = chain.slice(-2);
        if ((b.x - a.x) * (next.y - a.y) - (b.y - a.y) * (next.x - a.x) > 0) break;
        chain.pop();
      }
      chain.push(next);
    }
    return chain.slice(0, -1);
  };
  return [...side(flat), ...side(flat.reverse())].map(({ point }) => point);
}

/** By the haversine formula. */
export function distanceKm([lat1, lng1]: Point, [lat2, lng2]: Point): number {
  const half = (degrees: number) => Math.sin((degrees * RADIANS) / 2) ** 2;
  const square =
    half(lat2 - lat1) + Math.cos(lat1 * RADIANS) * Math.cos(lat2 * RADIANS) * half(lng2 - lng1);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(square)));
}

function middleOf(a: Point, b: Point): Point {
  const [x, y, z] = [a, b]
    .map(([lat, lng]) => {
      const cos = Math.cos(lat * RADIANS);
      return [cos * Math.cos(lng * RADIANS), cos * Math.sin(lng * RADIANS), Math.sin(lat * RADIANS)];
    })
    .reduce((sum, vector) => sum.map((part, i) => part + vector[i]));
  return [Math.atan2(z, Math.hypot(x, y)) / RADIANS, Math.atan2(y, x) / RADIANS];
}
