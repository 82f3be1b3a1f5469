// What the metric costs: each complete trial by its seconds, with the memory of its optimizer as its size.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import { optimizers } from "../rows";
import { type Priced, isSearch, priced } from "../search_rows";
import { type Metric, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { explained, frame, keyOf, tooltip, tooltipBox, xAxis } from "./frame";
import { clamped, metricAxis, worstShown } from "./search_axis";

export const pareto: Charts = (study) => {
  const rows = priced(study);
  const metric = rankedBy(study);
  if (!isSearch(study) || rows.length < 2 || new Set(rows.map(({ seconds }) => seconds)).size < 2) return [];
  return [
    {
      id: "pareto",
      title: `${metric.title}, time and memory`,
      note: "Strong: no other trial is better in all three. A marker is larger where the optimizer keeps more state.",
      height: () => 360,
      option: (view) => option(rows.filter((row) => view.shown(row.optimizer)), optimizers(study).filter(view.shown), metric, view),
      table: () => table(rows.filter(({ front }) => front), metric),
    },
  ];
};

function option(rows: Priced[], names: string[], metric: Metric, view: View): Option {
  const sign = explained("not on the front", "faint");
  const values = rows.map(({ value }) => value);
  const worst = worstShown(metric, values);
  const most = Math.max(1, ...rows.map(({ stateBytes }) => stateBytes));
  return {
    ...frame(view, [...names.map((name) => keyOf(name)), sign.key]),
    tooltip: { ...tooltipBox(view.theme), trigger: "item", formatter: (item) => tip([item].flat()[0], metric, view) },
    xAxis: { ...xAxis(view.theme, "seconds of training"), type: "value", scale: true },
    yAxis: metricAxis(metric, values, worst, view),
    series: [sign.series, ...names.map((name) => cloud(name, rows.filter(({ optimizer }) => optimizer === name), most, metric, worst, view))],
  };
}

function cloud(name: string, rows: Priced[], most: number, metric: Metric, worst: number | null, view: View): Series {
  const color = colorOf(name, view.theme);
  return {
    type: "scatter",
    name,
    symbol: `path://${styleOf(name).marker}`,
    itemStyle: { color },
    data: rows.map((row) => ({
      value: [row.seconds, clamped(metric, row.value, worst)],
      row,
      symbolSize: (row.front ? 8 : 5) + 6 * Math.sqrt(row.stateBytes / most),
      itemStyle: { color, opacity: row.front ? 1 : 0.22, borderColor: view.theme.background, borderWidth: row.front ? 1 : 0 },
    })),
    z: 2,
  };
}

function tip(item: { data?: unknown } | undefined, metric: Metric, { theme }: View): HTMLElement | string {
  const row = (item?.data as { row?: Priced } | undefined)?.row;
  if (!row) return "";
  const line = (name: string, value: string) => ({ color: "transparent", name, value });
  return tooltip(theme, `Trial ${row.number}${row.front ? ", on the front" : ""}`, [
    { color: colorOf(row.optimizer, theme), name: row.optimizer, value: format.metric(row.value, metric) },
    line("training", format.seconds(row.seconds)),
    line("state kept", format.bytes(row.stateBytes)),
  ]);
}

function table(front: Priced[], metric: Metric) {
  const numeric = true;
  return {
    columns: [{ title: "trial", numeric }, { title: "optimizer" }, { title: format.titled("value", metric), numeric }, { title: "seconds", numeric }, { title: "state kept", numeric }, { title: "configuration" }],
    rows: front.map((row) => [String(row.number), row.optimizer, format.figure(row.value, metric), format.number(row.seconds), format.bytes(row.stateBytes), format.config(row.config, row.optimizer)]),
  };
}
