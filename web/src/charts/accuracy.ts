// Validation accuracy against epoch or seconds, each optimizer with its selected configuration.
import { curves } from "../rows";
import type { Charts } from "./chart";
import { curveOption, curveTable, endsNote } from "./curve";

export const accuracy: Charts = (study) => {
  const rows = curves(study, "accuracy", ["validation"]);
  if (rows.points.length === 0) return [];
  return [
    {
      id: "accuracy",
      title: "Validation accuracy",
      note: `Each optimizer with the configuration that validation selected.${endsNote(rows)}`,
      wide: true,
      height: () => 420,
      option: (view) => curveOption(rows, view),
      table: () => curveTable(rows),
    },
  ];
};
