// Opens reports from disk in headless Chromium and holds them to what the page promises.
//
//   node tests/e2e/report.mjs [--screenshots DIR] REPORT.html...
//
// Checks   no error in the console, no request but the file itself; every chart drawn; hover shows values; the axis
//          and the ranking's columns switch; parallel coordinates can be brushed; PNG and SVG are saved and valid;
//          light and dark, 1280 and 390 wide, without sideways scrolling
// Needs    playwright-core from web/ (npm ci there) and a Chromium: $CHROMIUM, else /usr/bin/chromium
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(new URL("../../web/package.json", import.meta.url))("playwright-core");

const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const widths = { wide: 1280, narrow: 390 };

async function main() {
  const args = process.argv.slice(2);
  const folder = args[0] === "--screenshots" ? resolve(args.splice(0, 2)[1]) : null;
  assert(args.length > 0, "usage: report.mjs [--screenshots DIR] REPORT.html...");
  if (folder) mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  try {
    for (const file of args) await holds(browser, file, folder);
  } finally {
    await browser.close();
  }
}

async function holds(browser, file, folder) {
  for (const [shape, width] of Object.entries(widths)) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await opened(browser, file, { viewport: { width, height: 900 }, colorScheme });
      await isDrawn(page);
      await fits(page, width);
      await followsColours(page, colorScheme);
      if (folder) await page.screenshot({ path: join(folder, `${basename(file, ".html")}-${shape}-${colorScheme}.png`), fullPage: true });
      if (shape === "wide") await reacts(page);
      assert.deepEqual(page.problems, [], `${file}: ${page.problems.join("; ")}`);
      await page.context().close();
    }
  }
  console.log(`${file}: holds`);
}

