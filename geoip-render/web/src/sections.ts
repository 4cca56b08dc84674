// The tables of a report.

import { el } from "./dom.ts";
import { type FactGroup, groupsOf } from "./factgroups.ts";
import { fullName } from "./factplaces.ts";
import type { Facts, FixedTable } from "./facts.ts";
import { type Filter, isOpen, type Rule, type Sums } from "./filter.ts";
import { type Column, Grid } from "./grid.ts";
import { short, whole } from "./numbers.ts";
import { stamp } from "./times.ts";

/** What a row of a table does. */
export interface Actions {
  country(code: string): void;
  system(system: number): void;
  network(network: number): void;
  place(place: number): void;
  group(group: FactGroup): void;
  address(row: number): void;
  rule(flag: string, rule: Rule | null): void;
}

/** What is shown now. */
interface Now {
  sums: Sums;
  filter: Filter;
}

const FLAGS: Record<string, string> = {
  tor: "Tor exit",
  vpn: "VPN",
  hosting: "Hosting, cloud",
  proxy: "Proxy",
  relay: "Private relay",
  anonymous: "Anonymous",
};

export const flagName = (flag: string): string => FLAGS[flag] ?? flag;

/** The tables that filters change. */
export class Sections {
  readonly elements: HTMLElement[];
  private readonly grids: { grid: Grid; items(now: Now): number[]; note?(now: Now): string }[] = [];
  private readonly kinds: HTMLElement;
  private now!: Now;

  constructor(
    private readonly facts: Facts,
    private readonly names: (code: string) => string,
    private readonly actions: Actions,
  ) {
    this.kinds = el("section", { className: "grid kinds" });
    this.kinds.setAttribute("aria-label", "Anonymisers and clouds");
    this.addCountries();
    this.addPlaces();
    this.addSystems();
    this.addNetworks();
    this.addAddresses();
    if (facts.data.groups !== "no" && facts.groups > 0) this.addGroups();
    this.fixed = facts.data.tables.map((table) => ({ table, grid: fixedGrid(table) }));
    const fixed = this.fixed.map(({ grid }) => grid);
    const elements = this.grids.map(({ grid }) => grid.element);
    const [countries, places, systems, networks, addresses, ...groups] = elements;
    const others = fixed.map((it) => it.element);
    const rest = el("div", { className: "rest" }, this.kinds, ...groups, ...others);
    this.elements = [countries, systems, places, networks, addresses, rest];
    this.all = [...this.grids.map(({ grid }) => grid), ...fixed];
  }

  private readonly all: Grid[];
  private readonly fixed: { table: FixedTable; grid: Grid }[];

  show(sums: Sums, filter: Filter): void {
    this.now = { sums, filter };
    for (const { grid, items, note } of this.grids) grid.fill(items(this.now), note?.(this.now));
    const filtered = isOpen(filter) ? "" : "Filters do not change this table.";
    for (const { table, grid } of this.fixed) grid.say([table.note, filtered].filter(Boolean).join(" "));
    this.showKinds();
  }

  /** Shows more for paper, and less after it. */
  print(isPrinting: boolean): void {
    for (const grid of this.all) {
      if (isPrinting) grid.unfold(25);
      else grid.fold();
    }
  }

  private counted(pick: (sums: Sums) => { hits: Float64Array; addresses: Float64Array }): Column[] {
    const total = (name: "hits" | "addresses") => this.now.sums[name];
    const share = (item: number) => {
      const { unit } = this.now.filter;
      return total(unit) > 0 ? (100 * pick(this.now.sums)[unit][item]) / total(unit) : 0;
    };
    const column = (name: "hits" | "addresses", bar: boolean): Column => ({
      name,
      bar,
      text: (item) => whole(pick(this.now.sums)[name][item]),
      value: (item) => pick(this.now.sums)[name][item],
    });
    return [
      column("hits", true),
      { ...column("addresses", false), minor: true },
      { name: "share", minor: true, text: (item) => percent(share(item)), value: share },
    ];
  }

