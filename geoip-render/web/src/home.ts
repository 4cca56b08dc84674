// The view that the page begins with and returns to.

import type { PageData } from "./data.ts";
import { outlineOf } from "./groups.ts";
import type { Layers } from "./layers.ts";
import { type Plane, project, WORLD } from "./projection.ts";
import { type Box, boundsOf, include, nowhere, type View } from "./view.ts";

/** Points spread over more than this share of the world's width are the whole world. */
const MOST = 0.6;
/** On a tall screen the world may be cut at its sides to be this much larger. */
const TALL = 1.7;

/** The view to begin with, on a screen of the size of the given one. */
export function homeView(screen: View, page: PageData, layers: Layers): View {
  const view = screen.copy();
  const { extent } = page;
  if (typeof extent === "object") {
    view.fit(boundsOf(edges(extent))!, 0.02);
    return view;
  }
  if (view.globe) {
    view.scale = view.worldScale();
    // Most of the world's addresses are north of the equator.
    Object.assign(view, project(20, heaviestMeridian(layers)));
    return view;
  }
  const box = extent === "auto" ? boxOf(layers) : nowhere();
  if (box.left <= box.right && box.right - box.left < MOST * 2 * WORLD.x) {
    view.fit(box, 0.15);
    view.scale = Math.min(view.scale, view.worldScale() * 40);
    view.clamp();
    return view;
  }
  view.x = 0;
  view.y = 0;
  view.scale = view.worldScale();
  const fill = view.height / (2 * WORLD.y) / view.scale;
  if (fill > TALL) {
    view.scale *= TALL;
    view.x = heaviestStrip(layers, (0.8 * view.width) / view.scale);
  }
  view.clamp();
  return view;
}

function* edges(extent: { west: number; south: number; east: number; north: number }): Generator<Plane> {
  const east = extent.east < extent.west ? 180 : extent.east;
  for (let i = 0; i <= 20; i++) {
    const lng = extent.west + ((east - extent.west) * i) / 20;
    const lat = extent.south + ((extent.north - extent.south) * i) / 20;
    yield project(extent.south, lng);
    yield project(extent.north, lng);
    yield project(lat, extent.west);
    yield project(lat, east);
  }
}

/** The box around all that layers draw. */
function boxOf(layers: Layers): Box {
  const box = nowhere();
  for (const { columns } of [...layers.of("heat"), ...layers.of("points").map((l) => l.places)]) {
    for (let i = 0; i < columns.weight.length; i++) include(box, columns.x[i], columns.y[i]);
  }
  for (const { data } of layers.of("groups")) {
    for (const group of data.groups) for (const { x, y } of outlineOf(group)) include(box, x, y);
  }
  return box;
}

/** The middle of the half of the world that has the most weight in it, in degrees. */
function heaviestMeridian(layers: Layers): number {
  const columns = layers.of("points")[0]?.places.columns ?? layers.of("heat")[0]?.columns;
  const weights = new Float64Array(36);
  columns?.lng.forEach((lng, i) => (weights[Math.floor((lng + 180) / 10) % 36] += columns.weight[i]));
  let best = { lng: 0, sum: 0 };
  for (let middle = 0; middle < 36; middle++) {
    let sum = 0;
    for (let step = -8; step <= 8; step++) sum += weights[(middle + step + 36) % 36] * Math.cos((step * Math.PI) / 18);
    if (sum > best.sum) best = { lng: middle * 10 - 175, sum };
  }
  return best.lng;
}

/** The middle of the strip of a given width that has the most weight in it. */
function heaviestStrip(layers: Layers, width: number): number {
  const columns = layers.of("points")[0]?.places.columns ?? layers.of("heat")[0]?.columns;
  if (!columns || columns.total === 0) return 0;
  const { x, weight } = columns;
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b]);
  let best = { middle: 0, sum: 0 };
  let sum = 0;
  let first = 0;
  for (const last of order) {
    sum += weight[last];
    while (x[order[first]] < x[last] - width) sum -= weight[order[first++]];
    if (sum > best.sum) best = { middle: (x[order[first]] + x[last]) / 2, sum };
  }
  return best.middle;
}
