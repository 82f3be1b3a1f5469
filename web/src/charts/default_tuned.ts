// What tuning brought: the default setting, the best that the search found, and the same with fresh seeds.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import { type Tuned, isSearch, tuned } from "../search_rows";
import { type Metric, type Study, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { axisOf, explained, frame, tooltip, tooltipBox, xAxis } from "./frame";

export const defaultTuned: Charts = (study) => {
  const metric = rankedBy(study);
  const rows = tuned(study).filter(({ start, found }) => start !== null || found !== null);
  if (!isSearch(study) || rows.length === 0) return [];
  return [
    {
      id: "default-tuned",
      title: "Default against tuned",
      note: `${luckNote(study)} Fresh seeds tell what is left of it.`,
      height: (view) => 150 + 40 * rows.filter((row) => view.shown(row.optimizer)).length,
      option: (view) => option(rows.filter((row) => view.shown(row.optimizer)), metric, view),
      table: () => table(rows, metric),
    },
  ];
};

function luckNote({ search }: Study): string {
  const { trials_per_optimizer: trials, winners_curse: curse } = search!;
  return `The best of ${trials} trials looks better than it is: of ${trials} equal ones, by ${format.number(curse, 3)} standard deviations over seeds.`;
}

function option(rows: Tuned[], metric: Metric, view: View): Option {
  const { theme } = view;
  const category = axisOf(theme, "");
  const fresh = rows.some(({ values }) => values.length > 0);
  const signs = [explained("default setting", "ring"), explained("best of the search", "faint"), ...(fresh ? [explained("tuned, with fresh seeds", "dot")] : [])];
  return {
    ...frame(view, signs.map(({ key }) => key), 24),
    tooltip: { ...tooltipBox(theme), trigger: "item", formatter: (item) => tip(rows[[item].flat()[0]?.dataIndex ?? 0]!, metric, view) },
    xAxis: {
      ...xAxis(theme, format.axisName(`validation ${format.inSentence(metric.title)}`, metric)),
      type: "value",
      scale: true,
      splitLine: { show: true, lineStyle: { color: theme.line } },
      axisLabel: { ...category.axisLabel, formatter: (value: number) => format.tick(value, metric) },
    },
    yAxis: { ...category, type: "category", inverse: true, data: rows.map((row) => row.optimizer), axisLabel: { ...category.axisLabel, color: theme.ink }, splitLine: { show: false } },
    series: [
      ...signs.map(({ series }) => series),
      ways(rows, view),
      marks(rows, view, ({ start }) => (start === null ? [] : [start]), "ring"),
      marks(rows, view, ({ found }) => (found === null ? [] : [found]), "faint"),
      marks(rows, view, ({ mean }) => (mean === null ? [] : [mean]), "dot"),
    ],
  };
}

// From the default to the tuned value, and the spread of the fresh seeds across it.
function ways(rows: Tuned[], view: View): Series {
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: rows.map(({ optimizer, start, found, mean }) => [start ?? mean ?? found ?? 0, optimizer]),
    renderItem: (params, api) => {
      const row = rows[params.dataIndex]!;
      const color = colorOf(row.optimizer, view.theme);
      const at = (value: number) => api.coord([value, row.optimizer]) as [number, number];
      const line = (a: number, b: number, width: number, opacity: number) => {
        const [[x1, y1], [x2]] = [at(a), at(b)];
        return { type: "line" as const, shape: { x1, y1, x2, y2: y1 }, style: { stroke: color, lineWidth: width, opacity, lineCap: "round" as const } };
      };
      const end = row.mean ?? row.found;
      const way = row.start !== null && end !== null ? [line(row.start, end, 2, 0.35)] : [];
      const spread = row.values.length > 1 ? [line(Math.min(...row.values), Math.max(...row.values), 7, 0.35)] : [];
      return { type: "group", children: [...way, ...spread] };
    },
    z: 1,
  };
}

function marks(rows: Tuned[], view: View, values: (row: Tuned) => number[], look: "ring" | "faint" | "dot"): Series {
  const { background } = view.theme;
  return {
    type: "scatter",
    symbolSize: look === "dot" ? 12 : 10,
    data: rows.map((row) => {
      const color = colorOf(row.optimizer, view.theme);
      const itemStyle = look === "ring" ? { color: background, borderColor: color, borderWidth: 2 } : look === "faint" ? { color, opacity: 0.45 } : { color };
      return { value: [values(row)[0] ?? NaN, row.optimizer], itemStyle, symbol: look === "ring" ? "circle" : `path://${styleOf(row.optimizer).marker}` };
    }),
    z: look === "dot" ? 4 : 3,
  };
}

function tip(row: Tuned, metric: Metric, { theme }: View): HTMLElement {
  const color = colorOf(row.optimizer, theme);
  const fresh = row.values.length > 0 ? [{ color, name: `tuned, ${format.plural(row.values.length, "fresh seed")}`, value: freshText(row, metric) }] : [];
  return tooltip(theme, row.optimizer, [
    { color: "transparent", name: "default setting", value: format.metric(row.start, metric) },
    { color: "transparent", name: "best of the search", value: format.metric(row.found, metric) },
    ...fresh,
  ]);
}

const freshText = ({ values, mean }: Tuned, metric: Metric): string =>
  values.length < 2 ? format.metric(mean, metric) : `${format.metric(mean, metric)} (${format.figure(Math.min(...values), metric)} to ${format.figure(Math.max(...values), metric)})`;

const table = (rows: Tuned[], metric: Metric) => ({
  columns: [{ title: "optimizer" }, ...["default setting", "best of the search", "mean over fresh seeds"].map((title) => ({ title: format.titled(title, metric), numeric: true })), { title: "fresh seeds", numeric: true }],
  rows: rows.map((row) => [row.optimizer, ...[row.start, row.found, row.mean].map((v) => format.figure(v, metric)), String(row.values.length)]),
});
