// Made-up studies, for the tests and for looking at the page; real ones come from the command.
//
// sample({task, optimizers, replicates, state, epochs, version})   a study document, the same for the same arguments

// Learning rate it likes best, final skill (the accuracy, where that is the metric), epochs that it needs.
const arms = {
  sgd: [0.1, 0.872, 4], momentum: [0.03, 0.893, 2.2], rmsprop: [0.001, 0.89, 1.4], adam: [0.001, 0.895, 1.2],
  adamw: [0.001, 0.896, 1.2], nesterov: [0.03, 0.894, 2.1], adagrad: [0.01, 0.881, 1.8],
};
const optimizerCost = { sgd: 0.05, momentum: 0.07, rmsprop: 0.09, adam: 0.11, adamw: 0.11 };
const slots = { sgd: 0, momentum: 1, nesterov: 1, rmsprop: 1, adagrad: 1 };

const metric = (name, title, better, { percent = false, unit = "", low = 0, high = null } = {}) => ({ name, title, better, percent, unit, low, high });
const lossOf = (skill) => 2.6 * (1 - skill);

// What is learned: the problem in the document, and the values of its metrics at a skill between 0 and 1. The skill of a
// network that diverged is below 0.
const tasks = {
  images: {
    problem: {
      name: "fmnist-cnn", summary: "A small convolutional network on Fashion-MNIST (10 classes of clothing, 28x28 grey)", data: "fashion-mnist",
      layers: "conv 16 3x3 same, relu, max-pool 2, conv 32 3x3 same, relu, max-pool 2, flatten, linear 128, relu, linear 10",
      loss: "cross_entropy", metric: "accuracy", target: 0.88, parameters: 206922, train_size: 20000, validation_size: 10000, test_size: 10000,
    },
    metrics: [metric("loss", "Loss", "smaller"), metric("accuracy", "Accuracy", "larger", { percent: true, high: 1 })],
    measured: (skill) => ({ loss: lossOf(skill), accuracy: Math.max(0.1, skill) }),
  },
  regression: {
    problem: {
      name: "own-mlp", summary: "", data: "", layers: "linear 64, relu, linear 1",
      loss: "mse", metric: "loss", target: 0, parameters: 577, train_size: 20000, validation_size: 10000, test_size: 10000,
    },
    metrics: [metric("loss", "Loss", "smaller"), metric("accuracy", "Accuracy", "larger", { percent: true, high: 1 })],
    measured: (skill) => ({ loss: lossOf(skill), accuracy: null }),
  },
  housing: {
    problem: {
      name: "housing", summary: "median_house_value from the 9 columns of housing.csv (20,640 rows)", data: "tables/california/districts/housing.csv",
      layers: "linear 128, relu, linear 64, relu, linear 1",
      loss: "mse", metric: "rmse", target: 55000, parameters: 10113, train_size: 16512, validation_size: 2064, test_size: 2064,
    },
    metrics: [
      metric("loss", "Loss", "smaller"), metric("rmse", "RMSE", "smaller", { unit: "dollars" }),
      metric("mae", "MAE", "smaller", { unit: "dollars" }), metric("r2", "R2", "larger", { low: null, high: 1 }),
    ],
    measured(skill) {
      const unexplained = 1.9 * (1 - skill);
      return { loss: unexplained, rmse: 115400 * Math.sqrt(unexplained), mae: 84100 * Math.sqrt(unexplained), r2: 1 - unexplained };
    },
  },
  text: {
    problem: {
      name: "notes", summary: "The next character of notes.txt (1,115,394 characters, 65 different ones)", data: "notes.txt", layers: "",
      loss: "cross_entropy", metric: "log_loss", target: 1.9, parameters: 804096, train_size: 1003854, validation_size: 55770, test_size: 55770,
    },
    metrics: [metric("loss", "Loss", "smaller"), metric("log_loss", "Log loss", "smaller"), metric("perplexity", "Perplexity", "smaller", { low: 1 })],
    measured(skill) {
      const nats = 1.3 + 4.5 * (1 - skill);
      return { loss: nats, log_loss: nats, perplexity: Math.exp(nats) };
    },
  },
};

