// Saves a chart as a picture: drawn again at a fixed size, with its title, on the background of the theme.
import type { Chart, View } from "./charts/chart";
import { init } from "./charts/echarts";
import { font } from "./charts/frame";

const width = 960;
const margin = 20;
const titleHeight = 40;

export function svgOf(chart: Chart, view: View): string {
  const inner = { ...view, width: width - 2 * margin };
  const option = chart.option(inner) as Record<string, any>;
  const height = chart.height(inner) + titleHeight + 2 * margin;
  const drawing = init(null, null, { renderer: "svg", ssr: true, width, height });
  drawing.setOption({
    ...option,
    backgroundColor: view.theme.background,
    title: { text: chart.title, left: margin, top: margin, padding: 0, textStyle: { color: view.theme.ink, fontSize: 18, fontFamily: font } },
    legend: { ...option.legend, left: margin, top: margin + titleHeight },
    grid: {
      ...option.grid,
      left: option.grid.left + margin,
      right: option.grid.right + margin,
      top: option.grid.top + margin + titleHeight,
      bottom: option.grid.bottom + margin,
    },
    ...(option.parallel && { parallel: { ...option.parallel, top: option.parallel.top + margin + titleHeight, bottom: option.parallel.bottom + margin } }),
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg;
}

export function saveSvg(chart: Chart, view: View, name: string): void {
  download(new Blob([svgOf(chart, view)], { type: "image/svg+xml" }), `${name}.svg`);
}

// At twice the size, for screens and slides.
export async function savePng(chart: Chart, view: View, name: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(chart, view))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && download(blob, `${name}.png`), "image/png");
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the browser reads it after the click returns
}
