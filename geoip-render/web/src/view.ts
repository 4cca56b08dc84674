// What part of the plane is on the screen, and how large.

import { ringOnGlobe, traceOnGlobe, Turn, vectorOf } from "./globe.ts";
import { type Plane, WORLD } from "./projection.ts";

/** A part of the plane. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class View {
  /** The plane position in the middle of the screen. */
  x = 0;
  y = 0;
  /** CSS pixels for one unit of the plane. */
  scale = 1;
  /** The size of the screen in CSS pixels. */
  width = 1;
  height = 1;
  /** Whether this is a globe, of which a half is seen, and not the flat map. */
  globe = false;
  private turned: { x: number; y: number; turn: Turn } | null = null;

  /** How far one may zoom in: about forty kilometres across a phone. */
  static readonly MAX_ZOOM = 600;

  copy(): View {
    return Object.assign(new View(), this);
  }

  /** The scale at which the whole world just fits. */
  worldScale(): number {
    const margin = Math.min(12, this.width / 40);
    if (this.globe) return Math.max(1, Math.min(this.width, this.height) / 2 - margin);
    return Math.max(
      1,
      Math.min(
        (this.width - 2 * margin) / (2 * WORLD.x),
        (this.height - 2 * margin) / (2 * WORLD.y),
      ),
    );
  }

  /** How many times larger than the whole world in view. */
  zoom(): number {
    return this.scale / this.worldScale();
  }

  /** How the globe is turned. */
  turn(): Turn {
    const { x, y } = this;
    if (this.turned?.x !== x || this.turned.y !== y) this.turned = { x, y, turn: new Turn(this) };
    return this.turned.turn;
  }

  /** Whether a place is not on the far side of a globe. */
  sees(point: Plane): boolean {
    return !this.globe || this.turn().see(vectorOf(point)).depth >= 0;
  }

  /** Adds a line to a path, where it is to be seen. */
  trace(context: CanvasRenderingContext2D, line: Float64Array): void {
    if (this.globe) return traceOnGlobe(context, this.disc(), line);
    const { scale } = this;
    const left = this.width / 2 - this.x * scale;
    const top = this.height / 2 - this.y * scale;
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i] * scale + left;
      const y = line[i + 1] * scale + top;
      // From one edge of the map to the other there is no line.
      if (i === 0 || Math.abs(line[i] - line[i - 2]) > WORLD.x) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  }

  /** Adds a ring to a path that is to be filled, or a line that was cut at the edge of the
   * map when it was made. */
  ring(context: CanvasRenderingContext2D, line: Float64Array): void {
    if (this.globe) return ringOnGlobe(context, this.disc(), line);
    const { scale } = this;
    const left = this.width / 2 - this.x * scale;
    const top = this.height / 2 - this.y * scale;
    context.moveTo(line[0] * scale + left, line[1] * scale + top);
    for (let i = 2; i < line.length; i += 2) {
      context.lineTo(line[i] * scale + left, line[i + 1] * scale + top);
    }
  }

  private disc() {
    return { turn: this.turn(), x: this.width / 2, y: this.height / 2, radius: this.scale };
  }

  toScreen(point: Plane): Plane {
    if (this.globe) {
      const { x, y } = this.turn().see(vectorOf(point));
      return { x: x * this.scale + this.width / 2, y: y * this.scale + this.height / 2 };
    }
    return {
      x: (point.x - this.x) * this.scale + this.width / 2,
      y: (point.y - this.y) * this.scale + this.height / 2,
    };
  }

  toPlane(screenX: number, screenY: number): Plane {
    if (this.globe) {
      return this.turn().find((screenX - this.width / 2) / this.scale, (screenY - this.height / 2) / this.scale);
    }
    return {
      x: (screenX - this.width / 2) / this.scale + this.x,
      y: (screenY - this.height / 2) / this.scale + this.y,
    };
  }

  /** The part of the plane in view, and `margin` pixels around it. */
  box(margin = 0): Box {
    if (this.globe) return { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
    const halfWidth = (this.width / 2 + margin) / this.scale;
    const halfHeight = (this.height / 2 + margin) / this.scale;
    return {
      left: this.x - halfWidth,
      right: this.x + halfWidth,
      top: this.y - halfHeight,
      bottom: this.y + halfHeight,
    };
  }

  panBy(dx: number, dy: number): void {
    if (this.globe) {
      Object.assign(this, this.turn().by(-dx / this.scale, -dy / this.scale));
      return;
    }
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.clamp();
  }

  /** Zooms so that what is at the given screen position stays there. */
  zoomBy(factor: number, screenX = this.width / 2, screenY = this.height / 2): void {
    const fixed = this.toPlane(screenX, screenY);
    this.scale *= factor;
    this.clampScale();
    if (this.globe) return;
    this.x = fixed.x - (screenX - this.width / 2) / this.scale;
    this.y = fixed.y - (screenY - this.height / 2) / this.scale;
    this.clamp();
  }

  /** Shows a part of the plane with some room around it. */
  fit(box: Box, room = 0.12): void {
    this.x = (box.left + box.right) / 2;
    this.y = (box.top + box.bottom) / 2;
    const width = Math.max(box.right - box.left, 1e-6) * (1 + 2 * room);
    const height = Math.max(box.bottom - box.top, 1e-6) * (1 + 2 * room);
    this.scale = Math.min(this.width / width, this.height / height);
    this.clampScale();
    this.clamp();
  }

  clampScale(): void {
    const world = this.worldScale();
    this.scale = Math.min(Math.max(this.scale, world), world * View.MAX_ZOOM);
  }

  /** Keeps the world on the screen: in the middle of it where it is the smaller. */
  clamp(): void {
    if (this.globe) return;
    const pull = (centre: number, half: number, screen: number) => {
      const room = Math.max(0, half - screen / 2 / this.scale);
      return Math.min(Math.max(centre, -room), room);
    };
    this.x = pull(this.x, WORLD.x * 1.02, this.width);
    this.y = pull(this.y, WORLD.y * 1.02, this.height);
  }
}

/** The smallest box around points, or null for none. */
export function boundsOf(points: Iterable<Plane>): Box | null {
  const box = nowhere();
  for (const { x, y } of points) include(box, x, y);
  return box.left <= box.right ? box : null;
}

/** A box around nothing, to be grown. */
export function nowhere(): Box {
  return { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
}

/** Grows a box until a point is in it. */
export function include(box: Box, x: number, y: number): void {
  if (x < box.left) box.left = x;
  if (x > box.right) box.right = x;
  if (y < box.top) box.top = y;
  if (y > box.bottom) box.bottom = y;
}
