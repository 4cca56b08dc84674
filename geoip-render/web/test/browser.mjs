// Opens pages in Chromium with the network cut off and uses them as a reader would.
//
//   cargo run --release -p geoip-render --example page -- 10000 > FOLDER/10000.html
//   (and likewise `hostile`, `empty`, `3000 light`, `3000 choropleth`, `400 choropleth`,
//   `3000 all`, `3000 hits`)
//   node test/browser.mjs FOLDER [SCREENSHOTS]
//
// CHROMIUM names the browser, /usr/bin/chromium if unset.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { changes, picture, rest, suite } from "./harness.mjs";

const [folder, screenshots] = process.argv.slice(2).map((path) => path && resolve(path));
if (!folder) throw new Error("usage: node test/browser.mjs FOLDER [SCREENSHOTS]");

const { test, end } = await suite(folder, screenshots);

const panel = (page) => page.locator("#panel");

await test("desktop dark", "10000", {}, async (page) => {
  await rest(page);
  assert.match(await page.locator("#legend").innerText(), /addresses per 10,000 km²/);
  assert.match(await page.locator("#notes").innerText(), /have no place/);
  assert.equal(await page.locator("#credits a").first().getAttribute("href"), "https://db-ip.com");
});

await test("zoom and pan by mouse", "10000", {}, async (page) => {
  await page.mouse.move(640, 300);
  const legend = () => page.locator("#legend").innerText();
  const before = await legend();
  assert(await changes(page, () => page.mouse.wheel(0, -500)), "the wheel zooms");
  assert.notEqual(await legend(), before, "the legend follows the view");
  assert(
    await changes(page, async () => {
      await page.mouse.down();
      await page.mouse.move(500, 350, { steps: 5 });
      await page.mouse.up();
    }),
    "dragging pans",
  );
  assert(await panel(page).isHidden(), "a drag is no click");
  assert(await changes(page, () => page.click("#zoom-in")), "the button zooms in");
  assert(await changes(page, () => page.click("#zoom-out")), "the button zooms out");
});

await test("home is where one began", "10000", {}, async (page) => {
  const begin = await picture(page);
  await page.click("#zoom-in");
  assert.notEqual(await picture(page), begin);
  await page.click("#home");
  assert.equal(await picture(page), begin);
});

await test("keyboard", "10000", {}, async (page) => {
  await page.focus("#map");
  assert(await changes(page, () => page.keyboard.press("+")), "plus zooms");
  for (const key of ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"]) {
    assert(await changes(page, () => page.keyboard.press(key)), `${key} pans`);
  }
  assert(await changes(page, () => page.keyboard.press("0")), "0 goes home");
});

await test("every control can be reached by tab", "10000", {}, async (page) => {
  const reached = new Set();
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
  }
  for (const id of ["query", "map", "INPUT", "zoom-in", "home", "theme", "save", "A", "SUMMARY"]) {
    assert(reached.has(id), `${id} of ${[...reached]}`);
  }
});

await test("search by name, then its details", "10000", {}, async (page) => {
  await page.fill("#query", "sao paulo");
  await page.waitForSelector("#found li[role=option]");
  assert.match(await page.locator("#found li").first().innerText(), /São Paulo/);
  assert(await changes(page, () => page.keyboard.press("Enter")), "the map goes there");
  assert.match(await panel(page).innerText(), /São Paulo[\s\S]*Network[\s\S]*198\./);
  await page.keyboard.press("Escape");
  assert(await panel(page).isHidden());
});

await test("search by address and by network", "10000", {}, async (page) => {
  await page.fill("#query", "198.4.210.7");
  await page.waitForSelector("#found li[role=option]");
  assert.equal(await page.locator("#found li").count(), 1);
  assert.match(await page.locator("#found li").innerText(), /198\.4\.210\.7/);
  await page.fill("#query", "198.4.208.0/22");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length > 1);
  const found = await page.locator("#found li").count();
  assert.equal(found, 4, "four networks of 256 addresses");
  await page.fill("#query", "2001:db8:1f::/48");
  await page.waitForFunction(() => document.querySelectorAll("#found li").length === 1);
  await page.fill("#query", "no such thing");
  await page.waitForSelector("#found li.none");
});

