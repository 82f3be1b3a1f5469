// Runs test/*.test.ts: bundled by esbuild, because Node 18 cannot read TypeScript, then run by Node's test runner.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { build } from "esbuild";

const here = (path) => new URL(path, import.meta.url).pathname;
const tests = readdirSync(here("test")).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: tests.map((name) => here(`test/${name}`)),
  outdir: here("dist/test"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
});
const files = tests.map((name) => here(`dist/test/${name.replace(/ts$/, "mjs")}`));
process.exit(spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1);
