// Builds the page: dist/page.html, one file with style and script; @STUDY@ marks the place of the study.
//
// Refuses  a script that contains the placeholder, and a page above the size limit
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const limit = 850_000; // bytes: a study is mailed and opened on phones

const bundle = async (entry) => {
  const result = await build({
    entryPoints: [new URL(entry, import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome100", "firefox104", "safari15.4"],
    legalComments: "none", // the licences are named in page.css, once
    logLevel: "warning",
  });
  return result.outputFiles[0].text.trim();
};

const template = readFileSync(new URL("src/page.html", import.meta.url), "utf8");
const parts = { "@STYLE@": await bundle("src/page.css"), "@SCRIPT@": await bundle("src/main.ts") };
const page = template.replace(/@STYLE@|@SCRIPT@/g, (name) => parts[name]);

if (page.split("@STUDY@").length !== 2) throw new Error("dist/page.html: wanted the placeholder @STUDY@ once");
if (page.length > limit) throw new Error(`dist/page.html: ${page.length} bytes, above its limit of ${limit}`);

mkdirSync(new URL("dist/", import.meta.url), { recursive: true });
writeFileSync(new URL("dist/page.html", import.meta.url), page);
console.log(`dist/page.html: ${page.length} bytes`);
