// Where the time of an epoch goes, each optimizer with its selected configuration.
import * as format from "../format";
import { phases } from "../records";
import { type PhaseRow, phaseRows } from "../rows";
import type { Charts, View } from "./chart";
import type { Option } from "./echarts";
import { axisOf, frame, tooltip, tooltipBox, xAxis } from "./frame";

export const timeSplit: Charts = (study) => {
  const rows = phaseRows(study);
  if (rows.length === 0) return [];
  return [
    {
      id: "time-split",
      title: "Where the time goes",
      note: "Seconds of one epoch, mean over the replicates of the selected configuration.",
      wide: true,
      height: (view) => 130 + 34 * rows.filter((row) => view.shown(row.optimizer)).length,
      option: (view) => option(rows.filter((row) => view.shown(row.optimizer)), view),
      table: () => table(rows),
    },
  ];
};

function option(rows: PhaseRow[], view: View): Option {
  const { theme } = view;
  const category = axisOf(theme, "");
  return {
    ...frame(view, phases.map((name) => ({ name, icon: "roundRect" }))),
    tooltip: {
      ...tooltipBox(theme),
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: (items) => tip(rows[[items].flat()[0]?.dataIndex ?? 0]!, view),
    },
    xAxis: { ...xAxis(theme, "seconds an epoch"), type: "value", splitLine: { show: true, lineStyle: { color: theme.line } } },
    yAxis: {
      ...category,
      type: "category",
      inverse: true,
      data: rows.map((row) => row.optimizer),
      axisLabel: { ...category.axisLabel, color: theme.ink },
      splitLine: { show: false },
    },
    series: phases.map((phase, i) => ({
      type: "bar",
      name: phase,
      stack: "time",
      barMaxWidth: 20,
      data: rows.map((row) => row.seconds[phase]),
      itemStyle: { color: theme.phases[i], borderColor: theme.background, borderWidth: 1 },
    })),
  };
}

const total = (row: PhaseRow): number => phases.reduce((sum, phase) => sum + row.seconds[phase], 0);

const share = (row: PhaseRow, phase: (typeof phases)[number]): string =>
  `${format.seconds(row.seconds[phase])} (${format.percent(row.seconds[phase] / total(row), 1)})`;

const tip = (row: PhaseRow, { theme }: View): HTMLElement =>
  tooltip(theme, `${row.optimizer}, ${format.seconds(total(row))} an epoch`,
    phases.map((phase, i) => ({ color: theme.phases[i]!, name: phase, value: share(row, phase) })));

const table = (rows: PhaseRow[]) => ({
  columns: [{ title: "optimizer" }, ...[...phases, "total"].map((title) => ({ title, numeric: true }))],
  rows: rows.map((row) => [row.optimizer, ...phases.map((phase) => share(row, phase)), format.seconds(total(row))]),
});
