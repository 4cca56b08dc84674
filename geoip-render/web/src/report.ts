// A report: what the reader chooses in one part of the page changes the others.

import type { BaseMap } from "./basemap.ts";
import { noun, type PageData, type UnitData } from "./data.ts";
import { byId, el } from "./dom.ts";
import { csvOf, saveText } from "./exports.ts";
import { type FactGroup, groupsOf } from "./factgroups.ts";
import { type FactPlaces, fullName } from "./factplaces.ts";
import { searchFacts } from "./factsearch.ts";
import type { Facts } from "./facts.ts";
import { addUp, everything, type Filter, fromHash, isOpen, type Rule, type Sums, toHash } from "./filter.ts";
import { circleAround, outlineOf } from "./groups.ts";
import type { Layers } from "./layers.ts";
import { whole } from "./numbers.ts";
import { big, details, type Panel } from "./panel.ts";
import { project, unproject } from "./projection.ts";
import { Search } from "./search.ts";
import { flagName, Sections, tiles } from "./sections.ts";
import type { Stage } from "./stage.ts";
import { TimeChart } from "./timeline.ts";
import { stamp } from "./times.ts";
import { boundsOf } from "./view.ts";

/** How many addresses of a place are listed when it is clicked. */
const LISTED = 100;
/** How large a place is shown when the reader asks for it. */
const PLACE_ZOOM = 12;
/** How long the view must rest before the address of the page follows it. */
const REST_MS = 400;

export class ReportPage {
  filter: Filter;
  sums: Sums;
  private readonly all: Sums;
  private readonly sections: Sections;
  private readonly time: TimeChart | null;
  private readonly chips = el("div", { className: "chips" });
  private hashTimer = 0;
  private isReady = false;
  /** Whether the view is the reader's own. */
  private viewIsChosen = false;
  private layersAreChosen = false;

  constructor(
    private readonly facts: Facts,
    private readonly page: PageData,
    private readonly layers: Layers,
    private readonly stage: Stage,
    private readonly base: BaseMap,
    private readonly panel: Panel,
    private readonly redrawLayers: () => void,
    private readonly turnGlobe: (on: boolean) => void,
  ) {
    this.filter = everything(facts.data.unit);
    this.all = this.sums = addUp(facts, this.filter);
    layers.addRows(facts, this.sums, this.filter, this.names);
    this.sections = new Sections(facts, this.names, {
      country: (code) => this.chooseCountry(code),
      system: (system) => this.change({ system: this.filter.system === system ? -1 : system }),
      network: (network) => this.change({ network: this.filter.network === network ? -1 : network }),
      place: (place) => this.showPlace(place, true),
      group: (group) => this.showGroup(group, true),
      address: (row) => this.showAddress(row),
      rule: (flag, rule) => this.setRule(flag, rule),
    });
    const { timeline, bars } = facts.data;
    this.time = timeline && new TimeChart(timeline, bars, (time) => this.change({ time }));
  }

  readonly names = (code: string): string => this.page.countries[code] ?? code;

  /** Puts everything in its place, when the words are there. */
  async fill(): Promise<void> {
    await this.facts.readWords();
    this.isReady = true;
    if (this.time) {
      byId("time").append(this.time.element);
      byId("time").hidden = false;
    }
    byId("bar").append(this.controls(), this.chips, this.takeAway());
    byId("bar").hidden = false;
    const { whole: isWhole, facts } = this.facts.data;
    const home = isWhole ? byId("tables") : byId("folded");
    home.append(...this.sections.elements);
    byId("tables").hidden = !isWhole;
    byId("tiles").hidden = !isWhole;
    if (!isWhole) byId("fold-tables").hidden = false;
    if (facts.length > 0) {
      const list = el("dl");
      for (const [name, value] of facts) list.append(el("dt", {}, name), el("dd", { dir: "auto" }, value));
      byId("facts").append(el("h2", {}, "Where this comes from"), list);
      byId("facts").hidden = false;
    }
    new Search(
      searchFacts(this.facts, this.names, () => this.sums, {
        country: (code) => this.chooseCountry(code, true),
        place: (place) => this.showPlace(place, true),
        system: (system) => this.change({ system }),
        address: (row) => this.showAddress(row),
      }),
    );
    this.follow();
    addEventListener("hashchange", () => this.follow());
    addEventListener("beforeprint", () => this.sections.print(true));
    addEventListener("afterprint", () => this.sections.print(false));
    document.documentElement.dataset.filled = String(Math.round(performance.now()));
  }

