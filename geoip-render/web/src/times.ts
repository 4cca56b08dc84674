// Times as people read them, in UTC.

const two = (value: number) => String(value).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 2026-11-20 06:30, with seconds where they matter. */
export function stamp(seconds: number, withSeconds = false): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toISOString().replace("T", " ");
  return text.slice(0, text.indexOf(".") - (withSeconds ? 0 : 3));
}

/** 10 min, 3 h, 7 days */
export function duration(seconds: number): string {
  const units: [number, string, string][] = [
    [86_400, "day", "days"],
    [3600, "h", "h"],
    [60, "min", "min"],
    [1, "s", "s"],
  ];
  const [unit, one, many] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, "s", "s"];
  const count = seconds / unit;
  return `${count} ${count === 1 ? one : many}`;
}

/** Where a time line is labelled, and how: round times, few enough to be read. */
export function timeTicks(start: number, end: number, most: number): { at: number; label: string }[] {
  const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
  const step = steps.find((step) => (end - start) / step <= most);
  const ticks: { at: number; label: string }[] = [];
  if (step !== undefined) {
    // Weeks begin on Mondays.
    const origin = step === 604_800 ? -3 * 86_400 : 0;
    for (let at = Math.ceil((start - origin) / step) * step + origin; at < end; at += step) {
      ticks.push({ at, label: labelOf(at, step) });
    }
    return ticks;
  }
  const first = new Date(start * 1000);
  const months = (end - start) / (30.44 * 86_400);
  const every = [1, 3, 6, 12, 24, 60, 120, 600, 1200, 12_000].find((every) => months / every <= most) ?? 120_000;
  let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / every) * every;
  for (let i = 0; i <= most + 1; i++, month += every) {
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    const at = date.getTime() / 1000;
    if (at >= end) break;
    if (at < start) continue;
    const year = date.getUTCFullYear();
    ticks.push({ at, label: every >= 12 ? String(year) : `${MONTHS[date.getUTCMonth()]} ${year}` });
  }
  return ticks;
}

function labelOf(at: number, step: number): string {
  const date = new Date(at * 1000);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  if (step >= 86_400 || at % 86_400 === 0) return day;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return step < 60 ? `${time}:${two(date.getUTCSeconds())}` : time;
}
