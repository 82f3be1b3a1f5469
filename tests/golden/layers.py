#!/usr/bin/env python3
"""What PyTorch's modules make of a batch, and their gradients: what tests/nn/layers_test.cpp compares with.

    layers.py            writes layers.csv beside it: the layers as basin spells them; their input; a tensor, by name:
                         `output` is followed by its values, `input` and the number of a parameter by their gradients
    layers.py --check    computes them again and compares; exit status 1 if they differ by more than rounding

The loss is the sum of the outputs, each times the cosine of its place. Inputs and parameters are sines of their places.
"""
import math
import sys
from pathlib import Path

import torch
from torch import nn

BATCH = 2
SEQUENCE, IMAGE, TOKENS = ("sequence", 4, 6), ("image", 5, 4, 2), ("tokens", 5, 7)


class First(nn.Module):
    """A recurrent module, or attention, without what else it returns."""

    def __init__(self, inner, causal=False, attends=False):
        super().__init__()
        self.inner, self.causal, self.attends = inner, causal, attends

    def forward(self, x):
        mask = torch.full((x.shape[1], x.shape[1]), -math.inf).triu(1) if self.causal else None
        if self.attends:
            return self.inner(x, x, x, need_weights=False, attn_mask=mask)[0]
        if isinstance(self.inner, nn.TransformerEncoderLayer):
            return self.inner(x, mask)
        return self.inner(x)[0]


class ChannelsFirst(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x.transpose(1, 2)).transpose(1, 2)


class Residual(nn.Module):
    def __init__(self, shortcut, inner):
        super().__init__()
        self.shortcut, self.inner = shortcut, inner

    def forward(self, x):
        return self.shortcut(x) + self.inner(x)


def recurrent(kind, **more):
    return First(kind(6, 3, batch_first=True, **more))


def attention(causal):
    return First(nn.MultiheadAttention(6, 2, batch_first=True), causal, attends=True)


def transformer(hidden=24, causal=False, pre=True, heads=2):
    return First(nn.TransformerEncoderLayer(6, heads, hidden, 0, "gelu", batch_first=True, norm_first=pre), causal)


CASES = [
    ("rnn 3", SEQUENCE, recurrent(nn.RNN)),
    ("rnn 3 relu", SEQUENCE, recurrent(nn.RNN, nonlinearity="relu")),
    ("gru 3", SEQUENCE, recurrent(nn.GRU)),
    ("lstm 3", SEQUENCE, recurrent(nn.LSTM)),
    ("attention 2", SEQUENCE, attention(False)),
    ("attention 2 causal", SEQUENCE, attention(True)),
    ("transformer 2", SEQUENCE, transformer()),
    ("transformer 3 causal mlp 5", SEQUENCE, transformer(5, True, heads=3)),
    ("transformer 2 post-norm", SEQUENCE, transformer(pre=False)),
    ("linear 3", SEQUENCE, nn.Linear(6, 3)),
    ("layer-norm", SEQUENCE, nn.LayerNorm(6)),
    ("conv 4 3 same", SEQUENCE, ChannelsFirst(nn.Conv1d(6, 4, 3, padding=1))),
    ("conv 4 2 stride 2 groups 2", SEQUENCE, ChannelsFirst(nn.Conv1d(6, 4, 2, 2, groups=2))),
    ("embedding 3", TOKENS, nn.Embedding(7, 3)),
    ("conv 4 3x3 same stride 2", IMAGE, nn.Conv2d(2, 4, 3, 2, 1)),
    ("conv 4 3x3 groups 2 no-bias", IMAGE, nn.Conv2d(2, 4, 3, groups=2, bias=False)),
    ("conv 3 3x3 same dilation 2", IMAGE, nn.Conv2d(2, 3, 3, padding=2, dilation=2)),
    ("conv-transpose 3 2x2 stride 2", IMAGE, nn.ConvTranspose2d(2, 3, 2, 2)),
    ("conv-transpose 3 3x3", IMAGE, nn.ConvTranspose2d(2, 3, 3)),
    ("avg-pool 2", IMAGE, nn.AvgPool2d(2)),
    ("global-avg-pool", IMAGE, nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())),
    ("upsample 2", IMAGE, nn.Upsample(scale_factor=2)),
    ("gelu", IMAGE, nn.GELU()),
    ("silu", IMAGE, nn.SiLU()),
    ("elu", IMAGE, nn.ELU()),
    ("leaky-relu 0.2", IMAGE, nn.LeakyReLU(0.2)),
    ("softplus", IMAGE, nn.Softplus()),
    ("residual ( linear 6, tanh )", SEQUENCE, Residual(nn.Identity(), nn.Sequential(nn.Linear(6, 6), nn.Tanh()))),
    ("residual project ( conv 3 3x3 same stride 2 )", IMAGE, Residual(nn.Conv2d(2, 3, 1, 2, bias=False), nn.Conv2d(2, 3, 3, 2, 1))),
]


def sines(shape, phase):
    places = torch.arange(math.prod(shape), dtype=torch.float64)
    return torch.sin(0.7 * places + phase).float().reshape(shape)


def input_of(kind, *extents):
    if kind == "tokens":
        steps, symbols = extents
        return torch.arange(BATCH * steps).reshape(BATCH, steps) * 3 % symbols
    if kind == "image":
        height, width, channels = extents
        extents = channels, height, width
    return sines((BATCH, *extents), 0.25).requires_grad_()


def lines(layers, shape, module):
    x = input_of(*shape)
    with torch.no_grad():
        for number, parameter in enumerate(module.parameters()):
            parameter.copy_(0.6 * sines(parameter.shape, 1.5 + number))
    y = module(x)
    places = torch.arange(y.numel(), dtype=torch.float64).reshape(y.shape)
    (y * torch.cos(places).float()).sum().backward()
    tensors = [("output", y)] + ([("input", x.grad)] if x.is_floating_point() else [])
    tensors += [(str(number), parameter.grad) for number, parameter in enumerate(module.parameters())]
    return [(f"{layers};{' '.join(map(str, shape))};{name}", tensor.flatten().tolist()) for name, tensor in tensors]


def same(a, b):
    return all(math.isclose(p, q, rel_tol=1e-4, abs_tol=1e-5) for p, q in zip(a, b, strict=True))


def main():
    torch.set_num_threads(1)
    rows = [row for case in CASES for row in lines(*case)]
    file = Path(__file__).resolve().parent / "layers.csv"
    if sys.argv[1:] != ["--check"]:
        file.write_text("".join(f"{name};{' '.join(f'{value:.9g}' for value in values)}\n" for name, values in rows))
        return
    stored = [line.rsplit(";", 1) for line in file.read_text().splitlines()]
    for (name, values), (stored_name, text) in zip(rows, stored, strict=True):
        if name != stored_name or not same(values, [float(word) for word in text.split()]):
            sys.exit(f"{name} is not what PyTorch {torch.__version__} computes")


main()
