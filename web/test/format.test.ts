import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format";

const share = { percent: true, unit: "" };
const plain = { percent: false, unit: "" };
const dollars = { percent: false, unit: "dollars" };

test("numbers keep what matters and no more", () => {
  assert.deepEqual([0, 0.001, 1e-8, 0.123456, 206922, 1e9].map((v) => format.number(v)), ["0", "0.001", "1e-8", "0.1235", "206900", "1e9"]);
  assert.equal(format.count(206922), "206,922");
  assert.deepEqual([0, 999, 1655376, 2.5e10].map(format.bytes), ["0 B", "999 B", "1.66 MB", "25 GB"]);
  assert.deepEqual([0.4213, 12.5, 125, 3780].map(format.seconds), ["0.421 s", "12.5 s", "2 min 5 s", "1 h 3 min"]);
});

test("what is not known is n/a everywhere", () => {
  for (const say of [format.number, format.count, format.percent, format.bytes, format.seconds]) {
    for (const nothing of [null, undefined, NaN, Infinity]) assert.equal(say(nothing), "n/a");
  }
  assert.equal(format.spread(null, share), "n/a");
});

test("a spread is told only when there is one", () => {
  const one = { mean: 0.8942, sd: null, median: 0.8942, low: 0.8942, high: 0.8942, n: 1 };
  assert.equal(format.spread(one, share), "89.42\u00a0%");
  assert.equal(format.spread({ ...one, sd: 0.0031, n: 3 }, share), "89.42\u00a0%\u00a0±\u00a00.31");
  assert.equal(format.spread({ ...one, sd: 0.0031, n: 3 }, plain), "0.8942\u00a0±\u00a00.0031");
});

test("a value has its unit, and a large one its separators", () => {
  assert.deepEqual([share, plain, dollars].map((kind) => format.metric(0.89421, kind)), ["89.42\u00a0%", "0.8942", "0.8942\u00a0dollars"]);
  assert.deepEqual([999.4, 1000, 49213, -1234567, 2.4e9].map((v) => format.metric(v, plain)), ["999.4", "1,000", "49,210", "-1,235,000", "2.4e9"]);
  for (const kind of [share, plain, dollars]) {
    for (const say of [format.metric, format.figure, format.short, format.tick]) assert.equal(say(null, kind), "n/a");
  }
  const rmse = { mean: 49213, sd: 1324, median: 49100, low: 48900, high: 50500, n: 3 };
  assert.equal(format.spread(rmse, dollars), "49,210\u00a0dollars\u00a0±\u00a01,300");
  assert.equal(format.spreadFigure(rmse, dollars), "49,210\u00a0±\u00a01,300");
  assert.equal(format.spreadFigure({ ...rmse, mean: 0.8942, sd: 0.0031 }, share), "89.42\u00a0±\u00a00.31");
  assert.equal(format.spreadFigure({ ...rmse, mean: 5.8, sd: 0.076 }, plain), "5.800\u00a0±\u00a00.076");
  assert.equal(format.spreadFigure({ ...rmse, mean: 0.5, sd: 0.005 }, plain), "0.5000\u00a0±\u00a00.0050");
  assert.equal(format.spreadFigure({ ...rmse, mean: 0, sd: 2e-9 }, plain), "0\u00a0±\u00a02e-9");
  assert.equal(format.spreadFigure({ ...rmse, mean: 999.96, sd: 0.076 }, plain), "1,000\u00a0±\u00a00.076");
  assert.equal(format.summary(rmse, dollars), "49,100\u00a0dollars (48,900 to 50,500)");
  assert.equal(format.summary({ ...rmse, median: 0.894, low: 0.89, high: 0.9 }, share), "89.40\u00a0% (89.00 to 90.00)");
});

test("a target, a tick, a difference and a title say the unit once", () => {
  assert.deepEqual([format.short(0.88, share), format.short(52000, dollars)], ["88\u00a0%", "52,000\u00a0dollars"]);
  assert.deepEqual([format.tick(0.885, share), format.tick(52000, dollars)], ["88.5\u00a0%", "52,000"]);
  assert.deepEqual([share, plain, dollars].map((kind) => format.difference(0.0063, kind)), ["0.63 points", "0.0063", "0.0063\u00a0dollars"]);
  assert.deepEqual([share, plain, dollars].map((kind) => format.titled("median", kind)), ["median,\u00a0%", "median", "median, dollars"]);
  assert.deepEqual([share, dollars].map((kind) => format.axisName("validation x", kind)), ["validation x", "validation x, dollars"]);
});

test("within a sentence, a title that is no abbreviation begins small", () => {
  const titles = ["Accuracy", "Log loss", "Top-5 accuracy", "RMSE", "R2", "F1", "AUC", ""];
  assert.deepEqual(titles.map(format.inSentence), ["accuracy", "log loss", "top-5 accuracy", "RMSE", "R2", "F1", "AUC", ""]);
});

test("a configuration reads rate, batch size, initializer, then knobs", () => {
  const config = { "adam.beta2": 0.99, batch_size: 64, init: "default", lr: 1e-3 };
  assert.equal(format.config(config), "learning rate 0.001, batch size 64, initializer default, adam.beta2 0.99");
  const words = { schedule: "cosine", regularize: "none", augment: "flip 0.5", normalize: "on", groups: "none" };
  assert.equal(
    format.config({ ...config, ...words }),
    "learning rate 0.001, batch size 64, initializer default, schedule cosine, augmentation flip 0.5, adam.beta2 0.99",
  );
  assert.equal(format.factor("adam.beta2", "adam"), "beta2");
  assert.equal(format.list(["a", "b", "c"]), "a, b and c");
});

test("lines break between words", () => {
  assert.deepEqual(format.wrapped("drop 4ep * drop 7ep", 10), ["drop 4ep *", "drop 7ep"]);
  assert.deepEqual(format.wrapped("glorot_uniform", 5), ["glorot_uniform"]);
});