  /** Takes what the address of the page says. */
  private follow(): void {
    const state = fromHash(location.hash, this.facts);
    this.filter = state.filter;
    if (state.layers) {
      this.layersAreChosen = true;
      for (const layer of this.layers.all) layer.visible = state.layers.includes(layer.kind);
      this.redrawLayers();
      this.stage.redraw();
    }
    if (state.globe !== this.stage.view.globe) this.turnGlobe(state.globe);
    if (state.where) {
      const { view } = this.stage;
      this.viewIsChosen = true;
      Object.assign(view, project(state.where.lat, state.where.lng));
      view.scale = view.worldScale() * state.where.zoom;
      view.clampScale();
      view.clamp();
    }
    this.apply();
  }

  change(part: Partial<Filter>): void {
    Object.assign(this.filter, part);
    this.apply();
  }

  private setRule(flag: string, rule: Rule | null): void {
    if (rule) this.filter.flags.set(flag, rule);
    else this.filter.flags.delete(flag);
    this.apply();
  }

  private apply(): void {
    // All is what the page begins with.
    const isAll = isOpen(this.filter) && this.filter.unit === this.facts.data.unit;
    const before = this.sums;
    this.sums = isAll ? this.all : addUp(this.facts, this.filter);
    // Its outline goes with the filter.
    if (this.filter.country === null && this.stage.chosen?.code) this.stage.chosen = null;
    if (this.sums !== before) {
      this.layers.showRows(this.facts, this.sums, this.filter, this.names);
      this.stage.redraw();
    }
    if (!this.isReady) return;
    this.time?.show(this.sums.slots, this.filter.time, isOpen({ ...this.filter, time: null }));
    byId("tiles").replaceChildren(...tiles(this.facts, this.sums, this.all));
    this.sections.show(this.sums, this.filter);
    this.showChips();
    this.remember();
    const nothing = byId("nothing");
    const isNothing = this.sums.hits === 0;
    nothing.hidden = !isNothing;
    if (isNothing && this.all.hits > 0) nothing.textContent = "Nothing is left by these filters.";
    else if (isNothing) nothing.textContent = ["Nothing to show on this map", ...this.page.notes, ""].join(". ").trim();
    byId("said").textContent = `${whole(this.sums.hits)} hits of ${whole(this.sums.addresses)} addresses`;
  }

  // What is counted, and how much of it must be there.
  private controls(): HTMLElement {
    const units = (["hits", "addresses"] as UnitData[]).map((unit) => {
      const button = el("button", { type: "button" }, unit);
      button.dataset.unit = unit;
      button.addEventListener("click", () => this.change({ unit }));
      return button;
    });
    const least = el("input", { type: "number", ariaLabel: "Only places with at least so many hits" });
    Object.assign(least, { min: "1", step: "1", placeholder: "1", inputMode: "numeric", id: "least" });
    least.addEventListener("change", () => this.change({ least: Math.max(0, Math.floor(Number(least.value) || 0)) }));
    return el(
      "div",
      { className: "controls" },
      el("div", { className: "switch", role: "group", ariaLabel: "What is counted" }, ...units),
      el("label", { className: "least" }, "at least ", least, " hits a place"),
    );
  }

