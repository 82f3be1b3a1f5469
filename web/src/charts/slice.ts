// Slices through a search: the value of every trial against one parameter, one chart per parameter.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import { optimizers } from "../rows";
import { type Searched, type Tried, isSearch, searched, tried } from "../search_rows";
import { type Metric, type Study, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option, Series } from "./echarts";
import { explained, frame, keyOf, tooltipBox } from "./frame";
import { trialTip } from "./history";
import { clamped, metricAxis, parameterAxis, place, worstShown } from "./search_axis";

export const slices: Charts = (study) => {
  if (!isSearch(study)) return [];
  const metric = rankedBy(study);
  const rows = tried(study).filter(({ value }) => value !== null);
  const worst = worstShown(metric, rows.map(({ value }) => value!));
  return searched(study)
    .map((parameter) => ({ parameter, points: rows.filter(({ config }) => config[parameter.name] !== undefined) }))
    .filter(({ parameter, points }) => new Set(points.map(({ config }) => config[parameter.name])).size > 1)
    .map(({ parameter, points }) => ({
      id: `slice-${parameter.name}`,
      title: `Trials by ${format.factor(parameter.name)}`,
      note: `Every trial of the search; the best of each optimizer is large.${borderNote(study, parameter)}`,
      height: () => 320,
      option: (view) => option(points, optimizers(study).filter((name) => view.shown(name) && points.some(({ optimizer }) => optimizer === name)), parameter, metric, worst, view),
      table: () => table(points, parameter, metric),
    }));
};

// " The best of adam lies at the upper end of its range: a wider one may hold a better."
function borderNote(study: Study, { name }: Searched): string {
  const at = (end: string) => optimizers(study).filter((optimizer) => study.search?.borders[optimizer]?.some((border) => border.name === name && border.end === end));
  const said = [["high", "upper"], ["low", "lower"]].flatMap(([end, word]) => {
    const names = at(end!);
    return names.length === 0 ? [] : [` The best of ${format.list(names)} lies at the ${word} end of the range: a wider one may hold a better.`];
  });
  return said.join("");
}

function option(points: Tried[], names: string[], parameter: Searched, metric: Metric, worst: number | null, view: View): Option {
  const pruned = points.some(({ state }) => state === "pruned");
  const signs = pruned ? [explained("pruned", "faint")] : [];
  return {
    ...frame(view, [...names.map((name) => keyOf(name)), ...signs.map(({ key }) => key)]),
    tooltip: { ...tooltipBox(view.theme), trigger: "item", formatter: (item) => tip([item].flat()[0], metric, view) },
    xAxis: parameterAxis(parameter, view),
    yAxis: metricAxis(metric, points.map(({ value }) => value!), worst, view),
    series: [...signs.map(({ series }) => series), ...names.map((name, i) => cloud(points.filter(({ optimizer }) => optimizer === name), i - (names.length - 1) / 2, parameter, metric, worst, view))],
  };
}

// The trials of one optimizer. In a category, optimizers stand side by side.
function cloud(points: Tried[], side: number, parameter: Searched, metric: Metric, worst: number | null, view: View): Series {
  const name = points[0]!.optimizer;
  const color = colorOf(name, view.theme);
  const category = parameter.scale === "category";
  const top = points.filter(({ state }) => state === "complete").reduce<Tried | null>((a, b) => (a && (metric.better === "larger" ? a.value! >= b.value! : a.value! <= b.value!) ? a : b), null);
  const small = points.length > 60 ? 5 : 7;
  return {
    type: "scatter",
    name,
    symbol: `path://${styleOf(name).marker}`,
    itemStyle: { color },
    symbolOffset: [category ? 14 * side : 0, 0],
    data: points.map((row) => ({
      value: [category ? format.setting(row.config[parameter.name]) : place(parameter, Number(row.config[parameter.name])), clamped(metric, row.value!, worst)],
      row,
      symbolSize: row === top ? 13 : small,
      itemStyle: { color, opacity: row === top ? 1 : row.state === "pruned" ? 0.22 : 0.55, borderColor: view.theme.background, borderWidth: row === top ? 1.5 : 0 },
    })),
    z: 2,
  };
}

function tip(item: { data?: unknown } | undefined, metric: Metric, view: View): HTMLElement | string {
  const row = (item?.data as { row?: Tried } | undefined)?.row;
  return row ? trialTip(row, metric, view) : "";
}

function table(points: Tried[], { name }: Searched, metric: Metric) {
  const numeric = true;
  return {
    columns: [{ title: "trial", numeric }, { title: "optimizer" }, { title: format.factor(name), numeric }, { title: format.titled("value", metric), numeric }, { title: "state" }],
    rows: points.map((row) => [String(row.number), row.optimizer, format.setting(row.config[name]), format.figure(row.value, metric), row.state]),
  };
}
