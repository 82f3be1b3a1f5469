// Axes that the charts of a search share: the metric that ranks, and a parameter on its scale.
import * as format from "../format";
import type { Searched } from "../search_rows";
import { quantile } from "../statistics";
import type { Metric } from "../study";
import type { View } from "./chart";
import { xAxis, yAxis } from "./frame";

// Losses over decades need a log scale.
export function needsLog({ better, percent }: Metric, values: readonly number[]): boolean {
  const low = Math.min(...values);
  return better === "smaller" && !percent && low > 0 && Math.max(...values) / low > 30;
}

// `worst` is the end of the axis where it is cut (worstShown), or null.
export function metricAxis(metric: Metric, values: readonly number[], worst: number | null, view: View, title = "validation") {
  const log = needsLog(metric, values.map((value) => clamped(metric, value, worst)));
  const axis = yAxis(view.theme, `${format.axisName(`${title} ${format.inSentence(metric.title)}`, metric)}${log ? ", log scale" : ""}`);
  return { ...axis, ...cut(metric, worst), type: log ? ("log" as const) : ("value" as const), axisLabel: { ...axis.axisLabel, ...cutLabels(metric, worst), formatter: (value: number) => format.tick(value, metric) } };
}

// The end of a cut axis is no round number, and goes without a label.
export const cut = ({ better }: Metric, worst: number | null) => (worst === null ? {} : better === "larger" ? { min: worst } : { max: worst });
export const cutLabels = ({ better }: Metric, worst: number | null) => ({ showMinLabel: worst === null || better === "smaller", showMaxLabel: worst === null || better === "larger" });

// Rates have ticks at decades, batch sizes at doublings. A complement-log scale has 1 - value on a log axis, turned round.
export function parameterAxis(parameter: Searched, view: View) {
  const axis = xAxis(view.theme, format.factor(parameter.name));
  const { scale, low, high } = parameter;
  const axisLabel = { ...axis.axisLabel, formatter: (value: number) => format.number(unplaced(parameter, value)) };
  if (scale === "category") return { ...axis, type: "category" as const, data: parameter.choices };
  if (scale === "linear") return { ...axis, axisLabel, type: "value" as const, scale: true, min: low, max: high };
  const ends = [place(parameter, low), place(parameter, high)].sort((a, b) => a - b) as [number, number];
  const base = parameter.name === "batch_size" ? 2 : 10;
  const isTick = (end: number) => {
    const power = Math.log(end) / Math.log(base);
    return Math.abs(power - Math.round(power)) < 1e-9;
  };
  const labels = { showMinLabel: isTick(ends[0]), showMaxLabel: isTick(ends[1]) };
  return { ...axis, axisLabel: { ...axisLabel, ...labels }, type: "log" as const, logBase: base, inverse: scale === "complement_log", min: ends[0], max: ends[1] };
}

// Where a value lies on the axis of its parameter, and the value that lies there. A default outside the range, such as a decay
// of 0 on a log axis, lies at its end.
export function place({ scale, low, high }: Searched, value: number): number {
  const inside = scale === "category" ? value : Math.min(Math.max(value, low), high);
  return scale === "complement_log" ? 1 - inside : inside;
}
export const unplaced = ({ scale }: Searched, place: number): number => (scale === "complement_log" ? 1 - place : place);

// The end of the axis that leaves out the worst trials, where a third of them would take half of the axis; `clamped` draws
// those on it. Null where all are shown.
export function worstShown(metric: Metric, values: readonly number[]): number | null {
  if (values.length < 8) return null;
  const sorted = [...values].sort((a, b) => (metric.better === "larger" ? a - b : b - a)); // the worst first
  const [worst, third, best] = [sorted[0]!, quantile(sorted, 0.35), sorted.at(-1)!];
  return Math.abs(third - worst) > Math.abs(best - third) ? third - 0.25 * (best - third) : null;
}

export const clamped = (metric: Metric, value: number, worst: number | null): number =>
  worst === null ? value : metric.better === "larger" ? Math.max(value, worst) : Math.min(value, worst);
