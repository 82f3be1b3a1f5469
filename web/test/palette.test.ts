import assert from "node:assert/strict";
import { test } from "node:test";
import { type Theme, dark, light, styleOf } from "../src/palette";

type Triple = [number, number, number];

const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const rgb = (hex: string) => [1, 3, 5].map((i) => linear(parseInt(hex.slice(i, i + 2), 16) / 255)) as Triple;
const times = (m: number[][], v: number[]) => m.map((row) => row.reduce((sum, x, i) => sum + x * v[i]!, 0)) as Triple;

// WCAG 2.2
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], rgb(hex))[0];
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// Ottosson, 2020
function oklab(v: Triple): Triple {
  const lms = times([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]], v).map((x) => Math.cbrt(Math.max(0, x)));
  return times([[0.2105, 0.7936, -0.0041], [1.978, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]], lms);
}

// Machado, Oliveira & Fernandes, 2009, severity 1; and how much a distance counts
const sights: [string, number[][], number][] = [
  ["normal", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 0.8],
  ["protan", [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.052]], 1],
  ["deutan", [[0.3673, 0.8606, -0.228], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]], 1],
  ["tritan", [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]], 1.25],
];

for (const theme of [light, dark]) {
  test(`${theme.name}: lines stand out by 3:1, text by 4.5:1`, () => {
    for (const hue of theme.hues) assert.ok(contrast(hue, theme.background) >= 3, hue);
    for (const text of [theme.ink, theme.muted]) assert.ok(contrast(text, theme.background) >= 4.5, text);
  });

  test(`${theme.name}: any two hues differ for everybody`, () => {
    for (const [sight, matrix, weight] of sights) assert.ok(weight * nearest(theme, matrix) > 0.098, `${sight}: ${weight * nearest(theme, matrix)}`);
  });
}

function nearest({ hues }: Theme, matrix: number[][]): number {
  const seen = hues.map((hue) => oklab(times(matrix, rgb(hue))));
  const distances = seen.flatMap((a, i) => seen.slice(0, i).map((b) => Math.hypot(...a.map((x, k) => x - b[k]!))));
  return Math.min(...distances);
}

test("a name looks the same always, and no two known names look alike", () => {
  assert.deepEqual(styleOf("adam"), styleOf("adam"));
  const names = ["adam", "sgd", "momentum", "rmsprop", "adamw", "adagrad", "nesterov", "lion", "adadelta", "lamb", "muon", "lbfgs", "ftrl"];
  assert.equal(new Set(names.map((name) => JSON.stringify(styleOf(name)))).size, names.length);
  assert.ok(styleOf("somebody's own").marker.length > 0);
});