  private addCountries(): void {
    const { facts, names, actions } = this;
    const grid = new Grid({
      title: "Countries",
      things: ["country", "countries"],
      main: 0,
      columns: [
        { name: "country", text: (item) => names(facts.codes[item]) },
        ...this.counted((sums) => sums.countries),
      ],
      go: (item) => actions.country(facts.codes[item]),
      chosen: (item) => this.now.filter.country === facts.codes[item],
    });
    const note = ({ sums }: Now) =>
      sums.nowhere.hits > 0
        ? `${whole(sums.nowhere.addresses)} addresses (${whole(sums.nowhere.hits)} hits) are in no database.`
        : "";
    this.grids.push({ grid, items: ({ sums, filter }) => sums.countries.ranking(filter.unit), note });
  }

  private addPlaces(): void {
    const { facts, names, actions } = this;
    const grid = new Grid({
      title: "Cities and regions",
      things: ["place", "places"],
      main: 0,
      columns: [
        {
          name: "place",
          text: (item) => facts.placeName(item) || fullName(facts, item, names),
        },
        { name: "country", text: (item) => names(facts.code(item) ?? "") },
        ...this.counted((sums) => sums.places),
      ],
      go: (item) => actions.place(item),
      chosen: (item) => this.now.filter.place === item,
    });
    this.grids.push({ grid, items: ({ sums, filter }) => sums.places.ranking(filter.unit) });
  }

  private addSystems(): void {
    const { facts, actions } = this;
    const grid = new Grid({
      title: "Network operators",
      things: ["autonomous system", "autonomous systems"],
      main: 1,
      columns: [
        { name: "AS", tight: true, text: (item) => facts.systemNumber(item) },
        { name: "organisation", text: (item) => facts.systemName(item) || "not known" },
        ...this.counted((sums) => sums.systems),
      ],
      go: (item) => actions.system(item),
      chosen: (item) => this.now.filter.system === item,
    });
    this.grids.push({ grid, items: ({ sums, filter }) => sums.systems.ranking(filter.unit) });
  }

  private addNetworks(): void {
    const { facts, actions } = this;
    const grid = new Grid({
      title: "Networks",
      things: ["network", "networks"],
      main: 0,
      columns: [
        { name: "network", tight: true, text: (item) => facts.networkName(item) },
        ...this.counted((sums) => sums.networks),
      ],
      go: (item) => actions.network(item),
      chosen: (item) => this.now.filter.network === item,
    });
    const note = () => (facts.networkCount >= 200 ? "The 200 with most hits, as the database has them." : "");
    this.grids.push({ grid, items: ({ sums, filter }) => sums.networks.ranking(filter.unit), note });
  }

