// How much each parameter decides whether a trial is among the best tenth of its optimizer.
import * as format from "../format";
import { colorOf } from "../palette";
import { optimizers } from "../rows";
import type { Charts, View } from "./chart";
import type { Option } from "./echarts";
import { axisOf, frame, tooltip, tooltipBox, xAxis } from "./frame";

interface Bar {
  optimizer: string;
  parameter: string;
  share: number;
}

export const importance: Charts = (study) => {
  const bars = optimizers(study).flatMap((optimizer) =>
    (study.search?.importance[optimizer] ?? []).map(({ name, value }): Bar => ({ optimizer, parameter: format.factor(name, optimizer), share: value ?? 0 })),
  );
  const parameters = byImportance(bars);
  if (parameters.length < 2) return [];
  return [
    {
      id: "importance",
      title: "What matters",
      note: "How far the best tenth of the trials differs from all of them in each parameter, as a share of the sum (PED-ANOVA).",
      height: (view) => 110 + parameters.length * Math.max(26, 9 * shown(bars, view).length + 8),
      option: (view) => option(bars, parameters, view),
      table: () => ({
        columns: [{ title: "optimizer" }, { title: "parameter" }, { title: "share", numeric: true }],
        rows: bars.map(({ optimizer, parameter, share }) => [optimizer, parameter, format.percent(share, 1)]),
      }),
    },
  ];
};

const shown = (bars: Bar[], view: View): string[] => [...new Set(bars.map(({ optimizer }) => optimizer))].filter((name) => view.shown(name));

// The parameters with the largest mean over the optimizers that have them first.
function byImportance(bars: Bar[]): string[] {
  const mean = (parameter: string) => {
    const own = bars.filter((bar) => bar.parameter === parameter);
    return own.reduce((sum, { share }) => sum + share, 0) / own.length;
  };
  return [...new Set(bars.map(({ parameter }) => parameter))].sort((a, b) => mean(b) - mean(a));
}

function option(bars: Bar[], parameters: string[], view: View): Option {
  const { theme } = view;
  const category = axisOf(theme, "");
  const names = shown(bars, view);
  return {
    ...frame(view, names.map((name) => ({ name, icon: "roundRect" }))),
    tooltip: { ...tooltipBox(theme), trigger: "axis", axisPointer: { type: "none" }, formatter: (items) => tip(parameters[[items].flat()[0]?.dataIndex ?? 0]!, bars, names, view) },
    xAxis: { ...xAxis(theme, "share of the importance"), type: "value", min: 0, splitLine: { show: true, lineStyle: { color: theme.line } }, axisLabel: { ...category.axisLabel, formatter: (value: number) => format.percent(value, 0) } },
    yAxis: { ...category, type: "category", inverse: true, data: parameters, axisLabel: { ...category.axisLabel, color: theme.ink }, splitLine: { show: false } },
    series: names.map((name) => ({
      type: "bar",
      name,
      barMaxWidth: 14,
      barGap: "15%",
      data: parameters.map((parameter) => bars.find((bar) => bar.optimizer === name && bar.parameter === parameter)?.share ?? "-"),
      itemStyle: { color: colorOf(name, theme), borderRadius: [0, 3, 3, 0] },
    })),
  };
}

function tip(parameter: string, bars: Bar[], names: string[], { theme }: View): HTMLElement {
  const own = bars.filter((bar) => bar.parameter === parameter && names.includes(bar.optimizer));
  return tooltip(theme, parameter, own.map(({ optimizer, share }) => ({ color: colorOf(optimizer, theme), name: optimizer, value: format.percent(share, 1) })));
}
