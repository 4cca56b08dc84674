// Colours of the canvas. Those around it are in style.css, which has the same page.

export type Rgb = [number, number, number];

const rgb = (hex: string): Rgb => [
  parseInt(hex.slice(0, 2), 16),
  parseInt(hex.slice(2, 4), 16),
  parseInt(hex.slice(4, 6), 16),
];

// Inferno of matplotlib, by Nathaniel Smith and Stéfan van der Walt (CC0).
const INFERNO = (
  "000004 160b39 420a68 6a176e 932667 bc3754 dd513a f37819 fca50a f6d746 fcffa4"
).split(" ").map(rgb);

// ColorBrewer's YlGnBu in nine classes, by Cynthia Brewer (Apache-2.0).
const YELLOW_GREEN_BLUE = (
  "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58"
).split(" ").map(rgb);

function ramp(stops: Rgb[], t: number): Rgb {
  const position = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const left = Math.min(Math.floor(position), stops.length - 2);
  const part = position - left;
  return stops[left].map((from, i) =>
    Math.round(from + (stops[left + 1][i] - from) * part),
  ) as Rgb;
}

/** Colour of a density, `t` in 0..1: brighter on night, darker on paper. */
export function heatColor(t: number, dark: boolean): Rgb {
  return dark ? ramp(INFERNO, 0.16 + 0.84 * t) : ramp(INFERNO, 0.9 - 0.8 * t);
}

/** How opaque a density is, so that the land shows through where there is little. */
export function heatAlpha(t: number): number {
  const ease = Math.min(Math.max(t / 0.45, 0), 1);
  return ease * ease * (3 - 2 * ease) * 0.94;
}

/** Colour of a class of countries, `t` in 0..1. */
export function classColor(t: number, dark: boolean): Rgb {
  return dark ? ramp(YELLOW_GREEN_BLUE, 0.86 - 0.8 * t) : ramp(YELLOW_GREEN_BLUE, 0.14 + 0.8 * t);
}

export const css = ([r, g, b]: Rgb, alpha = 1): string => `rgb(${r} ${g} ${b} / ${alpha})`;

/** Colours of the base map and of what is drawn on it. */
export interface Palette {
  page: string;
  ocean: string;
  land: string;
  coast: string;
  border: string;
  graticule: string;
  empty: string;
  place: string;
  placeEdge: string;
  placeText: string;
  coarse: string;
  group: string;
  chosen: string;
  arc: string;
}

export const DARK: Palette = {
  page: "#070b14",
  ocean: "#0b1220",
  land: "#1b2436",
  coast: "rgb(200 220 255 / .34)",
  border: "rgb(200 220 255 / .2)",
  graticule: "#18233a",
  empty: "#1b2436",
  place: "rgb(94 196 255 / .72)",
  placeEdge: "#dff3ff",
  placeText: "#06202f",
  coarse: "#b9c6dc",
  group: "#7ee0a1",
  chosen: "#ffffff",
  arc: "#ffb454",
};

export const LIGHT: Palette = {
  page: "#ffffff",
  ocean: "#e9f0f5",
  land: "#fbfbf8",
  coast: "rgb(20 50 80 / .5)",
  border: "rgb(20 50 80 / .24)",
  graticule: "#dbe5ec",
  empty: "#e6e9ec",
  place: "rgb(0 106 176 / .72)",
  placeEdge: "#ffffff",
  placeText: "#ffffff",
  coarse: "#5d6b78",
  group: "#00733b",
  chosen: "#111111",
  arc: "#b03a00",
};