// mulberry32
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function sample({ task = "images", optimizers = ["sgd", "momentum", "rmsprop", "adam"], replicates = 3, state = "complete", epochs = 6, version = 2 } = {}) {
  const { problem, metrics, measured } = tasks[task];
  const draw = random(7);
  const trials = [];
  const add = (optimizer, factor, config) => {
    for (let replicate = 0; replicate < replicates; ++replicate) {
      trials.push(trial(trials.length, optimizer, factor, config, replicate));
    }
  };

  function trial(number, optimizer, factor, config, replicate) {
    const [bestRate, top, pace] = arms[optimizer] ?? [0.003, 0.87 + 0.02 * draw(), 2];
    const off = Math.log10(config.lr / bestRate);
    const diverged = off > 1.4;
    const final = top - 0.025 * off * off - 0.004 * Math.log2(config.batch_size / 64) + (config.init === "he_normal" ? 0.004 : 0) + 0.004 * (draw() - 0.5);
    const curve = { epoch: [], seconds: [], lr: [] };
    const record = (split, skill) => {
      for (const [name, value] of Object.entries(measured(skill))) (curve[`${split}_${name}`] ??= []).push(value && round(value));
    };
    const length = state === "running" && number > 20 ? 0 : diverged ? 2 : epochs;
    for (let epoch = 1; epoch <= length; ++epoch) {
      const reached = final - (final - 0.55) * Math.exp(-epoch / pace) + 0.012 * (draw() - 0.5);
      curve.epoch.push(epoch);
      curve.seconds.push(round(4.1 * epoch * (1 + 0.1 * draw())));
      curve.lr.push(config.lr);
      record("train", diverged ? -epoch : reached - 0.02 + 0.008 * epoch);
      record("validation", diverged ? -epoch : reached);
    }
    const finished = length > 0;
    const seconds = curve.seconds.at(-1) ?? 0;
    return {
      number, optimizer, replicate, factor, config,
      state: !finished ? "waiting" : diverged ? "diverged" : number === 5 ? "failed" : "complete",
      reason: diverged ? "loss is not finite at step 812" : number === 5 ? "its worker was killed (signal 9)" : "",
      best_epoch: length,
      ...named("validation", metrics, ({ name }) => (diverged || number === 5 ? null : (curve[`validation_${name}`]?.at(-1) ?? null))),
      ...named("test", metrics, () => null),
      seconds, steps: 313 * length,
      state_bytes: 4 * problem.parameters * (slots[optimizer] ?? 2), optimizer_ms: optimizerCost[optimizer] ?? 0.1, images_per_second: 4100,
      phases: finished ? { data: 0.03 * seconds, forward: 0.31 * seconds, backward: 0.5 * seconds, optimizer: (optimizerCost[optimizer] ?? 0.1) * 0.3 * seconds, evaluation: 0.15 * seconds } : null,
      curve,
    };
  }

  for (const optimizer of optimizers) {
    const [bestRate] = arms[optimizer] ?? [0.003];
    const base = { lr: bestRate, batch_size: 64, init: "default" };
    if (optimizer === "adam") base["adam.beta2"] = 0.999;
    add(optimizer, "base", base);
    for (const lr of [0.0001, 0.001, 0.01, 0.1, 1]) if (lr !== bestRate) add(optimizer, "lr", { ...base, lr });
    for (const batch_size of [32, 128]) add(optimizer, "batch_size", { ...base, batch_size });
    for (const init of ["glorot_uniform", "he_normal"]) add(optimizer, "init", { ...base, init });
    if (optimizer === "adam") for (const beta2 of [0.9, 0.99]) add(optimizer, "adam.beta2", { ...base, "adam.beta2": beta2 });
  }

  return {
    format: "basin-study", version,
    study: {
      name: `${problem.name}-${optimizers.length}`, state, design: "ofat", seed: 1, replicates, epochs, patience: null, plateau: null,
      command: `basin compare ${problem.name} --optimizers ${optimizers.join(",")} --lr 0.0001,0.001,0.01,0.1,1 --batch-size 64,32,128 --init default,glorot_uniform,he_normal --seeds ${replicates} --epochs ${epochs}`,
      created: "2026-01-31T12:00:00Z",
      problem: structuredClone(version === 1 ? problem : { ...problem, metrics }),
      factors: [
        { name: "lr", scale: "log" }, { name: "batch_size", scale: "log" }, { name: "init", scale: "category" },
        ...(optimizers.includes("adam") ? [{ name: "adam.beta2", scale: "linear" }] : []),
      ],
    },
    environment: { basin: "0.1.0", libtorch: "1.13.0", compiler: "GNU 12.2.0", processor: "a sample", cores: 2, memory_bytes: 25e9, system: "Debian GNU/Linux 12", isa: "avx512", jobs: 2, threads: 1 },
    trials,
    ranking: rank(optimizers, trials, problem, metrics),
  };
}

