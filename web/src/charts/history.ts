// History of a search: the value of each trial, and the best so far, against the number of trials of its optimizer.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import { optimizers } from "../rows";
import { type Tried, isSearch, tried } from "../search_rows";
import { type Metric, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { cross, crossKey, explained, frame, keyOf, tooltip, tooltipBox, xAxis } from "./frame";
import { clamped, metricAxis, worstShown } from "./search_axis";

export const history: Charts = (study) => {
  const rows = tried(study);
  const metric = rankedBy(study);
  if (!isSearch(study) || rows.every(({ value }) => value === null)) return [];
  return [
    {
      id: "history",
      title: "What the search found",
      note: `Each trial, and the best of its optimizer so far. Every optimizer has the same number of trials; a ring marks its default setting.${cutNote(rows, metric)}`,
      wide: true,
      height: () => 420,
      option: (view) => option(rows.filter((row) => view.shown(row.optimizer)), optimizers(study).filter(view.shown), metric, view),
      table: () => table(rows, metric),
    },
  ];
};

const valuesOf = (rows: Tried[]): number[] => rows.flatMap(({ value }) => (value === null ? [] : [value]));

const cutNote = (rows: Tried[], metric: Metric): string =>
  worstShown(metric, valuesOf(rows)) === null ? "" : " The worst trials lie on the edge.";

function option(rows: Tried[], names: string[], metric: Metric, view: View): Option {
  const lost = rows.filter(({ value }) => value === null);
  const pruned = rows.some(({ state }) => state === "pruned");
  const signs = [explained("best so far", "solid"), ...(pruned ? [explained("pruned: its best until then", "faint")] : [])];
  const keys = [...names.map((name) => keyOf(name)), ...signs.map(({ key }) => key), ...(lost.length > 0 ? [crossKey] : [])];
  const worst = worstShown(metric, valuesOf(rows));
  return {
    ...frame(view, keys),
    tooltip: { ...tooltipBox(view.theme), trigger: "item", formatter: (item) => tip([item].flat()[0], metric, view) },
    xAxis: { ...xAxis(view.theme, "trials of the optimizer"), type: "value", min: 0, max: Math.max(1, ...rows.map(({ turn }) => turn)), minInterval: 1 },
    yAxis: [metricAxis(metric, valuesOf(rows), worst, view), { type: "value", min: 0, max: 1, show: false }],
    series: [
      ...signs.map(({ series }) => series),
      ...names.flatMap((name) => arm(name, rows.filter(({ optimizer }) => optimizer === name), metric, worst, view)),
      crosses(lost, metric, view),
    ],
  };
}

// The trials of one optimizer, and the steps of its best.
function arm(name: string, rows: Tried[], metric: Metric, worst: number | null, view: View): Series[] {
  const color = colorOf(name, view.theme);
  const points: Series = {
    type: "scatter",
    name,
    symbol: `path://${styleOf(name).marker}`,
    symbolSize: rows.length > 60 ? 5 : 7,
    itemStyle: { color },
    data: rows
      .filter(({ value }) => value !== null)
      .map((row) => ({
        value: [row.turn, clamped(metric, row.value!, worst)],
        row,
        itemStyle: row.isDefault ? { color: view.theme.background, borderColor: color, borderWidth: 2, opacity: 1 } : { color, opacity: row.state === "pruned" ? 0.25 : 0.6 },
        ...(row.isDefault ? { symbolSize: 11, symbol: "circle" } : {}),
      })),
    z: 2,
  };
  const steps: Series = {
    type: "line",
    step: "end",
    silent: true,
    symbol: "none",
    lineStyle: { color, width: 2.2 },
    itemStyle: { color },
    data: rows.filter(({ best }) => best !== null).map(({ turn, best }) => [turn, clamped(metric, best!, worst)]),
    z: 3,
  };
  return [points, steps];
}

function crosses(lost: Tried[], metric: Metric, view: View): Series {
  return {
    type: "scatter",
    name: crossKey.name,
    yAxisIndex: 1,
    symbol: cross,
    symbolSize: 9,
    itemStyle: { color: view.theme.ink },
    data: lost.map((row) => ({ value: [row.turn, metric.better === "larger" ? 0.02 : 0.98], row, itemStyle: { color: colorOf(row.optimizer, view.theme) } })),
    z: 4,
  };
}

// A trial in words: what it tried, and what came of it.
export function trialTip(row: Tried, metric: Metric, view: View): HTMLElement {
  const color = colorOf(row.optimizer, view.theme);
  const value = row.value === null ? row.state : `${format.metric(row.value, metric)}${row.state === "pruned" ? ", pruned" : ""}`;
  const settings = format.settings(row.config).map(([name, v]) => ({ color: "transparent", name: format.factor(name, row.optimizer), value: format.setting(v, 4) }));
  return tooltip(view.theme, `Trial ${row.number}${row.isDefault ? ", the default setting" : ""}`, [{ color, name: row.optimizer, value }, ...settings]);
}

function tip(item: { data?: unknown } | undefined, metric: Metric, view: View): HTMLElement | string {
  const row = (item?.data as { row?: Tried } | undefined)?.row;
  return row ? trialTip(row, metric, view) : "";
}

function table(rows: Tried[], metric: Metric) {
  const numeric = true;
  return {
    columns: [{ title: "trial", numeric }, { title: "optimizer" }, { title: "its trial", numeric }, { title: "state" }, { title: format.titled("value", metric), numeric }, { title: format.titled("best so far", metric), numeric }, { title: "configuration" }],
    rows: rows.map((row) => [String(row.number), row.optimizer, String(row.turn), row.state, format.figure(row.value, metric), format.figure(row.best, metric), format.config(row.config, row.optimizer)]),
  };
}
