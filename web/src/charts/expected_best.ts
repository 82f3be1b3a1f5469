// The best that a search with less budget would have found: expected best after n trials, with a bootstrap band.
import * as format from "../format";
import { colorOf } from "../palette";
import type { ExpectedBest } from "../records";
import { optimizers } from "../rows";
import { type Metric, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { explained, frame, keyOf, polygon, tooltip, tooltipBox, xAxis } from "./frame";
import { metricAxis } from "./search_axis";

interface Line {
  optimizer: string;
  points: { n: number; value: number; low: number; high: number }[];
}

export const expectedBest: Charts = (study) => {
  const metric = rankedBy(study);
  const lines = optimizers(study)
    .map((optimizer) => ({ optimizer, points: (study.search?.expected_best[optimizer] ?? []).filter(isKnown) }))
    .filter(({ points }) => points.length > 1);
  if (lines.length === 0) return [];
  return [
    {
      id: "expected-best",
      title: "Best to expect after so many trials",
      note: "As if the trials had come in random order; dashed beyond half of them, where the estimate is little more than the best one. Pruned trials count with what they had reached.",
      height: () => 360,
      option: (view) => option(lines.filter(({ optimizer }) => view.shown(optimizer)), metric, view),
      table: () => table(lines, metric),
    },
  ];
};

const isKnown = (row: ExpectedBest): row is Line["points"][number] => row.value !== null && row.low !== null && row.high !== null;

function option(lines: Line[], metric: Metric, view: View): Option {
  const sign = explained("band of 90 %", "band");
  const values = lines.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const last = Math.max(2, ...lines.flatMap(({ points }) => points.map(({ n }) => n)));
  return {
    ...frame(view, [...lines.map(({ optimizer }) => keyOf(optimizer)), sign.key]),
    tooltip: { ...tooltipBox(view.theme), trigger: "axis", formatter: (items) => tip([items].flat(), lines, metric, view) },
    xAxis: { ...xAxis(view.theme, "trials"), type: last > 60 ? "log" : "value", min: 1, max: last, minInterval: 1 },
    yAxis: metricAxis(metric, values, few(lines, metric), view, "expected best validation"),
    series: [sign.series, ...lines.map((line) => band(line, view)), ...lines.flatMap((line) => halves(line, view))],
  };
}

// The worst of the lines after three trials, where the axis is cut: one or two random trials would take most of it.
function few(lines: Line[], { better }: Metric): number | null {
  if (lines.some(({ points }) => points.length < 12)) return null;
  const ends = lines.map(({ points }) => points.find(({ n }) => n >= 3)!).map(({ low, high }) => (better === "larger" ? low : high));
  return better === "larger" ? Math.min(...ends) : Math.max(...ends);
}

function band({ optimizer, points }: Line, view: View): Series {
  const outline = [...points.map(({ n, high }) => [n, high]), ...[...points].reverse().map(({ n, low }) => [n, low])];
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: outline,
    renderItem: (params, api) => (params.dataIndex === 0 ? polygon(outline.map((corner) => api.coord(corner)), colorOf(optimizer, view.theme), 0.12) : null),
    clip: true,
    z: 1,
  };
}

// Solid up to half of the trials, dashed beyond. Only the first half is named, so that a tooltip has a line once.
function halves({ optimizer, points }: Line, view: View): Series[] {
  const color = colorOf(optimizer, view.theme);
  const half = points.at(-1)!.n / 2;
  const line = (part: Line["points"], dashed: boolean): Series => ({
    type: "line",
    name: optimizer,
    data: part.map(({ n, value }) => [n, value]),
    symbol: "none",
    lineStyle: { color, width: 2.2, type: dashed ? "dashed" : "solid" },
    itemStyle: { color },
    z: 3,
  });
  const beyond = points.findIndex(({ n }) => n > half);
  return [line(points.slice(0, beyond < 0 ? undefined : beyond), false), line(points.slice(Math.max(0, beyond - 1)), true)];
}

function tip(items: { value?: unknown }[], lines: Line[], metric: Metric, view: View): HTMLElement | string {
  const at = (items[0]?.value as number[] | undefined)?.[0];
  if (at === undefined) return "";
  const rows = lines.flatMap(({ optimizer, points }) => {
    const point = points.find(({ n }) => n === at);
    return point ? [{ color: colorOf(optimizer, view.theme), name: optimizer, value: `${format.metric(point.value, metric)} (${format.figure(point.low, metric)} to ${format.figure(point.high, metric)})` }] : [];
  });
  return tooltip(view.theme, `after ${format.plural(at, "trial")}`, rows);
}

const table = (lines: Line[], metric: Metric) => ({
  columns: [{ title: "optimizer" }, { title: "trials", numeric: true }, ...["expected best", "low", "high"].map((title) => ({ title: format.titled(title, metric), numeric: true }))],
  rows: lines.flatMap(({ optimizer, points }) => points.map(({ n, value, low, high }) => [optimizer, String(n), ...[value, low, high].map((v) => format.figure(v, metric))])),
});
