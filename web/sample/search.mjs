// A made-up search, for the tests and for looking at the page.
//
// searchSample({optimizers, trials, finalists, epochs})   a study document, the same for the same arguments; the numbers of
//                                                         its `search` are rough where basin computes them (basin/analysis)
import { sample } from "./study.mjs";

// The rate that an optimizer likes best, how steeply it falls off beside it, its best accuracy.
const arms = { sgd: [0.2, 0.018, 0.886], momentum: [0.03, 0.03, 0.902], rmsprop: [0.0007, 0.04, 0.899], adam: [0.001, 0.022, 0.907], adamw: [0.0012, 0.016, 0.909] };
const cost = { sgd: 1, momentum: 1.05, rmsprop: 1.1, adam: 1.18, adamw: 1.2 };
const slots = { sgd: 0, momentum: 1, rmsprop: 1, adam: 2, adamw: 2 };
const inits = ["default", "glorot_uniform", "he_normal"];
const workers = 4;

function random(seed) { // mulberry32
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const spaceOf = (optimizer) => ({
  parameters: [
    { name: "lr", kind: "real", low: 1e-5, high: 1, scale: "log", parent: "", when: "" },
    { name: "batch_size", kind: "integer", low: 16, high: 256, scale: "log", parent: "", when: "" },
    { name: "init", kind: "category", low: 0, high: 1, scale: "linear", choices: inits, parent: "", when: "" },
    ...(optimizer.startsWith("adam") ? [{ name: `${optimizer}.beta1`, kind: "real", low: 0.5, high: 0.999, scale: "complement_log", parent: "", when: "" }] : []),
  ],
});

export function searchSample({ optimizers = ["sgd", "momentum", "rmsprop", "adam", "adamw"], trials = 200, finalists = 5, epochs = 5 } = {}) {
  const draw = random(11);
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const base = sample({ optimizers, replicates: 1 });
  const all = [];
  const free = Array(workers).fill(1.7e9); // when each worker is free
  const best = {}; // of each optimizer: its trial

  function configOf(optimizer, turn) {
    const beta1 = optimizer.startsWith("adam") ? { [`${optimizer}.beta1`]: 1 - 0.5 * 0.002 ** draw() } : {};
    const near = turn > 20 && draw() < 0.6; // as a sampler that learns
    const rate = near ? arms[optimizer][0] * 10 ** (0.5 * normal()) : 10 ** (-5 * draw());
    return { lr: Math.min(1, Math.max(1e-5, rate)), batch_size: Math.round(16 * 16 ** draw()), init: inits[Math.floor(3 * draw())], ...beta1 };
  }

  function skillOf(optimizer, config) {
    const [rate, fall, top] = arms[optimizer];
    const off = Math.log10(config.lr / rate) - 0.5 * Math.log10(config.batch_size / 64);
    const beta = config[`${optimizer}.beta1`];
    const momentum = beta === undefined ? 0 : 0.006 * Math.log10((1 - beta) / 0.1) ** 2;
    const init = config.init === "he_normal" ? 0 : config.init === "default" ? 0.003 : 0.006;
    return { diverged: off > 1.5, skill: Math.max(0.1, top - fall * off * off * (off < 0 ? 1 : 1.8) - 0.006 * Math.log2(config.batch_size / 64) ** 2 / 4 - momentum - init + 0.003 * normal()) };
  }

  function add(optimizer, factor, stage, config, replicate, turn) {
    const { diverged, skill } = skillOf(optimizer, config);
    const limit = best[optimizer]?.validation_accuracy ?? 0;
    const pruned = !diverged && stage === "search" && turn > 5 && skill < limit - 0.03 && draw() < 0.8;
    const length = diverged ? 1 : pruned ? Math.ceil(epochs / 2) : epochs;
    const curve = { epoch: [], seconds: [], lr: [], train_loss: [], train_accuracy: [], validation_loss: [], validation_accuracy: [] };
    const second = 4.1 * cost[optimizer] * (0.7 + 24 / config.batch_size) * (1 + 0.05 * normal());
    for (let epoch = 1; epoch <= length; ++epoch) {
      const reached = round(diverged ? 0.1 : skill - (skill - 0.1) * 0.25 * Math.exp(-epoch / 1.2));
      curve.epoch.push(epoch);
      curve.seconds.push(round(second * epoch));
      curve.lr.push(config.lr);
      curve.train_accuracy.push(round(Math.max(0.1, reached - 0.01)));
      curve.train_loss.push(round(2.6 * (1.01 - reached)));
      curve.validation_accuracy.push(reached);
      curve.validation_loss.push(round(2.6 * (1 - reached)));
    }
    const seconds = curve.seconds.at(-1);
    const worker = free.indexOf(Math.min(...free));
    const started = free[worker];
    free[worker] = round10(started + seconds + 0.1);
    const trial = {
      number: all.length, optimizer, replicate, factor, config, stage, started, ended: round10(started + seconds),
      state: diverged ? "diverged" : pruned ? "pruned" : "complete", reason: diverged ? "loss is not finite at step 97" : "", best_epoch: length,
      validation_loss: diverged ? null : curve.validation_loss.at(-1), validation_accuracy: diverged ? null : curve.validation_accuracy.at(-1), test_loss: null, test_accuracy: null,
      seconds, steps: Math.round((20000 / config.batch_size) * length), state_bytes: 4 * 206922 * slots[optimizer], optimizer_ms: 0.1 * cost[optimizer], images_per_second: 4100,
      phases: { data: 0.03 * seconds, forward: 0.31 * seconds, backward: 0.5 * seconds, optimizer: 0.05 * seconds, evaluation: 0.11 * seconds },
      curve,
    };
    all.push(trial);
    if (stage === "search" && trial.state === "complete" && trial.validation_accuracy > limit) best[optimizer] = trial;
  }

  for (let turn = 0; turn < trials; ++turn) {
    for (const optimizer of optimizers) {
      const usual = { lr: optimizer.startsWith("adam") ? 0.001 : 0.01, batch_size: 64, init: "default", ...(optimizer.startsWith("adam") ? { [`${optimizer}.beta1`]: 0.9 } : {}) };
      add(optimizer, turn === 0 ? "default" : "search", "search", turn === 0 ? usual : configOf(optimizer, turn), 0, turn);
    }
  }
  for (let replicate = 1; replicate <= finalists; ++replicate) {
    for (const optimizer of optimizers) add(optimizer, "base", "final", best[optimizer].config, replicate, 0);
  }
  return { ...base, study: studyOf(base.study, optimizers, trials, finalists, epochs), trials: all, ranking: rankingOf(base.ranking, optimizers, all), search: searchOf(optimizers, trials, finalists, all) };
}

const round = (value) => Number(value.toPrecision(5));
const round10 = (value) => Math.round(10 * value) / 10;
const byOptimizer = (optimizers, value) => Object.fromEntries(optimizers.map((optimizer) => [optimizer, value(optimizer)]));
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

const studyOf = (study, optimizers, trials, finalists, epochs) => ({
  ...study, name: "fmnist-cnn-tune-1", replicates: finalists, epochs,
  command: `basin tune fmnist-cnn --optimizers ${optimizers.join(",")} --trials ${trials} --epochs ${epochs} --finalists ${finalists}`,
  factors: [{ name: "lr", scale: "log" }, { name: "batch_size", scale: "log" }, { name: "init", scale: "category" }],
});

function rankingOf(rows, optimizers, trials) {
  const spread = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const m = mean(values);
    return { mean: m, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / Math.max(1, values.length - 1)), median: sorted[sorted.length >> 1], low: sorted[0], high: sorted.at(-1), n: values.length };
  };
  const count = (optimizer, state) => trials.filter((trial) => trial.optimizer === optimizer && trial.state === state).length;
  const ranked = optimizers.map((optimizer) => {
    const finals = trials.filter((trial) => trial.optimizer === optimizer && trial.stage === "final");
    const over = (name, shift) => spread(finals.map((trial) => trial[name] + shift));
    return {
      ...rows.find((row) => row.optimizer === optimizer), optimizer, config: finals[0].config, trials: finals.map(({ number }) => number),
      validation_accuracy: over("validation_accuracy", 0), validation_loss: over("validation_loss", 0), test_accuracy: over("validation_accuracy", -0.004), test_loss: over("validation_loss", 0.01),
      configurations: trials.filter((trial) => trial.optimizer === optimizer && trial.stage === "search").length,
      finished: count(optimizer, "complete"), diverged: count(optimizer, "diverged"), failed: 0, pruned: count(optimizer, "pruned"),
    };
  });
  ranked.sort((a, b) => b.validation_accuracy.mean - a.validation_accuracy.mean);
  return ranked.map((row, i) => ({ ...row, rank: i + 1 }));
}

