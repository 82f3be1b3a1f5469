#!/usr/bin/env python3
"""The paths of PyTorch's optimizers, for every option that PyTorch 1.13 has: what tests/kernels/golden_test.cpp compares with.

    generate.py            writes the files beside it
    generate.py --check    computes them again and compares; exit status 1 and the first difference if they differ

closed_loop.csv   1,000 steps of a small network in double, every 100th written: optimizer, step, 13 weights
gradients.csv     100 gradients of 13 weights, taken in float along a path of SGD with momentum
open_loop.csv     1,000 steps in float, the gradients above over and over; every 100th written, as above
out_of_range.csv  40 steps in float of 18 weights, each of which meets one gradient that is not finite, has no finite square,
                  or is subnormal: half of them in step 1, half in step 5; optimizer, step, 18 weights

The network is 2-3-1 with softsign, x / (1 + |x|), so that nothing but + - * / is computed and no mathematical library
has a say. Its sixteen examples come in four batches, which pull in different directions: the gradient never dies, and no
optimizer comes to circle within its last digits, where a rounding decides about the sign of the next step. Each path is
run twice, the second time from weights a hair apart, and is refused when the two part by more than a hundred hairs.
"""
import math
import sys
from pathlib import Path

import torch
from torch.optim import ASGD, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, Rprop, SparseAdam

HERE = Path(__file__).resolve().parent
STEPS, EVERY, WEIGHTS = 1000, 100, 13
HAIR, MOST_HAIRS = 1e-12, 100
EXTREMES = [math.inf, -math.inf, 1e19, 1e20, 1e21, 1e38, -1e38, 1e-40, math.nan]

# Some optimizers keep scalars as tensors of the default type: they are to be as exact as the weights.
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class SparseAdamOfDense(SparseAdam):
    """SparseAdam for a gradient that has every row."""

    def step(self):
        for weights in self.param_groups[0]["params"]:
            weights.grad = weights.grad.to_sparse()
        super().step()


