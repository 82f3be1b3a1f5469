#!/usr/bin/env python3
"""The paths of optimizers as Optax and PyTorch 2 compute them: what tests/kernels/golden_test.cpp compares with.

    elsewhere.py            writes elsewhere.csv beside it; needs optax, jax and a PyTorch of 2.5 or later
    elsewhere.py --check    computes it again and compares; exit status 1 and the first difference if they differ

1,000 steps in double, every 100th written: optimizer, step, 14 weights. The network and its batches are those of generate.py; a
fourteenth weight is pulled to zero, so that all make a matrix of 7 rows, which rules by tensor, row and column are to see.
Each path is run twice, as there.
"""
import os
import sys

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"

import jax  # noqa: E402
import numpy  # noqa: E402
import optax  # noqa: E402
import torch  # noqa: E402
from optax import contrib  # noqa: E402

import generate  # noqa: E402

SHAPE = (7, 2)
START = torch.tensor(generate.fractions(14, 71))


def biased(step):
    """What takes the bias that 0.9 and 0.999 leave back into a direction of Adam's."""
    return (1 - 0.9 ** (step + 1)) / jax.numpy.sqrt(1 - 0.999 ** (step + 1))


# The optimizer as basin spells it, and as Optax does.
OPTAX = [
    ("sgd lr=0.1", optax.sgd(0.1)),
    ("momentum lr=0.02", optax.sgd(0.02, momentum=0.9)),
    ("nesterov lr=0.02 momentum=0.8", optax.sgd(0.02, momentum=0.8, nesterov=True)),
    ("adagrad_keras lr=0.05", optax.adagrad(0.05)),
    ("adadelta lr=0.5 rho=0.9 eps=1e-06", optax.adadelta(0.5)),
    ("rmsprop_optax lr=0.002", optax.rmsprop(0.002)),
    ("rmsprop_optax lr=0.002 alpha=0.95 eps=1e-06 initial_accumulator_value=0.5",
     optax.rmsprop(0.002, decay=0.95, eps=1e-6, initial_scale=0.5)),
    ("rmsprop_momentum_keras lr=0.0002 eps=1e-08 momentum=0.8", optax.rmsprop(0.0002, momentum=0.8)),
    ("rmsprop_momentum_tf1 lr=0.0002 eps=1e-10 momentum=0.8",
     optax.rmsprop(0.0002, eps=1e-10, initial_scale=1.0, momentum=0.8)),
    ("rmsprop_centered_keras lr=0.002 eps=1e-08", optax.rmsprop(0.002, centered=True)),
    ("rmsprop_centered_momentum_keras lr=0.0005 eps=1e-08", optax.rmsprop(0.0005, centered=True, momentum=0.9)),
    ("adam_optax lr=0.005", optax.adam(0.005)),
    ("adam_optax lr=0.005 beta1=0.8 beta2=0.99 eps=1e-06 eps_root=1e-05",
     optax.adam(0.005, b1=0.8, b2=0.99, eps=1e-6, eps_root=1e-5)),
    ("adamw_optax lr=0.005", optax.adamw(0.005)),
    ("adamw_optax lr=0.005 eps_root=1e-05 weight_decay=0.1", optax.adamw(0.005, eps_root=1e-5, weight_decay=0.1)),
    ("amsgrad_optax lr=0.01 beta2=0.9", optax.amsgrad(0.01, b2=0.9)),
    ("adamax", optax.adamax(0.002)),
    ("adamax lr=0.003 beta1=0.8 beta2=0.999 eps=1e-06", optax.adamax(0.003, b1=0.8, b2=0.999, eps=1e-6)),
    ("nadam_optax lr=0.005", optax.nadam(0.005)),
    ("radam_optax lr=0.005", optax.radam(0.005)),
    ("yogi_optax lr=0.005", optax.yogi(0.005)),
    ("lion lr=0.001 weight_decay=0.01", optax.lion(0.001, weight_decay=0.01)),
    ("sign_sgd lr=0.001", optax.sign_sgd(0.001)),
    ("signum lr=0.001", optax.signum(0.001)),
    ("adabelief lr=0.002", optax.adabelief(0.002)),
    ("novograd lr=0.002 eps=1e-06 weight_decay=0.01", optax.novograd(0.002, b1=0.95, b2=0.98, weight_decay=0.01)),
    ("lars_rate:0.001:0+momentum lr=1", optax.lars(1.0, weight_decay=0.0)),
    ("lamb lr=0.002", optax.lamb(0.002, weight_decay=0.01)),
    # Optax has eps inside the root.
    ("sm3 lr=0.02 eps=1e-30", optax.chain(optax.scale_by_sm3(b1=0.0, eps=1e-30), optax.scale(-0.02))),
    ("sm3_momentum lr=0.02 eps=1e-30", optax.chain(optax.scale_by_sm3(eps=1e-30), optax.scale(-0.02))),
    ("adopt lr=0.002", contrib.adopt(0.002)),
    ("ademamix lr=0.0005 weight_decay=0.01", contrib.ademamix(0.0005, weight_decay=0.01)),
    ("dog", contrib.dog(1.0)),
    # Optax frees the moments of their bias, which the papers do not; a schedule takes that back.
    ("d_adapt_adamw lr=0.1 d0=0.01", contrib.dadapt_adamw(lambda step: 0.1 * biased(step), estim_lr0=1e-2)),
    ("prodigy lr=0.01 d0=0.01 eps=1e-30 weight_decay=0.01",
     contrib.prodigy(lambda step: 0.01 * biased(step), estim_lr0=1e-2, eps=1e-30, weight_decay=0.01)),
    ("schedule_free_sgd lr=0.1", contrib.schedule_free_sgd(0.1)),
    ("schedule_free_adamw lr=0.005", contrib.schedule_free_adamw(0.005)),
    ("clip_value:0.05+momentum lr=0.02", optax.chain(optax.clip(0.05), optax.sgd(0.02, momentum=0.9))),
    ("centralize+adam_optax lr=0.005", optax.chain(optax.centralize(), optax.adam(0.005))),
]

