// The records of a study document. Written by `make page-types` from their fields (basin/records/training.hpp,
// basin/study/trial.hpp); change them there.

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

export const phases = ["data", "forward", "backward", "optimizer", "evaluation"] as const;
