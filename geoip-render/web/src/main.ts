// The page: reads what it is about, draws it, and answers the reader.

import { readBaseMap } from "./basemap.ts";
import type { Circle, PlacesLayer } from "./circles.ts";
import { noun, readPageData, type UnitData } from "./data.ts";
import { byId, el } from "./dom.ts";
import { saveBlob } from "./exports.ts";
import type { FactGroup } from "./factgroups.ts";
import type { FactPlaces } from "./factplaces.ts";
import { Facts, type ReportData } from "./facts.ts";
import { listen } from "./gestures.ts";
import { groupAt, type GroupData, outlineOf } from "./groups.ts";
import type { HeatLegend } from "./heat.ts";
import { homeView } from "./home.ts";
import { Layers } from "./layers.ts";
import { legendParts } from "./legend.ts";
import { whole } from "./numbers.ts";
import { Panel } from "./panel.ts";
import { unpackedJson } from "./packed.ts";
import { ReportPage } from "./report.ts";
import { Search, searchLayers } from "./search.ts";
import { Stage } from "./stage.ts";
import { offerTable } from "./table.ts";
import { boundsOf } from "./view.ts";

/** How large a place is shown when the reader asks for it: a part of a country. */
const PLACE_ZOOM = 12;

async function start(): Promise<void> {
  const page = readPageData();
  const layers = new Layers(page);
  const [base, reportData] = await Promise.all([
    readBaseMap(),
    unpackedJson<ReportData>("report-data"),
  ]);
  const canvas = byId<HTMLCanvasElement>("map");
  const stage = new Stage(canvas, base, layers);
  const { view } = stage;
  /** Whether the reader has moved the map. */
  let touched = false;
  const countryName = (code: string) => page.countries[code] ?? code;

  // Light and dark: what the system asks for, until the reader chooses.
  let heatLegend: HeatLegend | null = null;
  const setTheme = (dark: boolean) => {
    stage.dark = dark;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    stage.redraw();
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const light = matchMedia("(prefers-color-scheme: light)");
  const wantsDark = () =>
    page.theme === "light" ? dark.matches && !light.matches : !light.matches || dark.matches;
  stage.dark = page.theme === "dark";
  stage.onDrawn = (heat) => {
    heatLegend = heat;
    const legend = byId("legend");
    const parts = legendParts(layers, heatLegend, stage.dark);
    byId("legend-parts").replaceChildren(...parts);
    legend.hidden = parts.length === 0;
  };

  const goHome = () => {
    stage.fly(homeView(view, page, layers));
    report?.forgetView();
  };
  const panel = new Panel({
    closed: () => {
      stage.chosen = null;
      stage.schedule();
    },
    show: (layer, place) => {
      if (report) report.showPlace((layer.places as FactPlaces).ids[place], true);
      else showPlace(layer, place);
    },
    spread: (circle: Circle) => {
      const { x, y } = circle.layer.places.columns;
      const members = circle.layer.members(circle, Infinity);
      const box = boundsOf(members.map((place) => ({ x: x[place], y: y[place] })))!;
      const target = view.copy();
      target.fit(box, 0.25);
      panel.close();
      stage.fly(target);
    },
  });

  const report =
    reportData &&
    new ReportPage(new Facts(reportData), page, layers, stage, base, panel, () => offerLayers(), setGlobe);

  function showPlace(layer: PlacesLayer, place: number): void {
    const at = { x: layer.places.columns.x[place], y: layer.places.columns.y[place] };
    const target = view.copy();
    target.scale = Math.max(view.scale, view.worldScale() * PLACE_ZOOM);
    target.clampScale();
    Object.assign(target, at);
    target.clamp();
    panel.place(layer, place);
    stage.chosen = { at };
    stage.fly(target);
    byId("map").scrollIntoView({ block: "nearest" });
  }

  function showCountry(code: string, move: boolean): void {
    const country = base.find(code);
    const layer = layers.of("choropleth")[0];
    panel.country(countryName(code), layer?.counts.counts.get(code), layer?.data.unit ?? "addresses");
    // A country too small for its outline is ringed as a place is.
    const at = country && country.area * view.scale ** 2 < 60 ? country.anchor : undefined;
    stage.chosen = country ? { at, code } : null;
    stage.schedule();
    if (!country || !move) return;
    const target = view.copy();
    target.fit(country.box, 0.3);
    target.scale = Math.min(target.scale, view.worldScale() * PLACE_ZOOM);
    stage.fly(target);
  }

  /** The topmost circle at a place on the screen. */
  const circleAt = (x: number, y: number, reach: number): Circle | undefined => {
    let best: Circle | undefined;
    let least = Infinity;
    for (const circle of stage.circles) {
      const distance = Math.hypot(circle.x - x, circle.y - y) - circle.radius;
      if (distance <= reach && distance < least) [best, least] = [circle, distance];
    }
    return best;
  };

  listen(stage, {
    home: goHome,
    leave: () => (byId("tip").hidden = true),
    click: (x, y) => {
      byId("tip").hidden = true;
      const circle = circleAt(x, y, 9);
      const at = view.toPlane(x, y);
      if (circle) {
        const { layer, place, size } = circle;
        const { x, y } = layer.places.columns;
        stage.chosen = { at: { x: x[place], y: y[place] } };
        if (size > 1) panel.cluster(circle);
        else if (report) report.circle(layer.places as FactPlaces, place);
        else panel.place(layer, place);
        stage.schedule();
        return;
      }
      for (const { data } of layers.shown("groups")) {
        const group = groupAt(data, at);
        if (group && report) return report.showGroup(group as FactGroup, false);
        if (group) return panel.group(group, data.unit);
      }
      const country = layers.shown("choropleth").length > 0 ? base.at(at) : null;
      if (country?.code && report) report.chooseCountry(country.code);
      else if (country?.code) showCountry(country.code, false);
      else panel.close();
    },
    hover: (x, y) => {
      const circle = circleAt(x, y, 4);
      const lines: { name: string; count: string } | null = circle
        ? circle.layer.describe(circle)
        : countryTip(x, y);
      canvas.classList.toggle("pointing", circle !== undefined);
      const tip = byId("tip");
      tip.hidden = lines === null;
      if (!lines) return;
      tip.replaceChildren(el("b", { dir: "auto" }, lines.name), `\n${lines.count}`);
      const left = Math.min(x + 14, view.width - tip.offsetWidth - 8);
      const top = y + 18 + tip.offsetHeight > view.height ? y - tip.offsetHeight - 10 : y + 18;
      tip.style.transform = `translate(${Math.max(left, 4)}px, ${Math.max(top, 4)}px)`;
    },
  });

  function countryTip(x: number, y: number): { name: string; count: string } | null {
    const layer = layers.shown("choropleth")[0];
    const country = layer && base.at(view.toPlane(x, y));
    if (!country?.code) return null;
    const count = layer.counts.counts.get(country.code) ?? 0;
    return {
      name: countryName(country.code),
      count: `${count ? whole(count) : "no"} ${noun(layer.data.unit, count)}`,
    };
  }

  /** Changes between the flat map and the globe; the middle stays. */
  function setGlobe(on: boolean): void {
    const wasHome = !touched;
    const zoom = view.zoom();
    view.globe = on;
    byId("globe").ariaPressed = String(on);
    if (wasHome) Object.assign(view, homeView(view, page, layers));
    else view.scale = view.worldScale() * zoom;
    view.clampScale();
    view.clamp();
    stage.redraw();
  }
  const zoom = (factor: number) => {
    const target = view.copy();
    target.zoomBy(factor);
    stage.fly(target);
  };
  byId("zoom-in").addEventListener("click", () => zoom(2));
  byId("zoom-out").addEventListener("click", () => zoom(0.5));
  byId("home").addEventListener("click", goHome);
  byId("globe").addEventListener("click", () => {
    setGlobe(!view.globe);
    report?.remember();
  });
  byId("theme").addEventListener("click", () => setTheme(!stage.dark));
  byId("save").addEventListener("click", () => save(stage, page.title));
  byId("tools").hidden = false;

  function offerLayers(): void {
    const choices = layers.all.map((layer) => {
      const box = el("input", { type: "checkbox", checked: layer.visible });
      box.addEventListener("change", () => {
        layer.visible = box.checked;
        stage.redraw();
        report?.remember("layers");
      });
      return el("label", {}, box, layer.label);
    });
    byId("layers").replaceChildren(el("legend", {}, "Show"), ...choices);
    byId("layers").hidden = layers.all.length < 2;
  }
  offerLayers();

  if (layers.isEmpty() && !report) {
    const nothing = byId("nothing");
    nothing.textContent = ["Nothing to show on this map", ...page.notes, ""].join(". ").trim();
    nothing.hidden = false;
  }
  printing(stage, setTheme);
  const goals = {
    place: showPlace,
    country: (code: string) => showCountry(code, true),
    group: (group: GroupData, unit: UnitData) => {
      const target = view.copy();
      target.fit(boundsOf(outlineOf(group))!, 0.6);
      panel.group(group, unit);
      stage.chosen = null;
      stage.fly(target);
    },
  };
  if (!report && !layers.isEmpty()) {
    new Search(searchLayers(layers, page.countries, goals));
    offerTable(layers, page.countries, goals);
  }
  canvas.setAttribute("aria-label", page.title);

  for (const kind of ["pointerdown", "wheel", "keydown"]) {
    canvas.addEventListener(kind, () => (touched = true), { passive: true });
  }
  stage.onRest = () => {
    if (touched) report?.remember("view");
  };
  new ResizeObserver(() => {
    const changed = stage.resize();
    // Until the reader has moved the map, home follows the size of the window.
    if (changed && !touched) Object.assign(view, homeView(view, page, layers));
  }).observe(canvas);
  stage.resize();
  Object.assign(view, homeView(view, page, layers));

  const follow = () => setTheme(wantsDark());
  dark.addEventListener("change", follow);
  light.addEventListener("change", follow);
  follow();
  stage.drawNow();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
  await report?.fill();
}

/** Paper is white, and shows all that is folded away on the screen. */
function printing(stage: Stage, setTheme: (dark: boolean) => void): void {
  const folds = [byId<HTMLDetailsElement>("table"), byId<HTMLDetailsElement>("legend")];
  let before = { dark: stage.dark, open: folds.map(({ open }) => open) };
  addEventListener("beforeprint", () => {
    before = { dark: stage.dark, open: folds.map(({ open }) => open) };
    for (const fold of folds) fold.open = true;
    setTheme(false);
    stage.resize();
    stage.drawNow();
  });
  addEventListener("afterprint", () => {
    folds.forEach((fold, i) => (fold.open = before.open[i]));
    setTheme(before.dark);
  });
}

/** Gives the view to the reader as a picture. */
function save(stage: Stage, title: string): void {
  stage.drawNow();
  stage.canvas.toBlob((blob) => {
    if (blob) saveBlob(blob, `${title}.png`);
  });
}

start().catch((error: unknown) => {
  const nothing = byId("nothing");
  nothing.textContent = `This map cannot be shown: ${error instanceof Error ? error.message : error}`;
  nothing.hidden = false;
  console.error(error);
});