const round = (value) => Number(value.toPrecision(5));

// The values of all metrics on a split, by the names of their fields.
const named = (split, metrics, value) => Object.fromEntries(metrics.map((metric) => [`${split}_${metric.name}`, value(metric)]));

function rank(optimizers, trials, { metric, target }, metrics) {
  const larger = metrics.find(({ name }) => name === metric).better === "larger";
  const better = (a, b) => (larger ? b - a : a - b);
  const worst = larger ? -Infinity : Infinity;
  const rows = optimizers.map((optimizer) => {
    const own = trials.filter((trial) => trial.optimizer === optimizer && trial.state !== "waiting");
    const groups = Object.values(grouped(own));
    const worth = (group) => (group.some((t) => t.state !== "complete") ? worst : mean(group.map((t) => t[`validation_${metric}`])));
    groups.sort((a, b) => better(worth(a), worth(b)));
    const best = groups[0] ?? [];
    for (const t of best) {
      if (t.state !== "complete") continue;
      const tested = ({ name, better }) => t[`validation_${name}`] && round((better === "larger" ? 0.995 : 1.01) * t[`validation_${name}`]);
      Object.assign(t, named("test", metrics, tested));
    }
    const over = (split) => named(split, metrics, ({ name }) => spread(best.map((t) => t[`${split}_${name}`])));
    const reaches = (value) => target !== 0 && value !== null && better(value, target) <= 0;
    const reached = best.map((t) => (t.curve[`validation_${metric}`] ?? []).findIndex(reaches)).filter((i) => i >= 0);
    return {
      optimizer, config: best[0]?.config ?? {}, trials: best.map((t) => t.number),
      ...over("validation"), ...over("test"),
      epochs_to_target: spread(reached.map((i) => i + 1)), seconds_to_target: spread(reached.map((i) => best[0].curve.seconds[i])),
      configurations: groups.length, finished: own.filter((t) => t.state === "complete").length,
      diverged: own.filter((t) => t.state === "diverged").length, failed: own.filter((t) => t.state === "failed").length,
      state_bytes: best[0]?.state_bytes ?? null, optimizer_ms: best[0]?.optimizer_ms ?? null,
      worth: best.length ? worth(best) : worst,
    };
  });
  rows.sort((a, b) => better(a.worth, b.worth));
  return rows.filter((row) => row.trials.length).map(({ worth, ...row }, i) => ({ rank: i + 1, ...row }));
}

function grouped(trials) {
  const groups = {};
  for (const trial of trials) (groups[JSON.stringify(trial.config)] ??= []).push(trial);
  return groups;
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function spread(values) {
  const all = values.filter((v) => v !== null).sort((a, b) => a - b);
  if (!all.length) return null;
  const m = mean(all);
  const sd = all.length > 1 ? Math.sqrt(all.reduce((sum, v) => sum + (v - m) ** 2, 0) / (all.length - 1)) : null;
  return { mean: m, sd, median: all[Math.floor(all.length / 2)], low: all[0], high: all.at(-1), n: all.length };
}
