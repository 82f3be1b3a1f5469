import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../sample/study.mjs";
import { answer } from "../src/answer";
import type { Study } from "../src/study";

const study = (options = {}): Study => sample(options) as unknown as Study;
const said = (document: Study) => answer(document).notes.join("\n");

function setReplicates(document: Study, rank: number, values: number[]) {
  document.ranking[rank]!.trials.forEach((number, i) => (document.trials[number]!.validation_accuracy = values[i]!));
}

test("the headline answers the question", () => {
  const document = study();
  const { winner, headline } = answer(document);
  assert.equal(winner, document.ranking[0]!.optimizer);
  assert.match(headline, /^adam with learning rate 0\.001, batch size 64, .* did best: validation accuracy [\d.]+\s%\s±\s[\d.]+ \(mean\s± standard deviation of 3 replicates\), and [\d.]+\s%\s±\s[\d.]+ on the test split\.$/);
});

test("one replicate proves nothing", () => {
  assert.match(said(study({ replicates: 1 })), /With 1 replicate no spread is known, so the difference is not shown to be more than noise/);
});

test("overlapping replicates prove nothing; separate ones are told as what they are", () => {
  const document = study();
  setReplicates(document, 0, [0.9, 0.88, 0.91]);
  setReplicates(document, 1, [0.87, 0.89, 0.86]);
  assert.match(said(document), /overlap, so the difference is not shown/);
  setReplicates(document, 1, [0.87, 0.875, 0.86]);
  assert.match(said(document), /Every replicate of adam beat every one of rmsprop, though 3 replicates are few/);
});

test("where loss is the metric, smaller wins", () => {
  const document = study({ task: "regression", replicates: 3, optimizers: ["sgd", "adam"] });
  const { headline } = answer(document);
  assert.match(headline, /^adam .* validation loss 0\.\d+\s±\s/);
  assert.match(said(document), /Every replicate of adam beat every one of sgd/);
});

test("a metric is told by its title, in its unit", () => {
  const document = study({ task: "housing" });
  const { headline } = answer(document);
  assert.match(headline, /^adam .* did best: validation RMSE 5\d,\d{3}\sdollars\s±\s\d+ \(mean/);
  assert.match(headline, /, and 5\d,\d{3}\sdollars\s±\s\d+ on the test split\.$/);
  assert.match(said(document), /^rmsprop is next, [\d,]+\sdollars behind\. Every replicate of adam beat every one of rmsprop/);
  assert.match(answer(study({ task: "text" })).headline, /validation log loss 1\.\d+\s±\s0\.\d+ \(mean/);
});

test("of many optimizers that lost trials the first are named", () => {
  const names = ["adam", "sgd", "momentum", "rmsprop", "nesterov", "adamw"];
  const { notes } = answer(study({ optimizers: names }));
  const lost = notes.filter((note) => /diverged|failed/.test(note));
  assert.equal(lost.length, 3);
  assert.match(notes.at(-1)!, /^\d+ other optimizers lost trials, too; the ranking says how many\.$/);
});

test("what diverged or failed is named with the settings it did so at", () => {
  assert.match(said(study()), /adam: of 33 trials, 6 diverged \(learning rate 0\.1; learning rate 1\)\./);
  assert.match(said(study()), /sgd: of 27 trials, 1 failed \(learning rate 0\.0001\)\./);
});

test("a study that is not complete says so", () => {
  assert.match(said(study({ state: "running" })), /still running: 21 of 117 trials have finished, and the answer may change/);
  assert.match(said({ ...study(), study: { ...study().study, state: "interrupted" } }), /--resume/);
});

test("without a result there is no winner", () => {
  const none = study();
  none.ranking = [];
  none.trials.forEach((trial) => (trial.state = "waiting"));
  assert.deepEqual(answer(none), { winner: null, headline: "No trial has finished yet.", notes: [] });
  none.trials.forEach((trial) => (trial.state = "diverged"));
  assert.match(answer(none).headline, /every trial diverged or failed/);
});
