#!/usr/bin/python3 -B
"""Training images a second of fmnist-cnn in plain PyTorch on one thread, the batches in memory.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 benchmarks/peers/throughput_pytorch.py [--images 20000]

The peer of one pinned trial of basin (benchmarks/compare_speed): Adam, batches of 64, float32, default memory format;
no DataLoader, no evaluation. Prints one line of JSON.
"""
import argparse
import json
import time

import torch
from torch.nn.functional import cross_entropy

import fashion_mnist


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
    options.add_argument("--images", type=int, default=20_000)
    options.add_argument("--batch-size", type=int, default=64)
    arguments = options.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(1)
    train, _, _ = fashion_mnist.load(arguments.images)
    batches = list(zip(*(tensor.split(arguments.batch_size) for tensor in train.tensors)))
    model = fashion_mnist.network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    seconds_of(model, optimizer, batches[:20])  # warm
    seconds = seconds_of(model, optimizer, batches)
    print(json.dumps({"torch": torch.__version__, "images_per_second": round(len(train) / seconds, 1)}))


main()
