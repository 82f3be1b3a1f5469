#!/usr/bin/env python3
"""What scikit-learn makes of some predictions: what tests/metrics compares with.

    metrics.py            writes metrics.csv beside it: metric; width; outputs; classes; values; the metric
    metrics.py --check    computes them again and compares; exit status 1 if they differ
"""
import math
import random
import sys
from pathlib import Path

import numpy as np  # scikit-learn brings it
from sklearn import metrics as m

ROUNDING = 1e-12  # of sums of some hundred terms, in an order of their own


def noise(rows, width, seed):
    """Multiples of 1/8 in [-4, 4), which float and text hold exactly; some are equal, but no two rows."""
    draw = random.Random(seed)
    return np.array([[math.floor(draw.random() * 64) / 8 - 4 for _ in range(width)] for _ in range(rows)])


def classes_of(outputs, count, seed):
    """The class that a noisy reading of the outputs says, so that the predictions are better than a guess."""
    noisy = outputs + 2 * noise(*outputs.shape, seed)
    return (noisy[:, 0] > 1).astype(int) if count == 2 and outputs.shape[1] == 1 else noisy.argmax(axis=1)


def probabilities(outputs):
    logits = np.hstack([np.zeros_like(outputs), outputs]) if outputs.shape[1] == 1 else outputs
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def classified(outputs, classes):
    p = probabilities(outputs)
    count = p.shape[1]
    said, labels = p.argmax(axis=1), list(range(count))
    loss = m.log_loss(classes, p, labels=labels)
    yield "accuracy", m.accuracy_score(classes, said)
    yield "error", m.zero_one_loss(classes, said)
    if count > 5:
        yield "top5", m.top_k_accuracy_score(classes, outputs + np.arange(count, 0, -1) * 1e-6, k=5, labels=labels)  # the first of equal ones
    yield "balanced_accuracy", m.balanced_accuracy_score(classes, said)
    yield "f1", m.f1_score(classes, said, average="binary" if count == 2 else "macro")
    yield "auc", m.roc_auc_score(classes, outputs[:, -1] - (outputs[:, 0] if outputs.shape[1] == 2 else 0)) if count == 2 else \
        m.roc_auc_score(classes, p, multi_class="ovr", average="macro")
    yield "log_loss", loss
    yield "perplexity", math.exp(loss)
    yield "bits_per_char", loss / math.log(2)


def measured(outputs, values):
    yield "mse", m.mean_squared_error(values, outputs)
    yield "rmse", math.sqrt(m.mean_squared_error(values, outputs))
    yield "mae", m.mean_absolute_error(values, outputs)
    yield "r2", m.r2_score(values, outputs)


def cases():
    for width, rows in [(1, 40), (2, 30), (3, 50), (7, 60)]:
        outputs = noise(rows, width, width)
        classes = classes_of(outputs, max(width, 2), width + 10)
        for name, value in classified(outputs, classes):
            yield name, width, outputs, classes, [], value
    for width, rows in [(1, 40), (3, 20)]:
        outputs = noise(rows, width, width + 20)
        values = outputs * 1.5 + noise(rows, width, width + 30) / 2 + 10 * np.arange(width)
        for name, value in measured(outputs, values):
            yield name, width, outputs, [], values, value


def line(name, width, outputs, classes, values, value):
    numbers = [" ".join(f"{x:g}" for x in np.ravel(cell)) for cell in (outputs, classes, values)]
    return ";".join([name, str(width), *numbers, f"{value:.15g}"])


def same(ours, theirs):
    (ours, x), (theirs, y) = ours.rsplit(";", 1), theirs.rsplit(";", 1)
    return ours == theirs and math.isclose(float(x), float(y), rel_tol=ROUNDING)


def main():
    lines = [line(*case) for case in cases()]
    file = Path(__file__).resolve().parent / "metrics.csv"
    if sys.argv[1:] != ["--check"]:
        file.write_text("\n".join(lines) + "\n")
        return
    stored = file.read_text().splitlines()
    if len(stored) != len(lines) or not all(map(same, lines, stored)):
        sys.exit("metrics.csv is not what scikit-learn computes")


main()
