#!/usr/bin/python3 -B
"""Training rows per second of a small network on a table, in plain PyTorch on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 benchmarks/peers/table_pytorch.py housing.csv

The peer of housing-mlp: 13 inputs (8 standardised numbers, 5 categories as one-hot), 64, 64, 1, batches of 64, Adam, mean
squared error; batches in memory, no DataLoader. Prints one line of JSON.
"""
import csv

import torch
from torch import nn
from torch.nn import functional as F

import steps

TARGET, CATEGORY = "median_house_value", "ocean_proximity"


def standardised(numbers):
    return (numbers - numbers.mean(0)) / numbers.std(0)


def read(file):
    """Inputs and values; a missing number is the median of its column."""
    with open(file, newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = [name for name in rows[0] if name not in (TARGET, CATEGORY)]
    numbers = torch.tensor([[float(row[name] or "nan") for name in names] for row in rows])
    numbers = torch.where(numbers.isnan(), numbers.nanmedian(0).values, numbers)
    known = sorted({row[CATEGORY] for row in rows})
    categories = F.one_hot(torch.tensor([known.index(row[CATEGORY]) for row in rows])).float()
    values = torch.tensor([[float(row[TARGET])] for row in rows])
    return torch.cat([standardised(numbers), categories], 1), standardised(values)


def main():
    arguments = steps.arguments_of(__doc__, batch_size=64, file="housing.csv").parse_args()
    steps.begin()
    inputs, values = read(arguments.file)
    order = torch.randperm(len(inputs))[:len(inputs) // arguments.batch_size * arguments.batch_size]
    batches = list(zip(inputs[order].split(arguments.batch_size), values[order].split(arguments.batch_size)))
    model = nn.Sequential(nn.Linear(inputs.size(1), 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    steps.measure(optimizer, lambda x, y: F.mse_loss(model(x), y), batches, arguments)


main()
