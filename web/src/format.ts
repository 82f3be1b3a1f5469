// Numbers and names as people read them. Unknown values are "n/a".
import type { Summary } from "./statistics";
import type { Config, Metric, Spread } from "./study";

// How a value is written: as a percentage or as a number, and its unit.
export type Quantity = Pick<Metric, "percent" | "unit">;

type Maybe = number | null | undefined;

export const unknown = "n/a";
export const percentSign = "\u00a0%"; // a line does not break before it

const isKnown = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);

// `digits` significant digits, no trailing zeros; the font supplies the minus sign: 0.001, 1e-8, 206922.
export function number(value: Maybe, digits = 4): string {
  if (!isKnown(value)) return unknown;
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return short.toExponential().replace("e+", "e");
  return String(short);
}

// 206,922
export function count(value: Maybe): string {
  return isKnown(value) ? Math.round(value).toLocaleString("en-US") : unknown;
}

export function percent(value: Maybe, decimals = 2): string {
  return isKnown(value) ? `${(100 * value).toFixed(decimals)}${percentSign}` : unknown;
}

export function bytes(value: Maybe): string {
  if (!isKnown(value)) return unknown;
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${number(value / 1000 ** power, 3)} ${units[power]}`;
}

// 0.42 s, 12.5 s, 2 min 5 s, 1 h 3 min
export function seconds(value: Maybe): string {
  if (!isKnown(value)) return unknown;
  if (value < 100) return `${number(value, 3)} s`;
  const whole = Math.round(value);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

// Like number(), with thousands separators: 49,210.
function grouped(value: Maybe, digits = 4): string {
  const text = number(value, digits);
  return Math.abs(Number(text)) >= 1000 && !text.includes("e") ? Number(text).toLocaleString("en-US") : text;
}

const unit = ({ percent, unit }: Quantity): string => (percent ? percentSign : unit && `\u00a0${unit}`);

// 89.42 %; 49,210 dollars
export function metric(value: Maybe, kind: Quantity): string {
  return isKnown(value) ? figure(value, kind) + unit(kind) : unknown;
}

// The same where a title says the unit: 89.42; 49,210
export function figure(value: Maybe, { percent }: Quantity): string {
  return percent && isKnown(value) ? (100 * value).toFixed(2) : grouped(value);
}

// With as many digits as its neighbours in a column, also where the last are zeros: 5.800
function even(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  return Math.abs(value) < 1e-4 || Math.abs(Number(text)) >= 1000 || text.includes("e") ? grouped(value, digits) : text;
}

// Without trailing zeros, for targets: 88 %; 52,000 dollars
export const short = (value: Maybe, kind: Quantity): string => tick(value, kind) + (kind.percent || !isKnown(value) ? "" : unit(kind));

// For an axis, which names the unit, but not percent: 88 %; 52,000
export function tick(value: Maybe, { percent }: Quantity): string {
  return percent && isKnown(value) ? `${number(100 * value)}${percentSign}` : grouped(value);
}

// "89.42 % ± 0.31": mean and sample standard deviation, if there is one.
export const spread = (value: Spread | null | undefined, kind: Quantity): string => around(value, kind, unit(kind));

// "89.42 ± 0.31"
export const spreadFigure = (value: Spread | null | undefined, kind: Quantity): string => around(value, kind, "");

function around(value: Spread | null | undefined, kind: Quantity, unit: string): string {
  if (!value || !isKnown(value.mean)) return unknown;
  const written = (v: number, digits: number) => (kind.percent ? figure(v, kind) : even(v, digits));
  const middle = written(value.mean, 4) + unit;
  return value.n < 2 || !isKnown(value.sd) ? middle : `${middle}\u00a0±\u00a0${written(value.sd, 2)}`;
}

// "89.42 % (89.10 to 89.63)": median and band, if there is one.
export function summary(value: Summary, kind: Quantity): string {
  const middle = metric(value.median, kind);
  return value.n < 2 ? middle : `${middle} (${figure(value.low, kind)} to ${figure(value.high, kind)})`;
}

// "0.63 points" of percent, "320 dollars", "0.02"
export const difference = (value: number, kind: Quantity): string =>
  kind.percent ? `${number(100 * value, 2)} points` : grouped(value, 2) + unit(kind);

// A title of figures, with their unit: "median, %"; "test RMSE, dollars"
export function titled(title: string, { percent, unit }: Quantity): string {
  if (percent) return `${title},${percentSign}`;
  return unit ? `${title}, ${unit}` : title;
}

// The name of an axis whose ticks are written by tick(): "validation accuracy"; "test RMSE, dollars"
export const axisName = (title: string, kind: Quantity): string => (kind.percent ? title : titled(title, kind));

// A title within a sentence: "Accuracy" -> "accuracy", but "RMSE" and "F1" stay.
export const inSentence = (title: string): string => (/^.\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title);

const factorNames: Record<string, string> = {
  lr: "learning rate",
  batch_size: "batch size",
  init: "initializer",
  schedule: "schedule",
  regularize: "regularization",
  augment: "augmentation",
  normalize: "normalised inputs",
  groups: "groups",
};

// Default settings, which need not be shown.
export const usual: Config = {
  schedule: "constant",
  regularize: "none",
  augment: "none",
  normalize: "on",
  groups: "none",
};

// "lr" -> "learning rate"; a knob keeps the name that people type. Beside its optimizer, "adam.beta2" -> "beta2".
export const factor = (name: string, optimizer = ""): string =>
  factorNames[name] ?? (name.startsWith(`${optimizer}.`) ? name.slice(optimizer.length + 1) : name);

export const setting = (value: number | string | undefined, digits = 6): string =>
  typeof value === "number" ? number(value, digits) : (value ?? unknown);

// Rate, batch size and initializer first, then other words that differ from the default, then the knobs.
export function settings(config: Config): [string, number | string][] {
  const first = Object.keys(factorNames);
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  const said = Object.entries(config).filter(([name, value]) => usual[name] !== value);
  return said.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

// "learning rate 0.001, batch size 64, initializer glorot_uniform, adam.beta2 0.99"
export function config(all: Config, optimizer = "", digits = 6): string {
  return settings(all)
    .map(([name, value]) => `${factor(name, optimizer)} ${setting(value, digits)}`)
    .join(", ");
}

// "a", "a and b", "a, b and c"
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

// "1 replicate", "3 replicates"
export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

// Wraps lines between words at this many letters; a longer word gets its own line.
export function wrapped(text: string, letters: number): string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > letters) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
