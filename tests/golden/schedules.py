#!/usr/bin/env python3
"""What PyTorch's schedulers make of a rate of 1: what tests/schedules and tests/train compare with.

    schedules.py            writes schedules.csv beside it: the schedule as basin spells it, then 60 factors; and plateau.csv:
                            the losses of 40 epochs, then for each set of options the rates after them
    schedules.py --check    computes them again and compares; exit status 1 if they differ
"""
import sys
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")
STEPS = 60  # of the run; 10 in an epoch
CASES = [
    ("step 10 gamma=0.5", lambda o: s.StepLR(o, 10, 0.5)),
    ("drop 20 * drop 45", lambda o: s.MultiStepLR(o, [20, 45], 0.1)),
    ("exponential gamma=0.97 every=1", lambda o: s.ExponentialLR(o, 0.97)),
    ("constant 8 factor=0.25, constant", lambda o: s.ConstantLR(o, 0.25, 8)),
    ("linear 12 0.25 1", lambda o: s.LinearLR(o, 0.25, 1, 12)),
    ("cosine 60 floor=0.1", lambda o: s.CosineAnnealingLR(o, 60, 0.1)),
    ("cosine_restarts 9 2 floor=0.05", lambda o: s.CosineAnnealingWarmRestarts(o, 9, 2, 0.05)),
    ("cosine_restarts 7", lambda o: s.CosineAnnealingWarmRestarts(o, 7)),
    ("polynomial 40 2", lambda o: s.PolynomialLR(o, 40, 2)),
    ("cyclic 8 floor=0.2", lambda o: s.CyclicLR(o, 0.2, 1, 8, cycle_momentum=False)),
    ("cyclic 5 floor=0.2 decay=0.5", lambda o: s.CyclicLR(o, 0.2, 1, 5, mode="triangular2", cycle_momentum=False)),
    ("cyclic_exp 6 floor=0.2 gamma=0.97 every=1", lambda o: s.CyclicLR(o, 0.2, 1, 6, mode="exp_range", gamma=0.97, cycle_momentum=False)),
    ("constant 7 factor=1, constant 13 factor=0.4, constant factor=0.1",
     lambda o: s.SequentialLR(o, [s.ConstantLR(o, 1, 60), s.ConstantLR(o, 0.4, 60), s.ConstantLR(o, 0.1, 60)], [7, 20])),
    ("one_cycle", lambda o: s.OneCycleLR(o, 1, STEPS, cycle_momentum=False)),
    ("one_cycle warmup=0.5 div=10 final_div=100", lambda o: s.OneCycleLR(o, 1, STEPS, pct_start=0.5, div_factor=10, final_div_factor=100, cycle_momentum=False)),
    ("linear 10 0.1 1, cosine 50", lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 10), s.CosineAnnealingLR(o, 50)], [10])),
    ("linear 5 0.2 1, exponential gamma=0.9 every=1 length=20, step 10 gamma=0.5",
     lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.2, 1, 5), s.ExponentialLR(o, 0.9), s.StepLR(o, 10, 0.5)], [5, 25])),
    ("exponential gamma=0.98 every=1 * drop 30", lambda o: s.ChainedScheduler([s.ExponentialLR(o, 0.98), s.MultiStepLR(o, [30], 0.1)])),
]


def path(make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    out = []
    for _ in range(STEPS):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return out


LOSSES = [1 / (1 + t / 4) + 0.02 * ((7 * t) % 5 - 2) for t in range(40)]
PLATEAUS = [  # goal, relative, factor, patience, threshold, cooldown, min_lr, eps
    ("min", True, 0.1, 2, 1e-4, 0, 0, 1e-8),
    ("min", True, 0.5, 1, 0.05, 2, 0, 1e-8),
    ("min", False, 0.5, 0, 0.03, 0, 0.1, 1e-8),
    ("max", True, 0.3, 3, 1e-2, 1, 0, 1e-2),
    ("max", False, 0.5, 2, 1e-4, 0, 0, 0.1),
]


def plateau_path(goal, relative, factor, patience, threshold, cooldown, min_lr, eps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = s.ReduceLROnPlateau(optimizer, goal, factor, patience, threshold, "rel" if relative else "abs", cooldown, min_lr, eps)
    out = []
    for loss in LOSSES:
        scheduler.step(loss)
        out.append(optimizer.param_groups[0]["lr"])
    return out


def line(*cells):
    return ";".join(cell if isinstance(cell, str) else f"{cell:.17g}" for cell in cells) + "\n"


def main():
    texts = {
        "schedules.csv": "".join(line(name, *path(make)) for name, make in CASES),
        "plateau.csv": line(*LOSSES) + "".join(line(*case, *plateau_path(*case)) for case in PLATEAUS),
    }
    for name, text in texts.items():
        file = Path(__file__).resolve().parent / name
        if sys.argv[1:] != ["--check"]:
            file.write_text(text)
        elif file.read_text() != text:
            sys.exit(f"{name} is not what PyTorch {torch.__version__} computes")


main()
