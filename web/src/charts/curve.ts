// Curves over epochs or seconds: a line through the medians, a band over the replicates, a cross where one diverged.
import * as format from "../format";
import { type Style, styleOf } from "../palette";
import { type CurveEnd, type CurvePoint, type Curves, learningRate } from "../rows";
import type { Metric } from "../study";
import { apart } from "./apart";
import type { Axis, View } from "./chart";
import type { Option, Series } from "./echarts";
import { bandName, cross, crossKey, explained, font, frame, keyOf, polygon, tooltip, tooltipBox, xAxis, yAxis } from "./frame";

const directLabelWidth = 640; // below it the plot needs the room; the legend names the lines anyway, and the opening the target

// The style of lines, and which of them are shown.
export interface Look {
  styleOf: (line: string) => Style;
  shown: (line: string) => boolean;
}
export const ofOptimizers = (view: View): Look => ({ styleOf, shown: view.shown });

interface Curve {
  line: string;
  split: CurvePoint["split"];
  points: CurvePoint[];
}

const at = (row: CurvePoint | CurveEnd, axis: Axis): number => row[axis] ?? 0;

export function curveOption(curves: Curves, view: View, look = ofOptimizers(view)): Option {
  const lines = curvesOf(curves.points.filter((point) => look.shown(point.line)));
  const ends = curves.ends.filter((end) => look.shown(end.line));
  const names = [...new Set([...lines, ...ends].map((row) => row.line))];
  const drawn: Drawn = { curves, view, look, colorOf: (line) => view.theme.hues[look.styleOf(line).hue]! };
  const signs = signsOf(curves, lines);
  const keys = [...names.map((name) => keyOf(name, look.styleOf(name))), ...signs.map(({ key }) => key), ...(ends.length > 0 ? [crossKey] : [])];
  const labelled = view.width >= directLabelWidth;
  return {
    ...frame(view, keys, labelled ? 36 + 7.5 * Math.max(0, ...names.map((name) => name.length)) : 16),
    tooltip: { ...tooltipBox(view.theme), trigger: "axis", formatter: (items) => tip([items].flat(), lines, drawn) },
    xAxis: { ...xAxis(view.theme, view.axis), type: "value", ...extent(lines, view.axis) },
    yAxis: valueAxis(curves, lines, view),
    series: [
      ...signs.map(({ series }) => series),
      ...(curves.band === "none" ? [] : lines.map((line) => band(line, drawn))),
      ...lines.map((line) => medians(line, drawn)),
      ...(curves.target !== 0 && lines.length > 0 ? [targetLine(lines[0]!.points[0]!, drawn)] : []),
      crosses(ends, drawn),
      ...(labelled ? [endLabels(lines, drawn)] : []),
    ],
  };
}

interface Drawn {
  curves: Curves;
  view: View;
  look: Look;
  colorOf: (line: string) => string;
}

function curvesOf(points: CurvePoint[]): Curve[] {
  const found = new Map<string, Curve>();
  for (const point of points) {
    const key = JSON.stringify([point.line, point.split]);
    const curve = found.get(key) ?? { line: point.line, split: point.split, points: [] };
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

// Losses and rates that span decades need a log scale: on a linear one, the best of them would be at the bottom.
function needsLog({ better, percent }: Metric, lines: Curve[]): boolean {
  const values = lines.flatMap((line) => line.points.flatMap((point) => [point.value.low, point.value.high]));
  return better === "smaller" && !percent && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 30;
}

function valueAxis({ metric }: Curves, lines: Curve[], view: View) {
  const log = needsLog(metric, lines);
  const validation = metric !== learningRate && lines.every((line) => line.split === "validation");
  const name = format.axisName(`${validation ? "validation " : ""}${format.inSentence(metric.title)}`, metric);
  const axis = yAxis(view.theme, `${name}${log ? ", log scale" : ""}`);
  const label = (value: number) => format.tick(value, metric);
  return { ...axis, type: log ? ("log" as const) : ("value" as const), axisLabel: { ...axis.axisLabel, formatter: label } };
}

function extent(lines: Curve[], axis: Axis) {
  const last = Math.max(1, ...lines.flatMap((line) => line.points.map((point) => at(point, axis))));
  if (axis === "seconds") return { min: 0, max: Math.ceil(last) };
  return { min: last > 1 ? 1 : 0, max: last, minInterval: 1 };
}

function band(line: Curve, { view, colorOf }: Drawn): Series {
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
        ? polygon(outline.map((corner) => api.coord(corner)), colorOf(line.line), line.split === "train" ? 0.08 : 0.16)
        : null,
    clip: true,
    z: 1,
  };
}

function medians(line: Curve, { view, look, colorOf }: Drawn): Series {
  const color = colorOf(line.line);
  const validation = line.split === "validation";
  return {
    type: "line",
    name: line.line,
    data: line.points.map((point) => ({ value: [at(point, view.axis), point.value.median], point })),
    symbol: `path://${look.styleOf(line.line).marker}`,
    symbolSize: validation ? 7 : 4,
    showSymbol: line.points.length <= 30,
    showAllSymbol: true,
    lineStyle: { color, width: validation ? 2.2 : 1.5, type: validation ? "solid" : "dashed" },
    itemStyle: { color },
    z: 3,
  };
}

// The names beside the ends of the validation curves, moved apart where they would overlap. (ECharts does not move
// its own end labels: its labelLayout omits them.)
function endLabels(lines: Curve[], drawn: Drawn): Series {
  const { view } = drawn;
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
      return endName(last[params.dataIndex]!.line.line, x + width + 10, heights[params.dataIndex]!, drawn);
    },
    z: 5,
  };
}