function searchOf(optimizers, trials, finalists, all) {
  const values = (optimizer) => all.filter((trial) => trial.optimizer === optimizer && trial.stage === "search").map((trial) => trial.validation_accuracy ?? 0.1).sort((a, b) => a - b);
  const expected = (sorted, n) => sorted.reduce((sum, v, i) => sum + v * (((i + 1) / sorted.length) ** n - (i / sorted.length) ** n), 0);
  const ns = [...new Set(Array.from({ length: 50 }, (_, i) => Math.round(trials ** (i / 49))))];
  return {
    sampler: "tpe", pruner: "median", trials_per_optimizer: trials, finalists, lag: 8, warmup: 0.2, audit: 0.05, winners_curse: { 12: 1.629, 30: 2.043, 200: 2.746 }[trials] ?? 2,
    space: byOptimizer(optimizers, spaceOf),
    importance: byOptimizer(optimizers, (optimizer) => {
      const shares = [0.61 + 0.03 * slots[optimizer], 0.18, 0.05, 0.12];
      const own = spaceOf(optimizer).parameters.map(({ name }, i) => ({ name, value: shares[i] }));
      return own.map(({ name, value }) => ({ name, value: value / own.reduce((sum, row) => sum + row.value, 0) })).sort((a, b) => b.value - a.value);
    }),
    expected_best: byOptimizer(optimizers, (optimizer) => {
      const sorted = values(optimizer);
      const spread = (n) => 0.12 / Math.sqrt(trials) / n ** 0.6 + 0.001;
      return ns.map((n) => ({ n, value: expected(sorted, n), low: expected(sorted, n) - 1.6 * spread(n), high: Math.min(sorted.at(-1), expected(sorted, n) + 1.6 * spread(n)) }));
    }),
    borders: byOptimizer(optimizers, (optimizer) => (optimizer === "sgd" ? [{ name: "lr", value: 0.9, end: "high" }] : [])),
  };
}
