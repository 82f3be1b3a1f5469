// The page: the answer, the ranking, the charts, the trials, the machine; redrawn when the study changes.
import { answer } from "./answer";
import type { Axis } from "./charts/chart";
import { charts } from "./charts/charts";
import { choice, h } from "./dom";
import { environment, facts } from "./environment";
import { type Figure, figure } from "./figure";
import * as format from "./format";
import { dark, light } from "./palette";
import { type Chosen, named, ranking, trials } from "./ranking";
import { optimizers } from "./rows";
import { type Study, StudyError, subscribe } from "./study";

const shownAtFirst = 6; // more lines than this in one chart are not told apart

type Look = "system" | "light" | "dark";

// The reader's choices; kept when the study changes.
const chosen = { axis: "epoch" as Axis, look: "system" as Look, shown: null as Set<string> | null, ranking: { whole: false, columns: "settings" } as Chosen };
const system = matchMedia("(prefers-color-scheme: dark)");
const print = matchMedia("print");
const theme = () => (!print.matches && (chosen.look === "system" ? system.matches : chosen.look === "dark") ? dark : light);

const page = document.getElementById("page")!;
let figures: Figure[] = [];
let turn = 0; // of the latest drawing

// Draws what the reader sees at once, then the other figures one by one, so that a page of a thousand trials answers.
// `data-drawing` is there until the last one.
function draw() {
  const mine = ++turn;
  const isSeen = ({ element }: Figure) => {
    const { top, bottom } = element.getBoundingClientRect();
    return print.matches || (top < innerHeight && bottom > 0);
  };
  figures.forEach((each) => each.reserve());
  const seen = new Set(figures.filter(isSeen));
  const rest = figures.filter((each) => !seen.has(each));
  const next = () => {
    if (mine !== turn) return;
    rest.shift()?.draw();
    page.toggleAttribute("data-drawing", rest.length > 0);
    if (rest.length > 0) setTimeout(next);
  };
  seen.forEach((each) => each.draw());
  page.toggleAttribute("data-drawing", rest.length > 0);
  setTimeout(next);
}

function applyLook() {
  const { name, hues, background, ink, muted, line } = theme();
  const root = document.documentElement;
  root.dataset.theme = name;
  for (const [part, color] of Object.entries({ background, ink, muted, line })) root.style.setProperty(`--${part}`, color);
  hues.forEach((color, i) => root.style.setProperty(`--hue${i}`, color));
  draw();
}

function header({ study }: Study): HTMLElement {
  const looks = [["system", "System"], ["light", "Light"], ["dark", "Dark"]] as const;
  const choose = (look: Look) => {
    chosen.look = look;
    applyLook();
  };
  return h(
    "header",
    {},
    h("span", { class: "brand" }, "basin"),
    h("span", { class: "name" }, study.name),
    study.state === "complete" ? null : h("span", { class: "badge" }, study.state),
    choice("Colours", looks, chosen.look, choose),
  );
}

function opening(study: Study): HTMLElement {
  const { winner, headline, notes } = answer(study);
  return h(
    "section",
    { class: "opening" },
    h("p", { class: "question" }, "Which optimizer, learning rate, batch size and initializer for this network and this data?"),
    h("h1", {}, study.study.problem.summary || study.study.problem.name),
    h("p", { class: "answer" }, h("strong", {}, winner), headline.slice(winner?.length ?? 0)),
    ...notes.map((note) => h("p", { class: "note" }, note)),
    facts(study),
  );
}

// The optimizers in the charts, and the horizontal axis of the curves.
function controls(study: Study): HTMLElement {
  const names = optimizers(study);
  const shown = (chosen.shown ??= new Set(names.slice(0, shownAtFirst)));
  const chip = (name: string) =>
    h(
      "button",
      {
        type: "button",
        class: "chip",
        "aria-pressed": String(shown.has(name)),
        click: (event) => {
          if (!shown.delete(name)) shown.add(name);
          (event.currentTarget as HTMLElement).setAttribute("aria-pressed", String(shown.has(name)));
          draw();
        },
      },
      named(name),
    );
  const axes = [["epoch", "Epochs"], ["seconds", "Seconds"]] as const;
  const choose = (axis: Axis) => {
    chosen.axis = axis;
    draw();
  };
  return h(
    "div",
    { class: "controls" },
    h("div", { class: "chips", role: "group", "aria-label": "Optimizers in the charts" }, ...names.map(chip)),
    choice("Horizontal axis of the curves", axes, chosen.axis, choose),
  );
}

function render(study: Study): void {
  const look = () => ({
    theme: theme(),
    axis: chosen.axis,
    shown: (name: string) => chosen.shown?.has(name) ?? true,
  });
  document.title = `${study.study.name} · basin`;
  figures = charts(study).map((chart) => figure(chart, study.study.name, look));
  const section = (title: string, ...content: HTMLElement[]) => h("section", {}, h("h2", {}, title), ...content);
  page.replaceChildren(
    header(study),
    h(
      "main",
      {},
      opening(study),
      section("Ranking", h("p", { class: "note" }, rankingNote(study)), ranking(study, chosen.ranking)),
      section("Charts", controls(study), h("div", { class: "figures" }, ...figures.map((each) => each.element))),
      section("Trials", allTrials(study)),
      section("Run it again", environment(study)),
    ),
  );
  applyLook();
}

// Filled when opened: a search has a thousand.
function allTrials(study: Study): HTMLElement {
  const details = h("details", {}, h("summary", {}, `All ${format.plural(study.trials.length, "trial")}`));
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(trials(study)));
  return details;
}

function rankingNote({ study, search }: Study): string {
  const chosen = search ? "the setting that its search selected, run again with fresh seeds" : "the configuration that did best on validation";
  const over = study.replicates > 1 ? `mean ± standard deviation over ${format.plural(study.replicates, "replicate")}` : "1 replicate";
  return `Each optimizer with ${chosen}; ${over}. The test split is seen by these configurations only.`;
}

for (const query of [system, print]) query.addEventListener("change", applyLook);
try {
  subscribe(render);
} catch (error) {
  if (!(error instanceof StudyError)) throw error;
  page.replaceChildren(h("main", {}, h("p", { class: "answer", role: "alert" }, error.message)));
  applyLook();
}
