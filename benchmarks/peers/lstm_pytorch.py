#!/usr/bin/python3 -B
"""Training windows per second of an LSTM on a text, in plain PyTorch on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 benchmarks/peers/lstm_pytorch.py input.txt [--units 256] [--layers 1]

The peer of shakespeare-lstm: windows of 64 characters, batches of 50, RMSProp; the layers of
basin/network/networks/char_lstm.hpp. Prints one line of JSON.
"""
import torch
from torch import nn
from torch.nn import functional as F

import steps
import text

LENGTH = 64


class Lstm(nn.Module):
    def __init__(self, characters, units, layers):
        super().__init__()
        self.characters, self.lstm = nn.Embedding(characters, units), nn.LSTM(units, units, layers, batch_first=True)
        self.head = nn.Linear(units, characters)

    def forward(self, x):
        return self.head(self.lstm(self.characters(x))[0])


def main():
    options = steps.arguments_of(__doc__, batch_size=50, file="a text")
    options.add_argument("--units", type=int, default=256)
    options.add_argument("--layers", type=int, default=1)
    arguments = options.parse_args()
    steps.begin()
    batches, characters = text.windows(arguments.file, LENGTH, arguments.batch_size)
    model = Lstm(characters, arguments.units, arguments.layers)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001)
    steps.measure(optimizer, lambda x, y: F.cross_entropy(model(x).flatten(0, 1), y.flatten()), batches, arguments)


main()