await test("click on a cluster, then on one of its places", "10000", {}, async (page) => {
  await rest(page);
  await page.mouse.click(402, 219);
  assert.match(await panel(page).innerText(), /places near here[\s\S]*addresses/);
  await page.locator("#panel li button").first().click();
  assert.match(await panel(page).innerText(), /Organisation/);
});

await test("a cluster zooms to its places", "10000", {}, async (page) => {
  await rest(page);
  await page.mouse.click(402, 219);
  assert(await changes(page, () => page.click("#panel .act")));
});

await test("layers are switched", "10000", {}, async (page) => {
  const boxes = page.locator("#layers input");
  assert.equal(await boxes.count(), 2);
  assert(await changes(page, () => boxes.nth(0).uncheck()), "heat goes");
  assert.doesNotMatch(await page.locator("#legend").innerText(), /km²/);
  assert(await changes(page, () => boxes.nth(1).uncheck()), "places go");
  assert(await page.locator("#legend").isHidden());
});

await test("light and dark", "10000", { scheme: "light" }, async (page) => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), "light", "the reader's system decides");
  await page.click("#theme");
  assert.equal(await theme(), "dark");
  await page.click("#theme");
  await rest(page);
});

await test("the same as a table", "10000", {}, async (page) => {
  await page.click("#table summary");
  await page.waitForSelector("#table tbody tr");
  assert.equal(await page.locator("#table tbody tr").count(), 50);
  assert(await changes(page, () => page.locator("#table td button").nth(3).click()));
  assert(await panel(page).isVisible());
});

await test("the view is saved as a picture", "10000", {}, async (page) => {
  const download = page.waitForEvent("download");
  await page.click("#save");
  assert.match((await download).suggestedFilename(), /^Where-the-requests-come-from\.png$/);
});

await test("countries", "3000-choropleth", {}, async (page) => {
  await page.mouse.move(440, 430);
  await page.mouse.move(450, 430);
  assert.match(await page.locator("#tip").innerText(), /Brazil\n[\d,]+ addresses/);
  await page.mouse.click(450, 430);
  assert.match(await panel(page).innerText(), /Brazil/);
  await page.fill("#query", "gibral");
  await page.waitForSelector("#found li[role=option]");
  assert.match(await page.locator("#found li").innerText(), /Gibraltar/);
});

for (const phone of [false, true]) {
  const where = phone ? "phone" : "desktop";

  await test(`countries wait under heat and places, ${where}`, "3000-all", { phone }, async (page) => {
    const checked = () => page.locator("#layers input").evaluateAll((boxes) => boxes.map((box) => box.checked));
    const legend = () => page.locator("#legend").innerText();
    assert.deepEqual(await checked(), [false, true, true], "countries, heat, places");
    assert.doesNotMatch(await legend(), /by country/);
    assert(await changes(page, () => page.locator("#layers input").first().check()), "countries come");
    assert.match(await legend(), /by country/);
  });

  await test(`labels of classes keep apart, ${where}`, "400-choropleth", { phone }, async (page) => {
    await rest(page);
    assert(await page.locator("#layers").isHidden(), "one layer needs no switch");
    const labels = await page.locator("#legend .classes span").evaluateAll((spans) =>
      spans.map((span) => {
        const text = document.createRange();
        text.selectNodeContents(span);
        const { left, right, top } = text.getBoundingClientRect();
        return { text: span.innerText, left, right, top };
      }),
    );
    assert(labels.length >= 6, `${labels.length} classes`);
    labels.slice(1).forEach((label, i) => {
      assert.equal(label.top, labels[i].top, "in one row");
      assert(label.left - labels[i].right >= 5, `${labels[i].text} and ${label.text}`);
    });
  });
}

