// Density on the ground as light: each point is spread by two Gaussian kernels, half
// of its weight by each, and coloured by the logarithm of what adds up.

import { heatAlpha, heatColor } from "./colors.ts";
import type { Columns } from "./data.ts";
import { KM2_PER_UNIT2, KM_PER_UNIT } from "./projection.ts";
import type { View } from "./view.ts";

/** Standard deviation of the wide kernel on the screen, where none is asked for. */
const WIDE_PX = 5.5;
/** The same on a small screen, where the whole world is a few hundred pixels. */
const SMALL_WIDE_PX = 4;
/** The narrowest that a kernel asked for in kilometres is drawn. */
const LEAST_PX = 3;
/** The widest, for time's sake. */
const MAX_WIDE_PX = 60;
/** The narrow kernel has this share of the wide one's deviation. */
const NARROW = 0.3;
/** No kernel is narrower on the ground: locations are not known better than this. */
const KNOWN_TO_KM = 30;
/** The unit of area in the legend. */
const PER_KM2 = 10_000;

export interface HeatPicture {
  pixels: ImageData;
  /** CSS pixels along a side of one of these. */
  cellPx: number;
  legend: HeatLegend;
}

export interface HeatLegend {
  /** Densities at the ends of the colours, per 10,000 km²; null where nothing is. */
  range: { low: number; high: number } | null;
  /** Standard deviation of the wide kernel, in kilometres of ground. */
  wideKm: number;
}

/** Draws the density of points in a view. */
export function drawHeat(
  points: Columns,
  view: View,
  bandwidthKm: number | null,
  dark: boolean,
): HeatPicture {
  const pxPerKm = view.scale / KM_PER_UNIT;
  const wantedPx = (bandwidthKm ?? KNOWN_TO_KM) * pxPerKm;
  const ownPx = Math.min(Math.max(view.width / 280, SMALL_WIDE_PX), WIDE_PX);
  const leastPx = bandwidthKm === null ? ownPx : LEAST_PX;
  const widePx = Math.min(Math.max(wantedPx, leastPx), MAX_WIDE_PX);
  // Where even the narrow kernel is wide, larger cells show the same.
  const cellPx = widePx * NARROW >= 6 ? 4 : 2;
  const width = Math.ceil(view.width / cellPx);
  const height = Math.ceil(view.height / cellPx);
  const wide = widePx / cellPx;
  const density = spread(points, view, width, height, cellPx, wide);
  const legend: HeatLegend = { range: null, wideKm: widePx / pxPerKm };

  // From weight in a cell to weight per 10,000 km².
  const cellKm2 = ((cellPx * cellPx) / (view.scale * view.scale)) * KM2_PER_UNIT2;
  const perArea = PER_KM2 / cellKm2;
  // What the middle of a single hit has: the least that must not vanish.
  const single = peak(wide);
  const pixels = new ImageData(width, height);
  const high = nearlyHighest(density, single * 0.05);
  if (high > 0) {
    const low = Math.max(Math.min(high / 2000, single * 0.3), high / 1e6);
    legend.range = { low: low * perArea, high: high * perArea };
    shade(pixels.data, density, low, high, dark);
  }
  return { pixels, cellPx, legend };
}

/** Height in the middle of both kernels together, for one hit. */
function peak(wide: number): number {
  const narrow = wide * NARROW;
  return (0.5 / wide ** 2 + 0.5 / narrow ** 2) / (2 * Math.PI);
}

/** Weights spread over the grid by both kernels. */
function spread(
  points: Columns,
  view: View,
  width: number,
  height: number,
  cellPx: number,
  wide: number,
): Float32Array {
  // What lies outside the view by less than the kernel's reach shines into it.
  const border = Math.ceil(3.5 * wide) + 1;
  const gridWidth = width + 2 * border;
  const gridHeight = height + 2 * border;
  const grid = new Float32Array(gridWidth * gridHeight);
  const cellsPerUnit = view.scale / cellPx;
  const left = view.width / 2 / cellPx - view.x * cellsPerUnit + border - 0.5;
  const top = view.height / 2 / cellPx - view.y * cellsPerUnit + border - 0.5;
  for (let i = 0; i < points.weight.length; i++) {
    const x = points.x[i] * cellsPerUnit + left;
    const y = points.y[i] * cellsPerUnit + top;
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (column < 0 || row < 0 || column >= gridWidth - 1 || row >= gridHeight - 1) continue;
    // Shared between the four nearest cells, so that light does not jump on panning.
    const right = x - column;
    const down = y - row;
    const at = row * gridWidth + column;
    const weight = points.weight[i];
    grid[at] += weight * (1 - right) * (1 - down);
    grid[at + 1] += weight * right * (1 - down);
    grid[at + gridWidth] += weight * (1 - right) * down;
    grid[at + gridWidth + 1] += weight * right * down;
  }
  const far = blur(grid, gridWidth, gridHeight, wide, border, width, height);
  const near = blur(grid, gridWidth, gridHeight, wide * NARROW, border, width, height);
  for (let i = 0; i < far.length; i++) far[i] = 0.5 * (far[i] + near[i]);
  return far;
}

