// The parts of the page that compute, each against another way to the same answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { geoEqualEarth } from "d3-geo";
import { build } from "esbuild";

const { outputFiles } = await build({
  stdin: {
    contents: `
      export * from "./projection.ts";
      export * from "./clusters.ts";
      export * from "./network.ts";
      export * from "./numbers.ts";`,
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
