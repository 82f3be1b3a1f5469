// One chart in the page: title, drawing, buttons, note, and its numbers as a table.
import type { Chart, View } from "./charts/chart";
import { type ECharts, init } from "./charts/echarts";
import { h, table } from "./dom";
import { savePng, saveSvg } from "./save";

export interface Figure {
  element: HTMLElement;
  // With the view as it is now; the element must be in the page.
  reserve: () => void; // the height of the drawing
  draw: () => void;
}

// `look` returns the reader's settings; the width is that of the drawing.
export function figure(chart: Chart, study: string, look: () => Omit<View, "width">): Figure {
  const plot = h("div", { class: "plot", role: "img", "aria-label": `${chart.title}. ${chart.note} The numbers are in the table below.` });
  const view = (): View => ({ ...look(), width: plot.clientWidth });
  const name = `${study}-${chart.id}`;
  const element = h(
    "figure",
    { id: chart.id, class: chart.wide ? "wide" : null },
    h(
      "figcaption",
      {},
      h("h3", {}, chart.title),
      h(
        "div",
        { class: "tools" },
        h("button", { type: "button", "data-save": "png", "aria-label": `Save ${chart.title} as PNG`, click: () => void savePng(chart, view(), name) }, "PNG"),
        h("button", { type: "button", "data-save": "svg", "aria-label": `Save ${chart.title} as SVG`, click: () => saveSvg(chart, view(), name) }, "SVG"),
      ),
    ),
    h("p", { class: "note" }, chart.note),
    plot,
    numbers(chart),
  );

  let drawing: ECharts | undefined;
  let drawn = 0; // the width
  const reserve = () => {
    plot.style.height = `${chart.height(view())}px`;
  };
  const draw = () => {
    const now = view();
    if (now.width === 0) return;
    const height = chart.height(now);
    plot.style.height = `${height}px`;
    drawing ??= init(plot, null, { renderer: "svg", width: 1, height: 1 });
    drawing.resize({ width: now.width, height });
    drawing.setOption(chart.option(now), { notMerge: true });
    drawn = now.width;
  };
  new ResizeObserver(() => {
    if (drawn > 0 && plot.clientWidth !== drawn) draw();
  }).observe(plot);
  return { element, reserve, draw };
}

// Filled when opened: the tables of 45 optimizers are long.
function numbers(chart: Chart): HTMLElement {
  const details = h("details", { class: "numbers" }, h("summary", {}, "Numbers"));
  details.addEventListener("toggle", () => {
    if (details.childElementCount > 1) return;
    const { columns, rows } = chart.table();
    details.append(table(chart.title, columns, rows));
  });
  return details;
}