/** Convolves with a Gaussian of 3.5 deviations each way and cuts the border off. */
function blur(
  grid: Float32Array,
  gridWidth: number,
  gridHeight: number,
  deviation: number,
  border: number,
  width: number,
  height: number,
): Float32Array {
  const reach = Math.min(Math.ceil(3.5 * deviation), border - 1);
  const kernel = new Float32Array(2 * reach + 1);
  let sum = 0;
  for (let i = -reach; i <= reach; i++) {
    kernel[i + reach] = Math.exp(-0.5 * (i / deviation) ** 2);
    sum += kernel[i + reach];
  }
  for (let i = 0; i < kernel.length; i++) kernel[i] /= sum;

  // Rows first, scattering from the cells that hold something: most hold nothing.
  const rows = new Float32Array(width * gridHeight);
  const used = new Uint8Array(gridHeight);
  for (let row = 0; row < gridHeight; row++) {
    for (let column = 0; column < gridWidth; column++) {
      const weight = grid[row * gridWidth + column];
      if (weight === 0) continue;
      used[row] = 1;
      const from = Math.max(column - border - reach, 0);
      const to = Math.min(column - border + reach, width - 1);
      for (let target = from; target <= to; target++) {
        rows[row * width + target] += weight * kernel[target - column + border + reach];
      }
    }
  }
  const out = new Float32Array(width * height);
  for (let row = 0; row < gridHeight; row++) {
    if (used[row] === 0) continue;
    const from = Math.max(row - border - reach, 0);
    const to = Math.min(row - border + reach, height - 1);
    for (let target = from; target <= to; target++) {
      const share = kernel[target - row + border + reach];
      const source = row * width;
      const into = target * width;
      for (let column = 0; column < width; column++) {
        out[into + column] += rows[source + column] * share;
      }
    }
  }
  return out;
}

/** The density that all but one in two thousand of the lit cells stay below. */
function nearlyHighest(density: Float32Array, floor: number): number {
  let highest = 0;
  for (const value of density) if (value > highest) highest = value;
  if (highest <= floor) return highest;
  const bins = new Uint32Array(512);
  const perBin = Math.log(highest / floor) / bins.length;
  let lit = 0;
  for (const value of density) {
    if (value <= floor) continue;
    lit++;
    bins[Math.min(Math.floor(Math.log(value / floor) / perBin), bins.length - 1)]++;
  }
  let above = 0;
  let bin = bins.length;
  while (bin > 0 && above <= lit / 2000) above += bins[--bin];
  return floor * Math.exp((bin + 1) * perBin);
}

const SHADES = 512;

function shade(
  pixels: Uint8ClampedArray,
  density: Float32Array,
  low: number,
  high: number,
  dark: boolean,
): void {
  const table = new Uint8ClampedArray(SHADES * 4);
  for (let i = 0; i < SHADES; i++) {
    const t = i / (SHADES - 1);
    table.set([...heatColor(t, dark), heatAlpha(t) * 255], i * 4);
  }
  const perLog = (SHADES - 1) / Math.log(high / low);
  for (let i = 0; i < density.length; i++) {
    if (density[i] <= low) continue;
    const shade = Math.min(Math.floor(Math.log(density[i] / low) * perLog), SHADES - 1) * 4;
    const pixel = i * 4;
    pixels[pixel] = table[shade];
    pixels[pixel + 1] = table[shade + 1];
    pixels[pixel + 2] = table[shade + 2];
    pixels[pixel + 3] = table[shade + 3];
  }
}
