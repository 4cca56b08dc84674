// The same as the map in words and numbers: for readers who do not see it, for
// keyboards, and for print.

import { noun } from "./data.ts";
import { byId, el } from "./dom.ts";
import type { Layers } from "./layers.ts";
import { whole } from "./numbers.ts";
import type { Goals } from "./search.ts";

const ROWS = 50;

/** Fills the table when it is first opened. */
export function offerTable(layers: Layers, countries: Record<string, string>, goals: Goals): void {
  if (layers.isEmpty()) return;
  const details = byId<HTMLDetailsElement>("table");
  details.querySelector("summary")!.textContent = "The same as a table";
  details.hidden = false;
  const fill = () => {
    if (!details.open) return;
    details.removeEventListener("toggle", fill);
    removeEventListener("beforeprint", fill);
    details.querySelector(".wide")!.replaceChildren(...tablesOf(layers, countries, goals));
  };
  details.addEventListener("toggle", fill);
  addEventListener("beforeprint", fill);
}

function tablesOf(layers: Layers, countries: Record<string, string>, goals: Goals): HTMLTableElement[] {
  const tables: HTMLTableElement[] = [];
  for (const layer of layers.of("points")) {
    const { places } = layer;
    const rows = [...places.byWeight().slice(0, ROWS)].map((place) => ({
      name: places.title(place),
      count: places.columns.weight[place],
      go: () => goals.place(layer, place),
    }));
    tables.push(table("Place", noun(places.unit, 2), places.count, places.columns.total, rows));
  }
  for (const { counts } of layers.of("choropleth")) {
    const ranking = counts.ranking();
    const total = ranking.reduce((sum, [, count]) => sum + count, 0);
    const rows = ranking.slice(0, ROWS).map(([code, count]) => ({
      name: countries[code] ?? code,
      count,
      go: () => goals.country(code),
    }));
    tables.push(table("Country", noun(counts.data.unit, 2), ranking.length, total, rows));
  }
  for (const { data } of layers.of("groups")) {
    const total = data.groups.reduce((sum, { weight }) => sum + weight, 0);
    const rows = data.groups
      .slice(0, ROWS)
      .map((group) => ({
        name: group.label,
        count: group.weight,
        go: () => goals.group(group, data.unit),
      }));
    tables.push(table("Group", noun(data.unit, 2), data.groups.length, total, rows));
  }
  return tables.filter((table) => table.tBodies[0].rows.length > 0);
}

interface Row {
  name: string;
  count: number;
  go(): void;
}

function table(kind: string, unit: string, of: number, total: number, rows: Row[]): HTMLTableElement {
  const body = el("tbody");
  rows.forEach(({ name, count, go }, i) => {
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", go);
    const cell = el("td", { dir: "auto" }, button);
    const share = total > 0 ? `${((100 * count) / total).toFixed(1)} %` : "";
    body.append(
      el("tr", {}, number(String(i + 1)), cell, number(whole(count)), number(share)),
    );
  });
  const caption =
    rows.length < of
      ? `The ${whole(rows.length)} with most ${unit}, of ${whole(of)}`
      : `All ${whole(of)}`;
  const head = (name: string, className = "") => el("th", { scope: "col", className }, name);
  return el(
    "table",
    {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, head(""), head(kind), head(unit, "number"), head("share", "number"))),
    body,
  );
}

const number = (text: string) => el("td", { className: "number" }, text);
