import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../sample/study.mjs";
import type { Chart, View } from "../src/charts/chart";
import { charts } from "../src/charts/charts";
import { light } from "../src/palette";
import { type Study, parse } from "../src/study";

const of = (options = {}): Chart[] => charts(parse(JSON.stringify(sample(options))));
const view: View = { theme: light, axis: "epoch", shown: () => true, width: 900 };
const option = (all: Chart[], id: string) => all.find((chart) => chart.id === id)!.option(view) as Record<string, any>;
const metrics = (all: Chart[]) => all.map(({ id }) => id).filter((id) => !/^(effect|course)-|^time-split$/.test(id));

test("the metric that ranks has the first chart, then the loss, then each other metric", () => {
  assert.deepEqual(metrics(of()), ["accuracy", "loss"]);
  assert.deepEqual(metrics(of({ task: "housing" })), ["rmse", "loss", "mae", "r2"]);
  assert.deepEqual(metrics(of({ task: "text" })), ["log_loss", "loss", "perplexity"]);
  assert.deepEqual(metrics(of({ version: 1 })), ["accuracy", "loss"]);
});

test("a loss that ranks is drawn once, and a metric without values not at all", () => {
  assert.deepEqual(metrics(of({ task: "regression" })), ["loss"]);
});

test("a metric with the values of the loss is drawn as the loss", () => {
  const document = sample({ task: "housing" }) as unknown as Study;
  const [loss] = document.study.problem.metrics;
  document.study.problem.metrics.push({ ...loss!, name: "mse", title: "MSE" });
  for (const trial of document.trials) {
    trial.validation_mse = trial.validation_loss!;
    trial.curve.validation_mse = trial.curve.validation_loss!;
  }
  assert.deepEqual(metrics(charts(document)), ["rmse", "loss", "mae", "r2"]);
  document.trials.find((trial) => trial.state === "complete")!.validation_mse! += 0.01;
  assert.deepEqual(metrics(charts(document)), ["rmse", "loss", "mae", "r2", "mse"]);
  for (const trial of document.trials) trial.validation_loss = null; // as while its first epoch trains
  assert.deepEqual(metrics(charts(document)), ["rmse", "loss", "mae", "r2", "mse"]);
});

test("an axis is named after its metric, with the unit", () => {
  const housing = of({ task: "housing" });
  const names = ["rmse", "mae", "r2", "loss", "effect-lr"].map((id) => [option(housing, id).yAxis].flat()[0].name);
  assert.deepEqual(names, ["validation RMSE, dollars", "MAE, dollars", "R2", "loss", "best validation RMSE, dollars"]);
  assert.equal(option(of(), "accuracy").yAxis.name, "validation accuracy");
  assert.equal(option(housing, "rmse").yAxis.axisLabel.formatter(60000), "60,000");
  assert.deepEqual(housing.find(({ id }) => id === "mae")!.table().columns.map(({ title }) => title).slice(4, 7), ["median, dollars", "low, dollars", "high, dollars"]);
});

test("values over decades have a log axis where smaller is better, and no share has one", () => {
  const spread = (id: string, task: string, values: number[], change = {}) => {
    const document = sample({ task }) as unknown as Study;
    Object.assign(document.study.problem.metrics.at(-1)!, change);
    for (const { curve } of document.trials) curve[`validation_${id}`] = curve[`train_${id}`] = values;
    return option(charts(document), id).yAxis.type;
  };
  assert.equal(spread("mae", "housing", [9e5, 9e4, 2e4, 1e4, 1e4, 1e4]), "log");
  assert.equal(spread("mae", "housing", [9e4, 9e4, 2e4, 1e4, 1e4, 1e4]), "value");
  assert.equal(spread("r2", "housing", [0.01, 0.1, 0.3, 0.6, 0.7, 0.8]), "value");
  assert.equal(spread("accuracy", "images", [0.01, 0.1, 0.3, 0.6, 0.7, 0.8]), "value");
  assert.equal(spread("accuracy", "images", [0.9, 0.5, 0.3, 0.1, 0.05, 0.01], { title: "Error", better: "smaller" }), "value");
});

test("a target is drawn in the chart of the metric that ranks, and only there", () => {
  const targets = (all: Chart[], id: string) =>
    option(all, id).series.filter((series: any) => series.type === "custom" && series.data.length === 1).map((series: any) => series.data[0][1]);
  const housing = of({ task: "housing" });
  assert.deepEqual([targets(housing, "rmse"), targets(housing, "mae"), targets(housing, "loss")], [[55000], [], []]);
  assert.deepEqual(targets(of(), "accuracy"), [0.88]);
  assert.deepEqual(targets(of({ task: "regression" }), "loss"), []);
  const unknown = sample() as unknown as Study;
  unknown.study.problem.target = null;
  assert.deepEqual(targets(charts(unknown), "accuracy"), []);
});

test("a trial that was lost is marked at the worse end of the axis", () => {
  const marks = (task: string) => option(of({ task }), "effect-lr").series.at(-1).data.map((mark: any) => mark.value[1]);
  assert.deepEqual([...new Set(marks("images"))], [0.03]);
  assert.deepEqual([...new Set(marks("housing"))], [0.97]);
});
