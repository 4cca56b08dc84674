// The parts of the page that compute, each against another way to the same answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { geoDistance, geoEqualEarth, geoInterpolate, geoOrthographic } from "d3-geo";
import { build } from "esbuild";

const { outputFiles } = await build({
  stdin: {
    contents: `
      export * from "./projection.ts";
      export * from "./clusters.ts";
      export * from "./network.ts";
      export * from "./numbers.ts";
      export * from "./facts.ts";
      export * from "./filter.ts";
      export * from "./factgroups.ts";
      export * from "./arcs.ts";
      export * from "./globe.ts";
      export * from "./exports.ts";
      export * from "./times.ts";`,
    resolveDir: new URL("../src", import.meta.url).pathname,
    loader: "ts",
  },
  bundle: true,
  write: false,
  format: "esm",
});
const source = Buffer.from(outputFiles[0].text).toString("base64");
const page = await import(`data:text/javascript;base64,${source}`);

/** Numbers in 0..1, the same every run (Park and Miller). */
let seed = 42;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

test("the projection is d3-geo's Equal Earth, and its inverse leads back", () => {
  const theirs = geoEqualEarth().scale(1).translate([0, 0]).precision(0);
  for (let i = 0; i < 2000; i++) {
    const [lat, lng] = [179 * random() - 89.5, 359 * random() - 179.5];
    const ours = page.project(lat, lng);
    const [x, y] = theirs([lng, lat]);
    assert(Math.hypot(ours.x - x, ours.y - y) < 1e-9, `${lat} ${lng}`);
    const back = page.unproject(ours.x, ours.y);
    assert(Math.hypot(back.lat - lat, back.lng - lng) < 1e-6, `${lat} ${lng}`);
  }
  assert.equal(page.unproject(3, 0), null);
});

test("circles are what taking in the nearest within reach gives, all pairs compared", () => {
  const count = 400;
  const x = Float64Array.from({ length: count }, () => random() - 0.5);
  const y = Float64Array.from({ length: count }, () => random() - 0.5);
  const weight = Float64Array.from({ length: count }, () => Math.ceil(100 * random()));
  const order = Uint32Array.from(weight.keys()).sort((a, b) => weight[b] - weight[a] || a - b);
  const index = new page.ClusterIndex(x, y, weight, order, 100_000);
  let merged = 0;
  for (const scale of [100, 300, 1000, 5000, 100_000]) {
    const level = index.at(scale);
    const depth = Math.floor(2 * Math.log2(100_000 / scale) + 1e-6);
    const reach = depth === 0 ? 0 : (44 / 100_000) * Math.SQRT2 ** depth;
    const circles = [];
    for (const place of order) {
      let nearest = null;
      let least = reach;
      for (const circle of circles) {
        const distance = Math.hypot(x[circle.place] - x[place], y[circle.place] - y[place]);
        if (distance < least) [nearest, least] = [circle, distance];
      }
      if (!nearest) circles.push((nearest = { place, weight: 0, members: [] }));
      nearest.weight += weight[place];
      nearest.members.push(place);
    }
    assert.deepEqual([...level.place], circles.map(({ place }) => place));
    assert.deepEqual([...level.weight], circles.map(({ weight }) => weight));
    circles.forEach(({ members }, i) => assert.deepEqual(index.members(level, i, Infinity), members));
    merged += count - circles.length;
  }
  assert(merged > count, "the test has merged something");
});

test("a network holds its addresses and no others", () => {
  const isIn = (network, text) => page.networkOf(network).isIn(text);
  assert(isIn("198.51.100.0/24", "seen: 198.51.100.77, 203.0.113.1"));
  assert(!isIn("198.51.100.0/24", "198.51.101.77"));
  assert(isIn("198.51.100.77/25", "198.51.100.1"));
  assert(isIn("0.0.0.0/0", "1.2.3.4"));
  assert(isIn("2001:db8::/32", "2001:db8:ffff::1") && !isIn("2001:db8::/32", "2001:db9::1"));
  assert(isIn("2001:db8:0:0:0:0:0:1/128", "(2001:db8::1)"));
  for (const none of ["1.2.3/8", "1.2.3.4/33", "1.2.3.4.5/8", "::1::/64", "paris", "256.1.1.1/8"]) {
    assert.equal(page.networkOf(none), null, none);
  }
});

test("classes are named by what they begin with, and the last also by its end", () => {
  const classes = [[1, 2], [3, 9], [10, 99], [1000, 2345]].map(([from, to]) => ({ from, to }));
  assert.deepEqual(page.classLabels(classes), ["1", "3", "10", "1K to 2.3K"]);
  assert.deepEqual(page.classLabels([{ from: 300, to: 300 }]), ["300"]);
  assert.deepEqual(page.classLabels([]), []);
});

