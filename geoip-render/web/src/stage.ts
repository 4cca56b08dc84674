// The canvas: a backdrop that is drawn once and moved about, and circles over it.
//
// Land, colours and heat take tens of milliseconds to draw, a frame has sixteen. So
// they are drawn somewhat larger than the screen, moved or stretched while a gesture
// lasts, and drawn anew when it rests or runs past the edge.

import type { BaseMap } from "./basemap.ts";
import { DARK, LIGHT, type Palette } from "./colors.ts";
import { drawArcs, drawHome } from "./arcs.ts";
import { vectorOf } from "./globe.ts";
import { drawGroups, lineOf } from "./groups.ts";
import { drawHeat, type HeatLegend } from "./heat.ts";
import type { Columns } from "./data.ts";
import type { Layers } from "./layers.ts";
import { SvgPen } from "./exports.ts";
import { graticule, type Plane } from "./projection.ts";
import { type Circle, drawCircles } from "./circles.ts";
import { View } from "./view.ts";

/** How much larger than the screen the backdrop is, on each side. */
const MARGIN = 0.15;
/** How long a gesture must rest before the backdrop is drawn anew. */
const REST_MS = 110;
/** The backdrop may be stretched this far before it is drawn anew at once. */
const STRETCH = 2;
/** The world and a little around it: outside of that there is nothing to draw. */
const EDGE = { left: -2.75, right: 2.75, top: -1.35, bottom: 1.35 };

const GRATICULE = graticule();

/** What is marked on the map as chosen. */
export interface Chosen {
  /** A place to ring. */
  at?: Plane;
  /** A country to outline, by its code. */
  code?: string;
  /** How far from the place its addresses may be, as a line around it. */
  around?: Plane[];
}

