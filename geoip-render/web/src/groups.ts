// Outlines around places that belong together: hulls, or circles on the ground.

import type { Palette } from "./colors.ts";
import type { GroupsData } from "./data.ts";
import { type Plane, project, WORLD } from "./projection.ts";
import { type Box, boundsOf, type View } from "./view.ts";

export type GroupData = GroupsData["groups"][number];

const CORNERS = 72;
/** How many groups are named on the map: with more, names would cover it. */
const LABELS = 8;
const EARTH_RADIUS_KM = 6371.0088;

const outlines = new WeakMap<GroupData, Plane[]>();

/** The outline of a group on the plane. */
export function outlineOf(group: GroupData): Plane[] {
  const known = outlines.get(group);
  if (known) return known;
  const corners =
    group.outline.length >= 3 ? group.outline : circleOnGround(group.center, group.radius_km);
  const made = corners.map(([lat, lng]) => project(lat, lng));
  outlines.set(group, made);
  return made;
}

/** A circle on the ground, on the plane. */
export function circleAround(lat: number, lng: number, radiusKm: number): Plane[] {
  return circleOnGround([lat, lng], radiusKm).map(([lat, lng]) => project(lat, lng));
}

/** Places at a distance from a centre, by the bearing; latitude first, in degrees. */
function circleOnGround([lat, lng]: [number, number], radiusKm: number): [number, number][] {
  const angle = radiusKm / EARTH_RADIUS_KM;
  const phi = (lat * Math.PI) / 180;
  return Array.from({ length: CORNERS }, (_, i) => {
    const bearing = (2 * Math.PI * i) / CORNERS;
    const sine = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
    const east = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
      Math.cos(angle) - Math.sin(phi) * sine,
    );
    const degrees = lng + (east * 180) / Math.PI;
    return [(Math.asin(sine) * 180) / Math.PI, ((degrees + 540) % 360) - 180];
  });
}

const lines = new WeakMap<Plane[], Float64Array>();

/** The same as a closed line. */
export function lineOf(outline: Plane[]): Float64Array {
  let line = lines.get(outline);
  if (!line) {
    line = Float64Array.from([...outline, outline[0]].flatMap(({ x, y }) => [x, y]));
    lines.set(outline, line);
  }
  return line;
}

/** Whether a line between two corners goes round the back of the map. */
const aroundTheBack = (a: Plane, b: Plane) => Math.abs(a.x - b.x) > WORLD.x;

export function drawGroups(
  context: CanvasRenderingContext2D,
  view: View,
  data: GroupsData,
  palette: Palette,
): void {
  context.strokeStyle = palette.group;
  context.fillStyle = palette.group;
  context.font = '600 12px system-ui, "Liberation Sans", sans-serif';
  context.textAlign = "center";
  context.textBaseline = "top";
  const labelled = heaviest(data);
  const taken: Box[] = [];
  for (const group of data.groups) {
    const outline = outlineOf(group);
    const isWhole = outline.every((corner, i) => {
      const before = outline[(i + outline.length - 1) % outline.length];
      return !aroundTheBack(before, corner) && view.sees(corner);
    });
    context.beginPath();
    view.trace(context, lineOf(outline));
    if (isWhole) {
      context.globalAlpha = 0.08;
      context.fill();
    }
    context.globalAlpha = 1;
    context.lineWidth = 1.6;
    context.stroke();
    if (isWhole && labelled.has(group)) {
      const { left, right, bottom } = boundsOf(outline.map((corner) => view.toScreen(corner)))!;
      const [x, y] = [(left + right) / 2, bottom];
      const half = context.measureText(group.label).width / 2;
      const room = { left: x - half - 3, right: x + half + 3, top: y + 2, bottom: y + 20 };
      // A name over another is neither.
      const isTaken = taken.some(
        (it) => it.left < room.right && it.right > room.left && it.top < room.bottom && it.bottom > room.top,
      );
      if (isTaken) continue;
      taken.push(room);
      context.lineWidth = 3;
      context.strokeStyle = palette.land;
      context.strokeText(group.label, x, y + 4);
      context.fillText(group.label, x, y + 4);
      context.strokeStyle = palette.group;
    }
  }
}

/** The groups that are named on the map. */
function heaviest(data: GroupsData): Set<GroupData> {
  return new Set([...data.groups].sort((a, b) => b.weight - a.weight).slice(0, LABELS));
}

/** The group at a place on the plane, the smallest first. */
export function groupAt(data: GroupsData, { x, y }: Plane): GroupData | null {
  let best: { group: GroupData; area: number } | null = null;
  for (const group of data.groups) {
    const outline = outlineOf(group);
    let odd = false;
    let area = 0;
    outline.forEach((b, i) => {
      const a = outline[(i + outline.length - 1) % outline.length];
      area += a.x * b.y - b.x * a.y;
      if (a.y > y !== b.y > y && x < ((a.x - b.x) * (y - b.y)) / (a.y - b.y) + b.x) odd = !odd;
    });
    if (odd && (!best || Math.abs(area) < best.area)) best = { group, area: Math.abs(area) };
  }
  return best?.group ?? null;
}
