// The layers of the page, made ready for drawing, and which of them are shown.

import { type Arc, ArcsLayer, arcsOf } from "./arcs.ts";
import { Counts } from "./choropleth.ts";
import { PlacesLayer } from "./circles.ts";
import {
  type ChoroplethData,
  type Columns,
  columnsOf,
  type GroupsData,
  type HeatData,
  type PageData,
  type PlaceList,
  Places,
  Texts,
} from "./data.ts";
import { FactPlaces } from "./factplaces.ts";
import { groupsOf } from "./factgroups.ts";
import type { Facts } from "./facts.ts";
import type { Filter, Sums } from "./filter.ts";

/** With more, outlines cover the map. */
const GROUPS_DRAWN = 40;

export class HeatLayer {
  readonly kind = "heat";
  readonly label = "Heat";
  visible = true;
  columns: Columns;
  constructor(readonly data: HeatData) {
    this.columns = columnsOf(data);
  }
}

export class PointsLayer extends PlacesLayer {
  readonly kind = "points";
  readonly label = "Places";
  visible = true;
  constructor(places: PlaceList) {
    super(places);
  }
}

export class ChoroplethLayer {
  readonly kind = "choropleth";
  readonly label = "Countries";
  visible = true;
  counts: Counts;
  constructor(public data: ChoroplethData) {
    this.counts = new Counts(data);
  }

  show(data: ChoroplethData): void {
    this.data = data;
    this.counts = new Counts(data);
  }
}

export class GroupsLayer {
  readonly kind = "groups";
  readonly label = "Groups";
  visible = true;
  constructor(public data: GroupsData) {}
}

export type AnyLayer = HeatLayer | PointsLayer | ChoroplethLayer | GroupsLayer | ArcsLayer;

export class Layers {
  readonly all: AnyLayer[];

  constructor(page: PageData) {
    const texts = new Texts();
    let pointsLayers = 0;
    this.all = page.layers.map((data) => {
      switch (data.kind) {
        case "heat":
          return new HeatLayer(data);
        case "points":
          return new PointsLayer(new Places(data, pointsLayers++, texts));
        case "choropleth":
          return new ChoroplethLayer(data);
        case "groups":
          return new GroupsLayer(data);
        case "arcs":
          return new ArcsLayer(data.home, data.unit, arcsOf(data));
      }
    });
    // Colours of countries under heat or circles cannot be told from theirs, so they
    // wait until the reader asks for them.
    if (this.hasPlaces()) for (const layer of this.of("choropleth")) layer.visible = false;
  }

  /** Puts the layers in that are drawn of rows. */
  addRows(facts: Facts, sums: Sums, filter: Filter, names: (code: string) => string): void {
    const { heat, points, choropleth, groups, bandwidth_km } = facts.data;
    const { unit } = filter;
    const none = { lat: [], lng: [], weight: [] };
    if (choropleth) this.all.unshift(new ChoroplethLayer({ kind: "choropleth", unit, counts: [] }));
    if (heat) this.all.push(new HeatLayer({ kind: "heat", unit, bandwidth_km, ...none }));
    if (facts.data.home) this.all.push(new ArcsLayer(facts.data.home.name, unit, []));
    if (points) this.all.push(new PointsLayer(new Places({ kind: "points", unit, coarse: [], ...none }, 0, new Texts())));
    if (groups !== "no" && facts.groups > 0) {
      const layer = new GroupsLayer({ kind: "groups", unit, groups: [] });
      layer.visible = groups === "shown";
      this.all.push(layer);
    }
    this.showRows(facts, sums, filter, names);
    if (this.hasPlaces()) for (const layer of this.of("choropleth")) layer.visible = false;
  }

  /** Shows what a filter leaves. */
  showRows(facts: Facts, sums: Sums, filter: Filter, names: (code: string) => string): void {
    const { unit } = filter;
    for (const layer of this.of("points")) layer.show(new FactPlaces(facts, sums, unit, names));
    for (const layer of this.of("heat")) {
      layer.data.unit = unit;
      layer.columns = new FactPlaces(facts, sums, unit, names, true).columns;
    }
    const { home } = facts.data;
    for (const layer of this.of("arcs")) {
      const { lat, lng, weight } = new FactPlaces(facts, sums, unit, names).columns;
      const arcs = Array.from(weight, (weight, i): Arc => ({ from: [lat[i], lng[i]], to: [home!.lat, home!.lng], weight }));
      layer.show(arcs, unit);
    }
    for (const layer of this.of("groups")) {
      const groups = groupsOf(facts, sums, unit, names).slice(0, GROUPS_DRAWN);
      layer.data = { kind: "groups", unit, groups };
    }
    const counts = sums.countries.of(unit);
    const known = facts.codes.map((code, i): [string, number] => [code, counts[i]]);
    for (const layer of this.of("choropleth")) {
      layer.show({ kind: "choropleth", unit, counts: known.filter(([, count]) => count > 0) });
    }
  }

  /** Whether there is heat or a circle to draw. */
  private hasPlaces(): boolean {
    return (
      this.of("heat").some(({ columns }) => columns.total > 0) ||
      this.of("points").some(({ places }) => places.count > 0)
    );
  }

  /** Layers of one kind, shown or not. */
  of<K extends AnyLayer["kind"]>(kind: K): Extract<AnyLayer, { kind: K }>[] {
    return this.all.filter((layer) => layer.kind === kind) as Extract<AnyLayer, { kind: K }>[];
  }

  /** Layers of one kind that are shown. */
  shown<K extends AnyLayer["kind"]>(kind: K): Extract<AnyLayer, { kind: K }>[] {
    return this.of(kind).filter((layer) => layer.visible);
  }

  /** Whether no layer has anything to draw. */
  isEmpty(): boolean {
    return this.all.every((layer) => {
      switch (layer.kind) {
        case "heat":
          return layer.columns.total === 0;
        case "points":
          return layer.places.count === 0;
        case "choropleth":
          return layer.counts.classes.length === 0;
        case "groups":
          return layer.data.groups.length === 0;
        case "arcs":
          return layer.count === 0;
      }
    });
  }
}
