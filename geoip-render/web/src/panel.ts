// What is known about the thing that was clicked.

import type { Circle, PlacesLayer } from "./circles.ts";
import { noun, type UnitData } from "./data.ts";
import { byId, el } from "./dom.ts";
import type { GroupData } from "./groups.ts";
import { whole } from "./numbers.ts";

/** How many places of a cluster are listed. */
const LISTED = 100;

export class Panel {
  private readonly element = byId("panel");
  /** Where the focus goes back to. */
  private opener: Element | null = null;

  constructor(
    private readonly actions: {
      closed(): void;
      show(layer: PlacesLayer, place: number): void;
      spread(circle: Circle): void;
    },
  ) {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.element.hidden) this.close();
    });
  }

  place(layer: PlacesLayer, place: number): void {
    const { places } = layer;
    const weight = places.columns.weight[place];
    this.open(places.title(place), [
      big(weight, places.unit),
      places.isCoarse(place) &&
        el(
          "p",
          { className: "quiet" },
          "Known to the country or region only: the circle stands in the middle of it, not where the addresses are.",
        ),
      details(places.details(place)),
    ]);
  }

  cluster(circle: Circle): void {
    const { layer, weight, size } = circle;
    const { places } = layer;
    const members = layer.members(circle, LISTED);
    const list = el("ol");
    for (const place of members) {
      const button = el(
        "button",
        { type: "button" },
        el("span", { dir: "auto" }, places.title(place)),
        el("span", { className: "count" }, whole(places.columns.weight[place])),
      );
      button.addEventListener("click", () => this.actions.show(layer, place));
      list.append(el("li", {}, button));
    }
    const spread = el("button", { type: "button", className: "act" }, "Zoom in to these");
    spread.addEventListener("click", () => this.actions.spread(circle));
    const rest = size - members.length;
    this.open(`${whole(size)} places near here`, [
      big(weight, places.unit),
      spread,
      list,
      rest > 0 && el("p", { className: "quiet" }, `and ${whole(rest)} smaller ones`),
    ]);
  }

  country(name: string, count: number | undefined, unit: UnitData): void {
    this.open(name, [
      count === undefined
        ? el("p", { className: "quiet" }, `No ${noun(unit, 2)} here.`)
        : big(count, unit),
    ]);
  }

  group(group: GroupData, unit: UnitData): void {
    this.open(group.label || "Group", [big(group.weight, unit), details(group.details)]);
  }

  close(): void {
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.actions.closed();
    if (focused) (this.opener as HTMLElement | null)?.focus();
  }

  open(title: string, content: (Node | false)[]): void {
    const close = el("button", { type: "button", className: "close", ariaLabel: "Close" }, "×");
    close.addEventListener("click", () => this.close());
    if (!this.element.contains(document.activeElement)) this.opener = document.activeElement;
    this.element.replaceChildren(close, el("h2", { dir: "auto" }, title));
    for (const part of content) if (part) this.element.append(part);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.element.focus({ preventScroll: true });
  }
}

export function big(count: number, unit: UnitData): HTMLElement {
  return el("p", { className: "big" }, `${whole(count)} ${noun(unit, count)}`);
}

export function details(pairs: [string, string][]): HTMLElement {
  const list = el("dl");
  for (const [name, value] of pairs) {
    list.append(el("dt", { dir: "auto" }, name), el("dd", { dir: "auto" }, value));
  }
  return list;
}