// A dot in its colour, and the name in text colour: not every hue is dark enough for text.
const endName = (line: string, x: number, y: number, { view, colorOf }: Drawn) => ({
  type: "group" as const,
  x,
  y,
  children: [
    { type: "circle" as const, shape: { cx: 3, cy: 0, r: 3 }, style: { fill: colorOf(line) } },
    { type: "text" as const, x: 11, style: { text: line, fill: view.theme.ink, font: `12px ${font}`, verticalAlign: "middle" as const } },
  ],
});

// Across the whole plot, named at its left end, where the curves have not come near it. `first` is any point.
function targetLine(first: CurvePoint, { curves: { metric, target }, view }: Drawn): Series {
  const { muted } = view.theme;
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: [[at(first, view.axis), target]],
    renderItem: (params, api) => {
      const { x, width } = params.coordSys as unknown as { x: number; width: number };
      const [, y = 0] = api.coord([api.value(0), api.value(1)]);
      const text = view.width < directLabelWidth ? "target" : `target ${format.short(target, metric)}`;
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1: x, y1: y, x2: x + width, y2: y }, style: { stroke: muted, lineWidth: 1, lineDash: [2, 3] } },
          { type: "text", x: x + 6, y: y - 5, style: { text, fill: muted, font: `12px ${font}`, verticalAlign: "bottom" } },
        ],
      };
    },
    z: 2,
  };
}

function crosses(ends: CurveEnd[], { view, colorOf }: Drawn): Series {
  return {
    type: "scatter",
    name: crossKey.name,
    symbol: cross,
    symbolSize: 12,
    itemStyle: { color: view.theme.ink },
    data: ends
      .filter((end) => end.value !== null)
      .map((end) => ({ value: [at(end, view.axis), end.value!], end, itemStyle: { color: colorOf(end.line) } })),
    z: 4,
  };
}

// The values of all curves at the pointer: in that epoch, or by that second. The data carry the rows.
function tip(items: { data?: unknown }[], lines: Curve[], { curves, view, colorOf }: Drawn): HTMLElement | string {
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
      color: colorOf(point.line),
      name: two ? `${point.line}, ${point.split === "train" ? "training" : "validation"}` : point.line,
      value: format.summary(point.value, curves.metric),
    })),
    ...ends.map((end) => ({
      color: colorOf(end.line),
      name: `${end.line}, trial ${end.trial}`,
      value: end.reason ? `${end.state}: ${end.reason}` : end.state,
    })),
  ]);
}

// One row per line, split and epoch.
export function curveTable(curves: Curves, lines = "optimizer") {
  return {
    columns: [
      { title: lines },
      { title: "split" },
      { title: "epoch", numeric: true },
      { title: "seconds", numeric: true },
      ...[curves.band === "none" ? "value" : "median", "low", "high"].map((title) => ({ title: format.titled(title, curves.metric), numeric: true })),
      { title: "replicates", numeric: true },
    ],
    rows: curves.points.map(({ line, split, epoch, seconds, value }) => [
      line,
      split === "train" ? "training" : "validation",
      String(epoch),
      format.number(seconds),
      ...[value.median, value.low, value.high].map((v) => format.figure(v, curves.metric)),
      String(value.n),
    ]),
  };
}

// Names the lines that ended early, because the end of their data is off the chart.
export function endsNote(curves: Curves): string {
  const found = curves.ends.map((end) => `${end.line} (trial ${end.trial}) ${end.state}${end.epoch === null ? " in its first epoch" : ""}`);
  return found.length === 0 ? "" : ` ${format.list(found)}.`;
}