  private showChips(): void {
    const { filter, facts } = this;
    const chips: HTMLElement[] = [];
    const chip = (text: string, without: Partial<Filter> | (() => void)) => {
      const button = el("button", { type: "button", className: "chip", title: "Take this filter away" }, text, " ×");
      button.addEventListener("click", () => (typeof without === "function" ? without() : this.change(without)));
      chips.push(button);
    };
    if (filter.country) chip(this.names(filter.country), { country: null });
    if (filter.place >= 0) chip(fullName(facts, filter.place, this.names), { place: -1 });
    if (filter.group >= 0) chip(this.groupName(filter.group), { group: -1 });
    if (filter.system >= 0) {
      chip(`${facts.systemNumber(filter.system)} ${facts.systemName(filter.system)}`, { system: -1 });
    }
    if (filter.network >= 0) chip(facts.networkName(filter.network), { network: -1 });
    if (filter.time && this.time) chip(this.time.words(filter.time), { time: null });
    for (const [flag, rule] of filter.flags) {
      chip(`${rule === "only" ? "only" : "without"} ${flagName(flag)}`, () => this.setRule(flag, null));
    }
    if (filter.least > 1) chip(`places with ${whole(filter.least)} hits or more`, { least: 0 });
    if (chips.length > 1) {
      const all = el("button", { type: "button", className: "chip clear" }, "clear all");
      all.addEventListener("click", () => {
        this.filter = everything(filter.unit);
        this.apply();
      });
      chips.push(all);
    }
    if (isOpen(filter)) {
      chips.push(el("span", { className: "quiet" }, "Click a country, an operator or a bar of the time line to filter by it."));
    }
    this.chips.replaceChildren(...chips);
    for (const button of byId("bar").querySelectorAll<HTMLButtonElement>("[data-unit]")) {
      button.ariaPressed = String(button.dataset.unit === filter.unit);
    }
    byId<HTMLInputElement>("least").value = filter.least > 1 ? String(filter.least) : "";
  }

  /** Links and files of what is shown. */
  private takeAway(): HTMLElement {
    const act = (text: string, go: () => void) => {
      const button = el("button", { type: "button", className: "act" }, text);
      button.addEventListener("click", go);
      return button;
    };
    const menu = el(
      "details",
      { className: "menu" },
      el("summary", { className: "act" }, "Save view"),
      el(
        "div",
        {},
        act("Picture (PNG)", () => byId("save").click()),
        act("Picture (SVG)", () =>
          saveText(this.stage.svg(this.page.title), `${this.page.title}.svg`, "image/svg+xml"),
        ),
        act("Places (CSV)", () => saveText(this.csv(), `${this.page.title}.csv`, "text/csv")),
        act("Places (GeoJSON)", () =>
          saveText(this.geojson(), `${this.page.title}.geojson`, "application/geo+json"),
        ),
      ),
    );
    menu.addEventListener("click", (event) => {
      if (event.target instanceof HTMLButtonElement) menu.open = false;
    });
    document.addEventListener("pointerdown", (event) => {
      if (!menu.contains(event.target as Node)) menu.open = false;
    });
    const link = act("Copy link", () => void this.copyLink(link));
    return el("div", { className: "take" }, link, menu);
  }

  private async copyLink(button: HTMLButtonElement): Promise<void> {
    this.writeHash();
    const { href } = location;
    try {
      await navigator.clipboard.writeText(href);
      button.textContent = "Copied";
    } catch {
      // A page from a disk may not have a clipboard: then the reader copies.
      const field = el("input", { type: "text", value: href, readOnly: true, ariaLabel: "Link to this view" });
      this.panel.open("Link to this view", [field]);
      field.select();
    }
    setTimeout(() => (button.textContent = "Copy link"), 2000);
  }

  /** The places that are shown, most hits first. */
  private shownPlaces(): number[] {
    return this.sums.places.ranking("hits");
  }