# The optimizer as basin spells it, with the knobs that are not at their defaults; and as PyTorch does.
CASES = [
    ("sgd lr=0.1", SGD, dict(lr=0.1)),
    ("sgd lr=0.1 weight_decay=0.01", SGD, dict(lr=0.1, weight_decay=0.01)),
    ("maximize+sgd lr=0.1", SGD, dict(lr=0.1, maximize=True)),
    ("momentum lr=0.02 weight_decay=0.01", SGD, dict(lr=0.02, momentum=0.9, weight_decay=0.01)),
    ("momentum lr=0.05 momentum=0.8 dampening=0.3", SGD, dict(lr=0.05, momentum=0.8, dampening=0.3)),
    ("maximize+momentum lr=0.02", SGD, dict(lr=0.02, momentum=0.9, maximize=True)),
    ("nesterov lr=0.02 weight_decay=0.01", SGD, dict(lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01)),
    ("maximize+nesterov lr=0.02", SGD, dict(lr=0.02, momentum=0.9, nesterov=True, maximize=True)),
    ("asgd", ASGD, dict()),
    ("asgd lr=0.1 lambd=0.01 alpha=0.6 t0=100", ASGD, dict(lr=0.1, lambd=0.01, alpha=0.6, t0=100)),
    ("maximize+asgd lr=0.1 weight_decay=0.01", ASGD, dict(lr=0.1, weight_decay=0.01, maximize=True)),
    ("rprop", Rprop, dict()),
    ("rprop lr=0.001 etaminus=0.4 etaplus=1.1 step_size_min=1e-05 step_size_max=0.02", Rprop,
     dict(lr=0.001, etas=(0.4, 1.1), step_sizes=(1e-5, 0.02))),
    ("maximize+rprop", Rprop, dict(maximize=True)),
    ("adagrad lr=0.05", Adagrad, dict(lr=0.05)),
    ("adagrad lr=0.1 lr_decay=0.01 weight_decay=0.01 initial_accumulator_value=0.1 eps=1e-06", Adagrad,
     dict(lr=0.1, lr_decay=0.01, weight_decay=0.01, initial_accumulator_value=0.1, eps=1e-6)),
    ("maximize+adagrad lr=0.05", Adagrad, dict(lr=0.05, maximize=True)),
    ("adadelta", Adadelta, dict()),
    ("adadelta lr=0.5 rho=0.95 eps=1e-05 weight_decay=0.01", Adadelta, dict(lr=0.5, rho=0.95, eps=1e-5, weight_decay=0.01)),
    ("maximize+adadelta", Adadelta, dict(maximize=True)),
    ("rmsprop lr=0.002", RMSprop, dict(lr=0.002)),
    ("rmsprop lr=0.002 alpha=0.9 eps=1e-06 weight_decay=0.01", RMSprop, dict(lr=0.002, alpha=0.9, eps=1e-6, weight_decay=0.01)),
    ("maximize+rmsprop lr=0.002", RMSprop, dict(lr=0.002, maximize=True)),
    ("rmsprop_centered lr=0.002 weight_decay=0.01", RMSprop, dict(lr=0.002, centered=True, weight_decay=0.01)),
    ("maximize+rmsprop_centered lr=0.002", RMSprop, dict(lr=0.002, centered=True, maximize=True)),
    ("rmsprop_momentum lr=0.0005 momentum=0.8 weight_decay=0.01", RMSprop, dict(lr=0.0005, momentum=0.8, weight_decay=0.01)),
    ("maximize+rmsprop_momentum lr=0.0005", RMSprop, dict(lr=0.0005, momentum=0.9, maximize=True)),
    ("rmsprop_centered_momentum lr=0.0005 weight_decay=0.01", RMSprop,
     dict(lr=0.0005, centered=True, momentum=0.9, weight_decay=0.01)),
    ("maximize+rmsprop_centered_momentum lr=0.0005", RMSprop, dict(lr=0.0005, centered=True, momentum=0.9, maximize=True)),
    ("adam", Adam, dict()),
    ("adam lr=0.01 beta1=0.8 beta2=0.99 eps=1e-06 weight_decay=0.01", Adam,
     dict(lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01)),
    ("maximize+adam lr=0.01", Adam, dict(lr=0.01, maximize=True)),
    ("amsgrad lr=0.01 weight_decay=0.01", Adam, dict(lr=0.01, weight_decay=0.01, amsgrad=True)),
    ("maximize+amsgrad lr=0.01 beta2=0.9", Adam, dict(lr=0.01, betas=(0.9, 0.9), amsgrad=True, maximize=True)),
    ("adamw", AdamW, dict()),
    ("adamw lr=0.01 beta1=0.8 beta2=0.99 eps=1e-06 weight_decay=0.1", AdamW,
     dict(lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)),
    ("maximize+adamw lr=0.005", AdamW, dict(lr=0.005, maximize=True)),
    ("amsgradw lr=0.005", AdamW, dict(lr=0.005, amsgrad=True)),
    ("maximize+amsgradw lr=0.01 beta2=0.9 weight_decay=0.1", AdamW,
     dict(lr=0.01, betas=(0.9, 0.9), weight_decay=0.1, amsgrad=True, maximize=True)),
    ("adamax lr=0.01 beta1=0.8 beta2=0.99 eps=1e-06 weight_decay=0.01", Adamax,
     dict(lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01)),
    ("maximize+adamax", Adamax, dict(maximize=True)),
    # Without foreach, 1.13 has one factor too many in NAdam (basin/rules/nadam.hpp).
    ("nadam", NAdam, dict(foreach=True)),
    ("nadam lr=0.01 beta1=0.8 beta2=0.99 eps=1e-06 weight_decay=0.01 momentum_decay=0.02", NAdam,
     dict(lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01, momentum_decay=0.02, foreach=True)),
    ("radam", RAdam, dict()),
    ("radam lr=0.01 beta1=0.8 beta2=0.99 eps=1e-06 weight_decay=0.01", RAdam,
     dict(lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01)),
    ("sparse_adam", SparseAdamOfDense, dict()),
    ("sparse_adam lr=0.01 beta1=0.8 beta2=0.99 eps=1e-06", SparseAdamOfDense,
     dict(lr=0.01, betas=(0.8, 0.99), eps=1e-6)),
]


def fractions(count, multiplier):
    """Numbers in [-1, 1) that look arbitrary, with 8 binary digits: exact in float and the same everywhere."""
    return [(multiplier * (i + 1) ** 2 + 37 * i) % 256 / 128 - 1 for i in range(count)]


INPUTS = torch.tensor(fractions(32, 89)).reshape(16, 2)
TARGETS = torch.tensor(fractions(16, 53)).reshape(16, 1)
START = torch.tensor(fractions(WEIGHTS, 71))


def loss(weights, step):
    """The mean square error of batch step % 4."""
    rows = slice(step % 4 * 4, step % 4 * 4 + 4)
    hidden = INPUTS.to(weights.dtype)[rows] @ weights[0:6].reshape(3, 2).t() + weights[6:9]
    output = (hidden / (1 + hidden.abs())) @ weights[9:12].reshape(1, 3).t() + weights[12]
    return ((output - TARGETS.to(weights.dtype)[rows]) ** 2).mean()


