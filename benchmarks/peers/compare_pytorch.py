#!/usr/bin/python3 -B
"""Four optimizers on Fashion-MNIST in plain PyTorch, as one would write it: in sequence, with a DataLoader and default settings.

    benchmarks/peers/compare_pytorch.py [--train-size 20000] [--epochs 2] [--batch-size 64]

The peer of `basin compare fmnist-cnn` (benchmarks/compare_speed). Validates after each epoch, tests at the end.
Prints one line of JSON: seconds and test accuracy per optimizer, total seconds, including the start of the program.
"""
import time

begin = time.perf_counter()

import argparse
import json

import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader

import fashion_mnist

OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.01),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}


def train_epoch(model, optimizer, loader):
    model.train()
    for images, labels in loader:
        optimizer.zero_grad()
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    right = sum((model(images).argmax(1) == labels).sum().item() for images, labels in loader)
    return right / len(loader.dataset)


def trial(make_optimizer, sets, epochs, batch_size):
    torch.manual_seed(1)
    train, validation, test = sets
    model = fashion_mnist.network()
    optimizer = make_optimizer(model.parameters())
    loader = DataLoader(train, batch_size=batch_size, shuffle=True)
    for _ in range(epochs):
        train_epoch(model, optimizer, loader)
        validated = accuracy(model, DataLoader(validation, batch_size=batch_size))
    return validated, accuracy(model, DataLoader(test, batch_size=batch_size))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--train-size", type=int, default=20_000)
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--batch-size", type=int, default=64)
    arguments = options.parse_args()

    sets = fashion_mnist.load(arguments.train_size)
    result = {"torch": torch.__version__, "threads": torch.get_num_threads(), "optimizers": {}}
    for name, make_optimizer in OPTIMIZERS.items():
        start = time.perf_counter()
        validated, tested = trial(make_optimizer, sets, arguments.epochs, arguments.batch_size)
        result["optimizers"][name] = {"seconds": round(time.perf_counter() - start, 3),
                                      "validation_accuracy": validated, "test_accuracy": tested}
    result["seconds"] = round(time.perf_counter() - begin, 3)
    print(json.dumps(result))


main()
