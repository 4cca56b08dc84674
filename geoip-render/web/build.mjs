// Builds dist/page.html, the frame that geoip_render::html fills, from src/.
// With --check it writes nothing and fails if dist/page.html is not what src/ makes.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { baseMap } from "./basemap.mjs";

const here = (path) => new URL(path, import.meta.url);
const text = (path) => readFile(here(path), "utf8");

const bundle = await build({
  entryPoints: [here("src/main.ts").pathname],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
});
const script = bundle.outputFiles[0].text.trim();
const style = (
  await transform(await text("src/style.css"), { loader: "css", minify: true, target: ["chrome110", "firefox115", "safari16.4"] })
).code.trim();

const base = Buffer.from(await baseMap(here("../assets/"))).toString("base64");

// A policy names what may run by its hash, so nothing else in the file can run,
// whatever a log or a database puts there.
const hash = (code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "img-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

for (const [name, code] of [["script", script], ["style", style]]) {
  if (/<\/|<!--/.test(code)) throw new Error(`the ${name} would end its own element`);
  if (/\{\{\w+\}\}/.test(code)) throw new Error(`the ${name} has a placeholder in it`);
}
for (const forbidden of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]) {
  if (script.includes(forbidden)) throw new Error(`the script uses ${forbidden}`);
}

const page = (await text("src/page.html"))
  .replace("{{csp}}", () => policy)
  .replace("{{style}}", () => style)
  .replace("{{base}}", () => base)
  .replace("{{script}}", () => script);

const target = here("dist/page.html");
if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8").catch(() => "")) !== page) {
    console.error("dist/page.html is not what src/ builds: run `npm run build` in geoip-render/web");
    process.exit(1);
  }
} else {
  await writeFile(target, page);
}
console.log(`page.html ${page.length} bytes, ${gzipSync(page, { level: 9 }).length} gzipped`);
