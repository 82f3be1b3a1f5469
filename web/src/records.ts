// The records of a study document. Written by `make page-types` from their fields (basin/records/training.hpp,
// basin/study/trial.hpp, basin/search/space.hpp, basin/report/search_report.hpp); change them there.

export interface Epoch {
  epoch: number; // counts from 1
  seconds: number | null; // of training so far; evaluation is not counted
  lr: number | null; // at the epoch's first step
  [metric: `train_${string}`]: number | null; // over the epoch's batches, while the weights moved
  [metric: `validation_${string}`]: number | null; // over the whole split, at the end of the epoch
}

export interface Phases {
  data: number | null; // s, gathering batches
  forward: number | null; // s
  backward: number | null; // s
  optimizer: number | null; // s, the step and zeroing gradients
  evaluation: number | null; // s
}

export interface Result {
  state: "waiting" | "running" | "complete" | "diverged" | "failed" | "pruned"; // of the trial
  reason: string; // why it failed, diverged or stopped early; otherwise empty
  best_epoch: number; // 0 if no epoch was completed
  seconds: number | null; // of training
  steps: number; // taken by the optimizer
  state_bytes: number; // held by the optimizer
  optimizer_ms: number | null; // mean duration of a step
  images_per_second: number | null; // of training
  phases: Phases; // where the time went
  [metric: `validation_${string}`]: number | null; // at best_epoch
}

export interface Patience {
  epochs: number; // epochs without improvement before training stops
}

export interface Plateau {
  factor: number | null; // multiplies the rate
  patience: number; // epochs without improvement
  dialect: string; // keras or pytorch
}

export interface Settings {
  problem: string; // by name: fmnist-cnn
  seed: number; // of the study; (seed, replicate) keys a trial's randomness
  epochs: number; // of each trial
  train_size: number; // training images used; 0 for all
  micro_batch: number; // examples run at once; 0 for the whole batch
  patience: Patience | null; // early stopping
  plateau: Plateau | null; // lowers the rate
  threads: number; // of one trial
  checksums?: Record<string, string>; // CRC-32 of each part of the data, if known
}

export interface Parameter {
  name: string; // lr, batch_size, adam.beta1
  kind: "real" | "integer" | "category"; // real, integer or category
  low: number | null; // the smallest value
  high: number | null; // the largest value; both ends belong to the range
  scale: "linear" | "log" | "complement_log"; // on which values are drawn and modelled
  choices?: string[]; // of a category; a point holds an index
  parent: string; // the category that decides whether this is there; empty: it is
  when: string; // the choice of the parent with which it is there
}

export interface Space {
  parameters: Parameter[]; // at least one
}

export interface Importance {
  name: string; // of the parameter
  value: number | null; // its share of the importance of all
}

export interface ExpectedBest {
  n: number; // trials
  value: number | null; // of the validation metric that ranks
  low: number | null; // of a band that holds 90 % of bootstrap samples
  high: number | null; // of that band
}

export interface AtBorder {
  name: string; // of the parameter
  value: number | null; // of the best trial
  end: string; // low or high
}

export interface SearchReport {
  sampler: string; // with its settings
  pruner: string; // with its settings
  trials_per_optimizer: number; // the first has the default setting
  finalists: number; // fresh seeds with which the selected configurations are run
  lag: number; // trial k is chosen from the results of trials up to k - lag
  warmup: number | null; // fraction of the schedule before which nothing is pruned
  audit: number | null; // fraction of the pruned trials that run to their end
  winners_curse: number | null; // sds over seeds that the best of as many equal trials seems to gain
  space: Record<string, Space>; // by optimizer
  importance: Record<string, Importance[]>; // by optimizer, largest first; empty for few trials
  expected_best: Record<string, ExpectedBest[]>; // by optimizer
  borders: Record<string, AtBorder[]>; // by optimizer
}

export const phases = ["data", "forward", "backward", "optimizer", "evaluation"] as const;