await test("phone shows its map", "3000-all", { phone: true }, async (page) => {
  await rest(page);
  // The share of the map with nothing over it, by looking at points of a grid.
  const free = () =>
    page.evaluate(() => {
      const map = document.getElementById("map");
      const { left, top, width, height } = map.getBoundingClientRect();
      const covers = ["tools", "layers", "legend"].map((id) => document.getElementById(id).getBoundingClientRect());
      let seen = 0;
      for (let i = 0; i < 2500; i++) {
        const x = left + (((i % 50) + 0.5) / 50) * width;
        const y = top + ((Math.floor(i / 50) + 0.5) / 50) * height;
        seen += covers.every((box) => x < box.left || x > box.right || y < box.top || y > box.bottom) ? 1 : 0;
      }
      return seen / 2500;
    });
  const begin = await free();
  assert(begin > 0.8, `${begin} of the map is free`);
  const boxes = await page.locator("#layers label").evaluateAll((all) => all.map((box) => box.getBoundingClientRect().top));
  assert.equal(new Set(boxes).size, 1, "the layers are in one row");
  await page.locator("#fold").tap();
  assert((await free()) > begin + 0.05, "the legend folds");
  await page.locator("#fold").tap();
  assert.equal(await free(), begin);
});

await test("groups", "3000-hits", {}, async (page) => {
  await page.locator("#layers input").nth(1).uncheck();
  await page.fill("#query", "");
  const box = await page.locator("#map").boundingBox();
  const at = await page.evaluate(() => document.getElementById("map").clientWidth);
  await page.mouse.click(box.x + at * 0.835, box.y + box.height * 0.245);
  assert.match(await panel(page).innerText(), /Around Tokyo/);
});

await test("light page", "3000-light", { scheme: "light" }, async (page) => rest(page));

await test("phone", "10000", { phone: true }, async (page) => {
  await rest(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 390, "nothing sticks out at the side");
  const canvas = await page.locator("#map").boundingBox();
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const [x, y] = [canvas.x + canvas.width / 2, canvas.y + canvas.height / 2];
  assert(
    await changes(page, async () => {
      await touch("touchStart", [x - 30, y], [x + 30, y]);
      for (let i = 1; i <= 6; i++) await touch("touchMove", [x - 30 - 12 * i, y], [x + 30 + 12 * i, y]);
      await touch("touchEnd");
    }),
    "a pinch zooms",
  );
  assert(
    await changes(page, async () => {
      await touch("touchStart", [x, y]);
      for (let i = 1; i <= 6; i++) await touch("touchMove", [x - 10 * i, y + 5 * i]);
      await touch("touchEnd");
    }),
    "a finger pans",
  );
});

await test("phone light with a place", "10000", { phone: true, scheme: "light" }, async (page) => {
  await page.fill("#query", "tokyo");
  await page.waitForSelector("#found li[role=option]");
  await page.locator("#found li").first().tap();
  assert.match(await panel(page).innerText(), /Tokyo/);
  await rest(page);
});

await test("a map of nothing says so", "empty", {}, async (page) => {
  const words = await page.locator("#nothing").innerText();
  assert.match(words, /Nothing to show/);
  assert.match(words, /3 addresses are private/);
});

await test("print", "10000", {}, async (page) => {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert(pdf.length > 50_000);
});

await test("hostile texts stay texts", "hostile", {}, async (page) => {
  const harmless = () =>
    page.evaluate(() => ({
      hacked: window.hacked,
      scripts: document.scripts.length,
      images: document.images.length,
      metas: document.querySelectorAll("meta[http-equiv]").length,
      links: [...document.links].filter((link) => !/^https?:/.test(link.href)).length,
      polluted: {}.polluted,
    }));
  const clean = { hacked: undefined, scripts: 6, images: 0, metas: 1, links: 0, polluted: undefined };
  assert.deepEqual(await harmless(), clean);
  await page.click("#table summary");
  for (const query of ["<img", "script", "__proto__", "AAAA", "hyperlink", "\\u{202e}"]) {
    await page.fill("#query", query);
    await page.waitForTimeout(150);
    await page.locator("#found li").first().click();
    assert(await panel(page).isVisible());
  }
  for (let x = 100; x < 1200; x += 100) {
    for (let y = 120; y < 650; y += 100) await page.mouse.move(x, y);
  }
  assert.deepEqual(await harmless(), clean);
  await rest(page);
});

await end();
