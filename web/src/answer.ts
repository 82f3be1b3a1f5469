// The answer in words: what did best, by how much, and how certain that is. Claims no more than the replicates show.
import * as format from "./format";
import { configKey, isFinished, validation } from "./rows";
import { known } from "./statistics";
import { type Ranked, type Study, type Trial, rankedBy } from "./study";

export interface Answer {
  winner: string | null; // the headline begins with it
  headline: string;
  notes: string[];
}

export function answer(study: Study): Answer {
  const notes = [progress(study), ...losses(study)].filter((note) => note !== "");
  const [winner, next] = study.ranking.filter((row) => value(study, row) !== null);
  if (!winner) {
    const headline = study.trials.some(isFinished) ? "No optimizer finished: every trial diverged or failed." : "No trial has finished yet.";
    return { winner: null, headline, notes };
  }
  const comparison = next ? compared(study, winner, next) : "It is the only one with a result, so there is nothing to compare it with.";
  return { winner: winner.optimizer, headline: best(study, winner), notes: [comparison, ...borders(study, winner), ...notes] };
}

const value = (study: Study, row: Ranked): number | null => row[`validation_${study.study.problem.metric}`]?.mean ?? null;

function best(study: Study, row: Ranked): string {
  const metric = rankedBy(study);
  const reached = row[`validation_${metric.name}`]!;
  const test = row[`test_${metric.name}`];
  const over = reached.n > 1 ? ` (mean\u00a0± standard deviation of ${format.plural(reached.n, "replicate")})` : "";
  const tested = test?.mean == null ? "" : `, and ${format.spread(test, metric)} on the test split`;
  return `${row.optimizer} with ${phrase(row)} did best: validation ${format.inSentence(metric.title)} ${format.spread(reached, metric)}${over}${tested}.`;
}

function phrase({ optimizer, config }: Ranked): string {
  const words = ([name, v]: [string, number | string]) =>
    name === "init" && v === "default" ? "the default initializer" : `${format.factor(name, optimizer)} ${format.setting(v, 3)}`;
  return format.list(format.settings(config).map(words));
}

// "The best learning rate lies at the upper end of the range that was searched: a wider one may hold a better."
function borders({ search }: Study, { optimizer }: Ranked): string[] {
  return (search?.borders[optimizer] ?? []).map(({ name, end }) => {
    const what = `The best ${format.factor(name, optimizer)} of ${optimizer}`;
    return `${what} lies at the ${end === "high" ? "upper" : "lower"} end of the range that was searched: a wider one may hold a better.`;
  });
}

// Complete separation of the replicates is stated only as such; paired analysis belongs to the command.
function compared(study: Study, winner: Ranked, next: Ranked): string {
  const metric = rankedBy(study);
  const gap = Math.abs(value(study, winner)! - value(study, next)!);
  const behind = `${next.optimizer} is next, ${format.difference(gap, metric)} behind`;
  const [ours, theirs] = [winner, next].map((row) => replicates(study, row)) as [number[], number[]];
  if (ours.length < 2 || theirs.length < 2) {
    return `${behind}. With 1 replicate no spread is known, so the difference is not shown to be more than noise.`;
  }
  const sign = metric.better === "larger" ? 1 : -1;
  if (Math.min(...ours.map((v) => sign * v)) <= Math.max(...theirs.map((v) => sign * v))) {
    return `${behind}. Their replicates overlap, so the difference is not shown to be more than noise.`;
  }
  const few = ours.length < 5 ? `, though ${ours.length} replicates are few` : "";
  return `${behind}. Every replicate of ${winner.optimizer} beat every one of ${next.optimizer}${few}.`;
}

const replicates = (study: Study, row: Ranked): number[] =>
  known(study.trials.filter((trial) => row.trials.includes(trial.number)).map((trial) => validation(trial, study.study.problem.metric)));

const mostLosses = 4; // that are read one by one

// A line for each optimizer that lost trials; if there are many, the first ones, and one line for the rest.
function losses(study: Study): string[] {
  const lines = study.ranking.map((row) => lost(study, row)).filter((line) => line !== "");
  if (lines.length <= mostLosses) return lines;
  const rest = lines.length - mostLosses + 1;
  return [...lines.slice(0, mostLosses - 1), `${rest} other optimizers lost trials, too; the ranking says how many.`];
}

// "sgd: 3 of 15 trials diverged (learning rate 1, ...)."
function lost(study: Study, row: Ranked): string {
  const counts = [
    row.diverged ? `${row.diverged} diverged` : "",
    row.failed ? `${row.failed} failed` : "",
  ].filter((text) => text !== "");
  if (counts.length === 0) return "";
  const trials = study.trials.filter((trial) => trial.optimizer === row.optimizer);
  const bad = trials.filter((trial) => trial.state === "diverged" || trial.state === "failed");
  const where = study.search ? [] : [...new Set(bad.map((trial) => difference(trial, trials)))].filter((text) => text !== "");
  return `${row.optimizer}: of ${format.plural(trials.length, "trial")}, ${format.list(counts)}${where.length ? ` (${where.join("; ")})` : ""}.`;
}

// The settings of a trial that differ between trials.
function difference(trial: Trial, all: Trial[]): string {
  const varies = ([name, v]: [string, number | string]) => all.some((other) => other.config[name] !== v);
  const varied = format.settings(trial.config).filter(varies);
  const base = all.find((other) => other.factor === "base");
  const shown = base && configKey(base.config) !== configKey(trial.config) ? varied.filter(([name, v]) => base.config[name] !== v) : varied;
  return format.config(Object.fromEntries(shown));
}

function progress({ study, trials }: Study): string {
  if (study.state === "complete") return "";
  const done = `${trials.filter(isFinished).length} of ${format.plural(trials.length, "trial")} have finished`;
  return study.state === "running"
    ? `The study is still running: ${done}, and the answer may change.`
    : `The study was interrupted: ${done}. Run the command again with --resume for the rest.`;
}
