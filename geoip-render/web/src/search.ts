// Finding places by anything that is written about them, and countries by name.

import { noun, type UnitData } from "./data.ts";
import { byId, el } from "./dom.ts";
import { plain } from "./grid.ts";
import type { GroupData } from "./groups.ts";
import { networkOf } from "./network.ts";
import type { PlacesLayer } from "./circles.ts";
import type { Layers } from "./layers.ts";
import { whole } from "./numbers.ts";

/** How many are offered. */
export const SHOWN = 12;
const PAUSE_MS = 60;

export interface Hit {
  title: string;
  note: string;
  count: string;
  go(): void;
}

export interface Goals {
  group(group: GroupData, unit: UnitData): void;
  place(layer: PlacesLayer, place: number): void;
  country(code: string): void;
}


export class Search {
  private readonly form = byId<HTMLFormElement>("search");
  private readonly input = byId<HTMLInputElement>("query");
  private readonly list = byId("found");
  private hits: Hit[] = [];
  private chosen = -1;
  private pause = 0;

  constructor(private readonly find: (query: string) => Hit[]) {
    this.form.hidden = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.update();
      const hit = this.hits[Math.max(this.chosen, 0)];
      if (!hit) return;
      this.hide();
      hit.go();
    });
    this.input.addEventListener("input", () => {
      window.clearTimeout(this.pause);
      this.pause = window.setTimeout(() => this.update(), PAUSE_MS);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hide();
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose((this.chosen + step + this.hits.length) % Math.max(this.hits.length, 1));
    });
    this.input.addEventListener("focus", () => {
      if (this.hits.length > 0) this.reveal();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.form.contains(event.target as Node)) this.hide();
    });
  }

  private update(): void {
    window.clearTimeout(this.pause);
    const query = this.input.value.trim();
    this.chosen = -1;
    if (query === "") {
      this.hits = [];
      this.hide();
      return;
    }
    this.hits = this.find(query);
    const items = this.hits.map((hit, i) => {
      const item = el(
        "li",
        { role: "option", id: `found-${i}`, ariaSelected: "false" },
        el("span", {}, el("span", { dir: "auto" }, hit.title), hit.note && el("small", { dir: "auto" }, hit.note)),
        el("span", { className: "count" }, hit.count),
      );
      item.addEventListener("click", () => {
        this.hide();
        hit.go();
      });
      return item;
    });
    if (items.length === 0) {
      items.push(el("li", { className: "none" }, "Nothing on this map matches."));
    }
    this.list.replaceChildren(...items);
    byId("said").textContent =
      this.hits.length === 0 ? "Nothing found" : `${this.hits.length} found, first ${this.hits[0].title}`;
    this.reveal();
  }

  private choose(index: number): void {
    this.chosen = index;
    [...this.list.children].forEach((item, i) => {
      item.ariaSelected = String(i === index);
      if (i === index) item.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", `found-${index}`);
  }

  private reveal(): void {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  private hide(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** Finds countries, groups and places by what the layers of a map say. */
export function searchLayers(
  layers: Layers,
  countries: Record<string, string>,
  goals: Goals,
): (query: string) => Hit[] {
  /** What is written about each place of each layer, made at the first search. */
  let index: { layer: PlacesLayer; order: Uint32Array; words: string[] }[] | null = null;
  return (query) => {
    index ??= layers.of("points").map((layer) => ({
      layer,
      order: layer.places.byWeight(),
      words: Array.from({ length: layer.places.count }, (_, place) => plain(layer.places.words(place))),
    }));
    const wanted = plain(query);
    const network = networkOf(query);
    const hits: Hit[] = [];
    for (const { data, counts } of layers.of("choropleth")) {
      for (const [code, count] of counts.ranking()) {
        const name = countries[code] ?? code;
        if (plain(name).startsWith(wanted) || code.toLowerCase() === wanted) {
          hits.push({
            title: name,
            note: "country",
            count: `${whole(count)} ${noun(data.unit, count)}`,
            go: () => goals.country(code),
          });
        }
      }
    }
    for (const { data } of layers.of("groups")) {
      for (const group of data.groups) {
        if (!plain(group.label).includes(wanted)) continue;
        hits.push({
          title: group.label,
          note: "group",
          count: `${whole(group.weight)} ${noun(data.unit, group.weight)}`,
          go: () => goals.group(group, data.unit),
        });
        if (hits.length >= SHOWN / 2) break;
      }
    }
    for (const { layer, order, words } of index) {
      const { places } = layer;
      // Titles that begin with the query come first, then the heavier ones.
      const begins: number[] = [];
      const others: number[] = [];
      for (const place of order) {
        if (words[place].startsWith(wanted)) begins.push(place);
        else if (words[place].includes(wanted) || network?.isIn(words[place])) others.push(place);
        if (begins.length >= SHOWN) break;
      }
      for (const place of [...begins, ...others].slice(0, SHOWN)) {
        const weight = places.columns.weight[place];
        const reason = places
          .details(place)
          .find(([, value]) => plain(value).includes(wanted) || network?.isIn(value));
        hits.push({
          title: places.title(place),
          note: reason ? `${reason[0]}: ${excerpt(reason[1], wanted)}` : "",
          count: `${whole(weight)} ${noun(places.unit, weight)}`,
          go: () => goals.place(layer, place),
        });
      }
    }
    return hits.slice(0, SHOWN);
  };
}

/** The part of a text around what was searched for. */
function excerpt(text: string, wanted: string): string {
  const at = Math.max(0, plain(text).indexOf(wanted));
  const from = Math.max(0, at - 20);
  const part = text.slice(from, from + 70).replace(/\s+/g, " ");
  return (from > 0 ? "…" : "") + part + (from + 70 < text.length ? "…" : "");
}
