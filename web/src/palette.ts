// Colours and markers, determined by the optimizer's name: the same in every chart and every report.
//
// Hues     close to Okabe & Ito's, adjusted until any two differ by 0.1 in OKLab for normal, protan, deutan and tritan vision
//          (distances count 1.25 times for tritan, 0.8 times for normal) and each has a contrast of 3:1 with its background (palette.test.ts)
// Markers  also differ for the first seven names; later names repeat a hue with another marker

export interface Style {
  hue: number; // index into a theme's hues
  marker: string; // an SVG path in a box of 10
}

export interface Theme {
  name: "light" | "dark";
  hues: readonly string[];
  phases: readonly string[]; // data, forward, backward, optimizer, evaluation: a quiet ramp, the optimizer's own time loud
  background: string;
  ink: string;
  muted: string; // 4.5:1 on the background
  line: string;
}

export const light: Theme = {
  name: "light",
  hues: ["#0b62b0", "#6b6f73", "#b14c10", "#00a373", "#7a1f5c", "#aa8900", "#d469c1"],
  phases: ["#dfe3e8", "#aeb6c0", "#7a8593", "#b14c10", "#47515e"],
  background: "#ffffff",
  ink: "#1b1f24",
  muted: "#5b636d",
  line: "#e4e7ea",
};

export const dark: Theme = {
  name: "dark",
  hues: ["#53abff", "#a0a4a8", "#f18439", "#3b8f78", "#ffb2dc", "#d2cf70", "#8f6ae8"],
  phases: ["#353c45", "#5a636f", "#858f9c", "#f18439", "#bcc4cd"],
  background: "#15181c",
  ink: "#eceef1",
  muted: "#9aa3ad",
  line: "#2b3036",
};

// Append only: the position of a name decides its look.
const names = [
  "adam", "sgd", "momentum", "rmsprop", "adamw", "adagrad", "nesterov",
  "lion", "adadelta", "adamax", "nadam", "radam", "amsgrad", "adafactor",
  "lamb", "lars", "adabelief", "yogi", "sophia", "muon", "shampoo",
  "soap", "prodigy", "schedule-free", "rprop", "lbfgs", "asgd", "ftrl",
];

// Paths in a box of 10, for ECharts and for the swatches of the page.
const markers = [
  "M5,0A5,5,0,1,1,5,10A5,5,0,1,1,5,0Z", // circle
  "M0.5,0.5H9.5V9.5H0.5Z", // square
  "M5,0L10,9.5H0Z", // triangle
  "M5,0L10,5L5,10L0,5Z", // diamond
  "M0,0.5H10L5,10Z", // triangle on its tip
  "M3.4,0H6.6V3.4H10V6.6H6.6V10H3.4V6.6H0V3.4H3.4Z", // plus
  "M5,0L10,3.8L8.1,10H1.9L0,3.8Z", // pentagon
];

// A name that is not in the table gets a position from its hash (32-bit FNV-1a).
function place(name: string): number {
  const known = names.indexOf(name);
  if (known >= 0) return known;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % (light.hues.length * markers.length);
}

export const styleOf = (optimizer: string): Style => styleAt(place(optimizer));

// The style of a line by its number, for lines without a known name.
export function styleAt(index: number): Style {
  const hue = index % light.hues.length;
  const round = Math.floor(index / light.hues.length);
  return { hue, marker: markers[(hue + round) % markers.length]! };
}

export const colorOf = (optimizer: string, theme: Theme): string => theme.hues[styleOf(optimizer).hue]!;
