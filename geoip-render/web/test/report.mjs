// Makes reports with the program, opens them with the network cut off, and uses them as
// a reader would.
//
//   cargo build --release -p geoip-toolkit
//   node test/report.mjs ../../target/release/geoip [SCREENSHOTS]

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { changes, rest, suite } from "./harness.mjs";

const [geoip, screenshots] = process.argv.slice(2).map((path) => path && resolve(path));
if (!geoip) throw new Error("usage: node test/report.mjs GEOIP [SCREENSHOTS]");
const folder = await mkdtemp(join(tmpdir(), "geoip-report-"));
const data = (name) => new URL(`../../../examples/data/${name}`, import.meta.url).pathname;
const make = (name, ...rest) =>
  execFileSync(geoip, ["report", "-q", "-o", join(folder, `${name}.html`), ...rest]);

// What strangers write: names of users, places and files that would like to run.
const HOSTILE = [
  `<script>alert("xss")</script>`,
  `"><img src=x onerror=alert(1)>`,
  `</script><script>alert(2)</script>`,
  `{{data}}{{report}}`,
  `=HYPERLINK("http://evil.example","click")`,
  `+cmd|'/C calc'!A0`,
  `-1+1`,
  `@SUM(1)`,
  `\u202egpj.exe\u2066`,
  `line\u2028separator`,
  `__proto__`,
  `javascript:alert(3)`,
  `A`.repeat(90),
];
const line = (user, i) =>
  `2026-11-20T06:${String(i).padStart(2, "0")}:00Z gate sshd[7]: Failed password for invalid user ${user} from 8.8.8.${i} port ${4000 + i} ssh2\n`;
const hostileLog = join(folder, `"><img src=x onerror=alert(4)>.log`);
await writeFile(hostileLog, HOSTILE.map(line).join(""));
const cell = (text) => `"${text.replaceAll('"', '""')}"`;
const places = join(folder, "places.csv");
await writeFile(
  places,
  "network,name,country,region,city,latitude,longitude\n" +
    HOSTILE.map((name, i) => `8.8.8.${i}/32,${cell(name)},DE,,${cell(name)},${40 + i},${i}\n`).join(""),
);

make("access", data("access.log"));
make("auth", data("auth.log"));
make("empty", "--since", "1s", data("access.log"));
make("redacted", "--redact", data("auth.log"));
make("hostile", "--title", HOSTILE[0], "--places", places, hostileLog);
make("plain", data("addresses.txt"));
// So many addresses, each at several times, that slots of rows must be wide.
const busy = join(folder, "busy.log");
await writeFile(
  busy,
  Array.from({ length: 600_000 }, (_, i) => {
    const number = (i * 7919) % 40_000;
    const day = 1 + Math.floor(i / 21_500);
    const address = `${11 + (number % 80)}.${(number >> 4) % 200}.${number % 251}.${1 + (number % 199)}`;
    return `${address} - - [${String(day).padStart(2, "0")}/Nov/2026:0${i % 10}:00:00 +0000] "GET / HTTP/1.1" 200 5\n`;
  }).join(""),
);
make("busy", busy);
const draw = (name, ...rest) => execFileSync(geoip, ["map", "-q", "-o", join(folder, `${name}.html`), ...rest]);
draw("map", data("auth.log"));
draw("map-arcs", "--home=-33.87,151.21", "--home-name", "Home", data("auth.log"));
draw("map-redacted", "--redact", data("auth.log"));
draw("map-groups", "--layer", "groups", "--weight", "hits", data("access.log"));
draw("map-hostile", "--title", HOSTILE[0], "--places", places, hostileLog);

const { test: open, end } = await suite(folder, screenshots);
const test = (name, file, options, use) => open(name, file, { ready: "filled", ...options }, use);

/** The figures at the top, by name. */
const figures = (page) =>
  page.$$eval("#tiles > div", (tiles) =>
    Object.fromEntries(
      tiles.map((tile) => [
        tile.querySelector("dt").textContent,
        Number(tile.querySelector("b").textContent.replace(/[^\d.]/g, "")),
      ]),
    ),
  );
