"""Examples per second of plain PyTorch on one thread, over a fixed number of steps, for the peers beside this file."""
import argparse
import itertools
import json
import time

import torch


def arguments_of(doc, batch_size, file):
    """The options that every peer has; `file` says what its data are."""
    options = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", help=file)
    options.add_argument("--batch-size", type=int, default=batch_size)
    options.add_argument("--steps", type=int, default=200)
    options.add_argument("--warm", type=int, default=20, help="steps before the clock starts")
    return options


def step(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def measure(optimizer, loss_of, batches, arguments):
    """Trains on batches in memory, again and again in order, and prints one line of JSON; the loss is that of the last step."""
    turn = itertools.cycle(batches)
    for batch in itertools.islice(turn, arguments.warm):
        step(optimizer, loss_of(*batch))
    start = time.perf_counter()
    for batch in itertools.islice(turn, arguments.steps):
        loss = loss_of(*batch)
        step(optimizer, loss)
    seconds = time.perf_counter() - start
    print(json.dumps({"torch": torch.__version__, "loss": round(loss.item(), 4),
                      "examples_per_second": round(arguments.steps * arguments.batch_size / seconds, 1)}))


def begin():
    torch.set_num_threads(1)
    torch.manual_seed(1)