  private csv(): string {
    const { facts, sums } = this;
    const rows = this.shownPlaces().map((place) => [
      facts.placeName(place),
      facts.code(place) ?? "",
      place < facts.located ? facts.lat[place] : "",
      place < facts.located ? facts.lng[place] : "",
      ["city", "region", "country"][facts.precision[place]],
      sums.places.hits[place],
      sums.places.addresses[place],
    ]);
    return csvOf([["place", "country", "latitude", "longitude", "precision", "hits", "addresses"], ...rows]);
  }

  private geojson(): string {
    const { facts, sums } = this;
    const features = this.shownPlaces()
      .filter((place) => place < facts.located)
      .map((place) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [facts.lng[place], facts.lat[place]] },
        properties: {
          name: fullName(facts, place, this.names),
          country: facts.code(place) ?? null,
          precision: ["city", "region", "country"][facts.precision[place]],
          hits: sums.places.hits[place],
          addresses: sums.places.addresses[place],
        },
      }));
    return JSON.stringify({ type: "FeatureCollection", features });
  }

  // The address of the page.

  /** Keeps the address of the page up with what is shown, once it rests. */
  remember(what?: "view" | "layers"): void {
    if (what === "view") this.viewIsChosen = true;
    if (what === "layers") this.layersAreChosen = true;
    window.clearTimeout(this.hashTimer);
    this.hashTimer = window.setTimeout(() => this.writeHash(), REST_MS);
  }

  /** The view is as at the beginning again. */
  forgetView(): void {
    this.viewIsChosen = false;
    this.remember();
  }

  private writeHash(): void {
    if (!this.isReady) return;
    const { view } = this.stage;
    const middle = this.viewIsChosen ? unproject(view.x, view.y) : null;
    const shown = this.layers.all.filter(({ visible }) => visible).map(({ kind }) => kind);
    const state = {
      filter: this.filter,
      layers: this.layersAreChosen ? shown : null,
      where: middle && { ...middle, zoom: view.zoom() },
      globe: view.globe,
    };
    const hash = toHash(state, this.facts, this.facts.data.unit);
    const before = location.hash.replace(/^#/, "");
    if (hash !== before) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  // What was clicked.

  /** A circle of one place. */
  circle(places: FactPlaces, place: number): void {
    this.showPlace(places.ids[place], false);
  }

  chooseCountry(code: string, move = false): void {
    this.change({ country: this.filter.country === code && !move ? null : code });
    const country = this.base.find(code);
    this.stage.chosen = this.filter.country && country ? { code } : null;
    if (move && country) {
      const target = this.stage.view.copy();
      target.fit(country.box, 0.3);
      target.scale = Math.min(target.scale, target.worldScale() * PLACE_ZOOM);
      this.stage.fly(target);
    }
    this.stage.schedule();
  }

  showPlace(place: number, move: boolean): void {
    const { facts, filter, sums } = this;
    const count = sums.places.of(filter.unit)[place];
    const rows = this.rowsOf(place);
    const listed = rows.filter((row) => row < facts.listed);
    const others = rows.filter((row) => row >= facts.listed);
    const precision = facts.precision[place];
    const radius = facts.data.places.radius_km[place];
    const code = facts.code(place);
    const pairs: [string, string][] = [];
    if (filter.unit === "hits") pairs.push(["Addresses", whole(sums.places.addresses[place])]);
    else pairs.push(["Hits", whole(sums.places.hits[place])]);
    if (radius !== null) pairs.push(["Accuracy", `within ${whole(radius)} km`]);
    pairs.push(["Operators", this.operators(rows)]);
    const kinds = [...new Set(rows.flatMap((row) => facts.data.flag_sets[facts.flags[row]]))];
    if (kinds.length > 0) pairs.push(["Kinds", kinds.map(flagName).join(", ")]);
    const seen = listed.map((row) => facts.seen(row)).filter((span) => span !== null);
    if (seen.length > 0) {
      const first = Math.min(...seen.map(([first]) => first));
      const last = Math.max(...seen.map(([, last]) => last));
      pairs.push(["Seen (UTC)", `${stamp(first)} to ${stamp(last)}`]);
    }
    const act = (text: string, go: () => void) => {
      const button = el("button", { type: "button", className: "act" }, text);
      button.addEventListener("click", go);
      return button;
    };
    const isFilter = filter.place === place;
    this.panel.open(fullName(facts, place, this.names), [
      big(count, filter.unit),
      precision > 0 &&
        el(
          "p",
          { className: "quiet" },
          `Known to the ${precision === 1 ? "region" : "country"} only: the point stands in the middle of it, not where the addresses are.`,
        ),
      details(pairs),
      act(isFilter ? "Show all places" : "Only this place", () => {
        this.change({ place: isFilter ? -1 : place });
        this.showPlace(place, false);
      }),
      code !== undefined && filter.country !== code && act(`Only ${this.names(code)}`, () => this.change({ country: code })),
      this.addressList(listed, others),
    ]);
    const isLocated = place < facts.located;
    const at = isLocated ? { x: facts.x[place], y: facts.y[place] } : undefined;
    const around = isLocated && radius ? circleAround(facts.lat[place], facts.lng[place], radius) : undefined;
    this.stage.chosen = { at, around };
    this.stage.schedule();
    if (!move || !at) return;
    const target = this.stage.view.copy();
    target.scale = Math.max(target.scale, target.worldScale() * PLACE_ZOOM);
    target.clampScale();
    Object.assign(target, at);
    target.clamp();
    this.stage.fly(target);
    byId("map").scrollIntoView({ block: "nearest" });
  }

  /** What the group is called of which all places are counted. */
  private groupName(id: number): string {
    const { facts, all } = this;
    const group = groupsOf(facts, all, facts.data.unit, this.names).find((group) => group.id === id);
    return group ? `around ${group.name}` : "a group";
  }

  showGroup(group: FactGroup, move: boolean): void {
    const { facts, filter, sums } = this;
    const isFilter = filter.group === group.id;
    const list = el("ol");
    for (const place of group.places.slice(0, LISTED)) {
      const button = el(
        "button",
        { type: "button" },
        el("span", { dir: "auto" }, fullName(facts, place, this.names)),
        el("span", { className: "count" }, whole(sums.places.of(filter.unit)[place])),
      );
      button.addEventListener("click", () => this.showPlace(place, true));
      list.append(el("li", {}, button));
    }
    const rest = group.places.length - LISTED;
    const only = el("button", { type: "button", className: "act" }, isFilter ? "Show everything" : "Only this group");
    only.addEventListener("click", () => {
      this.change({ group: isFilter ? -1 : group.id });
      this.panel.close();
    });
    this.panel.open(group.label, [
      big(group.weight, filter.unit),
      details(group.details),
      only,
      list,
      rest > 0 && el("p", { className: "quiet" }, `and ${whole(rest)} smaller ones`),
    ]);
    this.stage.chosen = { around: outlineOf(group) };
    this.stage.schedule();
    if (!move) return;
    const target = this.stage.view.copy();
    target.fit(boundsOf(outlineOf(group))!, 0.6);
    this.stage.fly(target);
    byId("map").scrollIntoView({ block: "nearest" });
  }

  private rowsOf(place: number): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.facts.rows; row++) {
      if (this.facts.place[row] === place && this.sums.rowHits[row] > 0) rows.push(row);
    }
    return rows.sort((a, b) => this.sums.rowHits[b] - this.sums.rowHits[a] || a - b);
  }

  private operators(rows: number[]): string {
    const { facts, sums } = this;
    const hits = new Map<number, number>();
    for (const row of rows) hits.set(facts.system[row], (hits.get(facts.system[row]) ?? 0) + sums.rowHits[row]);
    const ranking = [...hits].sort((a, b) => b[1] - a[1]);
    const named = ranking.slice(0, 5).map(([system, count]) => {
      const name = system < 0 ? "not known" : `${facts.systemNumber(system)} ${facts.systemName(system)}`;
      return `${name} (${whole(count)})`;
    });
    if (ranking.length > 5) named.push(`and ${whole(ranking.length - 5)} more`);
    return named.join("\n");
  }

  /** The addresses of a place: those that are listed, and how many are not. */
  private addressList(listed: number[], others: number[]): HTMLElement {
    const { facts, sums } = this;
    const list = el("ol");
    for (const row of listed.slice(0, LISTED)) {
      const hits = sums.rowHits[row];
      const button = el(
        "button",
        { type: "button" },
        el("span", {}, facts.address(row)),
        el("span", { className: "count" }, `${whole(hits)} ${noun("hits", hits)}`),
      );
      button.addEventListener("click", () => this.showAddress(row));
      list.append(el("li", {}, button));
    }
    const sum = (values: (row: number) => number, rows: number[]) => rows.reduce((all, row) => all + values(row), 0);
    const rest = [...listed.slice(LISTED), ...others];
    const many = sum((row) => Math.min(facts.addresses[row], sums.rowHits[row]), rest);
    const hits = sum((row) => sums.rowHits[row], rest);
    return el(
      "div",
      {},
      list,
      many > 0 &&
        el("p", { className: "quiet" }, `and ${whole(many)} ${noun("addresses", many)} with ${whole(hits)} hits that are not listed`),
    );
  }

  showAddress(row: number): void {
    const { facts, sums } = this;
    const place = facts.place[row];
    const system = facts.system[row];
    const pairs: [string, string][] = [];
    const put = (name: string, value: string) => value !== "" && pairs.push([name, value]);
    if (facts.addresses[row] > 1) put("Addresses", whole(facts.addresses[row]));
    put("Place", place < 0 ? "in no database" : fullName(facts, place, this.names));
    const radius = place < 0 ? null : facts.data.places.radius_km[place];
    if (radius !== null) put("Accuracy", `within ${whole(radius)} km`);
    if (system >= 0) put("Operator", `${facts.systemNumber(system)} ${facts.systemName(system)}`);
    const prefix = facts.data.rows.prefix[row];
    if (prefix !== null) put("Network", networkText(facts.address(row), prefix));
    put("Kind", facts.data.flag_sets[facts.flags[row]].map(flagName).join(", "));
    const seen = facts.seen(row);
    if (seen) {
      put("First seen", `${stamp(seen[0], true)} UTC`);
      put("Last seen", `${stamp(seen[1], true)} UTC`);
    }
    if (facts.hasLogins()) {
      put("Logins", `${whole(facts.data.rows.failed[row])} failed, ${whole(facts.data.rows.accepted[row])} accepted`);
    }
    const logins = facts.logins(row);
    if (logins.length > 0) {
      const many = facts.data.rows.users_tried[row];
      const named = logins.map(({ user, failed, accepted }) =>
        accepted > 0 ? `${user}: ${whole(failed)} failed, ${whole(accepted)} accepted` : `${user}: ${whole(failed)} failed`,
      );
      if (many > logins.length) named.push(`and ${whole(many - logins.length)} more`);
      put("Users tried", named.join("\n"));
    }
    const hits = sums.rowHits[row] || facts.hits[row];
    const back = el("button", { type: "button", className: "act" }, "All of this place");
    back.addEventListener("click", () => this.showPlace(place, false));
    if (place >= 0) this.showPlace(place, true);
    this.panel.open(facts.address(row), [big(hits, "hits"), details(pairs), place >= 0 && back]);
  }
}

/** The network that an address is in: 192.0.2.0/24. */
function networkText(address: string, prefix: number): string {
  if (address.includes(":")) return `its first ${prefix} bits (/${prefix})`;
  const bits = address.split(".").reduce((bits, part) => bits * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const base = Math.floor(bits / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`;
}
