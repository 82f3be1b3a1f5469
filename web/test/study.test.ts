import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyError, parse, version } from "../src/study";

test("a newer version, another format and no document are refused with a line for the reader", () => {
  const refused = (text: string, words: RegExp) =>
    assert.throws(() => parse(text), (error: unknown) => error instanceof StudyError && words.test(error.message));
  refused("@STUDY@", /holds no study/);
  refused("null", /not a study of basin/);
  refused('{"format": "other", "version": 1}', /not a study of basin/);
  refused(`{"format": "basin-study", "version": ${version + 1}}`, /of version 2; this page reads versions up to 1/);
  refused('{"format": "basin-study"}', /of version undefined/);
});

test("a document of this version is taken", () => {
  assert.equal(parse(`{"format": "basin-study", "version": ${version}}`).version, version);
});