test("ticks lie within their range and are few", () => {
  for (const [low, high] of [[0.003, 4], [1, 1e6], [20, 90], [5, 5.1], [1e-3, 1e9]]) {
    const ticks = page.logTicks(low, high, 5);
    assert(ticks.length <= 5 && ticks.every((tick) => tick >= low * 0.99 && tick <= high * 1.01));
  }
});

const pick = (list) => list[Math.floor(random() * list.length)];

/** Words are read from the page; a unit has none. */
globalThis.document ??= { getElementById: () => null };

/** A report of random rows, and the rows as they are. */
function randomReport(count, slots) {
  const places = Array.from({ length: 12 }, () => Math.floor(random() * 3) - 1);
  const groups = places.map((_, place) => (place < 9 ? Math.floor(random() * 4) - 1 : -1));
  const sets = [[], ["hosting"], ["vpn", "hosting"], ["tor"]];
  const plain = Array.from({ length: count }, () => {
    const times = new Map();
    for (let i = 0; i < 4; i++) times.set(Math.floor(random() * slots), 1 + Math.floor(9 * random()));
    const sorted = [...times].sort((a, b) => a[0] - b[0]);
    const untimed = Math.floor(3 * random());
    return {
      place: Math.floor(random() * 13) - 1,
      system: Math.floor(random() * 5) - 1,
      network: Math.floor(random() * 4) - 1,
      flags: Math.floor(random() * 4),
      addresses: pick([1, 1, 30]),
      hits: sorted.reduce((sum, [, hits]) => sum + hits, untimed),
      times: sorted,
    };
  });
  const column = (name) => plain.map((row) => row[name]);
  const steps = (values) => values.map((value, i) => value - (values[i - 1] ?? 0));
  const data = {
    unit: "hits",
    known_flags: ["hosting", "vpn", "tor"],
    flag_sets: sets,
    places: {
      lat: places.slice(0, 9).map(() => 0),
      lng: places.slice(0, 9).map(() => 0),
      codes: ["DE", "US"],
      country: places,
      precision: places.map(() => 0),
      radius_km: places.map(() => null),
      group: steps(groups),
    },
    rows: {
      listed: 0,
      place: steps(column("place")),
      system: column("system"),
      network: column("network"),
      flags: column("flags"),
      addresses: column("addresses"),
      hits: plain.map(({ hits, times }) => hits - times.reduce((sum, [, count]) => sum + count, 0)),
      slots: plain.map(({ times }) => times.length),
      slot: plain.flatMap(({ times }) => steps(times.map(([slot]) => slot))),
      slot_hits: plain.flatMap(({ times }) => times.map(([, hits]) => hits)),
      failed: [],
    },
    timeline: { start: 0, width: 60, slots, untimed: 0, outside: 0 },
  };
  return { facts: new page.Facts(data), plain, places, groups, sets };
}