const grid = (page, title) => page.locator(`section.grid[aria-label="${title}"]`);
const hash = (page) => page.evaluate(() => location.hash);
const chips = (page) => page.locator(".chip:not(.clear)").allInnerTexts();
/** The file that a click gives. */
async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path()) };
}

await test("a report of an access log", "access", {}, async (page) => {
  const { Hits, Addresses, Countries } = await figures(page);
  assert.equal(Hits, 6000);
  assert(Addresses > 2000 && Countries > 50);
  assert(await page.locator("#time .bars.in").getAttribute("d"), "the time line has bars");
  assert.match(await page.locator("#facts").innerText(), /DB-IP City Lite/);
  assert.match(await page.locator("#facts").innerText(), /access\.log/);
  assert(await grid(page, "Answers by status").isVisible());
  await rest(page);
});

await test("tables sort, filter and grow", "access", {}, async (page) => {
  const countries = grid(page, "Countries");
  const rows = () => countries.locator("tbody tr").count();
  const column = async (number) =>
    (await countries.locator(`tbody td:nth-child(${number})`).allInnerTexts()).map((text) =>
      Number(text.replaceAll(",", "")),
    );
  assert.equal(await rows(), 10);
  await countries.locator(".act").click();
  assert.equal(await rows(), 50);
  const descending = (numbers) => numbers.every((number, i) => i === 0 || number <= numbers[i - 1]);
  assert(descending(await column(2)), "most hits first");
  await countries.locator("thead button", { hasText: "hits" }).click();
  await countries.locator("thead button", { hasText: "hits" }).click();
  assert(descending((await column(2)).reverse()), "fewest first");
  assert.equal(await countries.locator("th").nth(1).getAttribute("aria-sort"), "ascending");
  await countries.locator(".narrow").fill("korea");
  assert.deepEqual(await countries.locator("tbody td:first-child").allInnerTexts(), ["South Korea"]);
});

await test("a country filters everything, and a chip takes it away", "auth", {}, async (page) => {
  const before = await figures(page);
  const row = grid(page, "Countries").locator("tbody tr", { hasText: "Germany" });
  const hits = Number((await row.locator("td").nth(1).innerText()).replaceAll(",", ""));
  assert(await changes(page, () => row.locator("button").click()), "the map changes");
  const after = await figures(page);
  assert.equal(after.Hits, hits);
  assert.equal(after.Countries, 1);
  assert.equal(await page.waitForFunction(() => location.hash).then((it) => it.jsonValue()), "#country=DE");
  assert.deepEqual(await chips(page), ["Germany ×"]);
  await page.click(".chip");
  assert.deepEqual(await figures(page), before);
});

await test("a link leads to the same view", "auth", { hash: "#country=US&without=hosting&unit=addresses" }, async (page) => {
  const { Hits, Countries } = await figures(page);
  assert(Countries === 1 && Hits > 0);
  assert.deepEqual(await chips(page), ["United States ×", "without Hosting, cloud ×"]);
  assert.match(await page.locator("#legend").innerText(), /addresses per/);
  await page.evaluate(() => (location.hash = "#country=XX&time=9-1&as=AS1x&at=99,999,1&only=evil&%=%"));
  await page.waitForFunction(() => document.querySelectorAll(".chip").length === 0);
});

