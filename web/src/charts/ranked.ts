// The metric that ranks, on validation, against epoch or seconds, each optimizer with its selected configuration.
import * as format from "../format";
import { curves } from "../rows";
import { rankedBy } from "../study";
import type { Charts } from "./chart";
import { curveOption, curveTable, endsNote } from "./curve";

export const ranked: Charts = (study) => {
  const metric = rankedBy(study);
  const rows = curves(study, metric, ["validation"]);
  if (metric.name === "loss" || rows.points.length === 0) return []; // the loss has its own chart
  return [
    {
      id: metric.name,
      title: `Validation ${format.inSentence(metric.title)}`,
      note: `Each optimizer with the configuration that validation selected.${endsNote(rows)}`,
      wide: true,
      height: () => 420,
      option: (view) => curveOption(rows, view),
      table: () => curveTable(rows),
    },
  ];
};