test("sums are what going over the rows one by one gives, whatever the filter", () => {
  let left = 0;
  for (let run = 0; run < 60; run++) {
    const { facts, plain, places, groups, sets } = randomReport(80, 20);
    const from = Math.floor(random() * 19);
    const filter = {
      ...page.everything("hits"),
      country: pick([null, null, "DE"]),
      system: pick([-1, -1, 2]),
      network: pick([-1, -1, -1, 1]),
      place: pick([-1, -1, -1, 4]),
      group: pick([-1, -1, -1, 1]),
      flags: new Map(pick([[], [["hosting", "without"]], [["vpn", "only"], ["tor", "only"]]])),
      time: pick([null, [from, from + 1 + Math.floor(random() * (20 - from))]]),
      least: pick([0, 0, 40]),
    };
    const inTime = ({ times, hits }) =>
      filter.time
        ? times.filter(([slot]) => slot >= filter.time[0] && slot < filter.time[1]).reduce((sum, [, n]) => sum + n, 0)
        : hits;
    const ruled = (rule) => [...filter.flags].filter(([, it]) => it === rule).map(([flag]) => flag);
    const takes = (row) => {
      const set = sets[row.flags];
      const code = row.place < 0 || places[row.place] < 0 ? null : ["DE", "US"][places[row.place]];
      return (
        (filter.country === null || code === filter.country) &&
        (filter.system < 0 || row.system === filter.system) &&
        (filter.network < 0 || row.network === filter.network) &&
        (filter.place < 0 || row.place === filter.place) &&
        (filter.group < 0 || (row.place >= 0 && groups[row.place] === filter.group)) &&
        !ruled("without").some((flag) => set.includes(flag)) &&
        (ruled("only").length === 0 || ruled("only").some((flag) => set.includes(flag)))
      );
    };
    const some = plain.filter(takes);
    const ofPlace = (place) =>
      some.filter((row) => row.place === place).reduce((sum, row) => sum + inTime(row), 0);
    const taken = some.filter((row) => filter.least <= 1 || (row.place >= 0 && ofPlace(row.place) >= filter.least));
    const sum = (rows) => rows.reduce((all, row) => all + inTime(row), 0);
    const sums = page.addUp(facts, filter);
    assert.equal(sums.hits, sum(taken));
    assert.equal(
      sums.addresses,
      taken.reduce((all, row) => all + Math.min(row.addresses, inTime(row)), 0),
    );
    places.forEach((_, place) => {
      assert.equal(sums.places.hits[place], sum(taken.filter((row) => row.place === place)));
    });
    for (const [i] of ["DE", "US"].entries()) {
      assert.equal(sums.countries.hits[i], sum(taken.filter(({ place }) => place >= 0 && places[place] === i)));
    }
    // How many of several addresses came in a part of the time is known if all did, or
    // each came once.
    const isKnown = (row) => row.addresses === 1 || inTime(row) === row.hits || row.hits <= row.addresses;
    assert.equal(sums.atMost, !taken.filter((row) => inTime(row) > 0).every(isKnown));
    const wanted = new Map();
    places.forEach((_, place) => {
      if (groups[place] < 0 || sums.places.hits[place] === 0) return;
      wanted.set(groups[place], [...(wanted.get(groups[place]) ?? []), place]);
    });
    const found = page.groupsOf(facts, sums, "hits", () => "");
    assert.deepEqual(
      new Map(found.map((group) => [group.id, [...group.places].sort((a, b) => a - b)])),
      new Map([...wanted].filter(([, members]) => members.length > 1).sort()),
    );
    for (const [i, group] of found.entries()) {
      assert.equal(group.hits, group.places.reduce((all, place) => all + sums.places.hits[place], 0));
      assert(i === 0 || group.hits <= found[i - 1].hits, "heaviest first");
    }
    for (let slot = 0; slot < 20; slot++) {
      const hits = taken.flatMap(({ times }) => times.filter(([it]) => it === slot)).reduce((all, [, n]) => all + n, 0);
      assert.equal(sums.slots[slot], hits, "the time line is that of all times");
    }
    const ranking = sums.places.ranking("hits");
    assert(ranking.every((place, i) => i === 0 || sums.places.hits[place] <= sums.places.hits[ranking[i - 1]]));
    if (taken.length > 0 && taken.length < plain.length) left++;
  }
  assert(left > 20, "the filters leave something and not all");
});

test("outlines have all points inside, and the two that are farthest apart", () => {
  for (let run = 0; run < 50; run++) {
    const [lat, lng] = [random() * 170 - 85, random() * 360 - 180];
    const points = Array.from({ length: 2 + Math.floor(20 * random()) }, () => [
      Math.max(-90, Math.min(90, lat + 4 * random())),
      ((lng + 4 * random() + 540) % 360) - 180,
    ]);
    const { outline, acrossKm, center } = page.shapeOf(points);
    const km = (a, b) => 6371.0088 * geoDistance(a.toReversed(), b.toReversed());
    let most = 0;
    for (const a of points) for (const b of points) most = Math.max(most, km(a, b));
    assert(Math.abs(acrossKm - most) < 1e-3, `${acrossKm} ${most}`);
    assert(points.every((point) => km(point, center) <= most * 0.867 + 1e-3), "no point is farther off than the third corner of an even triangle");
    const vector = ([lat, lng]) => {
      const [phi, lambda] = [lat, lng].map((degrees) => (degrees * Math.PI) / 180);
      return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
    };
    const side = (a, b, c) => {
      const [u, v, w] = [a, b, c].map(vector);
      return u[0] * (v[1] * w[2] - v[2] * w[1]) + u[1] * (v[2] * w[0] - v[0] * w[2]) + u[2] * (v[0] * w[1] - v[1] * w[0]);
    };
    // Every point is on the left of every side of the outline, on the ground.
    outline.forEach((a, i) => {
      const b = outline[(i + 1) % outline.length];
      if (outline.length > 2) assert(points.every((point) => side(a, b, point) > -1e-12));
    });
  }
});

