#!/usr/bin/python3 -B
"""Training rows per second of logistic regression on sparse rows, in plain PyTorch on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 benchmarks/peers/sparse_logistic_pytorch.py a9a

The peer of a9a-logistic: sparse gradients by EmbeddingBag, batches of 64, Adagrad; batches in memory, no DataLoader. Reads
the format of LIBSVM. Prints one line of JSON.
"""
import torch
from torch import nn
from torch.nn import functional as F

import steps


def read(file):
    """For each row its class, its columns from 0 and their values."""
    with open(file) as lines:
        for line in lines:
            label, *pairs = line.split()
            columns, values = zip(*((int(column) - 1, float(value)) for column, value in (pair.split(":") for pair in pairs)))
            yield float(label) > 0, columns, values


def batch_of(rows):
    starts = torch.tensor([0, *(len(columns) for _, columns, _ in rows)]).cumsum(0)[:-1]
    return (torch.tensor([column for _, columns, _ in rows for column in columns]), starts,
            torch.tensor([value for _, _, values in rows for value in values]), torch.tensor([float(label) for label, _, _ in rows]))


class Logistic(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.weights, self.bias = nn.EmbeddingBag(columns, 1, mode="sum", sparse=True), nn.Parameter(torch.zeros(1))

    def forward(self, columns, starts, values):
        return (self.weights(columns, starts, per_sample_weights=values) + self.bias).squeeze(1)


def main():
    arguments = steps.arguments_of(__doc__, batch_size=64, file="rows as LIBSVM writes them, with labels -1 and 1").parse_args()
    steps.begin()
    rows, size = [row for row in read(arguments.file) if row[1]], arguments.batch_size
    batches = [batch_of(rows[at:at + size]) for at in range(0, len(rows) - size + 1, size)]
    model = Logistic(1 + max(max(columns) for _, columns, _ in rows))
    optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1)
    steps.measure(optimizer, lambda columns, starts, values, labels: F.binary_cross_entropy_with_logits(
        model(columns, starts, values), labels), batches, arguments)


main()
