// How long pages take to be ready and how many frames a second panning has.
//
//   node test/bench.mjs FOLDER/10000.html FOLDER/100000.html …
//
// Ready is from the start of navigation to the first full picture. Panning is a drag
// of three seconds, a movement each frame, without a GPU.

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const RUNS = 5;

const browser = await launch();
const client = await browser.newBrowserCDPSession();

/** Milliseconds of processor time of the processes that show pages, drawing included.
 * A loaded machine changes them much less than what a clock says. */
async function worked() {
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  const showing = processInfo.filter(({ type }) => type === "renderer" || type === "GPU");
  return 1000 * showing.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

console.log(`Chromium ${browser.version()}, 1200 x 700, best and median of ${RUNS}`);
for (const file of process.argv.slice(2)) {
  const runs = [];
  for (let i = 0; i < RUNS; i++) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 700 } });
    const page = await context.newPage();
    await page.goto("about:blank");
    const start = await worked();
    await page.goto(pathToFileURL(resolve(file)).href);
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    const readyWork = (await worked()) - start;
    await page.evaluate(zoom);
    const before = await worked();
    const run = await page.evaluate(pan);
    const perFrame = ((await worked()) - before) / run.frames;
    runs.push({ ...run, readyWork, perFrame });
    await context.close();
  }
  const figures = (name) => {
    const sorted = runs.map((run) => run[name]).sort((a, b) => a - b);
    if (name === "fps") sorted.reverse();
    return `${sorted[0].toFixed(0)} / ${sorted[RUNS >> 1].toFixed(0)}`;
  };
  const { size } = await stat(file);
  console.log(
    `${file.split("/").pop()}: ${(size / 1000).toFixed(0)} kB, ready ${figures("ready")} ms ` +
      `(processor ${figures("readyWork")} ms), pan ${figures("fps")} frames/s ` +
      `(processor ${figures("perFrame")} ms a frame), slowest ${figures("slowest")} ms, heap ${figures("heap")} MB`,
  );
}
await browser.close();

/** Runs in the page: twice as large, so that there is somewhere to pan to. */
async function zoom() {
  document
    .getElementById("map")
    .dispatchEvent(new WheelEvent("wheel", { deltaY: -500, clientX: 600, clientY: 300, cancelable: true }));
  await new Promise((done) => setTimeout(done, 1000));
}

/** Runs in the page: a drag of three seconds. */
async function pan() {
  const canvas = document.getElementById("map");
  const at = (type, x, y) =>
    canvas.dispatchEvent(
      new PointerEvent(type, { pointerId: 1, clientX: x, clientY: y, button: 0, bubbles: true }),
    );
  canvas.setPointerCapture = () => {};
  const frames = [];
  const begin = performance.now();
  at("pointerdown", 600, 350);
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now);
      const t = (now - begin) / 1000;
      at("pointermove", 600 + 260 * Math.sin(t * 2), 350 + 90 * Math.sin(t * 3));
      if (t < 3) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  at("pointerup", 600, 350);
  const gaps = frames.slice(1).map((now, i) => now - frames[i]);
  return {
    ready: Number(document.documentElement.dataset.ready),
    fps: (1000 * gaps.length) / (frames.at(-1) - frames[0]),
    frames: frames.length,
    slowest: Math.max(...gaps),
    heap: performance.memory.usedJSHeapSize / 1e6,
  };
}