# And as PyTorch does.
PYTORCH = [
    ("adafactor eps1=2.220446049250313e-16", lambda w: torch.optim.Adafactor(w)),
    ("adafactor lr=0.05 beta2_decay=-0.6 eps1=1e-06 eps2=0.01 d=2 weight_decay=0.01",
     lambda w: torch.optim.Adafactor(w, lr=0.05, beta2_decay=-0.6, eps=(1e-6, 0.01), d=2.0, weight_decay=0.01)),
]


def gradient(weights, step):
    inner = weights.detach().clone().requires_grad_()
    loss = generate.loss(inner[:13], step) + inner[13] ** 2 / 2
    return torch.autograd.grad(loss, inner)[0]


def optax_path(transformation, start):
    weights = jax.numpy.asarray(start.reshape(SHAPE).numpy())
    state = transformation.init(weights)

    @jax.jit
    def step(weights, state, gradient):
        updates, state = transformation.update(gradient, state, weights)
        return optax.apply_updates(weights, updates), state

    out = []
    for t in range(generate.STEPS):
        slope = gradient(torch.from_numpy(numpy.array(weights)).flatten(), t)
        weights, state = step(weights, state, jax.numpy.asarray(slope.reshape(SHAPE).numpy()))
        if (t + 1) % generate.EVERY == 0:
            out.append(torch.from_numpy(numpy.array(weights)).flatten())
    return out


def pytorch_path(optimizer_of, start):
    def slope(weights, step):
        return gradient(weights.detach().flatten(), step).reshape(SHAPE)

    return [weights.flatten() for weights in generate.walk(optimizer_of, start.reshape(SHAPE), slope)]


def table():
    out = []
    for path_of, cases in ((optax_path, OPTAX), (pytorch_path, PYTORCH)):
        for case, how in cases:
            out += generate.rows(case, generate.steady(case, lambda start: path_of(how, start), START))
    return out


def main():
    generate.finish({"elsewhere.csv": table()}, f"Optax {optax.__version__} or PyTorch {torch.__version__}", __doc__)


if __name__ == "__main__":
    main()
