"""Optuna reads a store that basin wrote: optuna_judge.py SAMPLE_STORE_PROGRAM."""

import math
import os
import re
import subprocess
import sys
import tempfile

import optuna
from optuna.trial import TrialState

optuna.logging.set_verbosity(optuna.logging.WARNING)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "study.db")
    subprocess.run([sys.argv[1], path], check=True)
    study = optuna.load_study(study_name="sample-1", storage=f"sqlite:///{path}")
    trials = study.get_trials()

    assert study.direction == optuna.study.StudyDirection.MAXIMIZE
    states = [trial.state for trial in trials]
    assert states[:4] == [TrialState.COMPLETE, TrialState.FAIL, TrialState.FAIL, TrialState.RUNNING], states
    assert set(states[4:]) == {TrialState.WAITING}, states
    assert [trial.number for trial in trials] == list(range(len(trials)))

    first, second = trials[0], trials[1]
    assert first.params == {"optimizer": "sgd", "lr": 0.01, "batch_size": 64, "init": "default", "schedule": "constant", "regularize": "none", "augment": "none", "normalize": "on", "groups": "none"}, first.params
    assert second.params["adam.beta2"] == 0.999 and second.params["optimizer"] == "adam", second.params
    assert first.distributions["lr"] == optuna.distributions.FloatDistribution(0.01, 0.1, log=True)
    assert first.distributions["batch_size"] == optuna.distributions.IntDistribution(64, 128, log=True)
    assert second.distributions["optimizer"] == optuna.distributions.CategoricalDistribution(("sgd", "adam"))
    assert second.distributions["adam.beta2"] == optuna.distributions.FloatDistribution(0.99, 0.999)
    assert {tuple(t.params.items()) for t in trials if t.params["init"] == "he_normal"}

    assert first.value == 0.75 and study.best_trial.number == 0
    assert first.intermediate_values == {1: 0.5, 2: 0.75}
    assert math.isnan(second.intermediate_values[2])
    times = [first.user_attrs.pop(name) for name in ("started", "ended")]
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", time) for time in times), times
    assert first.user_attrs == {"replicate": 0, "seed": 7, "factor": "base", "state": "complete",
                                "test_loss": 0.55, "test_accuracy": 0.7}, first.user_attrs
    assert second.user_attrs["state"] == "diverged" and second.user_attrs["reason"] == "the loss is not finite"
    assert trials[2].user_attrs["reason"] == "worker killed by SIGKILL (out of memory?)"
    assert first.duration.total_seconds() >= 0

    # Optuna can go on where basin stopped.
    study.optimize(lambda trial: trial.suggest_float("lr", 0.01, 0.1, log=True), n_trials=1)
    assert study.get_trials()[4].state == TrialState.COMPLETE or len(study.get_trials()) == len(trials) + 1

    # A search: ranges are those of the space, not of the trials that happen to be there, and trials are added.
    path = os.path.join(folder, "search.db")
    subprocess.run([sys.argv[1], path, "search"], check=True)
    study = optuna.load_study(study_name="sample-1", storage=f"sqlite:///{path}")
    first, second, third = study.get_trials()
    assert [t.state for t in (first, second, third)] == [TrialState.COMPLETE, TrialState.PRUNED, TrialState.WAITING]
    assert first.distributions["lr"] == optuna.distributions.FloatDistribution(1e-4, 1, log=True)
    assert second.distributions["batch_size"] == optuna.distributions.IntDistribution(16, 256, log=True)
    assert second.distributions["init"] == optuna.distributions.CategoricalDistribution(("default", "he_normal"))
    assert second.params["init"] == "he_normal" and second.params["batch_size"] == 32 and second.params["lr"] == 0.25
    assert second.value == 0.5 and study.best_trial.number == 0

print(f"Optuna {optuna.__version__} read {len(trials)} trials")
