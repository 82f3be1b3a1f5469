// Effect of one factor (learning rate, batch size, initializer, a knob) on the best validation metric, one chart per factor.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import { type Effect, type EffectPoint, effect } from "../rows";
import { isSearched } from "../search_rows";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { bandName, cross, crossKey, explained, frame, keyOf, tooltip, tooltipBox, xAxis, yAxis } from "./frame";

export const effects: Charts = (study) =>
  study.study.factors
    .filter(({ name }) => !isSearched(study, name))
    .map((factor) => effect(study, factor))
    .filter(({ points }) => new Set(points.map((point) => point.setting)).size > 1)
    .map((rows) => ({
      id: `effect-${rows.factor.name}`,
      title: `Effect of ${format.factor(rows.factor.name)}`,
      note: note(rows),
      height: () => 340,
      option: (view) => option(rows, view),
      table: () => table(rows),
    }));

function note({ design, factor, metric }: Effect): string {
  const others = design === "grid" ? "at the best of the other settings tried with it" : "with the other settings at their base";
  return `Best validation ${format.inSentence(metric.title)} at each ${format.factor(factor.name)}, ${others}.`;
}

// A logarithm has no place for 0.
const isCategory = ({ factor, points }: Effect): boolean =>
  factor.scale === "category" ||
  points.some(({ setting }) => typeof setting !== "number" || (factor.scale === "log" && setting <= 0));

function option(rows: Effect, view: View): Option {
  const points = rows.points.filter((point) => view.shown(point.optimizer));
  const names = [...new Set(points.map((point) => point.optimizer))];
  const lost = points.filter((point) => point.diverged + point.failed > 0);
  const signs = rows.band === "none" ? [] : [explained(`median and ${bandName(rows.band, rows.replicates)}`, "bar")];
  const keys = [...names.map((name) => keyOf(name)), ...signs.map(({ key }) => key), ...(lost.length > 0 ? [crossKey] : [])];
  const step = isCategory(rows) ? dodgeStep(rows, names.length, view) : 0;
  const dodge = (name: string) => step * (names.indexOf(name) - (names.length - 1) / 2);
  return {
    ...frame(view, keys),
    tooltip: { ...tooltipBox(view.theme), trigger: "item", formatter: (item) => tip([item].flat()[0], rows, view) },
    xAxis: settingAxis(rows, view),
    yAxis: [metricAxis(rows, view), { type: "value", min: 0, max: 1, show: false }],
    series: [
      ...signs.map(({ series }) => series),
      ...names.flatMap((name) => arm(name, points.filter((point) => point.optimizer === name), rows, view, dodge(name))),
      crosses(lost, rows, view, dodge),
    ],
  };
}

// Pixels between neighbours in one category: markers are side by side if there is room, but never in the next category.
function dodgeStep(rows: Effect, names: number, view: View): number {
  const room = (view.width - 60) / new Set(rows.points.map((point) => point.setting)).size;
  return Math.min(14, (0.8 * room) / Math.max(1, names));
}

function settingAxis(rows: Effect, view: View) {
  const axis = xAxis(view.theme, format.factor(rows.factor.name));
  const settings = [...new Set(rows.points.map((point) => point.setting))];
  if (isCategory(rows)) return { ...axis, type: "category" as const, ...nameEach(axis, settings.map(format.setting), view) };
  const numbers = settings.map(Number);
  const axisLabel = { ...axis.axisLabel, formatter: (value: number) => format.number(value) };
  if (rows.factor.scale === "linear") return { ...axis, axisLabel, type: "value" as const, scale: true };
  // Batch sizes have ticks at doublings, rates at decades.
  const base = rows.factor.name === "batch_size" ? 2 : 10;
  const padding = base === 2 ? 1.2 : 1.6;
  const ends = { min: Math.min(...numbers) / padding, max: Math.max(...numbers) * padding };
  return { ...axis, axisLabel: { ...axisLabel, showMinLabel: false, showMaxLabel: false }, type: "log" as const, logBase: base, ...ends };
}

