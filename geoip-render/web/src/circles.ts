// Places and clusters of places as circles, their area in proportion to their weight.

import { type Cluster, ClusterIndex } from "./clusters.ts";
import type { Palette } from "./colors.ts";
import { noun, type Places } from "./data.ts";
import { short, whole } from "./numbers.ts";
import type { Plane } from "./projection.ts";
import { View } from "./view.ts";

const LARGEST_PX = 25;
const SMALLEST_PX = 3.4;

/** A circle on the screen. */
export interface Circle {
  x: number;
  y: number;
  radius: number;
  cluster: Cluster;
  coarse: boolean;
  places: PlacesLayer;
}

/** The places of one layer with their clusters. */
export class PlacesLayer {
  private precise: ClusterIndex;
  private coarse: ClusterIndex;
  /** Weight of the largest circle of the last frame, for the legend. */
  heaviest = 0;

  constructor(readonly places: Places) {
    const { x, y, weight } = places.columns;
    // A thousand pixels across is the widest world that the finest level needs.
    const finest = (View.MAX_ZOOM * 1000) / 5;
    const order = places.byWeight();
    const index = (coarse: boolean) =>
      new ClusterIndex(x, y, weight, order.filter((place) => places.isCoarse(place) === coarse), finest);
    // A country's middle must not take cities in, nor be taken in by one.
    this.precise = index(false);
    this.coarse = index(true);
  }

  /** The circles in a view, largest first so that small ones stay on top. */
  circles(view: View): Circle[] {
    const found: Circle[] = [];
    const { x, y } = this.places.columns;
    const box = view.box(LARGEST_PX);
    const levels = [this.coarse, this.precise].map((index) => ({ index, level: index.at(view.scale) }));
    this.heaviest = Math.max(...levels.map(({ level }) => level.heaviest));
    for (const { index, level } of levels) {
      for (const cluster of index.within(level, box)) {
        const at = view.toScreen({ x: x[cluster.place], y: y[cluster.place] });
        const radius = this.radius(cluster.weight);
        found.push({ ...at, radius, cluster, coarse: index === this.coarse, places: this });
      }
    }
    return found.sort((a, b) => b.radius - a.radius || a.cluster.place - b.cluster.place);
  }

  radius(weight: number): number {
    return Math.max(SMALLEST_PX, LARGEST_PX * Math.sqrt(weight / this.heaviest));
  }

  members(circle: Circle, limit: number): number[] {
    return (circle.coarse ? this.coarse : this.precise).members(circle.cluster, limit);
  }

  /** What a circle is, in a line or two. */
  describe({ cluster }: Circle): { name: string; count: string } {
    const title = this.places.title(cluster.place);
    const name = cluster.size === 1 ? title : `${title} and ${whole(cluster.size - 1)} more`;
    const count = `${whole(cluster.weight)} ${noun(this.places.unit, cluster.weight)}`;
    return { name, count };
  }
}

export function drawCircles(
  context: CanvasRenderingContext2D,
  circles: Circle[],
  palette: Palette,
  chosen: Plane | null,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { x, y, radius, cluster, coarse } of circles) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = coarse ? 1.6 : 1;
    context.strokeStyle = coarse ? palette.coarse : palette.placeEdge;
    if (!coarse) {
      context.fillStyle = palette.place;
      context.fill();
    }
    context.setLineDash(coarse ? [4, 3] : []);
    context.stroke();
    context.setLineDash([]);
    if (cluster.size > 1) {
      // A second ring says that there is more than one place in it.
      context.beginPath();
      context.arc(x, y, radius + 2.5, 0, 2 * Math.PI);
      context.lineWidth = 1;
      context.strokeStyle = coarse ? palette.coarse : palette.place;
      context.stroke();
    }
    if (radius >= 12) {
      const size = Math.min(13, radius * 0.72);
      context.font = `600 ${size}px system-ui, "Liberation Sans", sans-serif`;
      context.fillStyle = coarse ? palette.coarse : palette.placeText;
      context.fillText(short(cluster.weight), x, y + 0.5);
    }
  }
  if (chosen) {
    context.beginPath();
    context.arc(chosen.x, chosen.y, 9, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = palette.chosen;
    context.stroke();
  }
}
