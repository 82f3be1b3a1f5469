"""Optuna ends the same trials at the same step, where the rules agree: optuna_pruners_judge.py ENDED_PROGRAM."""

import math
import random
import subprocess
import sys
import warnings

import optuna
from optuna.pruners import MedianPruner, PatientPruner, PercentilePruner, SuccessiveHalvingPruner, ThresholdPruner

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

STEPS = 64
TRIALS = 150
PAIRS = [  # the same rule at equal settings, in basin's words and in Optuna's steps from 1
    ("median warmup 0.25", MedianPruner(n_startup_trials=5, n_warmup_steps=16)),
    ("median warmup 0, startup 1", MedianPruner(n_startup_trials=1)),
    ("percentile percentile 25, warmup 0.5", PercentilePruner(25.0, n_startup_trials=5, n_warmup_steps=32)),
    ("percentile percentile 71.3, warmup 0, startup 10", PercentilePruner(71.3, n_startup_trials=10)),
    ("asha warmup 0.015625", SuccessiveHalvingPruner(min_resource=1, reduction_factor=4)),
    ("asha warmup 0.0625, eta 3", SuccessiveHalvingPruner(min_resource=4, reduction_factor=3)),
    ("asha warmup 0.03125, eta 2", SuccessiveHalvingPruner(min_resource=1, reduction_factor=2, min_early_stopping_rate=1)),
    ("threshold lower 0.3, upper 1.7, warmup 0.25", ThresholdPruner(lower=0.3, upper=1.7, n_warmup_steps=16)),
    ("patience patience 0.125, warmup 0", PatientPruner(None, patience=8)),
    ("patience patience 0.25, min_delta 0.05, warmup 0", PatientPruner(None, patience=16, min_delta=0.05)),
]


def curves(random, nan):
    """Trials that fall towards values of their own, with noise; some values are not finite."""
    for _ in range(TRIALS):
        end, noise = random.uniform(0, 1), random.choice([0.01, 0.1, 0.3])
        yield [math.nan if random.random() < nan else end + math.exp(-step / 20) + random.gauss(0, noise) for step in range(STEPS)]


def ended_by_basin(pruner, trials):
    text = pruner + "\n" + "".join(" ".join(map(repr, values)) + "\n" for values in trials)
    out = subprocess.run([sys.argv[1]], input=text, text=True, check=True, capture_output=True).stdout
    return [int(line) for line in out.split()]


def ended_by_optuna(pruner, trials):
    study = optuna.create_study(pruner=pruner)
    ends = []
    for values in trials:
        trial = study.ask()
        for step, value in enumerate(values, 1):
            trial.report(value, step)
            if step < STEPS and trial.should_prune():
                break
        complete = step == STEPS
        study.tell(trial, 0.0 if complete else None, optuna.trial.TrialState.COMPLETE if complete else optuna.trial.TrialState.PRUNED)
        ends.append(step)
    return ends


pruned = 0
for text, pruner in PAIRS:
    # PatientPruner takes the smallest of no number for no reason to prune; basin ends such a trial.
    trials = list(curves(random.Random(text), 0 if text.startswith("patience") else 0.01))
    basin, optuna_s = ended_by_basin(text, trials), ended_by_optuna(pruner, trials)
    assert basin == optuna_s, f"{text}: basin {basin}, Optuna {optuna_s}"
    count = sum(steps < STEPS for steps in basin)
    assert 0 < count < TRIALS, f"{text}: {count} of {TRIALS} pruned tells nothing"
    pruned += count

print(f"Optuna {optuna.__version__} ended the same {pruned} of {len(PAIRS) * TRIALS} trials")
