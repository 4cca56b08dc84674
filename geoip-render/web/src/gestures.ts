// Mouse, touch, pen and keyboard to movements of the view.

import type { Stage } from "./stage.ts";

/** Farther than this from where it went down, a press is a drag and no click. */
const CLICK_PX = 6;

export interface Answers {
  click(x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  home(): void;
}

export function listen(stage: Stage, answers: Answers): void {
  const { canvas, view } = stage;
  const fingers = new Map<number, { x: number; y: number }>();
  let pressed: { x: number; y: number } | null = null;

  const position = (event: MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  /** The middle of the fingers and how far they are apart. */
  const grip = () => {
    const all = [...fingers.values()];
    const x = all.reduce((sum, finger) => sum + finger.x, 0) / all.length;
    const y = all.reduce((sum, finger) => sum + finger.y, 0) / all.length;
    const apart = all.length > 1 ? Math.hypot(all[0].x - all[1].x, all[0].y - all[1].y) : 0;
    return { x, y, apart };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.land();
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, position(event));
    pressed = fingers.size === 1 ? position(event) : null;
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = position(event);
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType === "mouse") answers.hover(at.x, at.y);
      return;
    }
    if (pressed && Math.hypot(at.x - pressed.x, at.y - pressed.y) <= CLICK_PX) return;
    if (pressed) {
      // The movement so far is made up for, so that the map sticks to the finger.
      fingers.set(event.pointerId, pressed);
      pressed = null;
      canvas.classList.add("grabbing");
      answers.leave();
    }
    const before = grip();
    fingers.set(event.pointerId, at);
    const after = grip();
    view.panBy(after.x - before.x, after.y - before.y);
    if (before.apart > 0) view.zoomBy(after.apart / before.apart, after.x, after.y);
    stage.moved();
  });
  const release = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    canvas.classList.remove("grabbing");
    if (pressed && event.type === "pointerup") answers.click(pressed.x, pressed.y);
    pressed = null;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => answers.leave());

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      stage.land();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
      // Browsers send a pinch on a touchpad as a wheel with Ctrl, in small steps.
      const speed = event.ctrlKey ? 0.01 : 0.002;
      const { x, y } = position(event);
      view.zoomBy(2 ** (-event.deltaY * lines * speed), x, y);
      answers.leave();
      stage.moved();
    },
    { passive: false },
  );
  canvas.addEventListener("dblclick", (event) => {
    const { x, y } = position(event);
    const target = view.copy();
    target.zoomBy(event.shiftKey ? 0.5 : 2, x, y);
    stage.fly(target);
  });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 240 : 80;
    const target = view.copy();
    switch (event.key) {
      case "ArrowLeft":
        target.panBy(step, 0);
        break;
      case "ArrowRight":
        target.panBy(-step, 0);
        break;
      case "ArrowUp":
        target.panBy(0, step);
        break;
      case "ArrowDown":
        target.panBy(0, -step);
        break;
      case "+":
      case "=":
        target.zoomBy(1.6);
        break;
      case "-":
      case "_":
        target.zoomBy(1 / 1.6);
        break;
      case "0":
      case "Home":
        event.preventDefault();
        answers.home();
        return;
      case "Enter":
        answers.click(view.width / 2, view.height / 2);
        return;
      default:
        return;
    }
    event.preventDefault();
    stage.land();
    Object.assign(view, { x: target.x, y: target.y, scale: target.scale });
    stage.moved();
  });
}
