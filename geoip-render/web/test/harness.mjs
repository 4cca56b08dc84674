// A browser with the network cut off, and the promises that every page is held to.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

/** Tests of the pages in a folder, with a picture of each at its end. */
export async function suite(folder, screenshots) {
  if (screenshots) await mkdir(screenshots, { recursive: true });
  const browser = await launch();
  let passed = 0;
  let failed = 0;

  /** Opens a page and holds it to the promises that every page makes. */
  async function test(name, file, options, use) {
    const phone = options.phone ?? false;
    const context = await browser.newContext({
      viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      deviceScaleFactor: phone ? 2 : 1,
      hasTouch: phone,
      isMobile: phone,
      colorScheme: options.scheme ?? "dark",
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    await context.setOffline(true);
    const page = await context.newPage();
    const heard = [];
    page.on("console", (message) => heard.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      heard.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    const url = pathToFileURL(`${folder}/${file}.html`).href;
    page.on("request", (request) => {
      const own = request.url().split("#")[0] === url || request.url().startsWith("blob:");
      if (!own) heard.push(`request: ${request.url().slice(0, 100)}`);
    });
    try {
      await page.goto(url + (options.hash ?? ""));
      await page.waitForFunction((ready) => document.documentElement.dataset[ready], options.ready ?? "ready");
      await use(page);
      if (screenshots) await page.screenshot({ path: `${screenshots}/${name.replaceAll(/\W+/g, "-")}.png` });
      assert.deepEqual(heard, [], "no request, no message, no dialog");
      passed++;
      console.log(`ok   ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}\n${error.message}\n${heard.join("\n")}`);
    } finally {
      await context.close();
    }
  }

  /** Says how it went and ends the browser. */
  async function end() {
    await browser.close();
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
  }
  return { test, end };
}

/** Waits until nothing moves and the backdrop is drawn. */
export const rest = (page) => page.waitForTimeout(400);

/** A number that differs when the picture does. */
export const picture = async (page) => {
  await rest(page);
  return page.evaluate(() => {
    // A copy is read: reading the map itself would take it off the fast path.
    const map = document.getElementById("map");
    const copy = new OffscreenCanvas(map.width, map.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(map, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let hash = 0;
    for (let i = 0; i < data.length; i += 4) hash = (hash * 31 + data[i] * 65536 + data[i + 1] * 256 + data[i + 2]) | 0;
    return hash;
  });
};

/** Does something and tells whether the map changed by it. */
export async function changes(page, act) {
  const before = await picture(page);
  await act();
  return (await picture(page)) !== before;
}
