import assert from "node:assert/strict";
import { test } from "node:test";
import { searchSample } from "../sample/search.mjs";
import { sample } from "../sample/study.mjs";
import type { Chart, View } from "../src/charts/chart";
import { charts } from "../src/charts/charts";
import { place, worstShown } from "../src/charts/search_axis";
import { light } from "../src/palette";
import { priced, rateBins, searched, spans, tried, tuned } from "../src/search_rows";
import { type Study, parse, rankedBy } from "../src/study";

const study = (options = {}): Study => parse(JSON.stringify(searchSample({ optimizers: ["sgd", "adam"], trials: 30, finalists: 3, ...options })));
const view: View = { theme: light, axis: "epoch", shown: () => true, width: 900 };
const ids = (document: Study): string[] => charts(document).map(({ id }) => id);
const option = (all: Chart[], id: string) => all.find((chart) => chart.id === id)!.option(view) as Record<string, any>;
const ofSearch = ["history", "expected-best", "default-tuned", "sensitivity", "importance", "slice-lr", "slice-batch_size", "slice-init", "slice-adam.beta1", "parallel", "pareto", "timeline"];

test("a search has its charts, and a study without one has none of them", () => {
  assert.deepEqual(ids(study()).filter((id) => ofSearch.includes(id)), ofSearch);
  assert.deepEqual(ids(parse(JSON.stringify(sample()))).filter((id) => ofSearch.includes(id)), []);
});

test("what a search chose has no chart of one factor at a time", () => {
  assert.deepEqual(ids(study()).filter((id) => /^(effect|course)-/.test(id)), []);
});

test("a chart appears only with the data that it needs", () => {
  const document = study();
  document.search!.expected_best = {};
  document.search!.importance = {};
  for (const trial of document.trials) trial.started = null;
  for (const trial of document.trials) trial.seconds = 1;
  assert.deepEqual(ofSearch.filter((id) => !ids(document).includes(id)), ["expected-best", "importance", "pareto", "timeline"]);
});

test("the best so far counts the trials of one optimizer, also pruned ones", () => {
  const document = study();
  document.trials = document.trials.slice(0, 8);
  const values = [0.5, 0.1, 0.7, null, 0.6, 0.3, 0.8, 0.2];
  const states = ["complete", "complete", "pruned", "diverged", "complete", "complete", "complete", "complete"] as const;
  document.trials.forEach((trial, i) => Object.assign(trial, { validation_accuracy: values[i], state: states[i] }));
  const rows = tried(document);
  assert.deepEqual(rows.map(({ best }) => best), [0.5, 0.1, 0.7, 0.1, 0.7, 0.3, 0.8, 0.3]);
  assert.deepEqual(rows.map(({ turn }) => turn), [1, 1, 2, 2, 3, 3, 4, 4]);
  assert.deepEqual(rows.map(({ isDefault }) => isDefault), [true, true, false, false, false, false, false, false]);
  rankedBy(document).better = "smaller";
  assert.deepEqual(tried(document).map(({ best }) => best), [0.5, 0.1, 0.5, 0.1, 0.5, 0.1, 0.5, 0.1]);
});

test("finalists are not part of the search, and tuning is judged by them alone", () => {
  const document = study();
  assert.equal(tried(document).length, 60);
  const adam = tuned(document).find(({ optimizer }) => optimizer === "adam")!;
  assert.equal(adam.values.length, 3);
  assert.equal(adam.start, document.trials.find((trial) => trial.optimizer === "adam" && trial.factor === "default")!.validation_accuracy);
  const best = Math.max(...tried(document).filter(({ optimizer }) => optimizer === "adam").map(({ value }) => value ?? 0));
  assert.equal(adam.found, best);
});

test("a parameter of several optimizers has one axis, with all of their range", () => {
  const document = study();
  document.search!.space.sgd!.parameters[0]!.high = 100;
  const [rate] = searched(document);
  assert.deepEqual([rate!.name, rate!.low, rate!.high], ["lr", 1e-5, 100]);
  assert.deepEqual(searched(document).map(({ name }) => name), ["lr", "batch_size", "init", "adam.beta1"]);
});

test("a complement-log axis shows 1 - value on a log scale, turned round", () => {
  const beta = searched(study()).find(({ name }) => name === "adam.beta1")!;
  assert.ok(Math.abs(place(beta, 0.99) - 0.01) < 1e-12);
  const axis = option(charts(study()), "slice-adam.beta1").xAxis;
  assert.deepEqual([axis.type, axis.inverse, axis.axisLabel.formatter(0.01)], ["log", true, "0.99"]);
  assert.ok(Math.abs(axis.min - 0.001) < 1e-12 && axis.max === 0.5);
  assert.deepEqual([axis.axisLabel.showMinLabel, axis.axisLabel.showMaxLabel], [true, false], "0.999 is a tick, 0.5 is not");
  const rate = option(charts(study()), "slice-lr").xAxis.axisLabel;
  assert.deepEqual([rate.showMinLabel, rate.showMaxLabel], [true, true]);
});

