// The ranking table, and the table of all trials.
import { type Column, choice, h, icon, table } from "./dom";
import * as format from "./format";
import { styleOf } from "./palette";
import { tabled, validation } from "./rows";
import { type Metric, type Ranked, type Study, type Trial, rankedBy } from "./study";

// The name with its colour and marker beside it.
export function named(optimizer: string): HTMLElement {
  const { hue, marker } = styleOf(optimizer);
  return h("span", { class: "named" }, icon(marker, `var(--hue${hue})`), optimizer);
}

interface Field extends Column {
  cell: (row: Ranked, study: Study) => string | Node;
  rare?: string; // left out when every cell is this
}

const numeric = true;
const own = ["lr", "batch_size", "init", ...Object.keys(format.usual)];

const place: Field[] = [
  { title: "", numeric, cell: (row) => String(row.rank) },
  { title: "optimizer", cell: (row) => named(row.optimizer) },
];

// What was chosen and what it costs, with the metric that ranks.
function settingFields(study: Study): Field[] {
  const { target } = study.study.problem;
  const metric = rankedBy(study);
  const digits = study.search ? 3 : 6; // a sampler draws settings with 16; the document has them
  return [
    ...place,
    { title: "learning rate", numeric, cell: (row) => format.setting(row.config.lr, digits) },
    { title: "batch size", numeric, cell: (row) => format.setting(row.config.batch_size) },
    { title: "initializer", cell: (row) => format.setting(row.config.init) },
    ...Object.entries(format.usual).map(([name, usual]) => ({
      title: format.factor(name),
      cell: (row: Ranked) => format.setting(row.config[name] ?? usual),
      rare: String(usual),
    })),
    { title: "other knobs", cell: (row) => knobs(row, digits), rare: "–" },
    ...splits(metric),
    { title: `to reach ${target ? format.short(target, metric) : "target"}`, numeric, cell: toTarget, rare: format.unknown },
    { title: "tried", numeric, cell: (row) => format.count(row.configurations) },
    { title: "finished", numeric, cell: (row) => format.count(row.finished) },
    { title: "diverged", numeric, cell: (row) => format.count(row.diverged) },
    { title: "failed", numeric, cell: (row) => format.count(row.failed), rare: "0" },
    { title: "pruned", numeric, cell: (row) => format.count(row.pruned ?? 0), rare: "0" },
    { title: "state kept", numeric, cell: (row) => format.bytes(row.state_bytes) },
    { title: "time a step", numeric, cell: (row) => (row.optimizer_ms === null ? format.unknown : `${format.number(row.optimizer_ms, 3)} ms`) },
  ];
}

const metricFields = (study: Study): Field[] => [...place, ...tabled(study).flatMap(splits)];

const splits = (metric: Metric): Field[] =>
  (["validation", "test"] as const).map((split) => ({
    title: format.titled(`${split} ${format.inSentence(metric.title)}`, metric),
    numeric,
    cell: (row) => format.spreadFigure(row[`${split}_${metric.name}`], metric),
  }));

const knobs = (row: Ranked, digits: number): string =>
  format.config(Object.fromEntries(Object.entries(row.config).filter(([name]) => !own.includes(name))), row.optimizer, digits) || "–";

// "3.3 epochs, 12 s", with "(2 of 3)" if not every replicate reached the target.
function toTarget({ epochs_to_target: epochs, seconds_to_target: time }: Ranked, { study }: Study): string {
  if (!epochs || epochs.n === 0) return study.problem.target ? "not reached" : format.unknown;
  const some = epochs.n < study.replicates ? ` (${epochs.n} of ${study.replicates})` : "";
  return `${format.number(epochs.mean, 2)} epochs, ${format.seconds(time?.mean)}${some}`;
}

// The first rows of a long ranking; the rest on request.
const fewRows = 10;
const isLong = (study: Study): boolean => study.ranking.length > fewRows + 2;

// What the reader has chosen to see of the ranking.
export interface Chosen {
  whole: boolean; // or its first rows
  columns: "settings" | "metrics";
}

function ranks(study: Study, columns: Chosen["columns"]): HTMLElement {
  const all = columns === "settings" ? settingFields(study) : metricFields(study);
  const used = all.filter((field) => !field.rare || study.ranking.some((row) => field.cell(row, study) !== field.rare));
  const rows = table("Optimizers, best first", used, study.ranking.map((row) => used.map((field) => field.cell(row, study))));
  if (isLong(study)) [...rows.querySelectorAll("tbody tr")].slice(fewRows).forEach((row) => row.classList.add("rest"));
  return rows;
}

// Keeps `chosen` up to date.
export function ranking(study: Study, chosen: Chosen): HTMLElement {
  const rows = h("div", {}, ranks(study, chosen.columns));
  const columns = [["settings", "Settings"], ["metrics", "Metrics"]] as const;
  const choose = (which: Chosen["columns"]) => {
    chosen.columns = which;
    rows.replaceChildren(ranks(study, which));
  };
  const several = tabled(study).length > 1;
  const element = h("div", { class: "ranking" }, several && choice("Columns of the ranking", columns, chosen.columns, choose), rows);
  if (isLong(study)) element.append(more(study, chosen, element));
  return element;
}

// The button that shows the whole of a long ranking, or its first rows.
function more(study: Study, chosen: Chosen, element: HTMLElement): HTMLElement {
  const button = h("button", { type: "button", class: "more", click: () => show(!chosen.whole) });
  function show(whole: boolean) {
    chosen.whole = whole;
    element.classList.toggle("few", !whole);
    button.setAttribute("aria-expanded", String(whole));
    button.textContent = whole ? `Show the first ${fewRows}` : `Show all ${study.ranking.length}`;
  }
  show(chosen.whole);
  return button;
}

export function trials(study: Study): HTMLElement {
  const metrics = tabled(study);
  const title = (metric: Metric, i: number) =>
    format.titled(`${i === 0 ? "best " : ""}validation ${format.inSentence(metric.title)}`, metric);
  const columns = [
    { title: "trial", numeric },
    { title: "optimizer" },
    { title: "configuration" },
    { title: "replicate", numeric },
    { title: "state" },
    { title: "reason" },
    ...metrics.map((metric, i) => ({ title: title(metric, i), numeric })),
    { title: "time", numeric },
  ];
  const row = (trial: Trial) => [
    String(trial.number),
    named(trial.optimizer),
    format.config(trial.config),
    String(trial.replicate),
    h("span", { class: `state ${trial.state}` }, trial.state),
    trial.reason,
    ...metrics.map((metric) => format.figure(validation(trial, metric.name), metric)),
    format.seconds(trial.seconds),
  ];
  return table("All trials", columns, study.trials.map(row));
}
