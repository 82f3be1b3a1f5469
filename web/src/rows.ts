// The typed rows behind charts and tables; the only code that reads the document's trials and ranking.
import * as format from "./format";
import { phases } from "./records";
import { type Band, type Summary, bandFor, known, mean, summarize } from "./statistics";
import { type Config, type Factor, type Metric, type Phase, type Ranked, type Study, type Trial, metricsOf, rankedBy } from "./study";

export type Split = "train" | "validation";

// One epoch of one configuration, over its replicates.
export interface CurvePoint {
  line: string; // its optimizer, or the setting in which it differs from the others
  split: Split;
  epoch: number;
  seconds: number | null; // median
  value: Summary;
}

// Where the curve of a diverged or failed replicate ends; null if it ended within its first epoch.
export interface CurveEnd {
  line: string;
  trial: number;
  state: "diverged" | "failed";
  reason: string;
  epoch: number | null;
  seconds: number | null;
  value: number | null;
}

export interface Curves {
  metric: Metric; // or the learning rate, described as one
  band: Band;
  replicates: number;
  target: number; // of the metric; 0 for none
  points: CurvePoint[];
  ends: CurveEnd[];
}

// One optimizer with each setting of a factor.
export interface Course extends Curves {
  factor: Factor;
  optimizer: string;
  settings: string[]; // the lines, in order
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

// Ranked optimizers first, in order.
export function optimizers(study: Study): string[] {
  return [...new Set([...study.ranking, ...study.trials].map((row) => row.optimizer))];
}

export const validation = (trial: Trial, metric: string): number | null => trial[`validation_${metric}`] ?? null;

// Whether two metrics have the same values, as a loss and the metric that it is: cross-entropy and log loss.
export function agree(study: Study, a: string, b: string): boolean {
  const pairs = study.trials.map((trial) => [validation(trial, a), validation(trial, b)] as const).filter((pair) => pair.some((v) => v !== null));
  return pairs.length > 0 && pairs.every(([x, y]) => x !== null && y !== null && Math.abs(x - y) <= 1e-6 * Math.abs(x));
}

// The metrics of the tables, the one that ranks first: those with a value, but the loss only if no other repeats it.
export function tabled(study: Study): Metric[] {
  const [first, ...rest] = metricsOf(study) as [Metric, ...Metric[]];
  const known = ({ name }: Metric) => study.trials.some((trial) => validation(trial, name) !== null);
  const repeated = ({ name }: Metric) => name === "loss" && metricsOf(study).some((other) => other.name !== name && agree(study, name, other.name));
  return [first, ...rest.filter((metric) => known(metric) && !repeated(metric))];
}

export const isFinished = (trial: Trial): boolean => trial.state !== "waiting" && trial.state !== "running";

function selected(study: Study, row: Ranked): Trial[] {
  const wanted = new Set(row.trials);
  return study.trials.filter((trial) => wanted.has(trial.number));
}

export function curves(study: Study, metric: Metric, splits: readonly Split[]): Curves {
  const { replicates, problem } = study.study;
  const target = (metric.name === problem.metric && problem.target) || 0;
  const out: Curves = { metric, band: bandFor(replicates), replicates, target, points: [], ends: [] };
  for (const row of study.ranking) {
    add(out, row.optimizer, selected(study, row), metric, splits);
  }
  return out;
}

function add(out: Curves, line: string, trials: Trial[], metric: Metric, splits: readonly Split[]): void {
  for (const split of splits) out.points.push(...curvePoints(line, trials, split, metric, out.band));
  for (const trial of trials) {
    if (trial.state === "diverged" || trial.state === "failed") out.ends.push(curveEnd(line, trial, trial.state, metric));
  }
}

export const learningRate: Metric = { name: "lr", title: "Learning rate", better: "smaller", percent: false, unit: "", low: 0, high: null };

// The rate at the start of each epoch, for the configurations in which it changed.
export function rates(study: Study): Curves {
  const out: Curves = { metric: learningRate, band: "none", replicates: study.study.replicates, target: 0, points: [], ends: [] };
  for (const { optimizer, trials } of study.ranking) {
    const curve = study.trials.find((trial) => trial.number === trials[0])?.curve;
    if (!curve || new Set(known(curve.lr)).size < 2) continue;
    curve.epoch.forEach((epoch, i) => {
      const value = summarize([curve.lr[i]], "none");
      if (value) out.points.push({ line: optimizer, split: "validation", epoch, seconds: curve.seconds[i] ?? null, value });
    });
  }
  return out;
}

// The best of the optimizers that have the factor, with each setting. Shows both splits as long as they can be told apart.
export function course(study: Study, factor: Factor): Course | null {
  const metric = rankedBy(study);
  const trials = concerned(study, factor);
  const optimizer = optimizers(study).find((name) => settingsOf(trials, name, factor).length > 1);
  if (!optimizer) return null;
  const settings = settingsOf(trials, optimizer, factor);
  const { replicates } = study.study;
  const out: Course = { metric, band: bandFor(replicates), replicates, target: 0, points: [], ends: [], factor, optimizer, settings: [] };
  const splits: readonly Split[] = settings.length <= 4 ? ["train", "validation"] : ["validation"];
  for (const setting of settings) {
    const same = trials.filter((trial) => trial.optimizer === optimizer && trial.config[factor.name] === setting);
    out.settings.push(format.setting(setting));
    add(out, format.setting(setting), best(same, metric), metric, splits);
  }
  return out.points.length > 0 ? out : null;
}

const settingsOf = (trials: Trial[], optimizer: string, factor: Factor): (number | string)[] =>
  [...new Set(trials.filter((trial) => trial.optimizer === optimizer).map((trial) => trial.config[factor.name]!))].sort(compare);

function curvePoints(line: string, trials: Trial[], split: Split, metric: Metric, band: Band): CurvePoint[] {
  const epochs = [...new Set(trials.flatMap((trial) => trial.curve.epoch))].sort((a, b) => a - b);
  return epochs.flatMap((epoch) => {
    const at = trials.map((trial) => ({ curve: trial.curve, index: trial.curve.epoch.indexOf(epoch) }));
    const value = summarize(at.map(({ curve, index }) => curve[`${split}_${metric.name}`]?.[index]), band);
    const seconds = summarize(at.map(({ curve, index }) => curve.seconds[index]), band);
    return value ? [{ line, split, epoch, seconds: seconds?.median ?? null, value }] : [];
  });
}

function curveEnd(line: string, trial: Trial, state: "diverged" | "failed", metric: Metric): CurveEnd {
  const values = trial.curve[`validation_${metric.name}`] ?? [];
  const last = values.findLastIndex((value) => known([value]).length > 0);
  return {
    line,
    trial: trial.number,
    state,
    reason: trial.reason,
    epoch: trial.curve.epoch[last] ?? null,
    seconds: trial.curve.seconds[last] ?? null,
    value: values[last] ?? null,
  };
}

// The finished trials that are relevant to the factor.
const concerned = (study: Study, factor: Factor): Trial[] =>
  study.trials.filter(
    (trial) =>
      isFinished(trial) &&
      trial.config[factor.name] !== undefined &&
      (study.study.design === "grid" || trial.factor === "base" || trial.factor === factor.name),
  );

// The effect of one factor. One factor at a time: the others at their base. Grid: for each value, the configuration
// with the best mean among those that have it.
export function effect(study: Study, factor: Factor): Effect {
  const metric = rankedBy(study);
  const { replicates, design } = study.study;
  const band = bandFor(replicates);
  const points = groups(concerned(study, factor), (trial) => JSON.stringify([trial.optimizer, trial.config[factor.name]])).map(
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
    value: summarize(complete.map((trial) => validation(trial, metric.name)), band),
    diverged: trials.filter((trial) => trial.state === "diverged").length,
    failed: trials.filter((trial) => trial.state === "failed").length,
  };
}

// The trials of the configuration with the best mean; one with a diverged or failed replicate ranks below all others.
function best(trials: Trial[], metric: Metric): Trial[] {
  const worth = (group: Trial[]): number => {
    if (group.some((trial) => trial.state !== "complete")) return -Infinity;
    const value = mean(group.map((trial) => validation(trial, metric.name)));
    return value === null ? -Infinity : metric.better === "larger" ? value : -value;
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
