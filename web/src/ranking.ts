// The ranking table, and the table of all trials.
import { type Column, h, icon, table } from "./dom";
import * as format from "./format";
import { styleOf } from "./palette";
import { validation } from "./rows";
import type { Metric, Ranked, Study, Trial } from "./study";

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

function fields({ study: { problem } }: Study): Field[] {
  const metric = problem.metric;
  const target = problem.target ? format.short(problem.target, metric) : "target";
  return [
    { title: "", numeric, cell: (row) => String(row.rank) },
    { title: "optimizer", cell: (row) => named(row.optimizer) },
    { title: "learning rate", numeric, cell: (row) => format.setting(row.config.lr) },
    { title: "batch size", numeric, cell: (row) => format.setting(row.config.batch_size) },
    { title: "initializer", cell: (row) => format.setting(row.config.init) },
    ...Object.entries(format.usual).map(([name, usual]) => ({
      title: format.factor(name),
      cell: (row: Ranked) => format.setting(row.config[name] ?? usual),
      rare: String(usual),
    })),
    { title: "other knobs", cell: knobs, rare: "–" },
    ...splits(metric),
    { title: `to reach ${target}`, numeric, cell: toTarget },
    { title: "tried", numeric, cell: (row) => format.count(row.configurations) },
    { title: "finished", numeric, cell: (row) => format.count(row.finished) },
    { title: "diverged", numeric, cell: (row) => format.count(row.diverged) },
    { title: "failed", numeric, cell: (row) => format.count(row.failed), rare: "0" },
    { title: "state kept", numeric, cell: (row) => format.bytes(row.state_bytes) },
    { title: "time a step", numeric, cell: (row) => (row.optimizer_ms === null ? format.unknown : `${format.number(row.optimizer_ms, 3)} ms`) },
  ];
}

const splits = (metric: Metric): Field[] =>
  (["validation", "test"] as const).map((split) => ({
    title: metric === "accuracy" ? `${split} accuracy, %` : `${split} loss`,
    numeric,
    cell: (row) => format.spread(row[`${split}_${metric}`], metric).replace(format.percentSign, ""), // the title says it
  }));

const knobs = (row: Ranked): string =>
  format.config(Object.fromEntries(Object.entries(row.config).filter(([name]) => !own.includes(name))), row.optimizer) || "–";

// "3.3 epochs, 12 s", with "(2 of 3)" if not every replicate reached the target.
function toTarget({ epochs_to_target: epochs, seconds_to_target: time }: Ranked, { study }: Study): string {
  if (!epochs || epochs.n === 0) return study.problem.target ? "not reached" : format.unknown;
  const some = epochs.n < study.replicates ? ` (${epochs.n} of ${study.replicates})` : "";
  return `${format.number(epochs.mean, 2)} epochs, ${format.seconds(time?.mean)}${some}`;
}

// The first rows of a long ranking; the rest on request.
const fewRows = 10;
const isLong = (study: Study): boolean => study.ranking.length > fewRows + 2;

// `whole`: whether the reader has requested the rest; `ask` is called when that changes.
export function ranking(study: Study, whole: boolean, ask: (whole: boolean) => void): HTMLElement {
  const all = fields(study);
  const used = all.filter((field) => !field.rare || study.ranking.some((row) => field.cell(row, study) !== field.rare));
  const rows = table("Optimizers, best first", used, study.ranking.map((row) => used.map((field) => field.cell(row, study))));
  if (!isLong(study)) return h("div", { class: "ranking" }, rows);
  [...rows.querySelectorAll("tbody tr")].slice(fewRows).forEach((row) => row.classList.add("rest"));
  const words = (open: boolean) => (open ? `Show the first ${fewRows}` : `Show all ${study.ranking.length}`);
  const button = h("button", { type: "button", class: "more", "aria-expanded": String(whole), click: turn }, words(whole));
  const element = h("div", { class: whole ? "ranking" : "ranking few" }, rows, button);
  function turn() {
    const open = !element.classList.toggle("few");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = words(open);
    ask(open);
  }
  return element;
}

export function trials(study: Study): HTMLElement {
  const metric = study.study.problem.metric;
  const columns = [
    { title: "trial", numeric },
    { title: "optimizer" },
    { title: "configuration" },
    { title: "replicate", numeric },
    { title: "state" },
    { title: "reason" },
    { title: `best validation ${metric}`, numeric },
    { title: "time", numeric },
  ];
  const row = (trial: Trial) => [
    String(trial.number),
    named(trial.optimizer),
    format.config(trial.config),
    String(trial.replicate),
    h("span", { class: `state ${trial.state}` }, trial.state),
    trial.reason,
    format.metric(validation(trial, metric), metric),
    format.seconds(trial.seconds),
  ];
  return table("All trials", columns, study.trials.map(row));
}
