import assert from "node:assert/strict";
import { test } from "node:test";
import { apart } from "../src/charts/apart";

test("labels that would overlap are moved apart, the others stay", () => {
  assert.deepEqual(apart([10, 40, 90], 15), [10, 40, 90]);
  assert.deepEqual(apart([10, 10], 20), [0, 20]);
  assert.deepEqual(apart([], 15), []);
});

test("a run that is moved never touches the one above it", () => {
  for (const heights of [[0, 20, 21, 22, 23], [5, 5, 5, 30, 31, 32], [0, 1, 2, 3, 4, 5]]) {
    const out = apart(heights, 15);
    out.slice(1).forEach((height, i) => assert.ok(height - out[i]! >= 15 - 1e-9, `${out}`));
  }
});