def walk(optimizer_of, start, gradient_of):
    """The weights after every EVERY-th of STEPS steps."""
    weights = start.clone().requires_grad_()
    optimizer = optimizer_of([weights])
    out = []
    for step in range(STEPS):
        weights.grad = gradient_of(weights, step)
        optimizer.step()
        if (step + 1) % EVERY == 0:
            out.append(weights.detach().clone())
    return out


def steady(case, path_from, start):
    """The path from `start`, refused where it does not stay beside that of a neighbour."""
    near, out = path_from(start + HAIR), path_from(start)
    hairs = max(float((a - b).abs().max()) for a, b in zip(out, near)) / HAIR
    if not hairs < MOST_HAIRS:
        sys.exit(f"{case}: weights a hair apart end {hairs:.3g} hairs apart; choose another rate")
    return out


def closed_loop(case, kind, options):
    sign = -1 if options.get("maximize") else 1

    def gradient(weights, step):
        return torch.autograd.grad(sign * loss(weights, step), weights)[0]

    def path(start):
        return walk(lambda weights: kind(weights, **options), start, gradient)

    return steady(case, path, START)


def sample_gradients():
    weights = START.float().requires_grad_()
    optimizer = SGD([weights], lr=0.02, momentum=0.9)
    out = []
    for step in range(EVERY):
        weights.grad = torch.autograd.grad(loss(weights, step), weights)[0]
        out.append(weights.grad.clone())
        optimizer.step()
    return out


def open_loop(kind, options, gradients):
    return walk(lambda weights: kind(weights, **options), START.float(), lambda _, step: gradients[step % EVERY].clone())


def out_of_range(kind, options):
    """The weights after some steps, as (step, weights). Subnormal numbers are flushed to zero, as in basin."""
    count = 2 * len(EXTREMES)
    weights = torch.tensor(fractions(count, 71), dtype=torch.float32).requires_grad_()
    optimizer = kind([weights], **options)
    torch.set_flush_denormal(True)
    out = []
    for step in range(1, 41):
        gradient = torch.tensor(fractions(count, 89 + 2 * step), dtype=torch.float32)
        if step in (1, 5):
            first = 0 if step == 1 else len(EXTREMES)
            gradient[first:first + len(EXTREMES)] = torch.tensor(EXTREMES, dtype=torch.float32)
        weights.grad = gradient
        optimizer.step()
        if step in (1, 2, 5, 6, 7, 40):
            out.append((step, weights.detach().clone()))
    torch.set_flush_denormal(False)
    return out


def texts(values):
    """As many digits as it takes to read the same numbers back."""
    digits = 9 if values.dtype == torch.float32 else 17
    return [f"{value:.{digits}g}" for value in values.tolist()]


def rows(case, path):
    return [[case, str((i + 1) * EVERY), *texts(weights)] for i, weights in enumerate(path)]


def tables():
    gradients = sample_gradients()
    closed, replayed, extreme = [], [], []
    for case, kind, options in CASES:
        closed += rows(case, closed_loop(case, kind, options))
        replayed += rows(case, open_loop(kind, options, gradients))
        extreme += [[case, str(step), *texts(weights)] for step, weights in out_of_range(kind, options)]
    return {"closed_loop.csv": closed, "open_loop.csv": replayed, "gradients.csv": [texts(g) for g in gradients],
            "out_of_range.csv": extreme}


def same(a, b, digits):
    try:
        return a == b or math.isclose(float(a), float(b), rel_tol=digits, abs_tol=digits)
    except ValueError:
        return a == b


def differences(name, table, who):
    # Another processor may add up the network's sums in another order.
    digits = 1e-12 if name in ("closed_loop.csv", "elsewhere.csv") else 1e-4
    written = [line.split(",") for line in (HERE / name).read_text().splitlines()]
    if len(written) != len(table):
        yield f"{name} has {len(written)} lines, not {len(table)}"
    for i, (old, new) in enumerate(zip(written, table)):
        if len(old) != len(new) or not all(same(a, b, digits) for a, b in zip(old, new)):
            yield f"{name}:{i + 1} is not what {who} computes:\n{','.join(old)}\n{','.join(new)}"


def finish(tables, who, usage):
    """Writes the tables, or compares them with what is written, as the command line says."""
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(usage)
    for name, table in tables.items():
        if sys.argv[1:]:
            for difference in differences(name, table, who):
                sys.exit(difference)
        else:
            (HERE / name).write_text("".join(",".join(row) + "\n" for row in table))


if __name__ == "__main__":
    finish(tables(), f"PyTorch {torch.__version__}", __doc__)
