// What pages do without a network: what they ask for, what they complain of, and how
// many colours are then to be seen where a map should be.
//
//   node test/offline.mjs [--pictures FOLDER] PAGE.html …
//
// Prints a line of JSON for each page.

import { stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const files = process.argv.slice(2);
const pictures = files[0] === "--pictures" ? files.splice(0, 2)[1] : null;
const browser = await launch();
for (const file of files) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 700 } });
  await context.setOffline(true);
  const page = await context.newPage();
  const url = pathToFileURL(resolve(file)).href;
  const requests = new Set();
  let messages = 0;
  page.on("console", () => messages++);
  page.on("pageerror", () => messages++);
  page.on("request", (request) => {
    if (/^https?:/.test(request.url())) requests.add(request.url());
  });
  const begin = performance.now();
  await page.goto(url, { timeout: 120_000 }).catch(() => {});
  // Ours says when it is ready; of others it is when all is loaded.
  const own = await page.evaluate(() => "theme" in document.documentElement.dataset);
  let ready = performance.now() - begin;
  if (own) {
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    ready = Number(await page.evaluate(() => document.documentElement.dataset.ready));
  }
  await page.waitForTimeout(2000);
  const shot = await page.screenshot();
  if (pictures) await page.screenshot({ path: join(pictures, `${basename(file, ".html")}.png`) });
  const colors = await colorsOf(shot);
  const { size } = await stat(file);
  const found = { page: basename(file), bytes: size, ready_ms: Math.round(ready), requests: requests.size, messages, colors };
  console.log(JSON.stringify(found));
  await context.close();
}
await browser.close();

/** How many colours a picture has, of sixteen steps each. */
async function colorsOf(shot) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const count = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4) seen.add(((data[i] >> 4) << 8) | ((data[i + 1] >> 4) << 4) | (data[i + 2] >> 4));
    return seen.size;
  }, shot.toString("base64"));
  await context.close();
  return count;
}
