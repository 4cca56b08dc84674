// Coasts, borders and countries, from the compact form that ../basemap.mjs writes.
//
// Lines between two neighbours are stored once, as arcs; a country is rings of arcs.
// An arc of one country only is coast, one of two is border.

import { unpacked } from "./packed.ts";
import { type Plane, project } from "./projection.ts";
import { type Box, include, nowhere, type View } from "./view.ts";

/** A line on the plane: x and y in turn. */
type Line = Float64Array;

interface Arc {
  line: Line;
  box: Box;
  kind: "coast" | "border" | "cut";
}

export interface Country {
  code: string;
  rings: Line[];
  box: Box;
  /** Where a mark that stands for the country goes. */
  anchor: Plane;
  /** The area of its largest part, in square units of the plane. */
  area: number;
}

/** Decodes the base map that is part of the page. */
export async function readBaseMap(): Promise<BaseMap> {
  const bytes = await unpacked("base-map");
  if (!bytes) throw new Error("the page has no base map");
  return new BaseMap(new Uint8Array(bytes));
}

export class BaseMap {
  readonly countries: Country[] = [];
  private readonly arcs: Arc[] = [];
  /** Arcs with fewer points for smaller scales, by the power of two of the scale. */
  private readonly simpler = new Map<number, { arcs: Line[]; countries: Line[][] }>();

  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    const unitsPerDegree = reader.unsigned();
    const lines: Line[] = [];
    const cuts: boolean[] = [];
    let lng = 0;
    let lat = 0;
    for (let arc = reader.unsigned(); arc > 0; arc--) {
      const count = reader.unsigned();
      const line = new Float64Array(count * 2);
      let onCut = true;
      for (let i = 0; i < count; i++) {
        lng += reader.signed();
        lat += reader.signed();
        onCut &&= Math.abs(lng) === 180 * unitsPerDegree || lat === -90 * unitsPerDegree;
        const plane = project(lat / unitsPerDegree, lng / unitsPerDegree);
        line[i * 2] = plane.x;
        line[i * 2 + 1] = plane.y;
      }
      lines.push(line);
      cuts.push(onCut);
    }
    const uses = new Uint8Array(lines.length);
    for (let country = reader.unsigned(); country > 0; country--) {
      const code = String.fromCharCode(reader.byte(), reader.byte()).trim();
      const east = reader.signed() / unitsPerDegree;
      const anchor = project(reader.signed() / unitsPerDegree, east);
      const rings: Line[] = [];
      for (let ring = reader.unsigned(); ring > 0; ring--) {
        const parts: Line[] = [];
        for (let arc = reader.unsigned(); arc > 0; arc--) {
          const index = reader.signed();
          uses[index < 0 ? ~index : index]++;
          parts.push(index < 0 ? reversed(lines[~index]) : lines[index]);
        }
        rings.push(joined(parts));
      }
      this.countries.push(describe(code, anchor, rings));
    }
    lines.forEach((line, i) => {
      const kind = cuts[i] ? "cut" : uses[i] > 1 ? "border" : "coast";
      this.arcs.push({ line, box: boxOf([line]), kind });
    });
  }

  /** Fills every country with what `color` says, or not at all. */
  fill(context: CanvasRenderingContext2D, view: View, color: (country: Country) => string): void {
    const simple = this.simplerFor(view.scale);
    const box = view.box();
    // Neighbours of one colour go into one path: it is faster and leaves no seam.
    const byColor = new Map<string, Line[]>();
    this.countries.forEach((country, i) => {
      if (!overlap(country.box, box)) return;
      const fill = color(country);
      const lines = byColor.get(fill);
      if (lines) lines.push(...simple.countries[i]);
      else byColor.set(fill, [...simple.countries[i]]);
    });
    for (const [fill, lines] of byColor) {
      context.beginPath();
      for (const line of lines) view.ring(context, line);
      context.fillStyle = fill;
      context.fill();
    }
  }

  /** Draws coasts or borders. */
  stroke(context: CanvasRenderingContext2D, view: View, kind: Arc["kind"]): void {
    const simple = this.simplerFor(view.scale);
    const box = view.box(4);
    context.beginPath();
    this.arcs.forEach((arc, i) => {
      if (arc.kind !== kind || !overlap(arc.box, box)) return;
      if (view.globe) view.trace(context, simple.arcs[i]);
      else view.ring(context, simple.arcs[i]);
    });
    context.stroke();
  }

  /** The country at a place on the plane. */
  at({ x, y }: Plane): Country | null {
    return (
      this.countries.find(
        ({ box, rings }) =>
          x >= box.left && x <= box.right && y >= box.top && y <= box.bottom &&
          inside(rings, x, y),
      ) ?? null
    );
  }

  find(code: string): Country | undefined {
    return this.countries.find((country) => country.code === code);
  }

  private simplerFor(scale: number): { arcs: Line[]; countries: Line[][] } {
    const power = Math.ceil(Math.log2(scale));
    const known = this.simpler.get(power);
    if (known) return known;
    const tolerance = 0.6 / 2 ** power;
    const made = {
      arcs: this.arcs.map(({ line }) => thinned(line, tolerance)),
      countries: this.countries.map(({ rings }) => rings.map((ring) => thinned(ring, tolerance))),
    };
    this.simpler.set(power, made);
    return made;
  }
}

class Reader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    return this.bytes[this.at++];
  }

  /** Seven bits a byte, lowest first; the eighth says that more follow. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  /** Zigzag: 0, -1, 1, -2, … */
  signed(): number {
    const value = this.unsigned();
    return (value >>> 1) ^ -(value & 1);
  }
}

function boxOf(lines: Line[]): Box {
  const box = nowhere();
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) include(box, line[i], line[i + 1]);
  }
  return box;
}

function reversed(line: Line): Line {
  const back = new Float64Array(line.length);
  for (let i = 0; i < line.length; i += 2) {
    back[i] = line[line.length - 2 - i];
    back[i + 1] = line[line.length - 1 - i];
  }
  return back;
}

function joined(parts: Line[]): Line {
  const line = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    line.set(part, at);
    at += part.length;
  }
  return line;
}

/** Leaves out points that are within a distance of the last one kept. */
function thinned(line: Line, distance: number): Line {
  const kept: number[] = [];
  let x = Infinity;
  let y = Infinity;
  for (let i = 0; i < line.length; i += 2) {
    const far = Math.abs(line[i] - x) + Math.abs(line[i + 1] - y) >= distance;
    if (far || i === line.length - 2) kept.push((x = line[i]), (y = line[i + 1]));
  }
  return Float64Array.from(kept);
}

function overlap(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
}

/** Whether an even-odd ray to the right leaves the rings. */
function inside(rings: Line[], x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const crosses = ring[i + 1] > y !== ring[j + 1] > y;
      if (crosses && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) {
        odd = !odd;
      }
    }
  }
  return odd;
}

function describe(code: string, anchor: Plane, rings: Line[]): Country {
  const box = boxOf(rings);
  if (rings.length === 0) include(box, anchor.x, anchor.y);
  return { code, rings, box, anchor, area: Math.max(0, ...rings.map(area)) };
}

/** The area within a ring, by the shoelace formula. */
function area(ring: Line): number {
  let double = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    double += ring[j] * ring[i + 1] - ring[i] * ring[j + 1];
  }
  return Math.abs(double) / 2;
}
