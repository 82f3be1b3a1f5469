// The list of charts, in the order of the page. To add one, add a file in this folder and a line here.
import { accuracy } from "./accuracy";
import type { Chart, Charts } from "./chart";
import { courses } from "./course";
import { effects } from "./effect";
import { loss } from "./loss";
import { rate } from "./rate";
import { timeSplit } from "./time_split";

const list: Charts[] = [accuracy, loss, effects, courses, rate, timeSplit];

export const charts = (study: Parameters<Charts>[0]): Chart[] => list.flatMap((make) => make(study));
