#!/usr/bin/python3 -B
"""Training windows per second of a small transformer on a text, in plain PyTorch on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 benchmarks/peers/transformer_pytorch.py input.txt

The peer of shakespeare-transformer: nanoGPT's recipe for a CPU, 4 layers, 4 heads, 128 wide, windows of 64 characters,
batches of 12, AdamW; the layers of basin/network/networks/char_transformer.hpp. Prints one line of JSON.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

import steps
import text

LAYERS, HEADS, WIDTH, LENGTH = 4, 4, 128, 64


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.into, self.out = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.register_buffer("later", torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1))

    def forward(self, x):
        n, length, _ = x.shape
        q, k, v = (part.view(n, length, HEADS, -1).transpose(1, 2) for part in self.into(x).split(WIDTH, dim=2))
        if hasattr(F, "scaled_dot_product_attention"):  # since PyTorch 2.0
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q @ k.transpose(2, 3) / math.sqrt(q.size(3))).masked_fill(self.later, -math.inf)
            y = scores.softmax(3) @ v
        return self.out(y.transpose(1, 2).reshape(n, length, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2, self.attention = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), Attention()
        self.perceptron = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH, bias=False), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH, bias=False))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.perceptron(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, characters):
        super().__init__()
        self.characters, self.places = nn.Embedding(characters, WIDTH), nn.Parameter(0.02 * torch.randn(LENGTH, WIDTH))
        self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.head = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, characters, bias=False))

    def forward(self, x):
        return self.head(self.blocks(self.characters(x) + self.places))


def main():
    arguments = steps.arguments_of(__doc__, batch_size=12, file="a text").parse_args()
    steps.begin()
    batches, characters = text.windows(arguments.file, LENGTH, arguments.batch_size)
    model = Transformer(characters)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001)
    steps.measure(optimizer, lambda x, y: F.cross_entropy(model(x).flatten(0, 1), y.flatten()), batches, arguments)


main()
