// Writes dist/sample-*.html: the built page with made-up studies, for looking at and for tests/e2e.
import { readFileSync, writeFileSync } from "node:fs";
import { searchSample } from "./search.mjs";
import { sample } from "./study.mjs";

const many = ["adam", "sgd", "momentum", "rmsprop", "adamw", "adagrad", "nesterov", "lion", "adadelta", "adamax", "nadam", "radam", "adabelief", "yogi", "adan"];
const studies = {
  compare: sample(),
  many: sample({ optimizers: many, replicates: 5 }),
  regression: sample({ task: "regression", optimizers: ["sgd", "adam"], replicates: 1, version: 1 }),
  running: sample({ state: "running", version: 1 }),
  housing: sample({ task: "housing" }),
  text: sample({ task: "text", optimizers: ["adamw", "adam", "sgd", "rmsprop"] }),
  search: searchSample(),
  "small-search": searchSample({ optimizers: ["sgd", "adam"], trials: 12, finalists: 3 }),
};

const page = readFileSync(new URL("../dist/page.html", import.meta.url), "utf8");
for (const [name, study] of Object.entries(studies)) {
  const text = JSON.stringify(study).replaceAll("<", "\\u003c");
  writeFileSync(new URL(`../dist/sample-${name}.html`, import.meta.url), page.replace("@STUDY@", () => text));
}