export class Stage {
  readonly view = new View();
  dark = true;
  chosen: Chosen | null = null;
  /** The circles of the last frame, the topmost last. */
  circles: Circle[] = [];
  /** Called when everything has been drawn anew, for the legend. */
  onDrawn: (heat: HeatLegend | null) => void = () => {};
  /** Called when the view has moved and rests. */
  onRest: () => void = () => {};
  private readonly context: CanvasRenderingContext2D;
  private backdrop: { canvas: HTMLCanvasElement; view: View } | null = null;
  private heat: HeatLegend | null = null;
  private density = 1;
  private frame = 0;
  private rest = 0;
  private flight = 0;
  /** Whether a gesture lasts. */
  private isMoving = false;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly base: BaseMap,
    private readonly layers: Layers,
  ) {
    this.context = canvas.getContext("2d", { alpha: false })!;
  }

  palette(): Palette {
    return this.dark ? DARK : LIGHT;
  }

  /** Takes the size of the element; true if that has changed. */
  resize(): boolean {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const density = Math.min(window.devicePixelRatio || 1, 2);
    if (!width || !height) return false;
    if (width === this.view.width && height === this.view.height && density === this.density) {
      return false;
    }
    this.density = density;
    this.view.width = width;
    this.view.height = height;
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    this.view.clampScale();
    this.view.clamp();
    this.redraw();
    return true;
  }

  /** Draws a frame soon: the view has moved. */
  moved(): void {
    window.clearTimeout(this.rest);
    this.isMoving = true;
    this.rest = window.setTimeout(() => {
      this.redraw();
      this.onRest();
    }, REST_MS);
    this.schedule();
  }

  /** Draws everything anew soon: what is shown has changed. */
  redraw(): void {
    window.clearTimeout(this.rest);
    this.isMoving = false;
    this.backdrop = null;
    this.schedule();
  }

  /** Draws only what lies over the backdrop. */
  schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** Moves to another view, gently where the reader has not asked for less motion. */
  fly(target: View): void {
    cancelAnimationFrame(this.flight);
    const from = this.view.copy();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const begin = performance.now();
    const step = (now: number) => {
      const t = still ? 1 : Math.min((now - begin) / 380, 1);
      const ease = t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2;
      const scale = from.scale * (target.scale / from.scale) ** ease;
      // The centre goes as the scale does, so that the target never leaves the view.
      const ratio = target.scale / from.scale;
      const part =
        Math.abs(ratio - 1) < 1e-3 ? ease : (1 - from.scale / scale) / (1 - from.scale / target.scale);
      this.view.scale = scale;
      this.view.x = from.x + (target.x - from.x) * part;
      this.view.y = from.y + (target.y - from.y) * part;
      this.moved();
      if (t < 1) this.flight = requestAnimationFrame(step);
    };
    step(begin);
  }

  /** Ends a flight where it is: the reader has taken over. */
  land(): void {
    cancelAnimationFrame(this.flight);
  }

  /** Draws the view as it is, with nothing left over from a gesture. */
  drawNow(): void {
    this.isMoving = false;
    this.backdrop = null;
    this.draw();
  }

  private draw(): void {
    const { view, context } = this;
    if (view.globe) return this.drawGlobe();
    const anew = !this.backdrop || !this.covers(this.backdrop.view);
    if (anew) this.backdrop = this.drawBackdrop();
    const { canvas, view: drawn } = this.backdrop!;
    const stretch = view.scale / drawn.scale;
    // On whole pixels, where it needs no smoothing as long as it is not stretched.
    const whole = (px: number) => Math.round(px * this.density) / this.density;
    const corner = {
      x: whole(view.width / 2 + (drawn.x - view.x) * view.scale - (drawn.width / 2) * stretch),
      y: whole(view.height / 2 + (drawn.y - view.y) * view.scale - (drawn.height / 2) * stretch),
    };
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    context.fillStyle = this.palette().page;
    context.fillRect(0, 0, view.width, view.height);
    context.drawImage(canvas, corner.x, corner.y, drawn.width * stretch, drawn.height * stretch);
    this.drawOver(context);
    if (anew) this.onDrawn(this.heat);
  }

  /** A globe that turns has nothing to be moved about: all is drawn anew. */
  private drawGlobe(): void {
    const { view, context } = this;
    this.backdrop = null;
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.drawGround(context, view);
    this.drawOver(context);
    if (!this.isMoving) this.onDrawn(this.heat);
  }

  /** What lies over land and heat. */
  private drawOver(context: CanvasRenderingContext2D): void {
    const { view } = this;
    this.drawChosenCountry(context);
    for (const groups of this.layers.shown("groups")) {
      drawGroups(context, view, groups.data, this.palette());
    }
    this.drawAround(context);
    this.circles = [];
    for (const points of this.layers.shown("points")) {
      this.circles.push(...points.circles(view));
    }
    const chosen = this.chosen?.at;
    drawCircles(context, this.circles, this.palette(), chosen && view.sees(chosen) ? view.toScreen(chosen) : null);
    for (const arcs of this.layers.shown("arcs")) drawHome(context, view, arcs, this.palette());
  }

  /** The view as it is, as SVG. */
  svg(title: string): string {
    const { view } = this;
    const pen = new SvgPen(view.width, view.height, title);
    // Everything that is drawn is drawn with what the pen has, see there.
    const context = pen as unknown as CanvasRenderingContext2D;
    this.drawGround(context, view);
    this.drawOver(context);
    return pen.text();
  }

  private drawAround(context: CanvasRenderingContext2D): void {
    const around = this.chosen?.around;
    if (!around) return;
    context.beginPath();
    this.view.trace(context, lineOf(around));
    context.setLineDash([5, 4]);
    context.strokeStyle = this.palette().chosen;
    context.lineWidth = 1.3;
    context.stroke();
    context.setLineDash([]);
  }

  /** Whether a backdrop fills the screen and is not stretched too far. */
  private covers(drawn: View): boolean {
    const { view } = this;
    const stretch = view.scale / drawn.scale;
    if (stretch > STRETCH || stretch < 1 / STRETCH) return false;
    const seen = view.box();
    const have = drawn.box();
    return (
      Math.max(seen.left, EDGE.left) >= have.left &&
      Math.min(seen.right, EDGE.right) <= have.right &&
      Math.max(seen.top, EDGE.top) >= have.top &&
      Math.min(seen.bottom, EDGE.bottom) <= have.bottom
    );
  }

  private drawBackdrop(): { canvas: HTMLCanvasElement; view: View } {
    const view = this.view.copy();
    // Where the whole world is in view there is nothing to move to.
    const { left, right, top, bottom } = view.box();
    if (left > EDGE.left || right < EDGE.right) view.width = Math.ceil(view.width * (1 + 2 * MARGIN));
    if (top > EDGE.top || bottom < EDGE.bottom) view.height = Math.ceil(view.height * (1 + 2 * MARGIN));
    const canvas = this.backdrop?.canvas ?? document.createElement("canvas");
    canvas.width = Math.round(view.width * this.density);
    canvas.height = Math.round(view.height * this.density);
    const context = canvas.getContext("2d", { alpha: false })!;
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.drawGround(context, view);
    return { canvas, view };
  }

  /** Land, colours and heat. */
  private drawGround(context: CanvasRenderingContext2D, view: View): void {
    const palette = this.palette();
    context.lineJoin = "round";
    context.fillStyle = palette.page;
    context.fillRect(0, 0, view.width, view.height);

    context.beginPath();
    if (view.globe) context.arc(view.width / 2, view.height / 2, view.scale, 0, 2 * Math.PI);
    else view.ring(context, GRATICULE.outline);
    context.fillStyle = palette.ocean;
    context.fill();
    context.strokeStyle = palette.graticule;
    context.lineWidth = 0.8;
    for (const line of GRATICULE.lines) {
      context.beginPath();
      view.trace(context, line);
      context.stroke();
    }

    const counts = this.layers.shown("choropleth")[0]?.counts;
    this.base.fill(context, view, ({ code }) =>
      counts ? (counts.color(code, this.dark) ?? palette.empty) : palette.land,
    );
    this.heat = null;
    for (const heat of this.layers.shown("heat")) {
      // Heat takes longer than a frame of a globe that turns.
      if (this.isMoving && view.globe) continue;
      const points = view.globe ? seenFrom(view, heat.columns) : heat.columns;
      const flat = view.globe ? Object.assign(view.copy(), { x: 0, y: 0, globe: false }) : view;
      const picture = drawHeat(points, flat, heat.data.bandwidth_km, this.dark);
      const small = document.createElement("canvas");
      small.width = picture.pixels.width;
      small.height = picture.pixels.height;
      small.getContext("2d")!.putImageData(picture.pixels, 0, 0);
      context.drawImage(small, 0, 0, small.width * picture.cellPx, small.height * picture.cellPx);
      this.heat = picture.legend;
    }
    // Lines lie over the heat and let it through, so that one can tell where it is.
    context.lineWidth = 0.6;
    context.strokeStyle = counts ? palette.ocean : palette.border;
    this.base.stroke(context, view, "border");
    context.strokeStyle = palette.coast;
    this.base.stroke(context, view, "coast");
    if (counts) this.drawSmallCountries(context, view);
    for (const arcs of this.layers.shown("arcs")) drawArcs(context, view, arcs, palette);
  }

  /** Countries that would be too small to see get a mark in their colour. */
  private drawSmallCountries(context: CanvasRenderingContext2D, view: View): void {
    const counts = this.layers.shown("choropleth")[0].counts;
    for (const country of this.base.countries) {
      const color = counts.color(country.code, this.dark);
      if (!color || country.area * view.scale * view.scale > 30 || !view.sees(country.anchor)) continue;
      const at = view.toScreen(country.anchor);
      context.beginPath();
      context.arc(at.x, at.y, 3.5, 0, 2 * Math.PI);
      context.fillStyle = color;
      context.fill();
      context.lineWidth = 0.8;
      context.strokeStyle = this.palette().coast;
      context.stroke();
    }
  }

  private drawChosenCountry(context: CanvasRenderingContext2D): void {
    const country = this.chosen?.code && this.base.find(this.chosen.code);
    if (!country) return;
    context.beginPath();
    for (const ring of country.rings) this.view.trace(context, ring);
    context.strokeStyle = this.palette().chosen;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

const vectors = new WeakMap<Columns, Float32Array>();

/** Points on the near side of a globe, on its disc of radius one. */
function seenFrom(view: View, columns: Columns): Columns {
  let known = vectors.get(columns);
  if (!known) {
    known = new Float32Array(3 * columns.weight.length);
    for (let i = 0; i < columns.weight.length; i++) known.set(vectorOf({ x: columns.x[i], y: columns.y[i] }), 3 * i);
    vectors.set(columns, known);
  }
  const turn = view.turn();
  const x = new Float64Array(columns.weight.length);
  const y = new Float64Array(columns.weight.length);
  const weight = new Float64Array(columns.weight.length);
  for (let i = 0; i < weight.length; i++) {
    const seen = turn.see(known, 3 * i);
    [x[i], y[i]] = [seen.x, seen.y];
    weight[i] = seen.depth > 0 ? columns.weight[i] : 0;
  }
  return { ...columns, x, y, weight };
}
