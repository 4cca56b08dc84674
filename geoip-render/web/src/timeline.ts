// Hits over time as bars, and a span of it chosen by dragging or by keys.

import type { BarsData, TimelineData } from "./facts.ts";
import { el } from "./dom.ts";
import { short, whole } from "./numbers.ts";
import { duration, stamp, timeTicks } from "./times.ts";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 84;

export type Span = [from: number, to: number];

export class TimeChart {
  readonly element: HTMLElement;
  private readonly bars: SVGPathElement;
  private readonly chosenBars: SVGPathElement;
  private readonly plot = el("div", { className: "plot" });
  private readonly shade = el("div", { className: "span", hidden: true });
  private readonly tip = el("div", { className: "time-tip", hidden: true });
  private readonly axis = el("div", { className: "ticks" });
  private readonly peak = el("span", { className: "peak" });
  private readonly said = el("p", { className: "quiet" });
  private readonly ends: [HTMLInputElement, HTMLInputElement];
  private slots: Float64Array = new Float64Array(0);
  private chosen: Span | null = null;
  private pressed: number | null = null;

  constructor(
    private readonly data: TimelineData,
    /** What is drawn as long as nothing but a span is chosen. */
    private readonly fine: BarsData | null,
    private readonly choose: (span: Span | null) => void,
  ) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${data.slots} ${HEIGHT}`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    this.bars = document.createElementNS(SVG, "path");
    this.chosenBars = document.createElementNS(SVG, "path");
    this.bars.setAttribute("class", "bars");
    this.chosenBars.setAttribute("class", "bars in");
    svg.append(this.bars, this.chosenBars);
    this.plot.append(svg, this.shade, this.tip);
    this.ends = [this.slider("From", 0), this.slider("To", data.slots)];
    this.element = el(
      "div",
      {},
      el("div", { className: "top" }, el("h2", {}, "Hits over time"), this.peak, this.said),
      this.plot,
      this.axis,
      el("div", { className: "ends" }, ...this.ends),
    );
    this.listen();
    const { start, width, slots } = data;
    const end = start + width * slots;
    for (const { at, label } of timeTicks(start, end, 9)) {
      const tick = el("span", {}, label);
      const share = (at - start) / (end - start);
      tick.style.left = `${100 * share}%`;
      if (share > 0.95) tick.className = "last";
      this.axis.append(tick);
    }
  }

  /** When a slot begins. */
  private at(slot: number): number {
    return this.data.start + slot * this.data.width;
  }

  /** A span in words. */
  words([from, to]: Span): string {
    const withSeconds = this.data.width < 60;
    const [begin, end] = [this.at(from), this.at(to)];
    if (this.data.width >= 86_400) {
      const last = stamp(end - 1).slice(0, 10);
      const first = stamp(begin).slice(0, 10);
      return first === last ? first : `${first} to ${last}`;
    }
    const until = stamp(end, withSeconds);
    const first = stamp(begin, withSeconds);
    return `${first} to ${first.slice(0, 10) === until.slice(0, 10) ? until.slice(11) : until}`;
  }

  /** Shows the hits in each slot, which are those of everything if nothing but a span is
   * chosen. */
  show(slots: Float64Array, chosen: Span | null, isAll: boolean): void {
    this.slots = slots;
    this.chosen = chosen;
    const { start, width } = this.data;
    const bars = (isAll && this.fine) || { start, width, hits: slots };
    let most = 0;
    for (const hits of bars.hits) most = Math.max(most, hits);
    const path = (from: number, to: number) => {
      let d = "";
      // Widths are in slots of the rows, however narrow the bars are.
      const each = bars.width / width;
      const gap = each * (bars.hits.length > 90 ? 0.08 : 0.14);
      bars.hits.forEach((hits, i) => {
        const left = (bars.start - start) / width + i * each;
        if (!(hits > 0) || left < from - 1e-9 || left >= to - 1e-9) return;
        const height = Math.max((hits / most) * HEIGHT, 1.2);
        d += `M${left + gap} ${HEIGHT}v${-height}h${each - 2 * gap}v${height}z`;
      });
      return d;
    };
    const [from, to] = chosen ?? [0, this.data.slots];
    this.bars.setAttribute("d", path(0, from) + path(to, this.data.slots));
    this.chosenBars.setAttribute("d", path(from, to));
    this.peak.textContent = most > 0 ? `up to ${short(most)} in ${duration(bars.width)}, UTC` : "none";
    const left: string[] = [];
    if (this.fine) left.push(`choose in steps of ${duration(width)}: too many addresses for shorter ones`);
    if (this.data.untimed > 0) left.push(`${whole(this.data.untimed)} hits have no time`);
    if (this.data.outside > 0) left.push(`${whole(this.data.outside)} hits are at times too far off to be shown`);
    this.said.textContent = left.join(" · ");
    this.mark(chosen);
    this.ends[0].value = String(from);
    this.ends[1].value = String(to);
    for (const [i, input] of this.ends.entries()) {
      input.setAttribute("aria-valuetext", stamp(this.at(i === 0 ? from : to)));
    }
  }

  private mark(span: Span | null): void {
    this.shade.hidden = span === null;
    if (!span) return;
    this.shade.style.left = `${(100 * span[0]) / this.data.slots}%`;
    this.shade.style.width = `${(100 * (span[1] - span[0])) / this.data.slots}%`;
  }

  private slotAt(event: PointerEvent): number {
    const box = this.plot.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(Math.max(Math.floor(share * this.data.slots), 0), this.data.slots - 1);
  }

  private listen(): void {
    const { plot } = this;
    const span = (slot: number): Span =>
      [Math.min(slot, this.pressed ?? slot), Math.max(slot, this.pressed ?? slot) + 1];
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      plot.setPointerCapture(event.pointerId);
      this.pressed = this.slotAt(event);
      this.mark(span(this.pressed));
    });
    plot.addEventListener("pointermove", (event) => {
      const slot = this.slotAt(event);
      if (this.pressed !== null) this.mark(span(slot));
      this.hint(slot, this.pressed === null ? [slot, slot + 1] : span(slot));
    });
    plot.addEventListener("pointerup", (event) => {
      if (this.pressed === null) return;
      const wanted = span(this.slotAt(event));
      this.pressed = null;
      const isSame = this.chosen && wanted[0] === this.chosen[0] && wanted[1] === this.chosen[1];
      const isAll = wanted[0] === 0 && wanted[1] === this.data.slots;
      // A click on what is chosen frees it.
      this.choose(isSame || isAll ? null : wanted);
    });
    plot.addEventListener("pointercancel", () => {
      this.pressed = null;
      this.mark(this.chosen);
    });
    plot.addEventListener("pointerleave", () => (this.tip.hidden = true));
    plot.addEventListener("dblclick", () => this.choose(null));
  }

  private hint(slot: number, span: Span): void {
    let hits = 0;
    for (let i = span[0]; i < span[1]; i++) hits += this.slots[i] ?? 0;
    this.tip.hidden = false;
    this.tip.textContent = `${this.words(span)} · ${whole(hits)} ${hits === 1 ? "hit" : "hits"}`;
    const share = (slot + 0.5) / this.data.slots;
    this.tip.style.left = `${100 * share}%`;
    this.tip.style.transform = `translateX(${-100 * share}%)`;
  }

  private slider(name: string, value: number): HTMLInputElement {
    const input = el("input", { type: "range", ariaLabel: `${name}: span of time` });
    Object.assign(input, { min: "0", max: String(this.data.slots), step: "1", value: String(value) });
    input.addEventListener("change", () => {
      const [from, to] = this.ends.map((end) => Number(end.value));
      const isAll = from <= 0 && to >= this.data.slots;
      this.choose(isAll ? null : [Math.min(from, this.data.slots - 1), Math.max(to, from + 1)]);
    });
    return input;
  }
}
