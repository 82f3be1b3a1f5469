// Shared by all charts: axes, legend, tooltip, the marks of a band and of a diverged trial.
import { h } from "../dom";
import { type Style, type Theme, styleOf } from "../palette";
import type { Band } from "../statistics";
import type { View } from "./chart";
import type { Option, Series } from "./echarts";

// Single quotes: ECharts writes it unescaped into an attribute of the saved SVG.
export const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

// A cross with arms 2 wide in a box of 10.
export const cross = "path://M1.4,0L5,3.6L8.6,0L10,1.4L6.4,5L10,8.6L8.6,10L5,6.4L1.4,10L0,8.6L3.6,5L0,1.4Z";

// An entry of the legend.
export interface Key {
  name: string; // of a series
  icon: string;
}

// Wraps text greedily: ECharts wraps a legend but does not make room for it.
function legendHeight(keys: readonly Key[], width: number): number {
  let lines = 1;
  let x = 0;
  for (const key of keys) {
    const item = 46 + 7 * key.name.length;
    if (x > 0 && x + item > width) {
      lines += 1;
      x = 0;
    }
    x += item;
  }
  return 24 * lines;
}

export function frame(view: View, keys: Key[], right = 16): Option {
  const { ink, muted } = view.theme;
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: font, color: ink },
    legend: {
      data: keys,
      selectedMode: false,
      left: 0,
      top: 0,
      padding: 0,
      itemGap: 16,
      itemWidth: 24,
      itemHeight: 10,
      inactiveColor: muted,
      textStyle: { color: ink, fontSize: 12, fontFamily: font },
    },
    grid: {
      left: 4,
      right,
      top: legendHeight(keys, view.width) + 34,
      bottom: 34,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
  };
}

export function axisOf(theme: Theme, name: string) {
  return {
    name,
    nameTextStyle: { color: theme.muted, fontSize: 12, fontFamily: font },
    axisLabel: { color: theme.muted, fontSize: 12, fontFamily: font, hideOverlap: true },
    axisLine: { show: false, lineStyle: { color: theme.muted } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.line } },
  };
}

// Its name is below the middle of the axis.
export const xAxis = (theme: Theme, name: string) => ({
  ...axisOf(theme, name),
  nameLocation: "middle" as const,
  nameGap: 30,
  axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
  splitLine: { show: false },
});

// Its name is above its end, aligned with the left edge of the labels.
export const yAxis = (theme: Theme, name: string) => ({
  ...axisOf(theme, name),
  nameLocation: "end" as const,
  nameGap: 14,
  nameTextStyle: { color: theme.muted, fontSize: 12, fontFamily: font, align: "left" as const },
  scale: true,
});

export interface Line {
  color: string;
  name: string;
  value: string;
}

// Built from elements: names come from the document, and ECharts would parse a string as markup.
export function tooltip(theme: Theme, heading: string, lines: readonly Line[]): HTMLElement {
  const row = ({ color, name, value }: Line) =>
    h("div", { class: "tip-row" }, h("span", { class: "dot", style: `background:${color}` }), h("span", {}, name), h("b", {}, value));
  return h("div", { class: `tip ${theme.name}` }, h("div", { class: "tip-heading" }, heading), ...lines.map(row));
}

export const tooltipBox = (theme: Theme) => ({
  confine: true,
  backgroundColor: theme.background,
  borderColor: theme.line,
  textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
  extraCssText: "box-shadow: 0 4px 16px rgb(0 0 0 / 0.16)",
});

// "quartiles of 5 replicates"; empty for one replicate.
export function bandName(band: Band, replicates: number): string {
  if (band === "none") return "";
  return `${band === "range" ? "lowest to highest" : "quartiles"} of ${replicates} replicates`;
}

export const crossKey: Key = { name: "diverged or failed", icon: cross };

export const keyOf = (name: string, style: Style = styleOf(name)): Key => ({ name, icon: `path://${style.marker}` });

// What a legend explains besides colours.
const signs = {
  solid: "path://M0,0H24V2H0Z",
  dashed: "path://M0,0H6V2H0ZM9,0H15V2H9ZM18,0H24V2H18Z",
  band: "path://M0,0H24V9H0Z",
  bar: "path://M0,0H2.5V12H0Z",
  dot: "path://M5,0A5,5,0,1,1,5,10A5,5,0,1,1,5,0Z",
  faint: "path://M5,0A5,5,0,1,1,5,10A5,5,0,1,1,5,0Z",
  ring: "path://M5,0A5,5,0,1,1,5,10A5,5,0,1,1,5,0ZM5,2A3,3,0,1,0,5,8A3,3,0,1,0,5,2Z",
};

// A symbol and its meaning, and the empty series that ECharts requires for every legend entry.
export function explained(name: string, sign: keyof typeof signs): { key: Key; series: Series } {
  const grey = "#878e97"; // stands for any optimizer's colour: 3:1 on both backgrounds
  const itemStyle = { color: grey, opacity: sign === "band" || sign === "faint" ? 0.4 : 1 };
  return { key: { name, icon: signs[sign] }, series: { type: "scatter", name, data: [], silent: true, itemStyle } };
}

export const polygon = (points: number[][], fill: string, opacity: number) => ({
  type: "polygon" as const,
  shape: { points },
  style: { fill, opacity },
});
