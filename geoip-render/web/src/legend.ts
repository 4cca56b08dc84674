// What the colours and sizes mean, for what is in view.

import { MOST_ARCS } from "./arcs.ts";
import type { PlacesLayer } from "./circles.ts";
import { heatAlpha, heatColor } from "./colors.ts";
import { noun, type UnitData } from "./data.ts";
import { el } from "./dom.ts";
import type { HeatLegend } from "./heat.ts";
import type { Layers } from "./layers.ts";
import { classLabels, logTicks, short, whole } from "./numbers.ts";

const BAR_WIDTH = 250;

/** A legend for each layer that is shown. */
export function legendParts(layers: Layers, heat: HeatLegend | null, dark: boolean): HTMLElement[] {
  const parts: HTMLElement[] = [];
  const heatLayer = layers.shown("heat")[0];
  if (heatLayer && heat) parts.push(heatBar(heat, heatLayer.data.unit, dark));
  for (const { counts } of layers.shown("choropleth")) {
    const labels = classLabels(counts.classes);
    const swatches = labels.map((label, i) => {
      const swatch = el("span", {}, label);
      swatch.style.setProperty("--class", counts.classCss(i, dark));
      return swatch;
    });
    if (swatches.length === 0) continue;
    parts.push(
      el(
        "div",
        {},
        el("p", {}, el("b", {}, `${noun(counts.data.unit, 2)} by country`)),
        el("div", { className: "classes" }, ...swatches),
      ),
    );
  }
  for (const layer of layers.shown("arcs")) {
    if (layer.count === 0) continue;
    const which = layer.count > MOST_ARCS ? `the ${MOST_ARCS} heaviest of ${whole(layer.count)}` : "one a place";
    const to = layer.home === "" ? "brighter towards where they lead" : `brighter towards ${layer.home}`;
    parts.push(el("div", { className: "arcs" }, el("p", {}, el("b", {}, "arcs"), `: ${which},`), el("p", {}, to)));
  }
  for (const layer of layers.shown("points")) {
    if (layer.places.count > 0) parts.push(circleSizes(layer));
  }
  return parts;
}

/** A kilometre figure no more exact than it deserves. */
function roundKm(km: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(km)) - 1);
  return whole(Math.max(1, Math.round(km / unit) * unit));
}

function heatBar(heat: HeatLegend, unit: UnitData, dark: boolean): HTMLElement {
  const title = el(
    "p",
    {},
    el("b", {}, `${noun(unit, 2)} per 10,000 km²`),
    heat.range ? `, blurred by ${roundKm(heat.wideKm)} km` : ": none in view",
  );
  const box = el("div", {}, title);
  if (!heat.range) return box;
  const { low, high } = heat.range;
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const bar = el("canvas", { width: BAR_WIDTH * ratio, height: 28 * ratio });
  bar.style.width = `${BAR_WIDTH}px`;
  bar.style.height = "28px";
  const context = bar.getContext("2d")!;
  context.scale(ratio, ratio);
  for (let x = 0; x < BAR_WIDTH; x++) {
    const t = x / (BAR_WIDTH - 1);
    const [r, g, b] = heatColor(t, dark);
    context.fillStyle = `rgb(${r} ${g} ${b} / ${heatAlpha(t)})`;
    context.fillRect(x, 0, 1, 10);
  }
  const ink = getComputedStyle(document.body).color;
  context.fillStyle = ink;
  context.font = '11px system-ui, "Liberation Sans", sans-serif';
  const ticks = logTicks(low, high, 5);
  for (const tick of ticks) {
    const x = (Math.log(tick / low) / Math.log(high / low)) * BAR_WIDTH;
    context.fillRect(Math.min(x, BAR_WIDTH - 1), 10, 1, 4);
    context.textAlign = x < 16 ? "left" : x > BAR_WIDTH - 16 ? "right" : "center";
    context.fillText(short(tick), x, 25);
  }
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", `Colours from ${short(low)} to ${short(high)} on a log scale`);
  box.append(bar);
  return box;
}

function circleSizes(layer: PlacesLayer): HTMLElement {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const largest = 10 ** Math.floor(Math.log10(Math.max(1, layer.heaviest)));
  const samples = [...new Set([largest, largest / 10, largest / 100])].filter((n) => n >= 1);
  const canvas = el("canvas", {});
  const radii = samples.map((weight) => layer.radius(weight));
  const width = radii.reduce((sum, radius) => sum + Math.max(2 * radius, 34) + 8, 4);
  const height = 2 * Math.max(...radii, 4) + 18;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d")!;
  context.scale(ratio, ratio);
  const ink = getComputedStyle(document.body).color;
  let x = 4;
  samples.forEach((weight, i) => {
    const half = Math.max(radii[i], 17);
    context.beginPath();
    context.arc(x + half, height - 16 - radii[i], radii[i], 0, 2 * Math.PI);
    context.strokeStyle = ink;
    context.stroke();
    context.fillStyle = ink;
    context.font = '11px system-ui, "Liberation Sans", sans-serif';
    context.textAlign = "center";
    context.fillText(short(weight), x + half, height - 3);
    x += 2 * half + 8;
  });
  const title = el("p", {}, el("b", {}, noun(layer.places.unit, 2)), " a circle");
  return el("div", { className: "circles" }, title, canvas);
}
