import assert from "node:assert/strict";
import { test } from "node:test";
import { sample } from "../sample/study.mjs";
import { type Study, StudyError, metricsOf, parse, rankedBy, version } from "../src/study";

test("a newer version, another format and no document are refused with a line for the reader", () => {
  const refused = (text: string, words: RegExp) =>
    assert.throws(() => parse(text), (error: unknown) => error instanceof StudyError && words.test(error.message));
  refused("@STUDY@", /holds no study/);
  refused("null", /not a study of basin/);
  refused('{"format": "other", "version": 1}', /not a study of basin/);
  refused(`{"format": "basin-study", "version": ${version + 1}}`, /of version 3; this page reads versions up to 2/);
  refused('{"format": "basin-study"}', /of version undefined/);
});

test("a document of this version is taken", () => {
  assert.equal(parse(`{"format": "basin-study", "version": ${version}}`).version, version);
});

test("a document of version 1 becomes one of this version", () => {
  for (const task of ["images", "regression"]) {
    const old = sample({ task, version: 1 });
    assert.equal("metrics" in old.study.problem, false);
    const { metrics } = parse(JSON.stringify(old)).study.problem;
    assert.deepEqual(metrics.map(({ name, title, better, percent }) => [name, title, better, percent]), [
      ["loss", "Loss", "smaller", false],
      ["accuracy", "Accuracy", "larger", true],
    ]);
    assert.deepEqual(parse(JSON.stringify(old)), parse(JSON.stringify(sample({ task }))));
  }
});

test("the metric that ranks comes first", () => {
  const housing = sample({ task: "housing" }) as unknown as Study;
  assert.equal(rankedBy(housing).title, "RMSE");
  assert.deepEqual(metricsOf(housing).map(({ name }) => name), ["rmse", "loss", "mae", "r2"]);
});
