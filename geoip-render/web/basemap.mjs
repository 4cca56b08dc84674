// Makes the page's base map from the outlines that the crate embeds for pictures:
// cut at the antimeridian, simplified, and coded so that a page can carry it.
//
// What is written: the number of grid steps in a degree; the arcs (how many; for each
// its number of points, then steps east and north in turn, from the last point of the
// arc before); the countries (how many; for each two letters of code or spaces, its
// anchor east and north, then its rings: how many; for each how many arcs, then their
// numbers, `~i` being arc `i` backwards). Integers are varints of seven bits a byte,
// signed ones zigzag, all packed by zlib.

import { readFile } from "node:fs/promises";
import { deflateSync, inflateRawSync } from "node:zlib";

/** Steps in a degree: a step is 1.1 km at the equator. */
const STEPS = 100;
/** A point is left out if the line stays within this many degrees without it. */
const TOLERANCE = 0.01;

/** The base map as bytes, from the folder of the crate's assets. */
export async function baseMap(assets) {
  const shapes = readShapes(inflateRawSync(await readFile(new URL("countries-50m.bin", assets))));
  const anchors = readAnchors(await readFile(new URL("anchors.bin", assets)));
  for (const shape of shapes) shape.rings = shape.rings.flatMap(cut);
  merge(shapes);
  const { arcs, rings } = topology(shapes);
  return deflateSync(encode(arcs.map(simplified), shapes, rings, anchors), { level: 9 });
}

/** Reads the crate's own form, which geoip-data-build's basemap.rs describes. */
function readShapes(bytes) {
  let at = 32;
  const [scaleX, scaleY, left, bottom] = [0, 8, 16, 24].map((i) => bytes.readDoubleLE(i));
  const integer = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value % 2 ? -(value + 1) / 2 : value / 2;
    }
  };
  const list = (item) => Array.from({ length: integer() }, item);
  const sums = (count) => {
    let sum = 0;
    return Array.from({ length: count }, () => (sum += integer()));
  };
  const arcs = list(() => {
    const count = integer();
    const [x, y] = [sums(count), sums(count)];
    return x.map((step, i) => [step * scaleX + left, y[i] * scaleY + bottom]);
  });
  return list(() => {
    const code = bytes.toString("latin1", at, (at += 2)).replace("--", "  ");
    const rings = list(() =>
      list(integer).flatMap((arc, i) => {
        const points = arc < 0 ? arcs[~arc].toReversed() : arcs[arc];
        // Each arc begins where the one before it has ended.
        return i === 0 ? points : points.slice(1);
      }),
    );
    return { code, rings };
  });
}

/** Makes one shape of those that have the same code. */
function merge(shapes) {
  const first = new Map();
  for (const shape of shapes.splice(0)) {
    const other = shape.code.trim() && first.get(shape.code);
    if (other) other.rings.push(...shape.rings);
    else {
      shapes.push(shape);
      first.set(shape.code, shape);
    }
  }
}

function readAnchors(bytes) {
  const anchors = new Map();
  for (let at = 0; at < bytes.length; at += 6) {
    const code = bytes.toString("latin1", at, at + 2);
    anchors.set(code, [bytes.readInt16LE(at + 4) / 100, bytes.readInt16LE(at + 2) / 100]);
  }
  return anchors;
}

/** A ring on the grid, as rings that do not cross the antimeridian. */
function cut(ring) {
  const unrolled = [];
  let turn = 0;
  ring.forEach(([lng, lat], i) => {
    if (i > 0) {
      const step = lng - ring[i - 1][0];
      if (step > 180) turn -= 360;
      if (step < -180) turn += 360;
    }
    unrolled.push([lng + turn, lat]);
  });
  if (turn !== 0) {
    // Once around the pole: the ring is closed along the lower edge of the map.
    const end = unrolled.at(-1)[0];
    unrolled.push([end, -90], [end - turn, -90], unrolled[0]);
  }
  const from = Math.min(...unrolled.map(([lng]) => lng));
  const to = Math.max(...unrolled.map(([lng]) => lng));
  const pieces = [];
  for (let west = -180 - 360; west < to; west += 360) {
    if (west + 360 <= from) continue;
    let piece = half(unrolled, ([lng]) => lng - west);
    piece = half(piece, ([lng]) => west + 360 - lng);
    const grid = onGrid(piece.map(([lng, lat]) => [lng - west - 180, lat]));
    if (grid.length > 3) pieces.push(grid);
  }
  return pieces;
}

/** The part of a closed ring where `depth` is not negative (Sutherland–Hodgman). */
function half(ring, depth) {
  if (ring.every((point) => depth(point) >= 0)) return ring;
  const kept = [];
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    const [inA, inB] = [depth(a), depth(b)];
    if (inA >= 0) kept.push(a);
    if (inA >= 0 !== inB >= 0) {
      const part = inA / (inA - inB);
      kept.push([a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]);
    }
  }
  if (kept.length > 0) kept.push(kept[0]);
  return kept;
}

