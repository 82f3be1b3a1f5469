// Curves over epochs or seconds: a line through the medians, a band over the replicates, a cross where one diverged.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import type { CurveEnd, CurvePoint, Curves } from "../rows";
import { apart } from "./apart";
import type { Axis, View } from "./chart";
import type { Option, Series } from "./echarts";
import { bandName, cross, crossKey, explained, font, frame, keyOf, polygon, tooltip, tooltipBox, xAxis, yAxis } from "./frame";

const directLabelWidth = 640; // below it the plot needs the room; the legend names the lines anyway

interface Curve {
  optimizer: string;
  split: CurvePoint["split"];
  points: CurvePoint[];
}

const at = (row: CurvePoint | CurveEnd, axis: Axis): number => row[axis] ?? 0;

export function curveOption(curves: Curves, view: View): Option {
  const lines = curvesOf(curves.points.filter((point) => view.shown(point.optimizer)));
  const ends = curves.ends.filter((end) => view.shown(end.optimizer));
  const names = [...new Set([...lines, ...ends].map((row) => row.optimizer))];
  const signs = signsOf(curves, lines);
  const keys = [...names.map(keyOf), ...signs.map(({ key }) => key), ...(ends.length > 0 ? [crossKey] : [])];
  const labelled = view.width >= directLabelWidth;
  return {
    ...frame(view, keys, labelled ? 36 + 7.5 * Math.max(0, ...names.map((name) => name.length)) : 16),
    tooltip: { ...tooltipBox(view.theme), trigger: "axis", formatter: (items) => tip([items].flat(), lines, curves, view) },
    xAxis: { ...xAxis(view.theme, view.axis), type: "value", ...extent(lines, view.axis) },
    yAxis: valueAxis(curves, lines, view),
    series: [
      ...signs.map(({ series }) => series),
      ...(curves.band === "none" ? [] : lines.map((line) => band(line, view))),
      ...lines.map((line) => medians(line, view)),
      crosses(ends, view),
      ...(labelled ? [endLabels(lines, view)] : []),
    ],
  };
}

function curvesOf(points: CurvePoint[]): Curve[] {
  const found = new Map<string, Curve>();
  for (const point of points) {
    const key = JSON.stringify([point.optimizer, point.split]);
    const curve = found.get(key) ?? { optimizer: point.optimizer, split: point.split, points: [] };
    curve.points.push(point);
    found.set(key, curve);
  }
  return [...found.values()];
}

function signsOf(curves: Curves, lines: Curve[]) {
  const two = new Set(lines.map((line) => line.split)).size > 1;
  const splits = two ? [explained("validation", "solid"), explained("training", "dashed")] : [];
  const band = curves.band === "none" ? [] : [explained(`median and ${bandName(curves.band, curves.replicates)}`, "band")];
  return [...splits, ...band];
}

// Losses that span decades are read on a log scale: the best of them would lie on the floor of a linear one.
function spansDecades(lines: Curve[]): boolean {
  const values = lines.flatMap((line) => line.points.flatMap((point) => [point.value.low, point.value.high]));
  return Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 30;
}

function valueAxis(curves: Curves, lines: Curve[], view: View) {
  const log = curves.metric === "loss" && spansDecades(lines);
  const axis = yAxis(view.theme, curves.metric === "accuracy" ? "validation accuracy" : log ? "loss, log scale" : "loss");
  const label = (value: number) => format.short(value, curves.metric);
  return { ...axis, type: log ? ("log" as const) : ("value" as const), axisLabel: { ...axis.axisLabel, formatter: label } };
}

function extent(lines: Curve[], axis: Axis) {
  const last = Math.max(1, ...lines.flatMap((line) => line.points.map((point) => at(point, axis))));
  if (axis === "seconds") return { min: 0, max: Math.ceil(last) };
  return { min: last > 1 ? 1 : 0, max: last, minInterval: 1 };
}

function band(line: Curve, view: View): Series {
  const x = (point: CurvePoint) => at(point, view.axis);
  const outline = [
    ...line.points.map((point) => [x(point), point.value.high]),
    ...[...line.points].reverse().map((point) => [x(point), point.value.low]),
  ];
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: outline,
    renderItem: (params, api) =>
      params.dataIndex === 0
        ? polygon(outline.map((corner) => api.coord(corner)), colorOf(line.optimizer, view.theme), line.split === "train" ? 0.08 : 0.16)
        : null,
    clip: true,
    z: 1,
  };
}

