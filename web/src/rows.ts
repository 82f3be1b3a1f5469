// The typed rows that charts and tables are made of; the only reader of the document's trials and ranking.
import type { Config, Factor, Metric, Phase, Ranked, Study, Trial } from "./study";
import { type Band, type Summary, bandFor, known, mean, summarize } from "./statistics";

export type Split = "train" | "validation";

// One epoch of an optimizer's selected configuration, over its replicates.
export interface CurvePoint {
  optimizer: string;
  split: Split;
  epoch: number;
  seconds: number | null; // median
  value: Summary;
}

// Where the curve of a diverged or failed replicate ends; nulls when it ended within its first epoch.
export interface CurveEnd {
  optimizer: string;
  trial: number;
  state: "diverged" | "failed";
  reason: string;
  epoch: number | null;
  seconds: number | null;
  value: number | null;
}

export interface Curves {
  metric: Metric;
  band: Band;
  replicates: number;
  points: CurvePoint[];
  ends: CurveEnd[];
}

// One value of a factor: the best validation metric with it.
export interface EffectPoint {
  optimizer: string;
  setting: number | string;
  value: Summary | null; // over the replicates that finished; null when none did
  diverged: number;
  failed: number;
}

export interface Effect {
  factor: Factor;
  metric: Metric;
  band: Band;
  replicates: number;
  design: "ofat" | "grid";
  points: EffectPoint[];
}

// Seconds of one epoch, mean over the replicates of the selected configuration.
export interface PhaseRow {
  optimizer: string;
  seconds: Record<Phase, number>;
}

export const phases: readonly Phase[] = ["data", "forward", "backward", "optimizer", "evaluation"];

// Ranked ones first, in their order.
export function optimizers(study: Study): string[] {
  return [...new Set([...study.ranking, ...study.trials].map((row) => row.optimizer))];
}

export const validation = (trial: Trial, metric: Metric): number | null =>
  metric === "accuracy" ? trial.validation_accuracy : trial.validation_loss;

export const isFinished = (trial: Trial): boolean => trial.state !== "waiting" && trial.state !== "running";

function selected(study: Study, row: Ranked): Trial[] {
  const wanted = new Set(row.trials);
  return study.trials.filter((trial) => wanted.has(trial.number));
}

export function curves(study: Study, metric: Metric, splits: readonly Split[]): Curves {
  const replicates = study.study.replicates;
  const band = bandFor(replicates);
  const out: Curves = { metric, band, replicates, points: [], ends: [] };
  for (const row of study.ranking) {
    const trials = selected(study, row);
    for (const split of splits) out.points.push(...curvePoints(row.optimizer, trials, split, metric, band));
    for (const trial of trials) {
      if (trial.state === "diverged" || trial.state === "failed") out.ends.push(curveEnd(trial, trial.state, metric));
    }
  }
  return out;
}

function curvePoints(optimizer: string, trials: Trial[], split: Split, metric: Metric, band: Band): CurvePoint[] {
  const epochs = [...new Set(trials.flatMap((trial) => trial.curve.epoch))].sort((a, b) => a - b);
  return epochs.flatMap((epoch) => {
    const at = trials.map((trial) => ({ curve: trial.curve, index: trial.curve.epoch.indexOf(epoch) }));
    const value = summarize(at.map(({ curve, index }) => curve[`${split}_${metric}`][index]), band);
    const seconds = summarize(at.map(({ curve, index }) => curve.seconds[index]), band);
    return value ? [{ optimizer, split, epoch, seconds: seconds?.median ?? null, value }] : [];
  });
}

function curveEnd(trial: Trial, state: "diverged" | "failed", metric: Metric): CurveEnd {
  const values = trial.curve[`validation_${metric}`];
  const last = values.findLastIndex((value) => known([value]).length > 0);
  return {
    optimizer: trial.optimizer,
    trial: trial.number,
    state,
    reason: trial.reason,
    epoch: trial.curve.epoch[last] ?? null,
    seconds: trial.curve.seconds[last] ?? null,
    value: values[last] ?? null,
  };
}

// The effect of one factor. One factor at a time: the others at their base. Grid: for each value, the configuration
// with the best mean among those that have it.
export function effect(study: Study, factor: Factor): Effect {
  const { metric } = study.study.problem;
  const { replicates, design } = study.study;
  const band = bandFor(replicates);
  const concerned = study.trials.filter(
    (trial) =>
      isFinished(trial) &&
      trial.config[factor.name] !== undefined &&
      (design === "grid" || trial.factor === "base" || trial.factor === factor.name),
  );
  const points = groups(concerned, (trial) => JSON.stringify([trial.optimizer, trial.config[factor.name]])).map(
    (trials) => effectPoint(best(trials, metric), factor.name, metric, band),
  );
  const order = optimizers(study);
  points.sort((a, b) => order.indexOf(a.optimizer) - order.indexOf(b.optimizer) || compare(a.setting, b.setting));
  return { factor, metric, band, replicates, design, points };
}

// Numbers ascending; names in the order of the document.
const compare = (a: number | string, b: number | string): number =>
  typeof a === "number" && typeof b === "number" ? a - b : 0;

function effectPoint(trials: Trial[], factor: string, metric: Metric, band: Band): EffectPoint {
  const complete = trials.filter((trial) => trial.state === "complete");
  const { optimizer, config } = trials[0]!;
  return {
    optimizer,
    setting: config[factor]!,
    value: summarize(complete.map((trial) => validation(trial, metric)), band),
    diverged: trials.filter((trial) => trial.state === "diverged").length,
    failed: trials.filter((trial) => trial.state === "failed").length,
  };
}

// The trials of the configuration with the best mean; one with a diverged or failed replicate comes after all others.
function best(trials: Trial[], metric: Metric): Trial[] {
  const worth = (group: Trial[]): number => {
    if (group.some((trial) => trial.state !== "complete")) return -Infinity;
    const value = mean(group.map((trial) => validation(trial, metric)));
    return value === null ? -Infinity : metric === "accuracy" ? value : -value;
  };
  return groups(trials, (trial) => configKey(trial.config)).reduce((a, b) => (worth(b) > worth(a) ? b : a));
}

export const configKey = (config: Config): string =>
  JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));

function groups<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(key(item));
    if (group) group.push(item);
    else found.set(key(item), [item]);
  }
  return [...found.values()];
}

export function phaseRows(study: Study): PhaseRow[] {
  return study.ranking.flatMap((row) => {
    const trials = selected(study, row).filter((trial) => trial.phases && trial.curve.epoch.length > 0);
    if (trials.length === 0) return [];
    const perEpoch = (phase: Phase) =>
      mean(trials.map((trial) => (trial.phases?.[phase] ?? 0) / trial.curve.epoch.length)) ?? 0;
    const seconds = Object.fromEntries(phases.map((phase) => [phase, perEpoch(phase)])) as Record<Phase, number>;
    const measured = phases.some((phase) => seconds[phase] > 0);
    return measured ? [{ optimizer: row.optimizer, seconds }] : [];
  });
}
