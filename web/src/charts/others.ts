// Metrics that do not rank, on the training and the validation split: one chart each. The loss has its own, which
// is also that of a metric with the same values.
import * as format from "../format";
import { agree, curves } from "../rows";
import { type Metric, type Study, metricsOf } from "../study";
import type { Chart, Charts } from "./chart";
import { curveOption, curveTable, endsNote } from "./curve";

export const others: Charts = (study) =>
  metricsOf(study)
    .slice(1)
    .filter(({ name }) => name !== "loss" && !agree(study, name, "loss"))
    .flatMap((metric) => other(study, metric));

function other(study: Study, metric: Metric): Chart[] {
  const rows = curves(study, metric, ["train", "validation"]);
  if (rows.points.length === 0) return [];
  const trained = rows.points.some((point) => point.split === "train");
  return [
    {
      id: metric.name,
      title: trained ? `${metric.title} in training and validation` : `Validation ${format.inSentence(metric.title)}`,
      note: `${trained ? "Training values are those of the epoch's batches, while the weights move." : ""}${endsNote(rows)}`.trim(),
      height: () => 340,
      option: (view) => curveOption(rows, view),
      table: () => curveTable(rows),
    },
  ];
}
