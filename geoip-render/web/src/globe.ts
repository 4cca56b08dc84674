// The globe seen from far away: the orthographic projection, which shows one half.

import { type Plane, project, unproject } from "./projection.ts";

const RADIANS = Math.PI / 180;
/** A globe is not turned farther than this to a pole, where east and west end. */
const MOST_LAT = 89;

/** A line on the plane: x and y in turn. */
type Line = Float64Array;

/** How the globe is turned: the place in the middle. */
export class Turn {
  readonly lat: number;
  readonly lng: number;
  private readonly right: [number, number];
  private readonly up: [number, number, number];
  private readonly out: [number, number, number];

  constructor(middle: Plane) {
    const { lat, lng } = unproject(middle.x, middle.y) ?? { lat: 0, lng: 0 };
    this.lat = Math.min(Math.max(lat, -MOST_LAT), MOST_LAT);
    this.lng = lng;
    const [sinLat, cosLat] = [Math.sin(this.lat * RADIANS), Math.cos(this.lat * RADIANS)];
    const [sinLng, cosLng] = [Math.sin(lng * RADIANS), Math.cos(lng * RADIANS)];
    this.right = [-sinLng, cosLng];
    this.up = [-sinLat * cosLng, -sinLat * sinLng, cosLat];
    this.out = [cosLat * cosLng, cosLat * sinLng, sinLat];
  }

  /** Where a place is on the disc of radius one, and how far before the middle: behind
   * it below zero. */
  see(v: ArrayLike<number>, at = 0): { x: number; y: number; depth: number } {
    const { right, up, out } = this;
    return {
      x: right[0] * v[at] + right[1] * v[at + 1],
      y: -(up[0] * v[at] + up[1] * v[at + 1] + up[2] * v[at + 2]),
      depth: out[0] * v[at] + out[1] * v[at + 1] + out[2] * v[at + 2],
    };
  }

  /** The place on the plane of a position on the disc; no number beside it. */
  find(x: number, y: number): Plane {
    const square = x * x + y * y;
    if (square > 1) return { x: NaN, y: NaN };
    const depth = Math.sqrt(1 - square);
    const { right, up, out } = this;
    const v = [
      right[0] * x - up[0] * y + out[0] * depth,
      right[1] * x - up[1] * y + out[1] * depth,
      -up[2] * y + out[2] * depth,
    ];
    return project(Math.atan2(v[2], Math.hypot(v[0], v[1])) / RADIANS, Math.atan2(v[1], v[0]) / RADIANS);
  }

  /** The middle after a turn by radians to the east and to the south. */
  by(east: number, south: number): Plane {
    const lat = Math.min(Math.max(this.lat - south / RADIANS, -MOST_LAT), MOST_LAT);
    // A finger near a pole turns the globe no faster than at sixty degrees.
    const lng = this.lng + east / RADIANS / Math.max(Math.cos(this.lat * RADIANS), 0.5);
    return project(lat, ((((lng + 180) % 360) + 360) % 360) - 180);
  }
}

/** A place on the plane as a vector from the middle of the globe. */
export function vectorOf({ x, y }: Plane): [number, number, number] {
  const { lat, lng } = unproject(x, y) ?? edge(x, y);
  const cos = Math.cos(lat * RADIANS);
  return [cos * Math.cos(lng * RADIANS), cos * Math.sin(lng * RADIANS), Math.sin(lat * RADIANS)];
}

/** What rounding has put beside the world. */
const edge = (x: number, y: number) => unproject(x * 0.9999, y * 0.9999) ?? { lat: y > 0 ? -90 : 90, lng: 0 };

const known = new WeakMap<Line, Float32Array>();

/** The vectors of the points of a line, made once. */
function vectorsOf(line: Line): Float32Array {
  let made = known.get(line);
  if (!made) {
    made = new Float32Array((line.length / 2) * 3);
    for (let i = 0, at = 0; i < line.length; i += 2, at += 3) made.set(vectorOf({ x: line[i], y: line[i + 1] }), at);
    known.set(line, made);
  }
  return made;
}

interface Disc {
  turn: Turn;
  /** Its middle and its radius on the screen. */
  x: number;
  y: number;
  radius: number;
}

/** Adds the parts of a line that are before the globe to a path. */
export function traceOnGlobe(context: CanvasRenderingContext2D, { turn, x, y, radius }: Disc, line: Line): void {
  const vectors = vectorsOf(line);
  let before: { x: number; y: number; depth: number } | null = null;
  for (let at = 0; at < vectors.length; at += 3) {
    const here = turn.see(vectors, at);
    if (before && before.depth >= 0 !== here.depth >= 0) {
      const share = before.depth / (before.depth - here.depth);
      const across = before.x + (here.x - before.x) * share;
      const down = before.y + (here.y - before.y) * share;
      const length = Math.hypot(across, down) || 1;
      const [px, py] = [x + (radius * across) / length, y + (radius * down) / length];
      if (here.depth >= 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    }
    if (here.depth >= 0) {
      if (before) context.lineTo(x + radius * here.x, y + radius * here.y);
      else context.moveTo(x + radius * here.x, y + radius * here.y);
    }
    before = here;
  }
}

/** Adds a ring to a path; what is behind the globe runs along its edge. */
export function ringOnGlobe(context: CanvasRenderingContext2D, { turn, x, y, radius }: Disc, line: Line): void {
  const vectors = vectorsOf(line);
  const seen: number[] = [];
  let isSeen = false;
  for (let at = 0; at < vectors.length; at += 3) {
    const here = turn.see(vectors, at);
    isSeen ||= here.depth >= 0;
    const length = here.depth >= 0 ? 1 : Math.hypot(here.x, here.y) || 1;
    seen.push(x + (radius * here.x) / length, y + (radius * here.y) / length);
  }
  if (!isSeen) return;
  context.moveTo(seen[0], seen[1]);
  for (let i = 2; i < seen.length; i += 2) context.lineTo(seen[i], seen[i + 1]);
}
