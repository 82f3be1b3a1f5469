import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../sample/study.mjs";
import { course, curves, effect, optimizers, phaseRows, rates, tabled, validation } from "../src/rows";
import { type Study, metricsOf, rankedBy } from "../src/study";

const metricOf = (document: Study, name: string) => metricsOf(document).find((metric) => metric.name === name)!;
const lossOf = (document: Study) => metricOf(document, "loss");
const study = (options = {}): Study => sample(options) as unknown as Study;

test("a curve has one point per optimizer, split and epoch, over the replicates that reached it", () => {
  const document = study();
  const { points } = curves(document, lossOf(document), ["train", "validation"]);
  assert.equal(points.length, document.ranking.length * 2 * document.study.epochs);
  const { trials, optimizer } = document.ranking[0]!;
  const first = points.find((point) => point.line === optimizer && point.split === "validation" && point.epoch === 1)!;
  const values = trials.map((number) => document.trials[number]!.curve.validation_loss![0]!).sort((a, b) => a - b);
  assert.deepEqual(first.value, { median: values[1], low: values[0], high: values[2], n: 3 });

  document.trials[trials[0]!]!.curve.epoch.pop(); // stopped early
  const last = curves(document, lossOf(document), ["validation"]).points.filter((point) => point.line === optimizer).at(-1)!;
  assert.equal(last.value.n, 2);
});

test("a diverged replicate ends at its last finite value", () => {
  const document = study();
  const trial = document.trials[document.ranking[0]!.trials[1]!]!;
  Object.assign(trial, { state: "diverged", reason: "loss is not finite" });
  trial.curve.validation_loss!.fill(null, 3);
  const [end] = curves(document, lossOf(document), ["validation"]).ends;
  assert.deepEqual([end?.trial, end?.epoch, end?.value], [trial.number, 3, trial.curve.validation_loss![2]]);
  trial.curve.validation_loss!.fill(null);
  assert.equal(curves(document, lossOf(document), ["validation"]).ends[0]?.epoch, null);
});

test("an effect takes the base and what varies its factor, and counts what diverged", () => {
  const { points } = effect(study(), { name: "lr", scale: "log" });
  const adam = points.filter((point) => point.optimizer === "adam");
  assert.deepEqual(adam.map((point) => point.setting), [0.0001, 0.001, 0.01, 0.1, 1]);
  assert.deepEqual(adam.map((point) => point.diverged), [0, 0, 0, 3, 3]);
  assert.equal(adam[4]?.value, null);
  assert.equal(adam[1]?.value?.n, 3);
});

test("where smaller is better, the best of a grid and of a factor is the smallest", () => {
  const document = study({ task: "housing", optimizers: ["adam"], replicates: 1 });
  document.study.design = "grid";
  const [a, b] = document.trials.slice(0, 2).map((trial) => ({ ...trial, factor: "grid", state: "complete" as const }));
  Object.assign(a!, { config: { lr: 1, batch_size: 32 }, validation_rmse: 52000 });
  Object.assign(b!, { config: { lr: 1, batch_size: 64 }, validation_rmse: 49000 });
  document.trials = [a!, b!];
  const { metric, points } = effect(document, { name: "lr", scale: "log" });
  assert.equal(metric.name, "rmse");
  assert.equal(points[0]?.value?.median, 49000);
});

test("a metric that a document lacks values of has no curve, and breaks none", () => {
  const document = study({ task: "housing" });
  const { trials, optimizer } = document.ranking[0]!;
  for (const number of trials) delete document.trials[number]!.curve.train_r2;
  const r2 = curves(document, metricOf(document, "r2"), ["train", "validation"]).points.filter((point) => point.line === optimizer);
  assert.deepEqual([...new Set(r2.map((point) => point.split))], ["validation"]);
  Object.assign(document.trials[trials[0]!]!, { state: "diverged" });
  const unknown = { ...rankedBy(document), name: "nothing" };
  const { points, ends } = curves(document, unknown, ["train", "validation"]);
  assert.deepEqual([points.length, ends[0]?.epoch, ends[0]?.value], [0, null, null]);
  assert.equal(validation(document.trials[0]!, "nothing"), null);
});