await test("a span of time drives everything", "auth", {}, async (page) => {
  const before = await figures(page);
  await page.locator("#time").scrollIntoViewIfNeeded();
  const box = await page.locator(".plot").boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.25, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
  assert.match(await page.locator(".time-tip").innerText(), /06:00 to 12:\d\d · [\d,]+ hits/);
  await page.mouse.up();
  const after = await figures(page);
  assert(after.Hits > before.Hits / 5 && after.Hits < before.Hits / 3, `${after.Hits} of ${before.Hits}`);
  assert.equal((await chips(page)).length, 1);
  await page.waitForFunction(() => /^#time=/.test(location.hash));
  await page.locator(".plot").dblclick();
  assert.deepEqual(await figures(page), before, "a double click frees it");
  await page.focus('input[aria-label^="From"]');
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  assert((await figures(page)).Hits < before.Hits, "keys choose as well");
});

await test("bars are narrower than spans of very many addresses", "busy", {}, async (page) => {
  const bars = async () => (await page.locator("#time .bars.in").getAttribute("d")).split("M").length - 1;
  const slots = Number(await page.locator('#time input[type="range"]').first().getAttribute("max"));
  const all = await bars();
  assert(all > slots, `${all} bars, ${slots} slots`);
  assert.match(await page.locator("#time").innerText(), /choose in steps of/);
  const box = await page.locator(".plot").boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  assert((await bars()) > 1 && (await bars()) < all, "the bars of the span");
  await page.locator(".plot").dblclick();
  await grid(page, "Countries").locator("tbody button").first().click();
  assert((await bars()) <= slots, "of a country only the wide ones are known");
});

await test("anonymisers and clouds can be left out", "auth", {}, async (page) => {
  const before = await figures(page);
  const kinds = grid(page, "Anonymisers and clouds");
  assert.match(await kinds.innerText(), /Tor exit\s+no list of these was loaded/);
  await kinds.locator('[aria-label="Hosting, cloud: leave out"]').click();
  const without = await figures(page);
  await kinds.locator('[aria-label="Hosting, cloud: only these"]').click();
  const only = await figures(page);
  assert.equal(without.Hits + only.Hits, before.Hits);
  assert.equal(without.Addresses + only.Addresses, before.Addresses);
  await kinds.locator('[aria-label="Hosting, cloud: only these"]').click();
  assert.deepEqual(await figures(page), before);
});

await test("addresses sort by logins and names tried", "auth", {}, async (page) => {
  const addresses = grid(page, "Addresses");
  const heads = await addresses.locator("thead th").allInnerTexts();
  for (const name of ["failed", "accepted", "users tried"]) {
    const index = heads.findIndex((head) => head.startsWith(name));
    await addresses.locator("thead button", { hasText: name }).click();
    const cells = await addresses.locator(`tbody td:nth-child(${index + 1})`).allInnerTexts();
    const numbers = cells.map((text) => Number(text.replaceAll(",", "")));
    assert((name === "accepted" || numbers[0] > 0) && numbers.every((number, i) => i === 0 || number <= numbers[i - 1]), `${name}: ${numbers}`);
  }
});

await test("places with few hits can be left out", "auth", {}, async (page) => {
  const before = await figures(page);
  await page.fill("#least", "50");
  await page.keyboard.press("Enter");
  const after = await figures(page);
  assert(after.Places > 0 && after.Places < before.Places / 10);
});

await test("search finds addresses, networks, cities, countries and operators", "auth", {}, async (page) => {
  const found = async (query) => {
    await page.fill("#query", query);
    await page.waitForTimeout(150);
    return page.locator("#found li").allInnerTexts();
  };
  assert.match((await found("77.90.185.20"))[0], /Augsburg/);
  assert.match((await found("77.90.0.0/16"))[0], /^77\.90\./);
  assert.match((await found("2400::/12"))[0], /^2400:/);
  assert.match((await found("augsburg"))[0], /Bavaria, Germany/);
  assert.match((await found("germany"))[0], /country/);
  assert.match((await found("ovh"))[0], /AS16276/);
  assert.match((await found("AS16276"))[0], /OVH/);
  assert.deepEqual(await found("zzzzzz"), ["Nothing on this map matches."]);
  await found("77.90.185.20");
  await page.keyboard.press("Enter");
  const panel = await page.locator("#panel").innerText();
  assert.match(panel, /77\.90\.185\.20/);
  assert.match(panel, /AS213790 Limited Network LTD/);
  assert.match(panel, /First seen\s+2026-11-20/);
  assert.match(panel, /Logins\s+\d+ failed, 0 accepted\s+Users tried\s+\w+: \d+ failed\n/);
  await rest(page);
});

await test("a place tells the addresses behind it", "auth", {}, async (page) => {
  const row = grid(page, "Cities and regions").locator("tbody button").first();
  assert(await changes(page, () => row.click()));
  const panel = page.locator("#panel");
  assert.match(await panel.innerText(), /Augsburg, Bavaria, Germany/);
  assert.match(await panel.innerText(), /Operators\s+AS213790/);
  await panel.locator("ol button").first().click();
  assert.match(await panel.innerText(), /77\.90\.185\.20[\s\S]*77\.90\.185\.0\/24/);
  await page.keyboard.press("Escape");
  assert(await panel.isHidden());
  // A country on the map filters when its colours are shown.
  await page.click("#home");
  await page.locator("#layers label", { hasText: "Countries" }).click();
  await page.locator("#layers label", { hasText: "Places" }).click();
  await rest(page);
  await page.mouse.click(640, 430);
});

await test("groups follow filters", "auth", {}, async (page) => {
  const groups = grid(page, "Groups");
  const count = async () => Number((await groups.locator(".of").innerText()).replaceAll(/\D/g, ""));
  const all = await count();
  const hits = (row) => row.locator("td").nth(3).innerText();
  const first = groups.locator("tbody tr").first();
  const [name, most] = [await first.locator("button").innerText(), await hits(first)];
  assert.match(await grid(page, "Users tried by sshd").innerText(), /^(?![\s\S]*Filters do not)/);
  await grid(page, "Countries").locator("tbody tr", { hasText: "United States" }).locator("button").click();
  assert((await count()) < all, "groups of other countries are gone");
  const within = Number((await hits(first)).replaceAll(",", ""));
  assert(within <= (await figures(page)).Hits);
  assert.match(await grid(page, "Users tried by sshd").innerText(), /Filters do not change this table/);
  await page.click(".chip");
  await groups.locator("tbody button").first().click();
  assert.match(await page.locator("#panel").innerText(), /Across\s+\d+ km\s+Within\s+300 ?mi/);
  await page.click('#panel .act:has-text("Only this group")');
  assert.deepEqual(await chips(page), [`around ${name} ×`]);
  assert.equal((await figures(page)).Hits, Number(most.replaceAll(",", "")));
  assert.equal(await count(), 1);
});

await test("the page of a map filters, searches and tells addresses", "map", {}, async (page) => {
  assert(await page.locator("#tiles").isHidden(), "the map comes first");
  await page.fill("#query", "77.90.185.20");
  await page.waitForSelector("#found li[role=option]");
  assert(await changes(page, () => page.keyboard.press("Enter")), "the map goes there");
  assert.match(await page.locator("#panel").innerText(), /77\.90\.185\.20[\s\S]*AS213790/);
  await page.click('#panel .act:has-text("All of this place")');
  assert.match(await page.locator("#panel").innerText(), /Augsburg, Bavaria, Germany[\s\S]*77\.90\.185\.20/);
  await page.keyboard.press("Escape");
  await page.click("#home");
  assert.equal(await page.locator("#layers input").count(), 4);
  await page.locator("#layers label", { hasText: "Countries" }).click();
  await page.locator("#layers label", { hasText: "Places" }).click();
  await page.locator("#layers label", { hasText: "Heat" }).click();
  await rest(page);
  const { width, height } = page.viewportSize();
  await page.mouse.click(width * 0.25, height * 0.41);
  assert.deepEqual(await chips(page), ["United States ×"]);
  await page.click(".chip");
  assert(await changes(page, async () => {
    await page.fill("#least", "40");
    await page.keyboard.press("Enter");
  }), "few hits go");
  await page.locator("#fold-tables summary").click();
  assert(await grid(page, "Countries").isVisible());
  await grid(page, "Anonymisers and clouds").locator('[aria-label="Hosting, cloud: leave out"]').click();
  assert.equal((await chips(page)).length, 2);
  assert(await page.locator("#time").isVisible());
});

await test("the page of a map hides addresses", "map-redacted", {}, async (page) => {
  await page.fill("#query", "77.90.185.");
  await page.waitForSelector("#found li[role=option]");
  assert.match(await page.locator("#found li").first().innerText(), /^77\.90\.185\.0\/24/);
  const told = await page.locator("body").innerText();
  assert.doesNotMatch(told, /77\.90\.185\.[1-9]/);
});

await test("arcs lead home, and end where filters say", "map-arcs", {}, async (page) => {
  const legend = () => page.locator("#legend").innerText();
  assert.match(await legend(), /arcs: the 400 heaviest of [\d,]+,\s+brighter towards Home/);
  const box = page.locator("#layers label", { hasText: "Arcs" });
  assert(await changes(page, () => box.click()), "they go");
  assert.doesNotMatch(await legend(), /arcs/);
  await box.click();
  await page.locator("#fold-tables summary").click();
  const row = grid(page, "Countries").locator("tbody tr", { hasText: "Germany" });
  assert(await changes(page, () => row.locator("button").click()));
  assert.match(await legend(), /arcs: one a place/);
});

await test("the map can be a globe", "map-arcs", {}, async (page) => {
  const legend = await page.locator("#legend").innerText();
  assert(await changes(page, () => page.click("#globe")), "the globe comes");
  assert.equal(await page.waitForFunction(() => location.hash).then((it) => it.jsonValue()), "#map=globe");
  const { width, height } = await page.locator("#map").boundingBox();
  const { y } = await page.locator("#map").boundingBox();
  const middle = [width / 2, y + height / 2];
  assert(
    await changes(page, async () => {
      await page.mouse.move(...middle);
      await page.mouse.down();
      await page.mouse.move(middle[0] + 300, middle[1] + 40, { steps: 6 });
      await page.mouse.up();
    }),
    "a drag turns it",
  );
  assert(await changes(page, () => page.mouse.wheel(0, -400)), "the wheel zooms");
  await page.focus("#map");
  for (const key of ["ArrowLeft", "ArrowUp", "-", "0"]) {
    assert(await changes(page, () => page.keyboard.press(key)), key);
  }
  await page.fill("#query", "sydney");
  await page.waitForSelector("#found li[role=option]");
  assert(await changes(page, () => page.keyboard.press("Enter")), "a search turns it");
  assert.match(await page.locator("#panel").innerText(), /Sydney/);
  await page.keyboard.press("Escape");
  await page.click("#home");
  await page.locator("#layers label", { hasText: "Places" }).click();
  await page.locator("#layers label", { hasText: "Countries" }).click();
  await rest(page);
  await page.mouse.click(...middle);
  await page.mouse.click(30, y + height - 30);
  await page.mouse.move(width / 2 + 40, middle[1]);
  await page.click("#globe");
  await page.click("#home");
  await page.locator("#layers label", { hasText: "Places" }).click();
  await page.locator("#layers label", { hasText: "Countries" }).click();
  for (const chip of await page.locator(".chip:not(.clear)").all()) await chip.click();
  await rest(page);
  assert.equal(await page.locator("#legend").innerText(), legend, "the flat map is as before");
});

await test("a link leads to the same globe", "map-arcs", { hash: "#map=globe&at=40,-100,1.5&layers=heat,groups" }, async (page) => {
  assert.equal(await page.locator("#globe").getAttribute("aria-pressed"), "true");
  await rest(page);
});

await test("a map of groups shows them", "map-groups", {}, async (page) => {
  assert(await page.locator("#layers").isHidden(), "one layer needs no switch");
  await rest(page);
});

await test("strangers' words on a map are words", "map-hostile", {}, async (page) => {
  assert.equal(await page.locator("h1").innerText(), HOSTILE[0]);
  for (const query of ["<script", "onerror", "__proto__", "{{", "8.8.8.0/24", "hyperlink"]) {
    await page.fill("#query", query);
    await page.waitForTimeout(120);
    await page.locator("#found li").first().click();
    assert(await page.locator("#panel").isVisible(), query);
  }
  assert.equal(await page.locator("img, iframe, object, a[href^=javascript]").count(), 0);
});

await test("what is shown can be taken along", "hostile", {}, async (page) => {
  const menu = (name) => async () => {
    await page.click(".menu summary");
    await page.click(`.menu button:has-text("${name}")`);
  };
  const csv = (await saved(page, menu("Places (CSV)"))).text.toString();
  assert.match(csv, /^place,country,latitude,longitude,precision,hits,addresses\r\n/);
  for (const start of ["=", "+", "-", "@"]) {
    assert(!new RegExp(`(^|,|\\n)"?[${start}]`).test(csv.replace(/,-?\d/g, ",0")), `no cell begins with ${start}`);
  }
  assert(csv.includes(`"'=HYPERLINK(""http://evil.example"",""click"")"`));
  const geojson = JSON.parse((await saved(page, menu("GeoJSON"))).text.toString());
  assert.equal(geojson.type, "FeatureCollection");
  assert(geojson.features.length >= HOSTILE.length - 1);
  const svg = (await saved(page, menu("SVG"))).text.toString();
  assert(svg.startsWith("<svg") && !svg.includes("<script"), "the title is text");
  assert(svg.endsWith("</svg>") && svg.split("<path").length > 5 && svg.includes("&lt;script&gt;"));
  const png = await saved(page, menu("PNG"));
  assert.deepEqual([...png.text.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  const users = (await saved(page, () => grid(page, "Users tried by sshd").locator("button.small").click())).text.toString();
  assert(users.includes("'=HYPERLINK") && users.includes("'@SUM(1)"));
});

await test("strangers' words are words", "hostile", {}, async (page) => {
  assert.equal(await page.locator("h1").innerText(), HOSTILE[0]);
  assert.equal(await page.locator("img").count(), 0);
  const before = await page.locator("script").count();
  const more = page.locator("section.grid .act:visible");
  while ((await more.count()) > 0) await more.first().click();
  const users = await grid(page, "Users tried by sshd").innerText();
  for (const text of [HOSTILE[0], HOSTILE[1], HOSTILE[3], "\\u{202e}gpj.exe\\u{2066}", "\\u{2028}"]) {
    assert(users.includes(text), text);
  }
  for (const query of ["<script", "onerror", "__proto__", "{{", "8.8.8.0/24", "hyperlink"]) {
    await page.fill("#query", query);
    await page.waitForTimeout(120);
    await page.locator("#found li").first().click();
    assert(await page.locator("#panel").isVisible(), query);
  }
  assert.equal(await page.locator("script").count(), before);
  assert.equal(await page.locator("img, iframe, object, a[href^=javascript]").count(), 0);
  assert.match(await page.locator("#facts").innerText(), /<img src=x onerror=alert\(4\)>\.log/);
});

await test("nothing happened", "empty", {}, async (page) => {
  assert.match(await page.locator("#nothing").innerText(), /No events since .* in 6,000 lines/);
  assert.match(await page.locator("#notes").innerText(), /6,000 hits outside of the time asked for/);
});

await test("a redacted report has no address in it", "redacted", {}, async (page) => {
  assert.match(await page.locator("#notes").innerText(), /shown as their networks/);
  const text = await page.locator("body").innerText();
  const addresses = text.match(/\b\d{1,3}(\.\d{1,3}){3}\b(?!\/)/g) ?? [];
  assert.deepEqual(addresses.filter((it) => !it.startsWith("0.")), []);
  assert.equal(await grid(page, "Users tried by sshd").count(), 0);
});

await test("a list without times", "plain", {}, async (page) => {
  assert(await page.locator("#time").isHidden());
  assert((await figures(page)).Hits > 0);
});

await test("light", "access", { scheme: "light" }, rest);

await test("on a phone", "auth", { phone: true, scheme: "light" }, async (page) => {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(width <= 390, `${width} pixels wide`);
  const row = grid(page, "Countries").locator("tbody button").first();
  await row.tap();
  assert.equal((await chips(page)).length, 1);
});

await test("every control can be reached by tab", "auth", {}, async (page) => {
  const reached = new Set();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText));
  }
  for (const name of ["hits", "addresses", "Copy link", "From: span of time", "United States"]) {
    assert(reached.has(name), `${name} of ${[...reached].join(" | ")}`);
  }
});

await test("on paper", "auth", {}, async (page) => {
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert(await page.locator("#bar .take").isHidden());
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
  assert.equal(await grid(page, "Countries").locator("tbody tr").count(), 25);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
});

await end();
await rm(folder, { recursive: true });
