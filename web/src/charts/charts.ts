// The list of charts, in the order of the page. To add one, add a file in this folder and a line here.
import type { Chart, Charts } from "./chart";
import { courses } from "./course";
import { defaultTuned } from "./default_tuned";
import { effects } from "./effect";
import { expectedBest } from "./expected_best";
import { history } from "./history";
import { importance } from "./importance";
import { loss } from "./loss";
import { others } from "./others";
import { parallel } from "./parallel";
import { pareto } from "./pareto";
import { ranked } from "./ranked";
import { rate } from "./rate";
import { sensitivity } from "./sensitivity";
import { slices } from "./slice";
import { timeSplit } from "./time_split";
import { timeline } from "./timeline";

const list: Charts[] = [
  ranked, loss, others, effects, courses, history, expectedBest, defaultTuned, sensitivity, importance, slices, parallel, pareto, rate,
  timeline, timeSplit,
];

export const charts = (study: Parameters<Charts>[0]): Chart[] => list.flatMap((make) => make(study));
