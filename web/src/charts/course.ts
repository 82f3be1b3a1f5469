// Training with each setting of a factor, for the best optimizer that has several: one chart per factor.
import * as format from "../format";
import { styleAt } from "../palette";
import { type Course, course } from "../rows";
import { isSearched } from "../search_rows";
import type { Charts } from "./chart";
import { curveOption, curveTable, endsNote } from "./curve";

export const courses: Charts = (study) =>
  study.study.factors
    .filter(({ name }) => !isSearched(study, name))
    .map((factor) => course(study, factor))
    .filter((rows) => rows !== null)
    .map((rows) => ({
      id: `course-${rows.factor.name}`,
      title: `Training with each ${format.factor(rows.factor.name)}`,
      note: note(rows, study.study.design),
      height: () => 340,
      option: (view) => curveOption(rows, view, { styleOf: (line) => styleAt(rows.settings.indexOf(line)), shown: () => true }),
      table: () => curveTable(rows, format.factor(rows.factor.name)),
    }));

function note(rows: Course, design: "ofat" | "grid"): string {
  const others = design === "grid" ? "the best of the other settings" : "the other settings at their base";
  return `${rows.optimizer}, with ${others}.${endsNote(rows)}`;
}
