// Numbers and names as people read them. Unknown values are "n/a".
import type { Summary } from "./statistics";
import type { Config, Metric, Spread } from "./study";

// The unit of a value: percent for an accuracy, a number for others.
export type Quantity = Metric | "lr";

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

export function metric(value: Maybe, kind: Quantity): string {
  return kind === "accuracy" ? percent(value) : number(value);
}

// Without the trailing zeros, for axes and targets: 88 %, 88.5 %.
export function short(value: Maybe, kind: Quantity): string {
  return kind === "accuracy" && isKnown(value) ? `${number(100 * value)}${percentSign}` : number(value);
}

// "89.42 % ± 0.31": mean and sample standard deviation, if there is one.
export function spread(value: Spread | null | undefined, kind: Quantity): string {
  if (!value || !isKnown(value.mean)) return unknown;
  const middle = metric(value.mean, kind);
  if (value.n < 2 || !isKnown(value.sd)) return middle;
  return `${middle} ± ${kind === "accuracy" ? (100 * value.sd).toFixed(2) : number(value.sd, 2)}`;
}

// "89.42 % (89.10 to 89.63)": median and band, if there is one.
export function summary(value: Summary, kind: Quantity): string {
  const middle = metric(value.median, kind);
  const bare = (end: number) => metric(end, kind).replace(percentSign, "");
  return value.n < 2 ? middle : `${middle} (${bare(value.low)} to ${bare(value.high)})`;
}

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

export const setting = (value: number | string | undefined): string =>
  typeof value === "number" ? number(value, 6) : (value ?? unknown);

// Rate, batch size and initializer first, then other words that differ from the default, then the knobs.
export function settings(config: Config): [string, number | string][] {
  const first = Object.keys(factorNames);
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  const said = Object.entries(config).filter(([name, value]) => usual[name] !== value);
  return said.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

// "learning rate 0.001, batch size 64, initializer glorot_uniform, adam.beta2 0.99"
export function config(all: Config, optimizer = ""): string {
  return settings(all)
    .map(([name, value]) => `${factor(name, optimizer)} ${setting(value)}`)
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