test("rates are gathered in intervals, each with the best trial", () => {
  const document = study({ trials: 12 });
  document.trials = document.trials.filter(({ optimizer }) => optimizer === "adam").slice(0, 4);
  const settings = [[0.001, 0.5], [0.0012, 0.7], [0.1, 0.3], [0.0011, null]] as const;
  document.trials.forEach((trial, i) => Object.assign(trial, { config: { lr: settings[i]![0] }, validation_accuracy: settings[i]![1], state: settings[i]![1] === null ? "diverged" : "complete" }));
  assert.deepEqual(rateBins(document), [{ optimizer: "adam", rate: 0.001, best: 0.7, trials: 2 }, { optimizer: "adam", rate: 0.1, best: 0.3, trials: 1 }]);
});

test("a list of numbers has an axis of numbers, and a list of rates its own points", () => {
  const document = study({ trials: 12 });
  const lr = { ...document.search!.space.adam!.parameters[0]!, kind: "category" as const, choices: ["0.00046415888", "0.001", "0.0021544347"] };
  document.search!.space = { adam: { parameters: [lr, { ...lr, name: "batch_size", choices: ["32", "64"] }] } };
  document.trials = document.trials.filter(({ optimizer }) => optimizer === "adam").slice(0, 3);
  document.trials.forEach((trial, i) => Object.assign(trial, { config: { lr: Number(lr.choices[i]), batch_size: 32 * (1 + (i % 2)) }, validation_accuracy: 0.5, state: "complete" }));
  assert.deepEqual(searched(document).map(({ scale, low, high }) => [scale, low, high]), [["log", 0.00046415888, 0.0021544347], ["linear", 32, 64]]);
  assert.deepEqual(rateBins(document).map(({ rate }) => rate), [0.00046415888, 0.001, 0.0021544347]);
  assert.deepEqual(ids(document).filter((id) => id === "sensitivity" || id.startsWith("slice-")), ["sensitivity", "slice-lr", "slice-batch_size"]);
});

test("the front holds what no trial beats in metric, time and memory", () => {
  const document = study();
  document.trials = document.trials.slice(0, 5);
  const prices = [[0.9, 10, 0], [0.8, 5, 0], [0.9, 12, 8], [0.7, 5, 0], [0.95, 20, 8]];
  document.trials.forEach((trial, i) => Object.assign(trial, { state: "complete", validation_accuracy: prices[i]![0], seconds: prices[i]![1], state_bytes: prices[i]![2] }));
  assert.deepEqual(priced(document).filter(({ front }) => front).map(({ number }) => number).sort(), [0, 1, 4]);
});

test("lanes are as few as trials that ran at once", () => {
  const document = study();
  document.trials = document.trials.slice(0, 4);
  const times = [[100, 110], [100, 105], [105, 112], [110, 111]];
  document.trials.forEach((trial, i) => Object.assign(trial, { started: times[i]![0], ended: times[i]![1] }));
  assert.deepEqual(spans(document).map(({ lane, from, to }) => [lane, from, to]), [[0, 0, 10], [1, 0, 5], [1, 5, 12], [0, 10, 11]]);
});

test("an axis is cut where a few trials would take most of it", () => {
  const metric = rankedBy(study());
  const good = [0.86, 0.87, 0.88, 0.885, 0.89, 0.9];
  assert.equal(worstShown(metric, [...good, 0.87, 0.88]), null);
  const worst = worstShown(metric, [...good, 0.1, 0.1])!;
  assert.ok(worst > 0.8 && worst < 0.87, String(worst));
  assert.equal(worstShown(metric, [0.1, 0.9]), null, "of few, all are shown");
});

test("parallel coordinates pass a setting by that an optimizer does not have", () => {
  const { series, parallelAxis } = option(charts(study()), "parallel");
  assert.deepEqual(parallelAxis.map(({ name }: any) => name), ["optimizer", "learning rate", "batch size", "initializer", "adam.beta1", "accuracy"]);
  const sgd = series.find(({ name }: any) => name === "sgd");
  assert.ok(sgd.data.length > 0 && sgd.data.every(({ value }: any) => value[4] === "-" && value.length === 6));
});

test("a border that the best trial lies on is said", () => {
  const note = (id: string) => charts(study()).find((chart) => chart.id === id)!.note;
  assert.match(note("slice-lr"), /The best of sgd lies at the upper end of the range/);
  assert.doesNotMatch(note("slice-batch_size"), /end of the range/);
});