  private addAddresses(): void {
    const { facts, names, actions } = this;
    const seen = (which: 0 | 1): Column => ({
      name: which === 0 ? "first seen (UTC)" : "last seen (UTC)",
      tight: true,
      text: (row) => {
        const seen = facts.seen(row);
        return seen ? stamp(seen[which], true) : "";
      },
    });
    const logins = (name: "failed" | "accepted"): Column => ({
      name,
      text: (row) => whole(facts.data.rows[name][row] ?? 0),
      value: (row) => facts.data.rows[name][row] ?? 0,
    });
    const tried: Column = {
      name: "users tried",
      text: (row) => whole(facts.data.rows.users_tried[row]),
      value: (row) => facts.data.rows.users_tried[row],
    };
    const several = facts.data.rows.addresses.slice(0, facts.listed).some((count) => count > 1);
    const columns: Column[] = [
      { name: several ? "network" : "address", tight: true, text: (row) => facts.address(row) },
      {
        name: "hits",
        bar: true,
        text: (row) => whole(this.now.sums.rowHits[row]),
        value: (row) => this.now.sums.rowHits[row],
      },
      ...(facts.hasLogins() ? [logins("failed"), logins("accepted")] : []),
      ...(facts.data.rows.users_tried.length > 0 ? [tried] : []),
      {
        name: "place",
        text: (row) => (facts.place[row] < 0 ? "" : fullName(facts, facts.place[row], names)),
      },
      {
        name: "operator",
        text: (row) => {
          const system = facts.system[row];
          return system < 0 ? "" : `${facts.systemNumber(system)} ${facts.systemName(system)}`;
        },
      },
      {
        name: "kind",
        text: (row) => facts.data.flag_sets[facts.flags[row]].map(flagName).join(", "),
      },
      ...(facts.data.timeline ? [seen(0), seen(1)] : []),
    ];
    const grid = new Grid({
      title: several ? "Networks of addresses" : "Addresses",
      things: several ? ["network", "networks"] : ["address", "addresses"],
      main: 0,
      columns,
      go: (row) => actions.address(row),
    });
    grid.element.classList.add("broad");
    const items = ({ sums }: Now) => {
      const found: number[] = [];
      for (let row = 0; row < facts.listed; row++) if (sums.rowHits[row] > 0) found.push(row);
      return found.sort((a, b) => sums.rowHits[b] - sums.rowHits[a] || a - b);
    };
    const note = ({ sums }: Now) => {
      let others = 0;
      let hits = 0;
      for (let row = facts.listed; row < facts.rows; row++) {
        if (sums.rowHits[row] === 0) continue;
        others += Math.min(facts.addresses[row], sums.rowHits[row]);
        hits += sums.rowHits[row];
      }
      return others > 0
        ? `${whole(others)} more addresses with ${whole(hits)} hits are in all figures, but not listed one by one.`
        : "";
    };
    this.grids.push({ grid, items, note });
  }

  private addGroups(): void {
    const { facts, names, actions } = this;
    let groups: FactGroup[] = [];
    const number = (name: string, value: (group: FactGroup) => number, bar = false): Column => ({
      name,
      bar,
      text: (item) => whole(Math.round(value(groups[item]))),
      value: (item) => value(groups[item]),
    });
    const grid = new Grid({
      title: "Groups",
      things: ["group", "groups"],
      main: 0,
      columns: [
        { name: "group", text: (item) => groups[item].name },
        number("places", ({ places }) => places.length),
        { ...number("addresses", ({ addresses }) => addresses), minor: true },
        number("hits", ({ hits }) => hits, true),
        { ...number("km across", ({ acrossKm }) => acrossKm), minor: true },
      ],
      go: (item) => actions.group(groups[item]),
      chosen: (item) => this.now.filter.group === groups[item].id,
    });
    const items = ({ sums, filter }: Now) => {
      groups = groupsOf(facts, sums, filter.unit, names);
      return groups.map((_, i) => i);
    };
    const note = () =>
      `No two places of a group are more than ${facts.data.within} apart. Every place known to a city is in no more than one; groups of one are left out.`;
    this.grids.push({ grid, items, note });
  }

