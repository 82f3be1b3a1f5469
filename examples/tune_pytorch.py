#!/usr/bin/env python3
"""A plain PyTorch script that basin tunes. It knows nothing of basin; it prints a line of JSON for each epoch.

    basin tune --search lr=1e-4..1e-1 --search hidden=8,16,32 --metric 'val_loss min' \\
        -- python3 examples/tune_pytorch.py --lr {lr} --hidden {hidden} --seed {seed}

The data are two spirals, made here. A run takes a few seconds on one core.
"""
import argparse
import json
import math

import torch


def spirals(count, generator):
    """Returns points on two spirals with noise, and which of them each is on."""
    classes = torch.randint(2, (count,), generator=generator)
    turn = 0.5 + 2.5 * math.pi * torch.rand(count, generator=generator)
    angle = turn + math.pi * classes
    points = torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1) / 5
    return points + 0.05 * torch.randn(count, 2, generator=generator), classes


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lr", type=float, default=1e-3)
    options.add_argument("--hidden", type=int, default=16)
    options.add_argument("--epochs", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()

    generator = torch.Generator().manual_seed(0)  # the same data for every trial
    (x, y), (val_x, val_y) = spirals(1000, generator), spirals(500, generator)
    torch.manual_seed(asked.seed)
    network = torch.nn.Sequential(
        torch.nn.Linear(2, asked.hidden), torch.nn.Tanh(),
        torch.nn.Linear(asked.hidden, asked.hidden), torch.nn.Tanh(),
        torch.nn.Linear(asked.hidden, 2))
    optimizer = torch.optim.Adam(network.parameters(), lr=asked.lr)
    loss_of = torch.nn.CrossEntropyLoss()

    for epoch in range(1, asked.epochs + 1):
        for batch in torch.randperm(len(x)).split(50):
            optimizer.zero_grad()
            loss = loss_of(network(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            output = network(val_x)
            print(json.dumps({"epoch": epoch, "loss": loss.item(), "val_loss": loss_of(output, val_y).item(),
                              "val_accuracy": (output.argmax(1) == val_y).float().mean().item()}), flush=True)


if __name__ == "__main__":
    main()
