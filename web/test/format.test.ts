import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format";

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
  assert.equal(format.spread(null, "accuracy"), "n/a");
});

test("a spread is told only when there is one", () => {
  const one = { mean: 0.8942, sd: null, median: 0.8942, low: 0.8942, high: 0.8942, n: 1 };
  assert.equal(format.spread(one, "accuracy"), "89.42\u00a0%");
  assert.equal(format.spread({ ...one, sd: 0.0031, n: 3 }, "accuracy"), "89.42\u00a0% ± 0.31");
  assert.equal(format.spread({ ...one, sd: 0.0031, n: 3 }, "loss"), "0.8942 ± 0.0031");
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
