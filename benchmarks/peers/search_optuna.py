#!/usr/bin/python3 -B
"""Times Optuna's ask and tell after some finished trials, in memory: {"tpe/1000": median processor microseconds}.

The peer of search_bench: five real parameters on [-5, 5], the same numbers of finished trials.
"""
import json
import statistics
import time
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

SPACE = {f"x{i}": optuna.distributions.FloatDistribution(-5, 5) for i in range(5)}
SAMPLERS = {
    "random": optuna.samplers.RandomSampler,
    "sobol": lambda seed: optuna.samplers.QMCSampler(qmc_type="sobol", scramble=True, seed=seed),
    "halton": lambda seed: optuna.samplers.QMCSampler(qmc_type="halton", scramble=True, seed=seed),
    "tpe": lambda seed: optuna.samplers.TPESampler(multivariate=True, constant_liar=True, seed=seed),
    "cma": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "nsga2": lambda seed: optuna.samplers.NSGAIISampler(seed=seed),
}
if hasattr(optuna.samplers, "GPSampler"):  # from 3.6 on, and with PyTorch
    SAMPLERS["gp"] = lambda seed: optuna.samplers.GPSampler(seed=seed)


def study_of(name, trials):
    """A study with finished trials: CMA-ES must have made its own, which hold its state; others take random ones."""
    study = optuna.create_study(sampler=SAMPLERS["cma" if name == "cma" else "random"](seed=1))
    for _ in range(trials):
        trial = study.ask(SPACE)
        study.tell(trial, sum(v * v for v in trial.params.values()))
    study.sampler = SAMPLERS[name](seed=1)
    return study


def median_of_asks(name, trials):
    study = study_of(name, trials)
    taken = []
    for _ in range(9):
        start = time.process_time()
        trial = study.ask(SPACE)
        study.tell(trial, 1.0)
        taken.append(time.process_time() - start)
    return 1e6 * statistics.median(taken)


out = {}
for name in SAMPLERS:
    for trials in (20, 200) if name in ("cma", "gp") else (200, 1000):
        try:
            out[f"{name}/{trials}"] = median_of_asks(name, trials)
        except ImportError:  # cmaes, scipy or PyTorch is not there
            break
print(json.dumps({"version": optuna.__version__, "microseconds": out}))
