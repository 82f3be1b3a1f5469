#!/usr/bin/python3 -B
"""Steps of torch.optim.SparseAdam that touch few rows of a table, on one thread: the peer of benchmarks/sparse_bench.cpp.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 benchmarks/peers/sparse_adam_pytorch.py [--seconds 1]

Same table, same kinds of gradients. libtorch does not have this optimizer. Prints one line of JSON: median nanoseconds per step.
"""
import argparse
import json
import statistics
import time

import torch

ROWS, COLUMNS, TOUCHED, GRADIENTS = 1_000_000, 64, 1000, 64


def gradient(coalesced):
    rows = torch.randperm(ROWS)[:TOUCHED].clone()
    if not coalesced:
        rows = torch.cat([rows, rows])[torch.randperm(2 * TOUCHED)]
    out = torch.sparse_coo_tensor(rows.unsqueeze(0), torch.randn(len(rows), COLUMNS), (ROWS, COLUMNS))
    return out.coalesce() if coalesced else out


def nanoseconds(optimizer, table, coalesced, seconds):
    gradients = [gradient(coalesced) for _ in range(GRADIENTS)]
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        for one in gradients:
            table.grad = one
            begin = time.process_time_ns()
            optimizer.step()
            times.append(time.process_time_ns() - begin)
    return statistics.median(times[GRADIENTS:])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=1)
    arguments = options.parse_args()
    torch.set_num_threads(1)
    table = torch.randn(ROWS, COLUMNS, requires_grad=True)
    optimizer = torch.optim.SparseAdam([table], lr=1e-6)
    print(json.dumps({"torch": torch.__version__,
                      **{kind: nanoseconds(optimizer, table, kind == "coalesced", arguments.seconds)
                         for kind in ("coalesced", "uncoalesced")}}))


main()
