// Numbers as people read them.

const WHOLE = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 2 });

/** 12,345 */
export const whole = (value: number): string => WHOLE.format(value);

/** 999, then 12K */
export const short = (value: number): string =>
  value < 1000 && Number.isInteger(value) ? String(value) : SHORT.format(value);

/** What each class begins with; the last also says where it ends. */
export function classLabels(classes: { from: number; to: number }[]): string[] {
  return classes.map(({ from, to }, i) => {
    const [begin, end] = [short(from), short(to)];
    return i < classes.length - 1 || begin === end ? begin : `${begin} to ${end}`;
  });
}

/** At most `count` of 1, 3 (or 2 and 5), 10, … that lie within a range. */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = Math.log10(high / low);
  const steps = decades < 1.2 ? [1, 2, 5] : decades < 2.5 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  const every = Math.ceil(ticks.length / count);
  return ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0);
}
