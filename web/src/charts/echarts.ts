// The parts of ECharts that the charts use; all others are left out of the page.
import { BarChart, CustomChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, ParallelComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, CustomChart, LineChart, ParallelChart, ScatterChart, GridComponent, LegendComponent, ParallelComponent, TitleComponent, TooltipComponent, SVGRenderer]);

export { init };
export type { EChartsOption as Option, SeriesOption as Series } from "echarts";
export type { ECharts } from "echarts/core";