// Labels every setting, wrapped to its space; if a word is longer than that, labels as many as fit.
function nameEach(axis: ReturnType<typeof xAxis>, names: string[], view: View) {
  const letters = Math.floor(((view.width - 60) / names.length - 8) / 6.5); // of 12 px
  const lines = names.map((name) => format.wrapped(name, letters));
  if (lines.flat().some((line) => line.length > letters)) return { data: names };
  const label = (_: string, i: number) => lines[i]?.join("\n") ?? "";
  const deepest = Math.max(...lines.map((each) => each.length));
  return {
    data: names,
    nameGap: axis.nameGap + 14 * (deepest - 1),
    axisLabel: { ...axis.axisLabel, interval: 0, hideOverlap: false, lineHeight: 14, formatter: label },
  };
}

function metricAxis({ metric }: Effect, view: View) {
  const axis = yAxis(view.theme, format.axisName(`best validation ${format.inSentence(metric.title)}`, metric));
  const label = (value: number) => format.tick(value, metric);
  return { ...axis, type: "value" as const, axisLabel: { ...axis.axisLabel, formatter: label } };
}

const place = (point: EffectPoint, rows: Effect): number | string =>
  isCategory(rows) ? format.setting(point.setting) : point.setting;

// The medians of one optimizer, joined where the factor has an order, and their bars.
function arm(name: string, points: EffectPoint[], rows: Effect, view: View, dodge: number): Series[] {
  const color = colorOf(name, view.theme);
  const finished = points.filter((point) => point.value !== null);
  const medians: Series = {
    type: "line",
    name,
    data: finished.map((point) => ({ value: [place(point, rows), point.value!.median], point })),
    symbol: `path://${styleOf(name).marker}`,
    symbolSize: 9,
    symbolOffset: [dodge, 0],
    showAllSymbol: true,
    lineStyle: { color, width: isCategory(rows) ? 0 : 2 },
    itemStyle: { color },
    z: 3,
  };
  return rows.band === "none" ? [medians] : [medians, bars(finished, color, rows, dodge)];
}

function bars(points: EffectPoint[], color: string, rows: Effect, dodge: number): Series {
  return {
    type: "custom",
    silent: true,
    data: points.map((point) => [place(point, rows), point.value!.low, point.value!.high]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (_, api) => {
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      return {
        type: "line",
        shape: { x1: x + dodge, y1: low, x2: x + dodge, y2: high },
        style: { stroke: color, lineWidth: 2.5, opacity: 0.55, lineCap: "round" },
      };
    },
    z: 2,
  };
}

// A diverged trial has no value: its cross is at the worst end of the axis, on a second, hidden axis.
function crosses(points: EffectPoint[], rows: Effect, view: View, dodge: (name: string) => number): Series {
  return {
    type: "scatter",
    name: crossKey.name,
    yAxisIndex: 1,
    symbol: cross,
    symbolSize: 12,
    itemStyle: { color: view.theme.ink },
    data: points.map((point) => ({
      value: [place(point, rows), rows.metric.better === "larger" ? 0.03 : 0.97],
      point,
      symbolOffset: [dodge(point.optimizer), 0],
      itemStyle: { color: colorOf(point.optimizer, view.theme) },
    })),
    z: 4,
  };
}

const lostText = ({ diverged, failed }: EffectPoint): string =>
  format.list([diverged ? `${diverged} diverged` : "", failed ? `${failed} failed` : ""].filter(Boolean));

function tip(item: { data?: unknown } | undefined, rows: Effect, view: View): HTMLElement | string {
  const point = (item?.data as { point?: EffectPoint } | undefined)?.point;
  if (!point) return "";
  const value = point.value ? format.summary(point.value, rows.metric) : "no result";
  return tooltip(view.theme, `${format.factor(rows.factor.name)} ${format.setting(point.setting)}`, [
    { color: colorOf(point.optimizer, view.theme), name: point.optimizer, value: [value, lostText(point)].filter(Boolean).join(", ") },
  ]);
}

function table({ factor, metric, points }: Effect) {
  const numeric = true;
  return {
    columns: [
      { title: "optimizer" },
      { title: format.factor(factor.name), numeric: factor.scale !== "category" },
      ...["median", "low", "high"].map((title) => ({ title: format.titled(title, metric), numeric })),
      ...["finished", "diverged", "failed"].map((title) => ({ title, numeric })),
    ],
    rows: points.map(({ optimizer, setting, value, diverged, failed }) => [
      optimizer,
      format.setting(setting),
      ...[value?.median, value?.low, value?.high].map((v) => format.figure(v, metric)),
      ...[value?.n ?? 0, diverged, failed].map(String),
    ]),
  };
}
