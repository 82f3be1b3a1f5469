#!/usr/bin/env python3
"""What PyTorch makes of some losses, in double: what tests/nn compares with.

    losses.py            writes losses.csv beside it: loss as basin spells it; shape of the outputs; outputs; shape of the
                         targets; classes or values; targets; the mean loss; its gradient at the outputs
    losses.py --check    computes them again and compares; exit status 1 if they differ
"""
import math
import random
import sys
from pathlib import Path

import torch
from torch.nn import functional as F

ROUNDING = 1e-12


def noise(seed, *shape):
    """Multiples of 1/8 in [-4, 4)."""
    draw = random.Random(seed)
    count = math.prod(shape)
    return torch.tensor([math.floor(draw.random() * 64) / 8 - 4 for _ in range(count)], dtype=torch.float64).reshape(shape)


def classes(seed, count, *shape):
    draw = random.Random(seed)
    return torch.tensor([math.floor(draw.random() * count) for _ in range(math.prod(shape))]).reshape(shape)


def weights(*values):
    return torch.tensor(values, dtype=torch.float64)


def binary(w):
    """The mean over the examples, weighted by their classes."""
    def loss(o, t):
        each = F.binary_cross_entropy_with_logits(o, t.to(o.dtype).view_as(o), reduction="none")
        return (each * w[t].view_as(o)).sum() / w[t].sum()
    return loss


CASES = [  # loss, outputs, targets, PyTorch's
    ("cross_entropy", noise(1, 6, 4), classes(2, 4, 6), F.cross_entropy),
    ("cross_entropy", noise(3, 2, 3, 5), classes(4, 5, 2, 3), lambda o, t: F.cross_entropy(o.transpose(1, 2), t)),
    ("cross_entropy weights 1 3 0.5", noise(5, 7, 3), classes(6, 3, 7), lambda o, t: F.cross_entropy(o, t, weights(1, 3, 0.5))),
    ("binary_cross_entropy", noise(7, 9, 1), classes(8, 2, 9), lambda o, t: F.binary_cross_entropy_with_logits(o.squeeze(1), t.to(o.dtype))),
    ("binary_cross_entropy", noise(9, 9), classes(10, 2, 9), lambda o, t: F.binary_cross_entropy_with_logits(o, t.to(o.dtype))),
    ("binary_cross_entropy", noise(11, 4, 3), (noise(12, 4, 3) + 4) / 8, F.binary_cross_entropy_with_logits),
    ("binary_cross_entropy weights 1 3", noise(13, 8, 1), classes(14, 2, 8), binary(weights(1, 3))),
    ("mse", noise(15, 5, 3), noise(16, 5, 3), F.mse_loss),
    ("mse", noise(17, 5, 1), noise(18, 5), lambda o, t: F.mse_loss(o.squeeze(1), t)),
    ("mse", noise(19, 5, 4), classes(20, 4, 5), lambda o, t: F.mse_loss(o, F.one_hot(t, 4).to(o.dtype))),
    ("mae", noise(21, 5, 3), noise(22, 5, 3) + 1 / 16, F.l1_loss),
    ("huber", noise(23, 6, 2), noise(24, 6, 2), F.huber_loss),
    ("huber 2.5", noise(25, 2, 3, 2), noise(26, 2, 3, 2), lambda o, t: F.huber_loss(o, t, delta=2.5)),
    ("hinge", noise(27, 8, 4) + 1 / 16 * torch.arange(4), classes(28, 4, 8), F.multi_margin_loss),
    ("hinge", noise(29, 2, 3, 4) + 1 / 16 * torch.arange(4), classes(30, 4, 2, 3), lambda o, t: F.multi_margin_loss(o.flatten(0, 1), t.flatten())),
    ("hinge", noise(31, 9, 1) + 1 / 16, classes(32, 2, 9), lambda o, t: (1 - (2 * t - 1) * o.squeeze(1)).clamp(min=0).mean()),
]


def numbers(values, form):
    return " ".join(format(x, form) for x in values)


def line(text, outputs, targets, function):
    outputs.requires_grad_(True)
    loss = function(outputs, targets)
    loss.backward()
    kind = "values" if targets.is_floating_point() else "classes"
    return ";".join([text, numbers(outputs.shape, "d"), numbers(outputs.flatten().tolist(), "g"), numbers(targets.shape, "d"), kind,
                     numbers(targets.flatten().tolist(), "g"), format(loss.item(), ".17g"), numbers(outputs.grad.flatten().tolist(), ".17g")])


def same(ours, theirs):
    ours, theirs = ours.split(";"), theirs.split(";")
    computed = [[float(x) for x in " ".join(cells[6:]).split()] for cells in (ours, theirs)]
    return ours[:6] == theirs[:6] and all(math.isclose(x, y, rel_tol=ROUNDING, abs_tol=ROUNDING) for x, y in zip(*computed, strict=True))


def main():
    lines = [line(*case) for case in CASES]
    file = Path(__file__).resolve().parent / "losses.csv"
    if sys.argv[1:] != ["--check"]:
        file.write_text("\n".join(lines) + "\n")
        return
    stored = file.read_text().splitlines()
    if len(stored) != len(lines) or not all(map(same, lines, stored)):
        sys.exit(f"losses.csv is not what PyTorch {torch.__version__} computes")


main()
