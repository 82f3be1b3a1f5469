#!/usr/bin/python3 -B
"""Training images per second for a problem in plain PyTorch on one thread, with batches in memory.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 benchmarks/peers/throughput_pytorch.py [--problem cifar10-cnn]

The peer of one pinned trial of basin (benchmarks/training_speed): Adam, batches of 64, float32, default memory format;
no DataLoader, no evaluation. Colour images are random numbers: what they show costs no time. Prints one line of JSON.
"""
import argparse
import json
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import TensorDataset

import fashion_mnist


def cifar10_network():
    """The layers of basin/problems/cifar10_cnn.hpp."""
    def block(channels, units):
        return [nn.Conv2d(channels, units, 3, padding=1), nn.BatchNorm2d(units), nn.ReLU(),
                nn.Conv2d(units, units, 3, padding=1), nn.BatchNorm2d(units), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*block(3, 32), *block(32, 64), nn.Flatten(), nn.Linear(4096, 128), nn.ReLU(), nn.Dropout(0.5),
                         nn.Linear(128, 10))


def problem_of(name, images):
    """The network and its training set."""
    if name == "fmnist-cnn":
        return fashion_mnist.network(), fashion_mnist.load(images)[0]
    return cifar10_network(), TensorDataset(torch.randn(images, 3, 32, 32), torch.randint(10, (images,)))


def seconds_of(model, optimizer, batches):
    start = time.perf_counter()
    for images, labels in batches:
        optimizer.zero_grad()
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
    return time.perf_counter() - start


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--problem", choices=["fmnist-cnn", "cifar10-cnn"], default="fmnist-cnn")
    options.add_argument("--images", type=int, default=20_000)
    options.add_argument("--batch-size", type=int, default=64)
    arguments = options.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(1)
    model, train = problem_of(arguments.problem, arguments.images)
    batches = list(zip(*(tensor.split(arguments.batch_size) for tensor in train.tensors)))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    seconds_of(model, optimizer, batches[:20])  # warm
    seconds = seconds_of(model, optimizer, batches)
    print(json.dumps({"torch": torch.__version__, "images_per_second": round(len(train) / seconds, 1)}))


main()
