// The shortest ways between places, brighter towards where they lead.

import type { Palette } from "./colors.ts";
import type { ArcsData, UnitData } from "./data.ts";
import { project } from "./projection.ts";
import type { View } from "./view.ts";

/** More arcs than this are a blot: the heaviest are drawn. */
export const MOST_ARCS = 400;
/** Steps of brightness from the start of an arc to its end, and points of each. */
const FADES = 6;
const POINTS = 8;
/** Pixels across the heaviest, and the lightest. */
const WIDEST = 3.6;
const THINNEST = 0.7;
const RADIANS = Math.PI / 180;

export type LatLng = [lat: number, lng: number];

export interface Arc {
  from: LatLng;
  to: LatLng;
  weight: number;
}

export class ArcsLayer {
  readonly kind = "arcs";
  readonly label = "Arcs";
  visible = true;
  /** Those that are drawn, the heaviest last. */
  drawn: Arc[] = [];
  /** How many there are. */
  count = 0;
  heaviest = 0;
  private readonly parts = new Map<string, Float64Array[]>();

  constructor(
    /** What the place is called that most lead to. */
    readonly home: string,
    public unit: UnitData,
    arcs: Arc[],
  ) {
    this.show(arcs, unit);
  }

  show(arcs: Arc[], unit: UnitData): void {
    this.unit = unit;
    this.count = arcs.length;
    this.drawn = [...arcs].sort((a, b) => b.weight - a.weight).slice(0, MOST_ARCS).reverse();
    this.heaviest = this.drawn[this.drawn.length - 1]?.weight ?? 0;
  }

  width(weight: number): number {
    return Math.max(THINNEST, WIDEST * Math.sqrt(weight / this.heaviest));
  }

  /** An arc on the plane, in parts of one brightness each. */
  partsOf({ from, to }: Arc): Float64Array[] {
    const key = [...from, ...to].join();
    let parts = this.parts.get(key);
    if (!parts) this.parts.set(key, (parts = partsOf(greatCircle(from, to))));
    return parts;
  }
}

/** The arcs of the layer that a page of given places has. */
export function arcsOf({ from, to, weight }: ArcsData): Arc[] {
  const read = (column: number[]) => {
    let sum = 0;
    return column.map((step) => (sum += step) / 1e4);
  };
  const [fromLat, fromLng, toLat, toLng] = [from.lat, from.lng, to.lat, to.lng].map(read);
  return weight.map((weight, i) => ({ from: [fromLat[i], fromLng[i]], to: [toLat[i], toLng[i]], weight }));
}

/** Points at even steps along the great circle between two places. Between opposite ones
 * any would do; it is one over a pole. */
export function greatCircle(from: LatLng, to: LatLng): LatLng[] {
  const vector = ([lat, lng]: LatLng) => {
    const cos = Math.cos(lat * RADIANS);
    return [cos * Math.cos(lng * RADIANS), cos * Math.sin(lng * RADIANS), Math.sin(lat * RADIANS)];
  };
  const dot = (a: number[], b: number[]) => a.reduce((sum, part, i) => sum + part * b[i], 0);
  const aside = (target: number[]) => target.map((part, i) => part - dot(start, target) * start[i]);
  const [start, end] = [vector(from), vector(to)];
  let side = aside(end);
  const angle = Math.atan2(Math.hypot(...side), dot(start, end));
  if (Math.hypot(...side) < 1e-9) side = aside(Math.abs(start[2]) > 0.9 ? [1, 0, 0] : [0, 0, 1]);
  const length = Math.hypot(...side);
  return Array.from({ length: FADES * POINTS + 1 }, (_, step) => {
    const turn = (angle * step) / (FADES * POINTS);
    const [x, y, z] = start.map((part, i) => Math.cos(turn) * part + (Math.sin(turn) * side[i]) / length);
    return [Math.atan2(z, Math.hypot(x, y)) / RADIANS, Math.atan2(y, x) / RADIANS];
  });
}

/** The points of a way on the plane, each part from where the one before ends. At the edge
 * of the map a part ends on one side and goes on at the other. */
function partsOf(way: LatLng[]): Float64Array[] {
  return Array.from({ length: FADES }, (_, fade) => {
    const line: number[] = [];
    const put = (lat: number, lng: number) => {
      const { x, y } = project(lat, lng);
      line.push(x, y);
    };
    way.slice(fade * POINTS, (fade + 1) * POINTS + 1).forEach(([lat, lng], i, part) => {
      const [lastLat, lastLng] = part[i - 1] ?? [lat, lng];
      const step = lng - lastLng;
      if (Math.abs(step) > 180) {
        const edge = step > 0 ? -180 : 180;
        const share = (edge - lastLng) / (step - Math.sign(step) * 360);
        const crossing = lastLat + (lat - lastLat) * share;
        put(crossing, edge);
        put(crossing, -edge);
      }
      put(lat, lng);
    });
    return Float64Array.from(line);
  });
}

export function drawArcs(context: CanvasRenderingContext2D, view: View, layer: ArcsLayer, palette: Palette): void {
  context.strokeStyle = palette.arc;
  for (const arc of layer.drawn) {
    const width = layer.width(arc.weight);
    layer.partsOf(arc).forEach((line, fade) => {
      const share = (fade + 1) / FADES;
      context.globalAlpha = 0.08 + 0.72 * share * share;
      context.lineWidth = width * (0.55 + 0.45 * share);
      context.beginPath();
      view.trace(context, line);
      context.stroke();
    });
  }
  context.globalAlpha = 1;
}

/** A ring where most arcs end, and what is called so. */
export function drawHome(context: CanvasRenderingContext2D, view: View, layer: ArcsLayer, palette: Palette): void {
  const last = layer.drawn[layer.drawn.length - 1];
  if (!last) return;
  const plane = project(...last.to);
  if (!view.sees(plane)) return;
  const { x, y } = view.toScreen(plane);
  context.beginPath();
  context.arc(x, y, 5.5, 0, 2 * Math.PI);
  context.fillStyle = palette.page;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = palette.chosen;
  context.stroke();
  if (layer.home === "") return;
  context.font = '600 13px system-ui, "Liberation Sans", sans-serif';
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = palette.page;
  context.fillStyle = palette.chosen;
  const name = layer.home.length > 40 ? `${layer.home.slice(0, 39)}…` : layer.home;
  context.strokeText(name, x + 11, y);
  context.fillText(name, x + 11, y);
}
