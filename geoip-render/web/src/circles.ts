// Places and clusters of places as circles, their area in proportion to their weight.

import { ClusterIndex, type Level } from "./clusters.ts";
import type { Palette } from "./colors.ts";
import { noun, type PlaceList } from "./data.ts";
import { short, whole } from "./numbers.ts";
import type { Plane } from "./projection.ts";
import { View } from "./view.ts";

const LARGEST_PX = 25;
/** The largest circle of a small screen. */
const SMALL_LARGEST_PX = 17;
const SMALLEST_PX = 3.4;

/** A circle on the screen. */
export interface Circle {
  x: number;
  y: number;
  radius: number;
  /** The heaviest place in it. */
  place: number;
  weight: number;
  /** How many places are in it. */
  size: number;
  coarse: boolean;
  layer: PlacesLayer;
  level: Level;
  /** Its number in the level. */
  number: number;
}

/** The places of one layer with their clusters. */
export class PlacesLayer {
  places: PlaceList;
  private precise: ClusterIndex;
  private coarse: ClusterIndex;
  /** Weight of the largest circle of the last frame, for the legend. */
  heaviest = 0;
  private largest = LARGEST_PX;

  constructor(places: PlaceList) {
    this.places = places;
    [this.precise, this.coarse] = indices(places);
  }

  /** Shows other places. */
  show(places: PlaceList): void {
    this.places = places;
    [this.precise, this.coarse] = indices(places);
  }

  /** The circles in a view, largest first so that small ones stay on top. */
  circles(view: View): Circle[] {
    const found: Circle[] = [];
    const { x, y } = this.places.columns;
    const box = view.box(LARGEST_PX);
    const [coarse, precise] = [this.coarse, this.precise].map((index) => index.at(view.scale));
    this.heaviest = Math.max(coarse.heaviest, precise.heaviest);
    this.largest = Math.min(Math.max(view.width / 40, SMALL_LARGEST_PX), LARGEST_PX);
    for (const level of [coarse, precise]) {
      for (let number = 0; number < level.place.length; number++) {
        const place = level.place[number];
        const at = { x: x[place], y: y[place] };
        if (view.globe && !view.sees(at)) continue;
      if (at.x < box.left || at.x > box.right || at.y < box.top || at.y > box.bottom) continue;
        const weight = level.weight[number];
        found.push({
          ...view.toScreen(at),
          radius: this.radius(weight),
          place,
          weight,
          size: level.size[number],
          coarse: level === coarse,
          layer: this,
          level,
          number,
        });
      }
    }
    return found.sort((a, b) => b.radius - a.radius || a.place - b.place);
  }

  radius(weight: number): number {
    return Math.max(SMALLEST_PX, this.largest * Math.sqrt(weight / this.heaviest));
  }

  /** The places of a circle, heaviest first. */
  members({ coarse, level, number }: Circle, limit: number): number[] {
    return (coarse ? this.coarse : this.precise).members(level, number, limit);
  }

  /** What a circle is, in a line or two. */
  describe({ place, weight, size }: Circle): { name: string; count: string } {
    const title = this.places.title(place);
    const name = size === 1 ? title : `${title} and ${whole(size - 1)} more`;
    return { name, count: `${whole(weight)} ${noun(this.places.unit, weight)}` };
  }
}

/** A country's middle must not take cities in, nor be taken in by one. */
function indices(places: PlaceList): [precise: ClusterIndex, coarse: ClusterIndex] {
  const { x, y, weight } = places.columns;
  // A thousand pixels across is the widest world that the finest level needs.
  const finest = (View.MAX_ZOOM * 1000) / 5;
  const index = (coarse: boolean) => {
    const order = places.byWeight().filter((place) => places.isCoarse(place) === coarse);
    return new ClusterIndex(x, y, weight, order, finest);
  };
  return [index(false), index(true)];
}

export function drawCircles(
  context: CanvasRenderingContext2D,
  circles: Circle[],
  palette: Palette,
  chosen: Plane | null,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { x, y, radius, size, coarse } of circles) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = coarse ? 1.6 : 1;
    context.strokeStyle = coarse ? palette.coarse : palette.placeEdge;
    if (!coarse) {
      context.fillStyle = palette.place;
      context.fill();
    }
    context.stroke();
    if (size > 1) {
      // A second ring says that there is more than one place in it.
      context.beginPath();
      context.arc(x, y, radius + 2.5, 0, 2 * Math.PI);
      context.lineWidth = 1;
      context.strokeStyle = coarse ? palette.coarse : palette.place;
      context.stroke();
    }
  }
  // Numbers last, so that no small circle lies on one.
  for (const { x, y, radius, weight, coarse } of circles) {
    if (radius >= 12) {
      const height = Math.min(13, radius * 0.66);
      context.font = `600 ${height}px system-ui, "Liberation Sans", sans-serif`;
      context.fillStyle = coarse ? palette.coarse : palette.placeText;
      context.fillText(short(weight), x, y + 0.5);
    }
  }
  if (chosen) {
    const circle = circles.find(({ x, y }) => Math.hypot(x - chosen.x, y - chosen.y) < 0.5);
    context.beginPath();
    context.arc(chosen.x, chosen.y, (circle?.radius ?? 3) + 5, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = palette.chosen;
    context.stroke();
  }
}
