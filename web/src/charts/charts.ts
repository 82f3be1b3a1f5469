// The list of charts, in the order of the page. To add one, add a file in this folder and a line here.
import type { Chart, Charts } from "./chart";
import { courses } from "./course";
import { effects } from "./effect";
import { loss } from "./loss";
import { others } from "./others";
import { ranked } from "./ranked";
import { rate } from "./rate";
import { timeSplit } from "./time_split";

const list: Charts[] = [ranked, loss, others, effects, courses, rate, timeSplit];

export const charts = (study: Parameters<Charts>[0]): Chart[] => list.flatMap((make) => make(study));