function medians(line: Curve, view: View): Series {
  const color = colorOf(line.optimizer, view.theme);
  const validation = line.split === "validation";
  return {
    type: "line",
    name: line.optimizer,
    data: line.points.map((point) => ({ value: [at(point, view.axis), point.value.median], point })),
    symbol: `path://${styleOf(line.optimizer).marker}`,
    symbolSize: validation ? 7 : 4,
    showSymbol: line.points.length <= 30,
    showAllSymbol: true,
    lineStyle: { color, width: validation ? 2.2 : 1.5, type: validation ? "solid" : "dashed" },
    itemStyle: { color },
    z: 3,
  };
}

// The names beside the ends of the validation curves, moved apart where they would overlap. (ECharts' own end labels
// are not moved: its labelLayout leaves them out.)
function endLabels(lines: Curve[], view: View): Series {
  const last = lines.filter((line) => line.split === "validation").map((line) => ({ line, point: line.points.at(-1)! }));
  last.sort((a, b) => b.point.value.median - a.point.value.median);
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: last.map(({ point }) => [at(point, view.axis), point.value.median]),
    renderItem: (params, api) => {
      const heights = apart(last.map(({ point }) => api.coord([at(point, view.axis), point.value.median])[1] ?? 0), 15);
      const { x, width } = params.coordSys as unknown as { x: number; width: number };
      return endName(last[params.dataIndex]!.line.optimizer, x + width + 10, heights[params.dataIndex]!, view);
    },
    z: 5,
  };
}

// A dot of its colour and the name in ink: not every hue is dark enough for text.
const endName = (optimizer: string, x: number, y: number, { theme }: View) => ({
  type: "group" as const,
  x,
  y,
  children: [
    { type: "circle" as const, shape: { cx: 3, cy: 0, r: 3 }, style: { fill: colorOf(optimizer, theme) } },
    { type: "text" as const, x: 11, style: { text: optimizer, fill: theme.ink, font: `12px ${font}`, verticalAlign: "middle" as const } },
  ],
});

function crosses(ends: CurveEnd[], view: View): Series {
  return {
    type: "scatter",
    name: crossKey.name,
    symbol: cross,
    symbolSize: 12,
    itemStyle: { color: view.theme.ink },
    data: ends
      .filter((end) => end.value !== null)
      .map((end) => ({ value: [at(end, view.axis), end.value!], end, itemStyle: { color: colorOf(end.optimizer, view.theme) } })),
    z: 4,
  };
}

// What every curve had reached where the pointer is: in that epoch, or by that second. The rows travel in the data.
function tip(items: { data?: unknown }[], lines: Curve[], curves: Curves, view: View): HTMLElement | string {
  const rows = items.map((item) => item.data as { point?: CurvePoint; end?: CurveEnd });
  const ends = rows.flatMap((row) => row.end ?? []);
  const nearest = rows.find((row) => row.point)?.point ?? ends[0];
  if (!nearest) return "";
  const x = at(nearest, view.axis);
  const reached = (point: CurvePoint) => (view.axis === "epoch" ? point.epoch === x : at(point, view.axis) <= x);
  const points = lines.flatMap((line) => line.points.findLast(reached) ?? []);
  const where = view.axis === "epoch" ? `epoch ${x}` : `by ${format.seconds(x)}`;
  const two = new Set(lines.map((line) => line.split)).size > 1;
  return tooltip(view.theme, where, [
    ...points.map((point) => ({
      color: colorOf(point.optimizer, view.theme),
      name: two ? `${point.optimizer}, ${point.split === "train" ? "training" : "validation"}` : point.optimizer,
      value: format.summary(point.value, curves.metric),
    })),
    ...ends.map((end) => ({
      color: colorOf(end.optimizer, view.theme),
      name: `${end.optimizer}, trial ${end.trial}`,
      value: end.reason ? `${end.state}: ${end.reason}` : end.state,
    })),
  ]);
}

// One row per optimizer, split and epoch.
export function curveTable(curves: Curves) {
  return {
    columns: [
      { title: "optimizer" },
      { title: "split" },
      { title: "epoch", numeric: true },
      { title: "seconds", numeric: true },
      { title: curves.band === "none" ? "value" : "median", numeric: true },
      { title: "low", numeric: true },
      { title: "high", numeric: true },
      { title: "replicates", numeric: true },
    ],
    rows: curves.points.map(({ optimizer, split, epoch, seconds, value }) => [
      optimizer,
      split === "train" ? "training" : "validation",
      String(epoch),
      format.number(seconds),
      ...[value.median, value.low, value.high].map((v) => format.metric(v, curves.metric)),
      String(value.n),
    ]),
  };
}

// Names what ended early, so that the part of it that is off the chart is not lost.
export function endsNote(curves: Curves): string {
  const found = curves.ends.map((end) => `${end.optimizer} (trial ${end.trial}) ${end.state}${end.epoch === null ? " in its first epoch" : ""}`);
  return found.length === 0 ? "" : ` ${format.list(found)}.`;
}