/** A closed line in whole steps, without points that say nothing. */
function onGrid(line) {
  const points = [];
  for (const [lng, lat] of line) {
    const point = [Math.round(lng * STEPS), Math.round(lat * STEPS)];
    const last = points.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  return points;
}

/** Splits rings where their neighbours change, so that a shared line is one arc. */
function topology(shapes) {
  const name = ([x, y]) => `${x},${y}`;
  const edge = (a, b) => [name(a), name(b)].sort().join(" ");
  const onCut = ([x, y]) => Math.abs(x) === 180 * STEPS || y === -90 * STEPS;
  const owners = new Map();
  shapes.flatMap(({ rings }) => rings).forEach((ring, number) => {
    for (let i = 1; i < ring.length; i++) {
      const key = edge(ring[i - 1], ring[i]);
      owners.set(key, `${owners.get(key) ?? ""} ${number}`);
    }
  });
  const ownersOf = (a, b) => (onCut(a) && onCut(b) ? "cut" : owners.get(edge(a, b)));

  const arcs = [];
  const known = new Map();
  const arcNumber = (points) => {
    const names = points.map(name);
    const forward = names.join(" ");
    const backward = names.toReversed().join(" ");
    if (known.has(forward)) return known.get(forward);
    if (known.has(backward)) return ~known.get(backward);
    known.set(forward, arcs.length);
    arcs.push(points);
    return arcs.length - 1;
  };
  const rings = shapes.map((shape) =>
    shape.rings.map((closed) => {
      const ring = closed.slice(0, -1);
      const at = (i) => ring[(i + ring.length) % ring.length];
      let start = ring.findIndex((_, i) => ownersOf(at(i - 1), at(i)) !== ownersOf(at(i), at(i + 1)));
      if (start < 0) {
        // One neighbour all around: both sides must begin at the same point.
        const least = ring.map(name).sort()[0];
        start = ring.findIndex((point) => name(point) === least);
      }
      const numbers = [];
      let points = [at(start)];
      for (let i = start + 1; i <= start + ring.length; i++) {
        points.push(at(i));
        const ends = i === start + ring.length;
        if (ends || ownersOf(at(i - 1), at(i)) !== ownersOf(at(i), at(i + 1))) {
          numbers.push(arcNumber(points));
          points = [at(i)];
        }
      }
      return numbers;
    }),
  );
  return { arcs, rings };
}

/** Douglas and Peucker's simplification; degrees east count less near the poles. */
function simplified(points) {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const open = [];
  const closed = String(points[0]) === String(points.at(-1));
  if (closed) {
    // An island keeps its far end and what lies farthest from the line to it.
    const far = farthest(points, 0, points.length - 1);
    keep[far.index] = 1;
    for (const [from, to] of [[0, far.index], [far.index, points.length - 1]]) {
      const aside = farthest(points, from, to);
      if (aside.index > 0) keep[aside.index] = 1;
    }
    for (let i = 1, from = 0; i < points.length; i++) {
      if (keep[i]) open.push([from, (from = i)]);
    }
  } else {
    open.push([0, points.length - 1]);
  }
  while (open.length > 0) {
    const [from, to] = open.pop();
    const { index, distance } = farthest(points, from, to);
    if (distance <= TOLERANCE * STEPS) continue;
    keep[index] = 1;
    open.push([from, index], [index, to]);
  }
  return points.filter((_, i) => keep[i]);
}

/** The point between two others that is farthest from the line through them. */
function farthest(points, from, to) {
  const shrink = Math.cos((points[from][1] / STEPS / 180) * Math.PI);
  const flat = ([x, y]) => [x * shrink, y];
  const [ax, ay] = flat(points[from]);
  const [bx, by] = flat(points[to]);
  const length = Math.hypot(bx - ax, by - ay);
  let best = { index: -1, distance: -1 };
  for (let index = from + 1; index < to; index++) {
    const [x, y] = flat(points[index]);
    const distance =
      length > 0
        ? Math.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length
        : Math.hypot(x - ax, y - ay);
    if (distance > best.distance) best = { index, distance };
  }
  return best;
}

function encode(arcs, shapes, rings, anchors) {
  const bytes = [];
  const unsigned = (value) => {
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
    bytes.push(value);
  };
  const signed = (value) => unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  const text = (code) => bytes.push(code.charCodeAt(0), code.charCodeAt(1));

  unsigned(STEPS);
  unsigned(arcs.length);
  let [lastX, lastY] = [0, 0];
  for (const arc of arcs) {
    unsigned(arc.length);
    for (const [x, y] of arc) {
      signed(x - lastX);
      signed(y - lastY);
      [lastX, lastY] = [x, y];
    }
  }
  // Countries without an outline of their own still have a place to stand.
  const outlined = new Set(shapes.map(({ code }) => code));
  const without = [...anchors.keys()].filter((code) => !outlined.has(code));
  const all = [
    ...shapes.map(({ code }, i) => ({ code, rings: rings[i] })),
    ...without.map((code) => ({ code, rings: [] })),
  ];
  unsigned(all.length);
  for (const { code, rings } of all) {
    text(code);
    const [lng, lat] = anchors.get(code) ?? [0, 0];
    signed(Math.round(lng * STEPS));
    signed(Math.round(lat * STEPS));
    unsigned(rings.length);
    for (const ring of rings) {
      unsigned(ring.length);
      for (const arc of ring) signed(arc);
    }
  }
  return Uint8Array.from(bytes);
}
