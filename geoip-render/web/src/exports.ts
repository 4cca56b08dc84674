// What the reader takes along: pictures, tables and places as files.

import { el } from "./dom.ts";

/** A cell that begins like this is a formula to a spreadsheet (CWE-1236). */
const FORMULA = /^[=+\-@\t\r\0]/;

/** Comma-separated values (RFC 4180); a text that a spreadsheet would run gets an
 * apostrophe before it. */
export function csvOf(rows: (string | number)[][]): string {
  const cell = (value: string | number) => {
    if (typeof value === "number") return String(value);
    const text = FORMULA.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}

/** Gives a file to the reader. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const [, stem, extension] = /^(.*)(\.\w+)$/s.exec(name)!;
  const plain = stem.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "map";
  el("a", { href: url, download: plain + extension }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveText(text: string, name: string, type: string): void {
  saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), name);
}

const SVG = "http://www.w3.org/2000/svg";

/** Writes what is drawn as SVG: the part of a canvas that this page draws with. */
export class SvgPen {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  lineJoin = "miter";
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign = "start";
  textBaseline = "alphabetic";
  private path = "";
  private dash: number[] = [];
  private readonly root = document.createElementNS(SVG, "svg");

  constructor(width: number, height: number, title: string) {
    const size = { width: String(width), height: String(height), viewBox: `0 0 ${width} ${height}` };
    for (const [key, value] of Object.entries(size)) this.root.setAttribute(key, value);
    this.put("title", {}, title);
  }

  beginPath(): void {
    this.path = "";
  }
  moveTo(x: number, y: number): void {
    this.path += `M${short(x)} ${short(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path === "" ? "M" : "L"}${short(x)} ${short(y)}`;
  }
  closePath(): void {
    this.path += "Z";
  }
  /** A whole circle, which is all that is asked for. */
  arc(x: number, y: number, radius: number): void {
    const [r, d] = [short(radius), short(2 * radius)];
    this.path += `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 -${d} 0Z`;
  }
  fill(): void {
    this.put("path", { d: this.path, fill: this.fillStyle, "fill-rule": "nonzero", "fill-opacity": this.alpha() });
  }
  stroke(): void {
    this.put("path", { d: this.path, fill: "none", ...this.line() });
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.put("rect", { x: short(x), y: short(y), width: short(width), height: short(height), fill: this.fillStyle });
  }
  fillText(text: string, x: number, y: number): void {
    this.put("text", { ...this.place(x, y), fill: this.fillStyle }, text);
  }
  strokeText(text: string, x: number, y: number): void {
    this.put("text", { ...this.place(x, y), fill: "none", ...this.line() }, text);
  }
  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    const href = image.toDataURL("image/png");
    this.put("image", { href, x: short(x), y: short(y), width: short(width), height: short(height) });
  }
  setLineDash(dash: number[]): void {
    this.dash = dash;
  }
  setTransform(): void {}
  /** About as wide as most fonts draw it. */
  measureText(text: string): { width: number } {
    return { width: 0.58 * text.length * Number(/([\d.]+)px/.exec(this.font)?.[1] ?? 12) };
  }

  text(): string {
    return new XMLSerializer().serializeToString(this.root);
  }

  private alpha(): string {
    return this.globalAlpha === 1 ? "" : String(this.globalAlpha);
  }
  private line(): Record<string, string> {
    return {
      stroke: this.strokeStyle,
      "stroke-width": short(this.lineWidth),
      "stroke-linejoin": this.lineJoin === "round" ? "round" : "",
      "stroke-dasharray": this.dash.join(" "),
      "stroke-opacity": this.alpha(),
    };
  }
  private place(x: number, y: number): Record<string, string> {
    const [, weight = "400", size = "12", family = "sans-serif"] =
      /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(this.font) ?? [];
    const baseline = { middle: "central", top: "hanging" }[this.textBaseline] ?? "";
    const anchor = { center: "middle", right: "end" }[this.textAlign] ?? "";
    return {
      x: short(x),
      y: short(y),
      "font-family": family,
      "font-size": size,
      "font-weight": weight,
      "text-anchor": anchor,
      "dominant-baseline": baseline,
    };
  }
  private put(name: string, attributes: Record<string, string>, text?: string): void {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== "") element.setAttribute(key, value);
    }
    if (text !== undefined) element.textContent = writable(text);
    this.root.append(element);
  }
}

const short = (value: number) => String(Math.round(value * 10) / 10);

/** Text without the characters that XML has no way to write. */
const writable = (text: string) =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
