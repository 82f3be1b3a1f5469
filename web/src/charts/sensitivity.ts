// Sensitivity to the learning rate: the best value of each optimizer at each rate, at equal budget.
import * as format from "../format";
import { colorOf, styleOf } from "../palette";
import { type RateBin, isSearch, rateBins, searched } from "../search_rows";
import { type Metric, rankedBy } from "../study";
import type { Charts, View } from "./chart";
import type { Option } from "./echarts";
import { frame, keyOf, tooltip, tooltipBox } from "./frame";
import { clamped, metricAxis, parameterAxis, worstShown } from "./search_axis";

export const sensitivity: Charts = (study) => {
  const bins = rateBins(study);
  const metric = rankedBy(study);
  const rate = searched(study).find(({ name, scale }) => name === "lr" && scale === "log");
  if (!isSearch(study) || !rate || bins.length < 2) return [];
  const worst = worstShown(metric, bins.map(({ best }) => best));
  return [
    {
      id: "sensitivity",
      title: "Sensitivity to the learning rate",
      note: "The best trial of each optimizer near each rate, whatever its other settings. A broad top forgives a wrong rate.",
      height: () => 360,
      option: (view) => option(bins.filter(({ optimizer }) => view.shown(optimizer)), metric, worst, parameterAxis(rate, view), view),
      table: () => table(bins, metric),
    },
  ];
};

function option(bins: RateBin[], metric: Metric, worst: number | null, xAxis: object, view: View): Option {
  const names = [...new Set(bins.map(({ optimizer }) => optimizer))];
  return {
    ...frame(view, names.map((name) => keyOf(name))),
    tooltip: { ...tooltipBox(view.theme), trigger: "item", formatter: (item) => tip([item].flat()[0], metric, view) },
    xAxis,
    yAxis: metricAxis(metric, bins.map(({ best }) => best), worst, view, "best validation"),
    series: names.map((name) => ({
      type: "line",
      name,
      data: bins.filter(({ optimizer }) => optimizer === name).map((bin) => ({ value: [bin.rate, clamped(metric, bin.best, worst)], bin })),
      symbol: `path://${styleOf(name).marker}`,
      symbolSize: 8,
      showAllSymbol: true,
      lineStyle: { color: colorOf(name, view.theme), width: 2.2 },
      itemStyle: { color: colorOf(name, view.theme) },
      z: 3,
    })),
  };
}

function tip(item: { data?: unknown } | undefined, metric: Metric, { theme }: View): HTMLElement | string {
  const bin = (item?.data as { bin?: RateBin } | undefined)?.bin;
  if (!bin) return "";
  return tooltip(theme, `learning rate near ${format.number(bin.rate, 2)}`, [
    { color: colorOf(bin.optimizer, theme), name: bin.optimizer, value: `${format.metric(bin.best, metric)}, best of ${format.plural(bin.trials, "trial")}` },
  ]);
}

const table = (bins: RateBin[], metric: Metric) => ({
  columns: [{ title: "optimizer" }, { title: "learning rate near", numeric: true }, { title: format.titled("best", metric), numeric: true }, { title: "trials", numeric: true }],
  rows: bins.map(({ optimizer, rate, best, trials }) => [optimizer, format.number(rate, 2), format.figure(best, metric), String(trials)]),
});
