// Loss on the training and the validation split against epoch or seconds, each optimizer with its selected configuration.
import { curves } from "../rows";
import { metricsOf } from "../study";
import type { Charts } from "./chart";
import { curveOption, curveTable, endsNote } from "./curve";

export const loss: Charts = (study) => {
  const metric = metricsOf(study).find(({ name }) => name === "loss")!;
  const rows = curves(study, metric, ["train", "validation"]);
  if (rows.points.length === 0) return [];
  const gap = "Training loss is the mean while the epoch trains, so it may lie above validation at first.";
  return [
    {
      id: "loss",
      title: "Loss in training and validation",
      note: `${gap}${endsNote(rows)}`,
      wide: true,
      height: () => 420,
      option: (view) => curveOption(rows, view),
      table: () => curveTable(rows),
    },
  ];
};