test("arcs are d3-geo's great circles, and cross the edge of the map at one latitude", () => {
  for (let run = 0; run < 100; run++) {
    const place = () => [random() * 178 - 89, random() * 360 - 180];
    const [from, to] = [place(), place()];
    const way = page.greatCircle(from, to);
    const between = geoInterpolate(from.toReversed(), to.toReversed());
    way.forEach(([lat, lng], i) => {
      assert(geoDistance([lng, lat], between(i / (way.length - 1))) < 1e-9);
    });
    const layer = new page.ArcsLayer("", "hits", [{ from, to, weight: 1 }]);
    const parts = layer.partsOf(layer.drawn[0]);
    parts.forEach((line, part) => {
      for (let i = 2; i < line.length; i += 2) {
        if (Math.abs(line[i] - line[i - 2]) < page.WORLD.x) continue;
        assert(Math.abs(line[i] + line[i - 2]) < 1e-9 && Math.abs(line[i + 1] - line[i - 1]) < 1e-9, "edge to edge");
      }
      if (part > 0) assert.deepEqual([...line.slice(0, 2)], [...parts[part - 1].slice(-2)], "no gap");
    });
  }
  for (const to of [[10, 20], [-10, -160]]) {
    const way = page.greatCircle([10, 20], to);
    assert(way.flat().every(Number.isFinite), "to itself and to the other side");
  }
});

test("the globe is d3-geo's orthographic projection, and its inverse leads back", () => {
  for (let run = 0; run < 300; run++) {
    const middle = [random() * 170 - 85, random() * 360 - 180];
    const [lat, lng] = [random() * 178 - 89, random() * 360 - 180];
    const turn = new page.Turn(page.project(...middle));
    const seen = turn.see(page.vectorOf(page.project(lat, lng)));
    const theirs = geoOrthographic().rotate([-middle[1], -middle[0]]).translate([0, 0]).scale(1).clipAngle(null);
    const [x, y] = theirs([lng, lat]);
    assert(Math.hypot(seen.x - x, seen.y - y) < 1e-6, `${[seen.x, seen.y]} ${[x, y]}`);
    const isNear = geoDistance([lng, lat], middle.toReversed()) < Math.PI / 2;
    assert.equal(seen.depth > 0, isNear);
    if (seen.depth > 0.05) {
      const back = turn.find(seen.x, seen.y);
      const plane = page.project(lat, lng);
      assert(Math.hypot(back.x - plane.x, back.y - plane.y) < 1e-6);
    }
    assert(Number.isNaN(turn.find(0.8, 0.8).x));
    const turned = new page.Turn(turn.by(3 * random(), random() - 0.5));
    assert(Math.abs(turned.lat) <= 89 && Math.abs(turned.lng) <= 180);
  }
});

test("a filter is read back from its link, and nonsense is nothing", () => {
  const { facts } = randomReport(5, 20);
  const filter = { ...page.everything("addresses"), country: "DE", place: 3, time: [4, 9], least: 12, group: facts.groups - 1 };
  filter.flags = new Map([["hosting", "without"], ["vpn", "only"], ["tor", "only"]]);
  const state = { filter, layers: ["heat", "points"], where: { lat: 51.5, lng: -0.125, zoom: 3.25 }, globe: true };
  const hash = page.toHash(state, facts, "hits");
  const back = page.fromHash(`#${hash}`, facts);
  const inOrder = (flags) => [...flags].sort();
  assert.deepEqual(inOrder(back.filter.flags), inOrder(filter.flags));
  assert.deepEqual({ ...back, filter: { ...back.filter, flags: 0 } }, { ...state, filter: { ...filter, flags: 0 } });
  const open = page.everything("hits");
  for (const nonsense of ["#", "#country=%E0%A4%A", "#country=ZZ&place=-1&place=99&time=9-4&time=0-21&only=x&at=1,2&least=x"]) {
    const read = page.fromHash(nonsense, facts);
    assert.deepEqual(read, { filter: open, layers: null, where: null, globe: false }, nonsense);
  }
});

test("no cell of CSV is a formula, and all come back", () => {
  const cells = ["=1+1", "+x", "-1", "@a", "\tx", "\rx", 'say "x"', "a,b", "two\nlines", "", -5, 1.5];
  const text = page.csvOf([cells]);
  const back = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(?:,|\r\n$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );
  assert.equal(back.length, cells.length);
  cells.forEach((cell, i) => {
    const guarded = typeof cell === "string" && /^[=+\-@\t\r]/.test(cell);
    assert.equal(back[i], guarded ? `'${cell}` : String(cell));
  });
});

test("ticks of time are round, in order, and few", () => {
  for (const days of [1 / 86_400, 0.01, 0.5, 1, 9, 60, 400, 4000, 3_600_000]) {
    const start = Date.UTC(2026, 10, 20, 3, 17) / 1000;
    const end = start + Math.ceil(days * 86_400);
    const ticks = page.timeTicks(start, end, 9);
    assert(ticks.length <= 10, `${ticks.length} for ${days} days`);
    assert(ticks.every(({ at, label }) => at >= start && at < end && label !== ""));
    assert(ticks.every(({ at }, i) => i === 0 || at > ticks[i - 1].at));
  }
  assert.equal(page.duration(600), "10 min");
  assert.equal(page.duration(86_400), "1 day");
  assert.equal(page.stamp(1_795_132_800), "2026-11-20 00:00");
});