test("tables tell each metric that has values, and the same values once", () => {
  const names = (options: object) => tabled(study(options)).map(({ name }) => name);
  assert.deepEqual(names({ task: "housing" }), ["rmse", "loss", "mae", "r2"]);
  assert.deepEqual(names({ task: "text" }), ["log_loss", "perplexity"]);
  assert.deepEqual(names({ task: "regression" }), ["loss"]);
  const none = study();
  none.trials = [];
  assert.deepEqual(tabled(none).map(({ name }) => name), ["accuracy"]);
});

test("a knob concerns the optimizers that have it", () => {
  const { points } = effect(study(), { name: "adam.beta2", scale: "linear" });
  assert.deepEqual(points.map((point) => [point.optimizer, point.setting]), [["adam", 0.9], ["adam", 0.99], ["adam", 0.999]]);
});

test("in a grid, a value is shown with the best of the other settings, and a diverged replicate disqualifies", () => {
  const document = study({ optimizers: ["adam"], replicates: 2 });
  document.study.design = "grid";
  const [a, b, c, d] = document.trials.slice(0, 4).map((trial) => ({ ...trial, factor: "grid", state: "complete" as const }));
  Object.assign(a!, { config: { lr: 1, batch_size: 32 }, validation_accuracy: 0.8 });
  Object.assign(b!, { config: { lr: 1, batch_size: 64 }, validation_accuracy: 0.7 });
  Object.assign(c!, { config: { lr: 1, batch_size: 128 }, validation_accuracy: 0.99 });
  Object.assign(d!, { config: { lr: 1, batch_size: 128 }, validation_accuracy: null, state: "diverged" });
  document.trials = [a!, b!, c!, d!];
  const [point] = effect(document, { name: "lr", scale: "log" }).points;
  assert.equal(point?.value?.median, 0.8);
});

test("time is told per epoch", () => {
  const document = study();
  const row = phaseRows(document)[0]!;
  const trials = document.ranking[0]!.trials.map((number) => document.trials[number]!);
  const forward = trials.reduce((sum, trial) => sum + trial.phases!.forward! / 6, 0) / 3;
  assert.ok(Math.abs(row.seconds.forward - forward) < 1e-12);
});

test("a study that has only begun has rows for nothing and optimizers all the same", () => {
  const document = study();
  document.ranking = [];
  assert.deepEqual(curves(document, lossOf(document), ["validation"]).points, []);
  assert.deepEqual(phaseRows(document), []);
  assert.equal(optimizers(document).length, 4);
});

test("a course has one line a setting, of the best optimizer that has several", () => {
  const document = study();
  const lr = course(document, { name: "lr", scale: "log" })!;
  assert.equal(lr.optimizer, optimizers(document)[0]);
  const concerned = document.trials.filter((trial) => trial.optimizer === lr.optimizer && ["base", "lr"].includes(trial.factor));
  assert.equal(lr.settings.length, new Set(concerned.map((trial) => trial.config.lr)).size);
  assert.deepEqual([...new Set(lr.points.map((point) => point.split))], lr.settings.length <= 4 ? ["train", "validation"] : ["validation"]);
  const first = lr.points.find((point) => point.line === lr.settings[0] && point.epoch === 1 && point.split === "validation")!;
  assert.equal(first.value.n, 3);
  assert.equal(course(document, { name: "nothing", scale: "log" }), null);
});

test("rates are drawn where they change", () => {
  const document = study();
  for (const trial of document.trials) trial.curve.lr.fill(0.1);
  assert.equal(rates(document).points.length, 0);
  const { optimizer, trials } = document.ranking[1]!;
  document.trials.find((trial) => trial.number === trials[0])!.curve.lr.fill(0.01, 2);
  const { points } = rates(document);
  assert.deepEqual([...new Set(points.map((point) => point.line))], [optimizer]);
  assert.deepEqual(points.slice(0, 3).map((point) => point.value.median), [0.1, 0.1, 0.01]);
});
