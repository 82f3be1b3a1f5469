// When each trial ran: a bar in the lane of a worker, in the colour of its optimizer.
import * as format from "../format";
import { colorOf } from "../palette";
import { optimizers } from "../rows";
import { type Span, isSearch, spans } from "../search_rows";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { axisOf, explained, frame, tooltip, tooltipBox, xAxis } from "./frame";

export const timeline: Charts = (study) => {
  const rows = spans(study);
  if (!isSearch(study) || rows.length < 2) return [];
  const lanes = Math.max(...rows.map(({ lane }) => lane)) + 1;
  return [
    {
      id: "timeline",
      title: "Timeline of the workers",
      note: `${format.plural(rows.length, "trial")} in ${format.seconds(Math.max(...rows.map(({ to }) => to)))}; the workers were busy for ${format.percent(busy(rows, lanes), 0)} of it.`,
      wide: true,
      height: () => 120 + Math.min(34, 240 / lanes + 12) * lanes,
      option: (view) => option(rows.filter((row) => view.shown(row.optimizer)), lanes, optimizers(study).filter(view.shown), view),
      table: () => table(rows),
    },
  ];
};

function busy(rows: Span[], lanes: number): number {
  const whole = lanes * Math.max(...rows.map(({ to }) => to));
  return whole > 0 ? rows.reduce((sum, { from, to }) => sum + to - from, 0) / whole : 0;
}

// Seconds, minutes or hours, whichever the whole is some of.
function unitOf(rows: Span[]): { name: string; seconds: number } {
  const last = Math.max(0, ...rows.map(({ to }) => to));
  return last < 180 ? { name: "seconds", seconds: 1 } : last < 3 * 3600 ? { name: "minutes", seconds: 60 } : { name: "hours", seconds: 3600 };
}

function option(rows: Span[], lanes: number, names: string[], view: View): Option {
  const { theme } = view;
  const unit = unitOf(rows);
  const category = axisOf(theme, "");
  const sign = explained("pruned, diverged or failed", "faint");
  return {
    ...frame(view, [...names.map((name) => ({ name, icon: "roundRect" })), sign.key]),
    tooltip: { ...tooltipBox(theme), trigger: "item", formatter: (item) => tip(rows[[item].flat()[0]?.dataIndex ?? 0]!, view) },
    xAxis: { ...xAxis(theme, unit.name), type: "value", min: 0, max: "dataMax", axisLabel: { ...category.axisLabel, showMaxLabel: false, formatter: (value: number) => format.number(value, 3) } },
    yAxis: { ...category, type: "category", inverse: true, data: Array.from({ length: lanes }, (_, i) => `worker ${i + 1}`), axisLabel: { ...category.axisLabel, color: theme.ink }, splitLine: { show: false } },
    series: [sign.series, ...names.map((name) => ({ type: "scatter" as const, name, data: [], silent: true, itemStyle: { color: colorOf(name, theme) } })), bars(rows, unit.seconds, view)],
  };
}

function bars(rows: Span[], unit: number, view: View): Series {
  return {
    type: "custom",
    data: rows.map(({ lane, from, to }) => [from / unit, to / unit, lane]),
    encode: { x: [0, 1], y: 2 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex]!;
      const [x = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
      const [end = 0] = api.coord([api.value(1), api.value(2)]);
      const height = Math.min(22, 0.72 * ((api.size!([0, 1]) as number[])[1] ?? 0));
      const width = Math.max(1, end - x - Math.min(1.5, 0.2 * (end - x)));
      const whole = row.state === "complete";
      return {
        type: "rect",
        shape: { x, y: y - height / 2, width, height, r: width > 12 ? 2 : 0 },
        style: { fill: colorOf(row.optimizer, view.theme), opacity: whole ? (row.stage === "final" ? 1 : 0.75) : 0.3 },
      };
    },
    clip: true,
    z: 2,
  };
}

function tip(row: Span, { theme }: View): HTMLElement {
  const stage = row.stage === "final" ? ", a fresh seed" : "";
  return tooltip(theme, `Trial ${row.number}${stage}`, [
    { color: colorOf(row.optimizer, theme), name: row.optimizer, value: row.state },
    { color: "transparent", name: `from ${format.seconds(row.from)}`, value: `for ${format.seconds(row.to - row.from)}` },
  ]);
}

const table = (rows: Span[]) => ({
  columns: [{ title: "trial", numeric: true }, { title: "optimizer" }, { title: "state" }, ...["lane", "began, s", "ended, s"].map((title) => ({ title, numeric: true }))],
  rows: rows.map((row) => [String(row.number), row.optimizer, row.state, String(row.lane + 1), format.number(row.from), format.number(row.to)]),
});
