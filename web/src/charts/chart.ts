// The interface of a chart: a function from typed rows to an ECharts option, with its texts and its table.
import type { Column } from "../dom";
import type { Theme } from "../palette";
import type { Study } from "../study";
import type { Option } from "./echarts";

export type Axis = "epoch" | "seconds";

// The reader's settings.
export interface View {
  theme: Theme;
  axis: Axis;
  shown: (optimizer: string) => boolean;
  width: number; // of the drawing, in pixels
}

export interface Chart {
  id: string; // unique in the page; the name of a saved file
  title: string;
  note: string; // how to read it, and what is not drawn
  wide?: boolean; // takes the whole width of the page
  height: (view: View) => number;
  option: (view: View) => Option;
  table: () => { columns: Column[]; rows: string[][] };
}

// The charts that the study has data for.
export type Charts = (study: Study) => Chart[];
