import assert from "node:assert/strict";
import { test } from "node:test";
import { bandFor, mean, quantile, summarize } from "../src/statistics";

test("quantiles are NumPy's", () => {
  assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75);
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5);
  assert.equal(quantile([7], 0.75), 7);
});

test("a band is named for what it is: nothing for 1, extremes below 4, quartiles from 4", () => {
  assert.deepEqual([1, 2, 3, 4, 10].map(bandFor), ["none", "range", "range", "quartiles", "quartiles"]);
  assert.deepEqual(summarize([3, 1, 2], "range"), { median: 2, low: 1, high: 3, n: 3 });
  assert.deepEqual(summarize([4, 1, 2, 3], "quartiles"), { median: 2.5, low: 1.75, high: 3.25, n: 4 });
});

test("what is not known is not counted", () => {
  assert.deepEqual(summarize([null, 0.5, undefined, NaN], "range"), { median: 0.5, low: 0.5, high: 0.5, n: 1 });
  assert.equal(summarize([null], "range"), null);
  assert.equal(mean([null, 1, 3]), 2);
  assert.equal(mean([]), null);
});
