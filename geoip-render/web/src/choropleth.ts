// A colour a country, in classes by powers of ten (or of about three).

import { classColor, css } from "./colors.ts";
import type { ChoroplethData } from "./data.ts";

export interface Class {
  /** The least and the largest count of the class. */
  from: number;
  to: number;
}

export class Counts {
  readonly counts: Map<string, number>;
  readonly classes: Class[];

  constructor(readonly data: ChoroplethData) {
    this.counts = new Map(data.counts);
    const highest = Math.max(0, ...this.counts.values());
    // Powers of ten; where they would make few classes, a half-step between them.
    const starts = [1];
    const steps = highest >= 3000 ? [10] : [3, 10];
    for (let power = 1; starts[starts.length - 1] <= highest; power *= 10) {
      for (const step of steps) starts.push(power * step);
    }
    this.classes = starts
      .map((from, i) => ({ from, to: (starts[i + 1] ?? Infinity) - 1 }))
      .filter(({ from }) => from <= highest);
    const last = this.classes[this.classes.length - 1];
    if (last) last.to = Math.max(highest, last.from);
  }

  color(code: string, dark: boolean): string | null {
    const count = this.counts.get(code);
    if (!count) return null;
    return this.classCss(this.classes.findIndex(({ to }) => count <= to), dark);
  }

  classCss(index: number, dark: boolean): string {
    const last = this.classes.length - 1;
    return css(classColor(last === 0 ? 0.6 : index / last, dark));
  }

  /** Countries with their counts, most first. */
  ranking(): [string, number][] {
    return [...this.counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}
