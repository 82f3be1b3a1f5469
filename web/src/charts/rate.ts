// The learning rate against epoch or seconds, if a schedule or a plateau changes it.
import { rates } from "../rows";
import type { Charts } from "./chart";
import { curveOption, curveTable } from "./curve";

export const rate: Charts = (study) => {
  const rows = rates(study);
  if (rows.points.length === 0) return [];
  return [
    {
      id: "rate",
      title: "Learning rate",
      note: "With which each epoch began; optimizers whose rate stays as it is are left out.",
      height: () => 340,
      option: (view) => curveOption(rows, view),
      table: () => curveTable(rows),
    },
  ];
};
