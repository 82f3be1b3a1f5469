// The typed rows behind the charts of a search.
import type { Parameter } from "./records";
import { isFinished, optimizers, validation } from "./rows";
import { known, mean } from "./statistics";
import { type Config, type Metric, type Study, type Trial, rankedBy } from "./study";

// A finished trial of a search.
export interface Tried {
  number: number;
  optimizer: string;
  turn: number; // among the trials of its optimizer, from 1
  state: Trial["state"];
  isDefault: boolean;
  value: number | null; // of the metric that ranks; null if it diverged or failed
  best: number | null; // of its optimizer so far, pruned trials included
  config: Config;
  seconds: number | null;
  stateBytes: number;
}

// What is kept of a parameter that several optimizers may have.
export interface Searched {
  name: string;
  scale: Parameter["scale"] | "category";
  low: number; // over all optimizers that have it
  high: number;
  choices: string[]; // of a category
}

export const isSearch = (study: Study): boolean => study.search !== undefined;

const trialsOfStage = (study: Study, stage: Trial["stage"]): Trial[] => study.trials.filter((trial) => trial.stage === stage && isFinished(trial));

export const better = (metric: Metric, a: number, b: number): boolean => (metric.better === "larger" ? a > b : a < b);

// In the order of their numbers.
export function tried(study: Study): Tried[] {
  const metric = rankedBy(study);
  const turns = new Map<string, number>();
  const bests = new Map<string, number>();
  return trialsOfStage(study, "search").map((trial) => {
    const { number, optimizer, state, config, seconds } = trial;
    const turn = (turns.get(optimizer) ?? 0) + 1;
    const value = state === "complete" || state === "pruned" ? validation(trial, metric.name) : null;
    const before = bests.get(optimizer);
    if (value !== null && (before === undefined || better(metric, value, before))) bests.set(optimizer, value);
    turns.set(optimizer, turn);
    const isDefault = trial.factor === "default";
    return { number, optimizer, turn, state, isDefault, value, best: bests.get(optimizer) ?? null, config, seconds, stateBytes: trial.state_bytes };
  });
}

// The parameters of all spaces; those of the best optimizer first.
export function searched(study: Study): Searched[] {
  const found = new Map<string, Searched>();
  for (const optimizer of optimizers(study)) {
    for (const parameter of study.search?.space[optimizer]?.parameters ?? []) {
      const [one, other] = [searchedOf(parameter), found.get(parameter.name)];
      found.set(one.name, {
        ...one,
        low: Math.min(one.low, other?.low ?? Infinity),
        high: Math.max(one.high, other?.high ?? -Infinity),
        choices: [...new Set([...(other?.choices ?? []), ...one.choices])],
      });
    }
  }
  return [...found.values()];
}

// A list of numbers is drawn as a range, on a log scale where they span more than a factor of three.
function searchedOf(parameter: Parameter): Searched {
  const { name, kind, choices = [] } = parameter;
  if (kind !== "category") return { name, scale: parameter.scale, low: parameter.low ?? 0, high: parameter.high ?? 1, choices: [] };
  if (!isNumbers(parameter)) return { name, scale: "category", low: 0, high: 1, choices };
  const [low, high] = [Math.min(...choices.map(Number)), Math.max(...choices.map(Number))];
  return { name, scale: low > 0 && high > 3 * low ? "log" : "linear", low, high, choices: [] };
}

const isNumbers = ({ kind, choices = [] }: Parameter): boolean => kind === "category" && choices.length > 0 && choices.every((choice) => choice !== "" && Number.isFinite(Number(choice)));

// Whether a search chose this setting, so that its trials do not vary one factor at a time.
export const isSearched = (study: Study, factor: string): boolean => searched(study).some(({ name }) => name === factor);

// What tuning brought to one optimizer.
export interface Tuned {
  optimizer: string;
  start: number | null; // the default setting, in the search
  found: number | null; // the best of the search
  values: number[]; // of the selected configuration, with fresh seeds
  mean: number | null;
}