  /** Anonymisers and clouds: how much each is, and whether it counts. */
  private showKinds(): void {
    const { facts, actions } = this;
    const { sums, filter } = this.now;
    const rows = Object.keys(FLAGS).map((flag) => {
      const isKnown = facts.data.known_flags.includes(flag);
      const name = el("th", { scope: "row" }, flagName(flag));
      if (!isKnown) {
        const unknown = el("td", { className: "quiet", colSpan: 3 }, "no list of these was loaded");
        return el("tr", {}, name, unknown);
      }
      let hits = 0;
      let addresses = 0;
      facts.data.flag_sets.forEach((set, i) => {
        if (!set.includes(flag)) return;
        hits += sums.flags.hits[i];
        addresses += sums.flags.addresses[i];
      });
      const rule = filter.flags.get(flag) ?? null;
      const choice = (wanted: Rule, label: string) => {
        const button = el("button", { type: "button", ariaPressed: String(rule === wanted) }, label);
        button.ariaLabel = `${flagName(flag)}: ${label}`;
        button.addEventListener("click", () => actions.rule(flag, rule === wanted ? null : wanted));
        return button;
      };
      const number = (text: string) => el("td", { className: "number" }, text);
      return el(
        "tr",
        { className: rule ? "chosen" : "" },
        name,
        number(whole(hits)),
        number(whole(addresses)),
        el("td", { className: "choices" }, choice("only", "only these"), choice("without", "leave out")),
      );
    });
    const head = (name: string, className = "") => el("th", { scope: "col", className }, name);
    this.kinds.replaceChildren(
      el("div", { className: "top" }, el("h2", {}, "Anonymisers and clouds")),
      el(
        "div",
        { className: "wide" },
        el(
          "table",
          {},
          el("thead", {}, el("tr", {}, head("kind"), head("hits", "number"), head("addresses", "number"), head(""))),
          el("tbody", {}, ...rows),
        ),
      ),
    );
  }
}

function fixedGrid(table: FixedTable): Grid {
  const [[thing]] = table.columns;
  const things: [string, string] = [thing, thing.endsWith("s") ? `${thing}es` : `${thing}s`];
  const columns = table.columns.map(([name, isNumber], i): Column => {
    const tight = name === "address" || name.includes("seen");
    if (!isNumber) return { name, tight, text: (row) => table.rows[row][i] };
    const value = (row: number) => Number(table.rows[row][i]);
    const bar = i === table.columns.findIndex(([, isNumber]) => isNumber);
    return { name, value, bar, text: (row) => whole(value(row)) };
  });
  const grid = new Grid({ title: table.title, things, columns, main: 0 });
  grid.fill(table.rows.map((_, row) => row), table.note);
  // Its note may be all there is.
  if (table.rows.length === 0) grid.element.hidden = false;
  return grid;
}

const percent = (share: number) => (share > 0 && share < 0.1 ? "< 0.1 %" : `${share.toFixed(1)} %`);

/** The figures at the top. */
export function tiles(facts: Facts, sums: Sums, all: Sums): HTMLElement[] {
  const count = (values: Float64Array) => values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  let flagged = 0;
  facts.data.flag_sets.forEach((set, i) => {
    if (set.length > 0) flagged += sums.flags.hits[i];
  });
  const tile = (name: string, value: string, note: string) =>
    el(
      "div",
      {},
      el("dt", {}, name),
      el("dd", {}, el("b", {}, value), el("small", {}, note)),
    );
  const of = (now: number, all: number) => (now === all ? "" : `of ${short(all)}`);
  // What has no place is said where it would be missed.
  const isAll = sums.hits === all.hits;
  const [addressesApart, hitsApart] = facts.data.apart;
  const apart = (count: number) => (isAll && count > 0 ? `and ${short(count)} private or special` : "");
  // Those that are not told apart are no one operator.
  const others = facts.systemOf("AS0");
  const operators = ({ systems }: Sums) =>
    count(systems.hits) + (others >= 0 && systems.hits[others] > 0 ? facts.otherSystems() - 1 : 0);
  const figures: [string, number, number, boolean][] = [
    ["Hits", sums.hits, all.hits, false],
    ["Addresses", sums.addresses, all.addresses, sums.atMost],
    ["Countries", count(sums.countries.hits), count(all.countries.hits), false],
    ["Places", count(sums.places.hits), count(all.places.hits), false],
    ["Network operators", operators(sums), operators(all), false],
  ];
  const made = figures.map(([name, now, all, atMost], i) =>
    tile(name, `${atMost ? "≤ " : ""}${whole(now)}`, of(now, all) || apart([hitsApart, addressesApart][i] ?? 0)),
  );
  const share = sums.hits > 0 ? percent((100 * flagged) / sums.hits) : "none";
  made.push(tile("From anonymisers and clouds", share, `${short(flagged)} hits`));
  return made;
}
