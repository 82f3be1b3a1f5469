// What was run, on what, and the command that runs it again.
import { h } from "./dom";
import * as format from "./format";
import { type Study, rankedBy } from "./study";

export function facts(document: Study): HTMLElement {
  const { study, trials, ranking } = document;
  const { problem } = study;
  return pairs([
    ["data", problem.data || "its own"],
    ["records", `${format.count(problem.train_size)} train, ${format.count(problem.validation_size)} validation, ${format.count(problem.test_size)} test`],
    ["parameters", format.count(problem.parameters)],
    ["budget", `${format.plural(study.epochs, "epoch")}, ${format.plural(study.replicates, "replicate")}`],
    ["compared", `${format.plural(ranking.length, "optimizer")} in ${format.plural(trials.length, "trial")}`],
    ["target", target(document)],
  ]);
}

function target(document: Study): string {
  const wanted = document.study.problem.target;
  const metric = rankedBy(document);
  const side = metric.better === "larger" ? "more" : "less";
  return wanted ? `validation ${format.inSentence(metric.title)} ${format.short(wanted, metric)} or ${side}` : "none";
}

export function environment({ study, environment: machine }: Study): HTMLElement {
  const text = (name: string, value: string | number | null) => (name === "memory_bytes" ? format.bytes(Number(value)) : String(value ?? format.unknown));
  return h(
    "div",
    {},
    command(study.command),
    pairs([
      ["network", study.problem.layers || "its own"],
      ["loss", study.problem.loss],
      ["design", study.design === "ofat" ? "one factor at a time around the base" : "grid: all combinations"],
      ["seed", String(study.seed)],
      ["early stopping", study.patience ? `after ${format.plural(study.patience.epochs, "epoch")} without a better validation loss` : "none"],
      ["rate on a plateau", study.plateau ? `times ${study.plateau.factor} after ${format.plural(study.plateau.patience, "epoch")}` : "unchanged"],
      ["made", study.created],
      ...Object.entries(machine).map(([name, value]): [string, string] => [name.replace("_bytes", ""), text(name, value)]),
    ]),
  );
}

const pairs = (items: [string, string][]): HTMLElement =>
  h("dl", {}, ...items.map(([term, text]) => h("div", {}, h("dt", {}, term), h("dd", {}, ...breakable(text)))));

// A path may break after each of its slashes.
const breakable = (text: string): (string | Node)[] => text.split("/").flatMap((part, i) => (i === 0 ? [part] : ["/", h("wbr"), part]));

function command(line: string): HTMLElement {
  const code = h("code", {}, line);
  const button = h("button", { type: "button", click: () => void copy() }, "Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(line);
      button.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(code); // where the browser refuses a page from disk, one key is left to press
      button.textContent = "Selected";
    }
  }
  return h("div", { class: "command" }, h("pre", { tabindex: 0 }, code), button);
}
