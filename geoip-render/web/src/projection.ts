// Equal Earth: every square kilometre of the ground is as large on the map as any
// other, so densities compare. Šavrič, Patterson and Jenny, "The Equal Earth map
// projection", International Journal of Geographical Information Science 33 (2019).
//
// Plane coordinates are on the unit sphere, x to the right and y down as on a screen.
// The map of the whole sphere has the area of the sphere, 4π.

/** A position on the plane. */
export interface Plane {
  x: number;
  y: number;
}

const A1 = 1.340264;
const A2 = -0.081106;
const A3 = 0.000893;
const A4 = 0.003796;
const M = Math.sqrt(3) / 2;

const EARTH_RADIUS_KM = 6371.0088;
/** Square kilometres of ground in one square unit of the plane. */
export const KM2_PER_UNIT2 = EARTH_RADIUS_KM * EARTH_RADIUS_KM;
/** Kilometres along a side of a square of ground that is one unit of the plane. */
export const KM_PER_UNIT = EARTH_RADIUS_KM;

/** The place on the plane of a latitude and longitude in degrees. */
export function project(lat: number, lng: number): Plane {
  const theta = Math.asin(M * Math.sin((lat * Math.PI) / 180));
  const square = theta * theta;
  const sixth = square * square * square;
  const slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square);
  return {
    x: (((lng * Math.PI) / 180) * Math.cos(theta)) / (M * slope),
    y: -theta * (A1 + A2 * square + sixth * (A3 + A4 * square)),
  };
}

/** The latitude and longitude of a place on the plane, or null outside the globe. */
export function unproject(x: number, y: number): { lat: number; lng: number } | null {
  // Newton's method; four steps reach the precision of the float from any start.
  let theta = -y;
  for (let step = 0; step < 12; step++) {
    const square = theta * theta;
    const sixth = square * square * square;
    const error = theta * (A1 + A2 * square + sixth * (A3 + A4 * square)) + y;
    const slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square);
    theta -= error / slope;
  }
  const square = theta * theta;
  const sixth = square * square * square;
  const slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square);
  const sine = Math.sin(theta) / M;
  const lng = (((M * slope * x) / Math.cos(theta)) * 180) / Math.PI;
  if (!(Math.abs(sine) <= 1 && Math.abs(lng) <= 180)) return null;
  return { lat: (Math.asin(sine) * 180) / Math.PI, lng };
}

/** Half the width and half the height of the whole world on the plane. */
export const WORLD = { x: project(0, 180).x, y: -project(90, 0).y };

/** The edge of the world and the lines every thirty degrees. */
export function graticule(): { outline: Float64Array; lines: Float64Array[] } {
  const along = (from: number, to: number, at: (value: number) => Plane) =>
    Array.from({ length: 91 }, (_, i) => at(from + ((to - from) * i) / 90));
  const line = (points: Plane[]) => Float64Array.from(points.flatMap(({ x, y }) => [x, y]));
  const lines: Float64Array[] = [];
  for (let lng = -150; lng <= 150; lng += 30) {
    lines.push(line(along(-90, 90, (lat) => project(lat, lng))));
  }
  for (let lat = -60; lat <= 60; lat += 30) {
    lines.push(line(along(-180, 180, (lng) => project(lat, lng))));
  }
  const outline = line([
    ...along(-90, 90, (lat) => project(lat, -180)),
    ...along(90, -90, (lat) => project(lat, 180)),
  ]);
  return { outline, lines };
}