async function opened(browser, file, look) {
  const context = await browser.newContext({ ...look, acceptDownloads: true });
  const page = await context.newPage();
  const address = pathToFileURL(resolve(file)).href;
  page.problems = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.problems.push(message.text()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("request", (request) => {
    const local = request.url() === address || /^(data|blob):/.test(request.url());
    if (!local) page.problems.push(`request for ${request.url()}`);
  });
  await page.goto(address);
  await settled(page);
  return page;
}

// The page draws what is seen at once, the rest one by one.
const settled = (page) => page.locator("#page:not([data-drawing])").waitFor({ state: "attached" });

// Every chart has axis labels and marks: paths that are filled or stroked with more than an axis has.
async function isDrawn(page) {
  const charts = await page.locator("figure").evaluateAll((figures) =>
    figures.map((figure) => ({
      id: figure.id,
      paths: figure.querySelectorAll(".plot svg path").length,
      labels: figure.querySelectorAll(".plot svg text").length,
      height: figure.querySelector(".plot svg")?.getBoundingClientRect().height ?? 0,
    })),
  );
  assert(charts.length >= 2, `wanted charts, found ${charts.length}`);
  for (const { id, paths, labels, height } of charts) {
    assert(paths >= 6 && labels >= 4 && height > 100, `${id}: ${paths} paths, ${labels} labels, ${height} pixels high`);
  }
  assert((await page.locator(".answer").innerText()).length > 20, "the answer is missing");
  assert((await page.locator(".ranking tbody tr").count()) > 0, "the ranking is empty");
}

async function fits(page, width) {
  const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
  assert(scrolled <= width, `the page is ${scrolled} wide in a window of ${width}`);
}

async function followsColours(page, scheme) {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const brightness = (color) => color.match(/\d+/g).slice(0, 3).reduce((sum, v) => sum + Number(v), 0);
  assert.equal(brightness(await background()) < 384, scheme === "dark", `background ${await background()} in ${scheme}`);
  const other = scheme === "dark" ? "light" : "dark";
  await page.locator(`header button[data-value=${other}]`).click();
  assert.equal(brightness(await background()) < 384, other === "dark", "the colour switch does nothing");
  await page.locator("header button[data-value=system]").click();
  await settled(page);
}

async function reacts(page) {
  await showsValues(page);
  await switchesAxis(page);
  await hidesOptimizer(page);
  await showsTheWholeRanking(page);
  await showsEveryMetric(page);
  await brushes(page);
  await opensNumbers(page);
  await saves(page);
}

// A drag along the axis of the learning rate lets the lines fade that pass elsewhere; a click brings them back.
async function brushes(page) {
  const plot = page.locator("#parallel .plot");
  if ((await plot.count()) === 0) return;
  await plot.scrollIntoViewIfNeeded();
  const faded = () => plot.locator("svg path").evaluateAll((paths) => paths.filter((path) => Number(path.getAttribute("stroke-opacity") ?? 1) < 0.05).length);
  const title = await plot.locator("svg text", { hasText: "learning rate" }).boundingBox();
  const { y, height } = await plot.boundingBox();
  const x = title.x + title.width / 2;
  assert.equal(await faded(), 0, "lines have faded before a drag");
  await page.mouse.move(x, y + 0.5 * height);
  await page.mouse.down();
  await page.mouse.move(x, y + 0.55 * height, { steps: 4 });
  await page.mouse.move(x, y + 0.6 * height, { steps: 4 });
  await page.mouse.up();
  assert(await until(async () => (await faded()) > 5), "a drag along an axis fades no line");
  await page.mouse.click(x, y + 0.85 * height);
  assert(await until(async () => (await faded()) === 0), "a click on the axis does not bring the lines back");
}

async function until(holds) {
  for (let i = 0; i < 40; ++i) {
    if (await holds()) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

// Of a long ranking the first ten rows at first, all when asked.
async function showsTheWholeRanking(page) {
  const rows = page.locator(".ranking tbody tr");
  const count = await rows.count();
  const seen = () => rows.evaluateAll((all) => all.filter((row) => row.getClientRects().length > 0).length);
  const button = page.locator(".more");
  if (count <= 12) return assert.equal(await button.count() + (await seen()), count, "a short ranking is not shown whole");
  assert.equal(await seen(), 10, "a long ranking does not begin with ten rows");
  await button.click();
  assert.equal(await seen(), count, "the whole ranking is not shown");
  await button.click();
  assert.equal(await seen(), 10, "the ranking does not close");
}

// Of a ranking with several metrics: their columns in place of the settings.
async function showsEveryMetric(page) {
  const titles = () => page.locator(".ranking th").allInnerTexts();
  const columns = (which) => page.locator(`.ranking .choice button[data-value=${which}]`);
  if ((await columns("metrics").count()) === 0) return;
  const before = await titles();
  await columns("metrics").click();
  const shown = await titles();
  assert(shown.length >= 4 && shown.slice(2).every((title) => /^(validation|test) /.test(title)), `the columns of the metrics are ${shown.join("; ")}`);
  await columns("settings").click();
  assert.deepEqual(await titles(), before, "the settings do not come back");
}

// Sweeps over each plot until a tooltip with a number stands in it.
async function showsValues(page) {
  for (const figure of await page.locator("figure").all()) {
    const plot = figure.locator(".plot");
    await plot.scrollIntoViewIfNeeded();
    assert(await sweep(page, plot), `${await figure.getAttribute("id")}: hovering shows no values`);
    await page.mouse.move(2, 2);
  }
}

async function sweep(page, plot) {
  const marks = await plot.locator("svg path").evaluateAll((paths) => {
    const isSmall = (box) => box.width > 3 && box.width < 400 && box.height > 3 && box.height < 60;
    const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
    const halfWay = (path) => {
      const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
      return [x, y];
    };
    const small = paths.map((path) => path.getBoundingClientRect()).filter(isSmall).slice(-200).map(middle);
    return [...paths.filter((path) => !isSmall(path.getBoundingClientRect())).slice(-30).map(halfWay), ...small]; // lines after marks
  });
  for (const [x, y] of marks.reverse()) {
    await page.mouse.move(x - 1, y);
    await page.mouse.move(x, y);
    const text = await plot.locator(".tip").allInnerTexts();
    if (/\d/.test(text.join())) return true;
  }
  return false;
}

const drawing = (page, id) => page.locator(`#${id} .plot svg`).evaluate((svg) => svg.innerHTML);

async function switchesAxis(page) {
  const before = await drawing(page, "loss");
  await page.locator(".controls button[data-value=seconds]").click();
  await settled(page);
  assert.notEqual(await drawing(page, "loss"), before, "the axis does not switch");
  assert((await page.locator("#loss .plot svg text").allTextContents()).includes("seconds"), "the axis is not named seconds");
  await page.locator(".controls button[data-value=epoch]").click();
  await settled(page);
  assert.equal(normalized(await drawing(page, "loss")), normalized(before), "the axis does not switch back");
}

const normalized = (svg) => svg.replace(/zr\d+-c\d+/g, "");

async function hidesOptimizer(page) {
  const chip = page.locator(".chip").first();
  const before = await drawing(page, "loss");
  await chip.click();
  await settled(page);
  assert.notEqual(await drawing(page, "loss"), before, "hiding an optimizer changes nothing");
  await chip.click();
  await settled(page);
}

async function opensNumbers(page) {
  for (const figure of await page.locator("figure").all()) {
    await figure.locator("summary").click();
    await figure.locator("tbody td").first().waitFor();
    const cells = await figure.locator("tbody td").allInnerTexts();
    assert(cells.some((text) => /\d/.test(text)), `${await figure.getAttribute("id")}: no numbers in its table`);
    await figure.locator("summary").click();
  }
}

async function saves(page) {
  for (const figure of await page.locator("figure").all()) {
    const id = await figure.getAttribute("id");
    const svg = (await saved(page, figure, "svg")).toString("utf8");
    const parsed = await page.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      return { name: root.nodeName, texts: root.querySelectorAll("text").length };
    }, svg);
    assert.equal(parsed.name, "svg", `${id}: the saved SVG does not parse`);
    assert(parsed.texts > 4, `${id}: the saved SVG has ${parsed.texts} texts`);
    const png = await saved(page, figure, "png");
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], `${id}: not a PNG`);
    assert.equal(png.readUInt32BE(16), 1920, `${id}: the PNG is not 1920 wide`);
    assert(png.length > 10_000, `${id}: a PNG of ${png.length} bytes is blank`);
  }
}

async function saved(page, figure, kind) {
  const [download] = await Promise.all([page.waitForEvent("download"), figure.locator(`[data-save=${kind}]`).click()]);
  assert.match(download.suggestedFilename(), new RegExp(`\\.${kind}$`));
  return readFileSync(await download.path());
}

await main();
