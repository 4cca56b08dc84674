// Places that are too near to each other to be told apart are drawn as one circle,
// which splits as one zooms in.
//
// The heaviest place of a neighbourhood takes the others in and stays where it is, so
// a circle stands on a real city and is named after it; a mean of positions would put
// it into a sea. Each zoom level is made of the one above it, so a cluster's members
// stay together on the way out.

import type { Box } from "./view.ts";

/** One circle: a place, or several around the heaviest of them. */
export interface Cluster {
  /** The heaviest place, whose position and name the cluster has. */
  place: number;
  weight: number;
  /** How many places are in it. */
  size: number;
  /** The clusters of the next level that it is made of; none for a single place. */
  parts: Cluster[];
}

/** How far apart circles are kept, in pixels. */
const REACH_PX = 44;
/** Scales of neighbouring levels differ by this factor. */
const STEP = Math.SQRT2;

export interface Level {
  clusters: Cluster[];
  /** The heaviest cluster of the level, for the size of the circles. */
  heaviest: number;
  /** Indices into `clusters` by row and column of a grid over the plane. */
  cells: Map<number, number[]>;
  cell: number;
}

export class ClusterIndex {
  /** From single places to a few circles; made as they are asked for. */
  private levels: Level[] = [];

  constructor(
    private readonly x: Float64Array,
    private readonly y: Float64Array,
    weight: Float64Array,
    /** The places to be clustered, heaviest first. */
    places: Iterable<number>,
    /** The largest scale in pixels a unit; at this one nothing is clustered. */
    private readonly maxScale: number,
  ) {
    const clusters: Cluster[] = [];
    for (const place of places) {
      clusters.push({ place, weight: weight[place], size: 1, parts: [] });
    }
    this.levels.push(this.level(clusters, REACH_PX / maxScale));
  }

  /** The level for a scale: the finest whose circles keep their distance. */
  at(scale: number): Level {
    const depth = Math.max(0, Math.floor(Math.log(this.maxScale / scale) / Math.log(STEP) + 1e-6));
    while (this.levels.length <= depth) {
      const level = this.levels.length;
      this.levels.push(
        this.merge(this.levels[level - 1], (REACH_PX / this.maxScale) * STEP ** (level - 1)),
      );
    }
    return this.levels[depth];
  }

  /** The clusters of a level within a part of the plane. */
  within(level: Level, box: Box): Cluster[] {
    const found: Cluster[] = [];
    const columns = Math.ceil((box.right - box.left) / level.cell) + 1;
    const rows = Math.ceil((box.bottom - box.top) / level.cell) + 1;
    if (columns * rows > level.cells.size) {
      return level.clusters.filter(({ place }) => this.contains(box, place));
    }
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const key = cellKey(
          box.left + column * level.cell,
          box.top + row * level.cell,
          level.cell,
        );
        for (const i of level.cells.get(key) ?? []) {
          const cluster = level.clusters[i];
          if (this.contains(box, cluster.place)) found.push(cluster);
        }
      }
    }
    return found;
  }

  private contains(box: Box, place: number): boolean {
    const x = this.x[place];
    const y = this.y[place];
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  }

  /** Takes lighter clusters within `reach` into heavier ones. */
  private merge(finer: Level, reach: number): Level {
    const merged: Cluster[] = [];
    const grown = new Set<number>();
    const cells = new Map<number, number[]>();
    for (const cluster of finer.clusters) {
      const x = this.x[cluster.place];
      const y = this.y[cluster.place];
      let nearest = -1;
      let best = reach * reach;
      for (let row = -1; row <= 1; row++) {
        for (let column = -1; column <= 1; column++) {
          const key = cellKey(x + column * reach, y + row * reach, reach);
          for (const i of cells.get(key) ?? []) {
            const dx = this.x[merged[i].place] - x;
            const dy = this.y[merged[i].place] - y;
            const square = dx * dx + dy * dy;
            if (square < best) {
              best = square;
              nearest = i;
            }
          }
        }
      }
      if (nearest < 0) {
        push(cells, cellKey(x, y, reach), merged.length);
        merged.push(cluster);
      } else {
        const into = merged[nearest];
        if (!grown.has(nearest)) {
          // Until it grows, a cluster is the same object in both levels.
          grown.add(nearest);
          merged[nearest] = { ...into, parts: [into] };
        }
        merged[nearest].weight += cluster.weight;
        merged[nearest].size += cluster.size;
        merged[nearest].parts.push(cluster);
      }
    }
    merged.sort((a, b) => b.weight - a.weight || a.place - b.place);
    return this.level(merged, reach);
  }

  private level(clusters: Cluster[], cell: number): Level {
    const cells = new Map<number, number[]>();
    clusters.forEach(({ place }, i) => push(cells, cellKey(this.x[place], this.y[place], cell), i));
    return { clusters, heaviest: clusters[0]?.weight ?? 0, cells, cell };
  }

  /** The places of a cluster, heaviest first, at most `limit` of them. */
  members(cluster: Cluster, limit: number): number[] {
    const open = [cluster];
    const places: { place: number; weight: number }[] = [];
    while (open.length > 0) {
      const next = open.pop()!;
      if (next.parts.length === 0) places.push(next);
      else open.push(...next.parts);
    }
    places.sort((a, b) => b.weight - a.weight || a.place - b.place);
    return places.slice(0, limit).map(({ place }) => place);
  }
}

function push(cells: Map<number, number[]>, key: number, index: number): void {
  const cell = cells.get(key);
  if (cell) cell.push(index);
  else cells.set(key, [index]);
}

/** A number for the grid cell of a plane position. */
function cellKey(x: number, y: number, cell: number): number {
  // The plane is less than eight units wide, so columns stay apart below 2^26.
  return Math.floor((x + 4) / cell) * 67108864 + Math.floor((y + 4) / cell);
}
