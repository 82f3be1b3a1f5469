// The study document (docs/formats.md, version 2), and how the page gets it.
//
// load()       returns the current document, whose version may have been 1; throws StudyError with a line for the reader
// subscribe()  calls back with the document, and again whenever it changes
//
// The document is embedded in the page, so it never changes; a live page will use the same two functions.

import type { Epoch, Phases, Result, SearchReport, Settings } from "./records";

export const version = 2;

export type Scale = "log" | "linear" | "category";
export type TrialState = Result["state"];
export type Config = Record<string, number | string>;
export type Phase = keyof Phases;

// What a model is judged by. The fields of a trial, a curve and a ranking that hold its values end with its name.
export interface Metric {
  name: string; // rmse
  title: string; // RMSE
  better: "larger" | "smaller";
  percent: boolean; // whether a value is a share, which is read as a percentage
  unit: string; // of its values: dollars; empty if they have none
  low: number | null; // the ends of its range, if it has any
  high: number | null;
}

// Over the replicates of one configuration.
export interface Spread {
  mean: number | null;
  sd: number | null;
  median: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

// Arrays of equal length, one item per epoch. Those of a metric may be missing.
export type Curve = { [Field in keyof Epoch]: Epoch[Field][] };

export interface Trial extends Result {
  number: number;
  optimizer: string;
  replicate: number;
  factor: string;
  config: Config;
  stage?: "search" | "final"; // of a search: whether it was tried, or compared after it
  started?: number | null; // seconds since 1970
  ended?: number | null;
  curve: Curve;
  [metric: `test_${string}`]: number | null;
}

export interface Ranked {
  rank: number;
  optimizer: string;
  config: Config;
  trials: number[];
  epochs_to_target: Spread | null;
  seconds_to_target: Spread | null;
  configurations: number;
  finished: number;
  diverged: number;
  failed: number;
  pruned?: number;
  state_bytes: number | null;
  optimizer_ms: number | null;
  [metric: `validation_${string}`]: Spread | null;
  [metric: `test_${string}`]: Spread | null;
}

export interface Factor {
  name: string;
  scale: Scale;
}

export interface Study {
  format: string;
  version: number;
  study: Omit<Settings, "problem" | "train_size" | "threads" | "checksums"> & {
    name: string;
    state: "running" | "interrupted" | "complete";
    design: "ofat" | "grid";
    replicates: number;
    command: string;
    created: string;
    problem: {
      name: string;
      summary: string;
      data: string;
      layers: string;
      loss: string;
      metric: string; // the name of the one that ranks the optimizers
      metrics: Metric[]; // that one, the loss, and others
      target: number | null; // 0 for none, too
      parameters: number | null;
      train_size: number | null;
      validation_size: number | null;
      test_size: number | null;
    };
    factors: Factor[];
  };
  environment: Record<string, string | number | null>;
  trials: Trial[];
  ranking: Ranked[];
  search?: SearchReport; // absent if nothing was searched
}

// The metric that ranks the optimizers.
export const rankedBy = ({ study: { problem } }: Study): Metric => problem.metrics.find(({ name }) => name === problem.metric)!;

// That one first, then the others as the document lists them.
export const metricsOf = (study: Study): Metric[] => [...new Set([rankedBy(study), ...study.study.problem.metrics])];

export class StudyError extends Error {}

// Returns the document in `text`, if this page can read it.
export function parse(text: string): Study {
  let study: Partial<Study> | null;
  try {
    study = JSON.parse(text);
  } catch {
    throw new StudyError("This page holds no study. `basin report DIR` writes a page that does.");
  }
  if (study?.format !== "basin-study") {
    throw new StudyError('The data in this page is not a study of basin: its "format" is not "basin-study".');
  }
  if (typeof study.version !== "number" || study.version > version) {
    throw new StudyError(
      `This study is of version ${study.version}; this page reads versions up to ${version}. ` +
        "`basin report DIR`, with the basin that made the study, writes a page that reads it.",
    );
  }
  return upgraded(study as Study);
}

// Version 1 knows two metrics, and does not describe them.
const ofVersion1: Metric[] = [
  { name: "loss", title: "Loss", better: "smaller", percent: false, unit: "", low: 0, high: null },
  { name: "accuracy", title: "Accuracy", better: "larger", percent: true, unit: "", low: 0, high: 1 },
];

function upgraded(study: Study): Study {
  if (study.version === 1) study.study.problem.metrics = ofVersion1;
  study.version = version;
  return study;
}

export function load(): Study {
  return parse(document.getElementById("study")?.textContent ?? "");
}

// Returns a function that ends the subscription.
export function subscribe(callback: (study: Study) => void): () => void {
  callback(load());
  return () => {};
}
