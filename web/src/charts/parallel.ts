// Parallel coordinates: a line for each trial of the search through its settings and its value. Drag along an axis to
// keep only the lines that pass there; a click on the axis lets all of them back.
import * as format from "../format";
import { type Theme, colorOf } from "../palette";
import { optimizers } from "../rows";
import { type Searched, type Tried, isSearch, searched, tried } from "../search_rows";
import { type Metric, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option } from "./echarts";
import { font, frame, keyOf, tooltipBox } from "./frame";
import { trialTip } from "./history";
import { clamped, cut, cutLabels, needsLog, place, unplaced, worstShown } from "./search_axis";

const mostAxes = 8;
const axisWidth = 95; // that its name and labels need

export const parallel: Charts = (study) => {
  const metric = rankedBy(study);
  const rows = tried(study).filter(({ value }) => value !== null);
  const axes = searched(study).filter(({ name }) => rows.some(({ config }) => config[name] !== undefined));
  if (!isSearch(study) || rows.length < 2 || axes.length < 2) return [];
  const shown = axes.slice(0, mostAxes);
  const left = axes.length > shown.length ? ` Not shown: ${format.list(axes.slice(mostAxes).map(({ name }) => format.factor(name)))}.` : "";
  const worst = worstShown(metric, rows.map(({ value }) => value!));
  return [
    {
      id: "parallel",
      title: "All settings at once",
      note: `A line for each trial, strong for the best tenth. Drag along an axis to keep the lines that pass there; click it to let all back. A narrow screen shows the first axes.${left}`,
      wide: true,
      height: () => 400,
      option: (view) => option(rows.filter((row) => view.shown(row.optimizer)), shown, optimizers(study).filter(view.shown), metric, worst, view),
      table: () => table(rows, axes, metric),
    },
  ];
};

function option(rows: Tried[], parameters: Searched[], names: string[], metric: Metric, worst: number | null, view: View): Option {
  const { theme } = view;
  const several = names.length > 1;
  const shown = parameters.slice(0, Math.max(2, Math.floor(view.width / axisWidth) - (several ? 2 : 1)));
  const base = frame(view, names.map((name) => keyOf(name)));
  const grid = base.grid as { top: number };
  const axes = [...(several ? [{ ...axisOf("optimizer", theme), type: "category" as const, data: names }] : []), ...shown.map((parameter) => settingAxis(parameter, theme)), valueAxis(rows, metric, worst, theme)];
  const best = limitOfTop(rows, metric);
  const faint = rows.length > 300 ? 0.06 : 0.2;
  const isTop = ({ value, state }: Tried) => state === "complete" && (metric.better === "larger" ? value! >= best : value! <= best);
  return {
    ...base,
    tooltip: { ...tooltipBox(theme), trigger: "item", formatter: (item) => tip([item].flat()[0], metric, view) },
    parallel: { left: 48, right: 56, top: grid.top + 12, bottom: 30, parallelAxisDefault: { areaSelectStyle: { width: 16, borderWidth: 1, color: theme.muted, borderColor: theme.muted, opacity: 0.18 } } },
    parallelAxis: axes.map((axis, dim) => ({ ...axis, dim })) as Option["parallelAxis"],
    series: names.map((name) => ({
      type: "parallel",
      name,
      inactiveOpacity: 0.03,
      activeOpacity: 0.8,
      itemStyle: { color: colorOf(name, theme) },
      lineStyle: { color: colorOf(name, theme) },
      data: strongLast(rows.filter(({ optimizer }) => optimizer === name), isTop).map((row) => ({
        value: [...(several ? [name] : []), ...shown.map((parameter) => settingOf(row, parameter)), clamped(metric, row.value!, worst)],
        row,
        lineStyle: { color: colorOf(name, theme), opacity: isTop(row) ? 0.8 : faint, width: isTop(row) ? 1.6 : 1 },
      })) as never,
    })),
  };
}

const strongLast = (rows: Tried[], isStrong: (row: Tried) => boolean): Tried[] => [...rows].sort((a, b) => Number(isStrong(a)) - Number(isStrong(b)));

// The value that the best tenth of the complete trials reach.
function limitOfTop(rows: Tried[], metric: Metric): number {
  const values = rows.filter(({ state }) => state === "complete").map(({ value }) => value!).sort((a, b) => (metric.better === "larger" ? b - a : a - b));
  return values[Math.max(0, Math.ceil(values.length / 10) - 1)] ?? NaN;
}

// "-" stands for a setting that the optimizer does not have: its line passes the axis by.
function settingOf({ config }: Tried, parameter: Searched): number | string {
  const value = config[parameter.name];
  if (value === undefined) return "-";
  return parameter.scale === "category" ? format.setting(value) : place(parameter, Number(value));
}

const axisOf = (name: string, theme: Theme) => ({
  name,
  nameLocation: "end" as const,
  nameGap: 12,
  nameTextStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
  axisLine: { lineStyle: { color: theme.muted } },
  axisTick: { show: false },
  axisLabel: { color: theme.ink, fontSize: 11, fontFamily: font, textBorderColor: theme.background, textBorderWidth: 3 },
  z: 5, // above the lines
});

// With its larger numbers below, and still named above.
const turned = (inverse: boolean) => (inverse ? { inverse, nameLocation: "start" as const } : {});

function settingAxis(parameter: Searched, theme: Theme) {
  const { name, scale, low, high, choices } = parameter;
  const axis = axisOf(format.factor(name), theme);
  if (scale === "category") return { ...axis, type: "category" as const, data: choices };
  const axisLabel = { ...axis.axisLabel, formatter: (value: number) => format.number(unplaced(parameter, value), 3) };
  const [min, max] = [place(parameter, low), place(parameter, high)].sort((a, b) => a - b);
  return { ...axis, axisLabel, type: scale === "linear" ? ("value" as const) : ("log" as const), logBase: name === "batch_size" ? 2 : 10, ...turned(scale === "complement_log"), min, max };
}

function valueAxis(rows: Tried[], metric: Metric, worst: number | null, theme: Theme) {
  const values = rows.map(({ value }) => clamped(metric, value!, worst));
  const axis = axisOf(format.axisName(format.inSentence(metric.title), metric), theme);
  const axisLabel = { ...axis.axisLabel, ...cutLabels(metric, worst), formatter: (value: number) => format.tick(value, metric) };
  return { ...axis, axisLabel, ...cut(metric, worst), ...turned(metric.better === "smaller"), type: needsLog(metric, values) ? ("log" as const) : ("value" as const), scale: true };
}

function tip(item: { data?: unknown } | undefined, metric: Metric, view: View): HTMLElement | string {
  const row = (item?.data as { row?: Tried } | undefined)?.row;
  return row ? trialTip(row, metric, view) : "";
}

const table = (rows: Tried[], parameters: Searched[], metric: Metric) => ({
  columns: [{ title: "trial", numeric: true }, { title: "optimizer" }, ...parameters.map(({ name, scale }) => ({ title: format.factor(name), numeric: scale !== "category" })), { title: format.titled("value", metric), numeric: true }],
  rows: rows.map((row) => [String(row.number), row.optimizer, ...parameters.map(({ name }) => (row.config[name] === undefined ? "–" : format.setting(row.config[name]))), format.figure(row.value, metric)]),
});
