"""basin's TPE and CMA-ES are not worse than Optuna's: optuna_judge.py REGRETS_PROGRAM.

Both search the same functions with the same settings, 20 runs each. A sampler fails if its regrets are larger than Optuna's
by the one-sided Mann-Whitney test; alpha 0.01 is shared by all pairs (Bonferroni).
"""

import math
import subprocess
import sys
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

RUNS = 20
ALPHA = 0.01


def branin(x):
    a = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return a * a + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def sphere(x):
    return sum(v * v for v in x)


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


FUNCTIONS = {"branin": (branin, [(-5, 10), (0, 15)], 0.39788735772973816), "sphere": (sphere, [(-5, 5)] * 10, 0),
             "rosenbrock": (rosenbrock, [(-5, 5)] * 10, 0)}
SAMPLERS = {
    "tpe": lambda seed: optuna.samplers.TPESampler(multivariate=True, seed=seed),
    "tpe multivariate 0": lambda seed: optuna.samplers.TPESampler(multivariate=False, seed=seed),
    "cma": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
}
PAIRS = [("tpe", "branin", 50), ("tpe", "rosenbrock", 60), ("tpe multivariate 0", "branin", 50), ("cma", "branin", 100),
         ("cma", "sphere", 100), ("cma", "rosenbrock", 100)]


def regrets_of_optuna(sampler, name, trials):
    function, bounds, minimum = FUNCTIONS[name]
    out = []
    for seed in range(RUNS):
        study = optuna.create_study(sampler=SAMPLERS[sampler](seed))
        study.optimize(lambda trial: function([trial.suggest_float(f"x{i}", *b) for i, b in enumerate(bounds)]), n_trials=trials)
        out.append(study.best_value - minimum)
    return out


def regrets_of_basin(program, sampler, name, trials):
    done = subprocess.run([program, sampler, name, str(RUNS), str(trials)], check=True, capture_output=True, text=True)
    return [float(line) for line in done.stdout.split()]


def chance_of_larger(ours, theirs):
    """One-sided p of the Mann-Whitney test that ours tend to be larger; normal approximation, no ties."""
    n, m = len(ours), len(theirs)
    larger = sum(1 if a > b else 0.5 if a == b else 0 for a in ours for b in theirs)
    z = (larger - n * m / 2 - 0.5) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(z / math.sqrt(2)) / 2


def installed(sampler):
    if sampler != "cma":
        return True
    try:
        import cmaes  # noqa: F401
        return True
    except ImportError:
        return False


worse = []
for sampler, function, trials in PAIRS:
    if not installed(sampler):
        print(f"{sampler} on {function}: Optuna's needs the package cmaes, which is not there")
        continue
    ours = regrets_of_basin(sys.argv[1], sampler, function, trials)
    theirs = regrets_of_optuna(sampler, function, trials)
    p = chance_of_larger(ours, theirs)
    print(f"{sampler} on {function} after {trials}: mean {sum(ours) / RUNS:.4g}, Optuna {sum(theirs) / RUNS:.4g}, p {p:.3f}")
    if p < ALPHA / len(PAIRS):
        worse.append(f"{sampler} on {function}")
print(f"Optuna {optuna.__version__}, {RUNS} runs each")
if worse:
    sys.exit(f"worse than Optuna: {', '.join(worse)}")