export function tuned(study: Study): Tuned[] {
  const metric = rankedBy(study);
  const all = tried(study);
  const finals = trialsOfStage(study, "final");
  return optimizers(study).map((optimizer) => {
    const own = all.filter((trial) => trial.optimizer === optimizer);
    const row = study.ranking.find((ranked) => ranked.optimizer === optimizer);
    const values = known(finals.filter(({ number }) => row?.trials.includes(number)).map((trial) => validation(trial, metric.name)));
    return { optimizer, start: own.find((trial) => trial.isDefault)?.value ?? null, found: own.at(-1)?.best ?? null, values, mean: mean(values) };
  });
}

// The best value of an optimizer in one interval of rates.
export interface RateBin {
  optimizer: string;
  rate: number; // the middle of the interval, on the log scale
  best: number;
  trials: number;
}

// Intervals of a third of a decade, or of a half where trials are few; a list of rates stays as it is.
export function rateBins(study: Study): RateBin[] {
  const metric = rankedBy(study);
  const perDecade = (study.search?.trials_per_optimizer ?? 0) >= 40 ? 3 : 2;
  const isListed = (optimizer: string) => study.search?.space[optimizer]?.parameters.some((parameter) => parameter.name === "lr" && isNumbers(parameter));
  const middle = (optimizer: string, rate: number) => (isListed(optimizer) ? rate : 10 ** (Math.round(perDecade * Math.log10(rate)) / perDecade));
  const bins = new Map<string, RateBin>();
  for (const { optimizer, config, value } of tried(study)) {
    if (typeof config.lr !== "number" || config.lr <= 0 || value === null) continue;
    const at = middle(optimizer, config.lr);
    const bin = bins.get(`${optimizer} ${at}`) ?? { optimizer, rate: at, best: value, trials: 0 };
    bins.set(`${optimizer} ${at}`, { ...bin, best: better(metric, value, bin.best) ? value : bin.best, trials: bin.trials + 1 });
  }
  const order = optimizers(study);
  return [...bins.values()].sort((a, b) => order.indexOf(a.optimizer) - order.indexOf(b.optimizer) || a.rate - b.rate);
}

// A trial in time, in the lane of a worker. Which worker ran it is not known: lanes are filled one by one.
export interface Span {
  number: number;
  optimizer: string;
  state: Trial["state"];
  stage: Trial["stage"];
  lane: number; // from 0
  from: number; // seconds since the first trial began
  to: number;
}

export function spans(study: Study): Span[] {
  const timed = study.trials.flatMap((trial) => (typeof trial.started === "number" && typeof trial.ended === "number" ? [{ trial, started: trial.started, ended: trial.ended }] : []));
  timed.sort((a, b) => a.started - b.started);
  const zero = timed[0]?.started ?? 0;
  const ends: number[] = []; // of the last trial in each lane
  return timed.map(({ trial, started, ended }) => {
    const free = ends.findIndex((end) => end <= started);
    const lane = free >= 0 ? free : ends.length;
    ends[lane] = ended;
    return { number: trial.number, optimizer: trial.optimizer, state: trial.state, stage: trial.stage, lane, from: started - zero, to: ended - zero };
  });
}

// A complete trial of the search with its three prices, and whether no other is better in all of them.
export interface Priced extends Tried {
  value: number;
  seconds: number;
  front: boolean;
}

export function priced(study: Study): Priced[] {
  const metric = rankedBy(study);
  const isPriced = (trial: Tried): trial is Priced => trial.state === "complete" && trial.value !== null && trial.seconds !== null;
  const complete = tried(study).filter(isPriced);
  const worth = ({ value, seconds, stateBytes }: Priced) => [metric.better === "larger" ? -value : value, seconds, stateBytes];
  const dominates = (a: number[], b: number[]) => a.every((x, i) => x <= b[i]!) && a.some((x, i) => x < b[i]!);
  // Sorted by the metric, a trial can only be dominated by one before it: those of the front so far.
  const sorted = complete.map((trial) => ({ trial, worth: worth(trial) })).sort((a, b) => a.worth[0]! - b.worth[0]! || a.worth[1]! - b.worth[1]! || a.worth[2]! - b.worth[2]!);
  const front: number[][] = [];
  return sorted.map(({ trial, worth }) => {
    const isFront = !front.some((other) => dominates(other, worth));
    if (isFront) front.push(worth);
    return { ...trial, front: isFront };
  });
}
