// The study document (docs/formats.md, version 1), and how the page gets it.
//
// load()       returns the current document; throws StudyError with a line for the reader
// subscribe()  calls back with the document, and again whenever it changes
//
// The document is embedded in the page, so it never changes; a live page will use the same two functions.

import type { Epoch, Phases, Result, Score, Settings } from "./records";

export const version = 1;

export type Metric = "accuracy" | "loss";
export type Scale = "log" | "linear" | "category";
export type TrialState = Result["state"];
export type Config = Record<string, number | string>;
export type Phase = keyof Phases;

// Over the replicates of one configuration.
export interface Spread {
  mean: number | null;
  sd: number | null;
  median: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

// Arrays of equal length, one item per epoch.
export type Curve = { [Field in keyof Epoch]: Epoch[Field][] };

export interface Trial extends Result, Named<"test", Score> {
  number: number;
  optimizer: string;
  replicate: number;
  factor: string;
  config: Config;
  curve: Curve;
}

export interface Ranked extends Summaries<"validation">, Summaries<"test"> {
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
  state_bytes: number | null;
  optimizer_ms: number | null;
}

// The fields of a record with the name of what it is of before theirs: test_loss.
type Named<Of extends string, Fields> = { [Field in keyof Fields & string as `${Of}_${Field}`]: Fields[Field] };
type Summaries<Of extends string> = Named<Of, Record<keyof Score, Spread | null>>;

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
      metric: Metric;
      target: number;
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
}

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
  return study as Study;
}

export function load(): Study {
  return parse(document.getElementById("study")?.textContent ?? "");
}

// Returns a function that ends the subscription.
export function subscribe(callback: (study: Study) => void): () => void {
  callback(load());
  return () => {};
}
