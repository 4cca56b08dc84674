// Places that are too near to each other to be told apart are drawn as one circle,
// which splits as one zooms in.
//
// The heaviest place of a neighbourhood takes the lighter ones in and stays where it
// is, so a circle stands on a real city and is named after it; a mean of positions
// would put it into a sea. For each step of zoom this is one pass over the places,
// heaviest first, with the circles so far in a grid of hashed cells; it is made when
// it is first looked at.

/** How far apart circles are kept, in pixels. */
const REACH_PX = 44;
/** Scales of neighbouring levels differ by this factor. */
const STEP = Math.SQRT2;

/** The circles for a range of scales. */
export interface Level {
  /** The heaviest place of each circle, which gives it position and name. */
  place: Uint32Array;
  /** What all the places of each circle weigh. */
  weight: Float64Array;
  /** How many places are in each circle. */
  size: Uint32Array;
  /** The circle of each place, in the order of the places. */
  circle: Uint32Array;
  /** The weight of the heaviest circle. */
  heaviest: number;
}

export class ClusterIndex {
  private readonly levels = new Map<number, Level>();

  constructor(
    private readonly x: Float64Array,
    private readonly y: Float64Array,
    private readonly weight: Float64Array,
    /** The places to be clustered, heaviest first. */
    private readonly order: Uint32Array,
    /** The largest scale in pixels a unit; at this one every place is a circle. */
    private readonly maxScale: number,
  ) {}

  /** The circles for a scale, between 31 and 44 pixels apart. */
  at(scale: number): Level {
    const depth = Math.floor(Math.log(this.maxScale / scale) / Math.log(STEP) + 1e-6);
    const clamped = Math.max(depth, 0);
    let level = this.levels.get(clamped);
    if (!level) {
      const reach = clamped === 0 ? 0 : (REACH_PX / this.maxScale) * STEP ** clamped;
      level = this.gather(reach);
      this.levels.set(clamped, level);
    }
    return level;
  }

  /** The places of a circle, heaviest first, at most `limit` of them. */
  members(level: Level, circle: number, limit: number): number[] {
    const members: number[] = [];
    for (let i = 0; i < this.order.length && members.length < limit; i++) {
      if (level.circle[i] === circle) members.push(this.order[i]);
    }
    return members;
  }

  /** Takes each place into the nearest circle within reach, or begins one with it. */
  private gather(reach: number): Level {
    const { x, y, order } = this;
    const place = new Uint32Array(order.length);
    const weight = new Float64Array(order.length);
    const size = new Uint32Array(order.length);
    const circle = new Uint32Array(order.length);
    const grid = new Grid(order.length);
    let count = 0;
    let heaviest = 0;
    for (let i = 0; i < order.length; i++) {
      const here = order[i];
      let into = -1;
      if (reach > 0) {
        const column = Math.floor(x[here] / reach);
        const row = Math.floor(y[here] / reach);
        let best = reach * reach;
        for (let cell = 0; cell < 9; cell++) {
          let other = grid.first(column + (cell % 3) - 1, row + Math.floor(cell / 3) - 1);
          for (; other >= 0; other = grid.next(other)) {
            const dx = x[place[other]] - x[here];
            const dy = y[place[other]] - y[here];
            const square = dx * dx + dy * dy;
            if (square < best) [best, into] = [square, other];
          }
        }
        if (into < 0) grid.add(column, row, count);
      }
      if (into < 0) {
        into = count++;
        place[into] = here;
      }
      circle[i] = into;
      size[into]++;
      weight[into] += this.weight[here];
      heaviest = Math.max(heaviest, weight[into]);
    }
    return {
      place: place.slice(0, count),
      weight: weight.slice(0, count),
      size: size.slice(0, count),
      circle,
      heaviest,
    };
  }
}

/** Lists of numbers by row and column: open addressing, and chains for the lists. */
class Grid {
  private readonly mask: number;
  private readonly columns: Int32Array;
  private readonly rows: Int32Array;
  private readonly heads: Int32Array;
  private readonly chain: Int32Array;

  /** For numbers below `capacity`, each added once. */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * capacity + 2));
    this.mask = slots - 1;
    this.columns = new Int32Array(slots);
    this.rows = new Int32Array(slots);
    this.heads = new Int32Array(slots).fill(-1);
    this.chain = new Int32Array(capacity);
  }

  /** The slot of a cell, or the free one where it would be. */
  private slot(column: number, row: number): number {
    let slot = (Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca6b)) >>> 0;
    for (slot ^= slot >>> 15; ; slot++) {
      slot &= this.mask;
      if (this.heads[slot] < 0) return slot;
      if (this.columns[slot] === column && this.rows[slot] === row) return slot;
    }
  }

  first(column: number, row: number): number {
    return this.heads[this.slot(column, row)];
  }

  next(number: number): number {
    return this.chain[number];
  }

  add(column: number, row: number, number: number): void {
    const slot = this.slot(column, row);
    this.chain[number] = this.heads[slot];
    this.columns[slot] = column;
    this.rows[slot] = row;
    this.heads[slot] = number;
  }
}
