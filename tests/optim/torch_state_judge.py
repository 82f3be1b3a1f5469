#!/usr/bin/python3 -B
"""Do basin and PyTorch go on where the other one stopped, as if nothing had happened?

    tests/optim/torch_state_judge.py build/release/bin/basin_replay

Both train 20 steps along the same gradients, hand weights and state over by file (examples/torch_state.py) and take 50 more, which
are to end where the 50 of the first would have; in double and in float, for every class and the options of each.

In double the two differ by their roundings, 1e-16 each. In float a step rounds a weight, below 8, by 2^-24 of it, and computes
what it subtracts in some ten roundings; 50 steps on both sides.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy
import torch
from torch.optim import SGD, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import torch_state  # noqa: E402

STOP, STEPS = 20, 70
TOLERANCE = {torch.float64: 1e-12, torch.float32: 2 * 50 * (8 + 10 * 0.1) * 2**-24}
SHAPES = {"layer.weight": (5, 3), "layer.bias": (5,), "scale": ()}

# The optimizer as basin spells it, and as PyTorch does. NAdam of PyTorch 1.13 computes what it says with foreach alone.
CASES = [
    ("sgd:lr=0.1", SGD, dict(lr=0.1)),
    ("maximize+sgd:lr=0.1:weight_decay=0.01", SGD, dict(lr=0.1, weight_decay=0.01, maximize=True)),
    ("momentum:lr=0.05:momentum=0.8:dampening=0.3", SGD, dict(lr=0.05, momentum=0.8, dampening=0.3)),
    ("nesterov:lr=0.02:weight_decay=0.01", SGD, dict(lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01)),
    ("rmsprop", RMSprop, dict()),
    ("rmsprop_momentum:alpha=0.9:momentum=0.5", RMSprop, dict(alpha=0.9, momentum=0.5)),
    ("rmsprop_centered:eps=1e-06", RMSprop, dict(centered=True, eps=1e-6)),
    ("maximize+rmsprop_centered_momentum:weight_decay=0.01:momentum=0.5", RMSprop,
     dict(centered=True, momentum=0.5, weight_decay=0.01, maximize=True)),
    ("adagrad:lr=0.1:lr_decay=0.01:initial_accumulator_value=0.1", Adagrad,
     dict(lr=0.1, lr_decay=0.01, initial_accumulator_value=0.1)),
    ("maximize+adagrad:weight_decay=0.01:eps=1e-06", Adagrad, dict(weight_decay=0.01, eps=1e-6, maximize=True)),
    ("adam:lr=0.01:beta1=0.8:beta2=0.99", Adam, dict(lr=0.01, betas=(0.8, 0.99))),
    ("amsgrad:weight_decay=0.01", Adam, dict(amsgrad=True, weight_decay=0.01)),
    ("maximize+adam:lr=0.01", Adam, dict(lr=0.01, maximize=True)),
    ("adamw:lr=0.01:weight_decay=0.1", AdamW, dict(lr=0.01, weight_decay=0.1)),
    ("maximize+amsgradw:lr=0.01", AdamW, dict(lr=0.01, amsgrad=True, maximize=True)),
    ("nadam:momentum_decay=0.01", NAdam, dict(momentum_decay=0.01, foreach=True)),
    ("nadam:lr=0.01:weight_decay=0.01", NAdam, dict(lr=0.01, weight_decay=0.01, foreach=True)),
    ("radam:lr=0.01", RAdam, dict(lr=0.01)),
    ("radam:weight_decay=0.01:beta2=0.9", RAdam, dict(weight_decay=0.01, betas=(0.9, 0.9))),
    ("adamax", Adamax, dict()),
    ("maximize+adamax:lr=0.01:weight_decay=0.01", Adamax, dict(lr=0.01, weight_decay=0.01, maximize=True)),
]


class Model(torch.nn.Module):
    """Parameters under the names of SHAPES, with given values."""

    def __init__(self, values):
        super().__init__()
        self.layer = torch.nn.Module()
        for name, value in values.items():
            module, _, leaf = name.rpartition(".")
            setattr(self.get_submodule(module), leaf, torch.nn.Parameter(value.clone()))

    def values(self):
        return {name: parameter.detach().clone() for name, parameter in self.named_parameters()}


def prefixed(prefix, values):
    return {f"{prefix}/{name}": value for name, value in values.items()}


def below(prefix, values):
    return {name.removeprefix(prefix + "/"): value for name, value in values.items() if name.startswith(prefix + "/")}


def replay(optimizer, model, gradients, begin, end):
    for t in range(begin, end):
        for name, parameter in model.named_parameters():
            parameter.grad = gradients[name][t].clone()
        optimizer.step()


class Case:
    def __init__(self, folder, dtype, chain, make, options):
        self.folder, self.dtype, self.chain, self.make, self.options = folder, dtype, chain, make, options
        self.gradients = {name: torch.randn(STEPS, *shape, dtype=dtype) for name, shape in SHAPES.items()}
        self.start = {name: torch.randn(shape, dtype=dtype) for name, shape in SHAPES.items()}

    def pytorch(self, values, **options):
        """A fresh model and optimizer, whose parameters stand in another order than their names."""
        model = Model(values)
        return model, self.make([model.scale, *model.layer.parameters()], **options)

    def prepare(self):
        """PyTorch's half: 20 steps, what it hands over, and where 50 more lead."""
        model, optimizer = self.pytorch(self.start, **self.options)
        replay(optimizer, model, self.gradients, 0, STOP)
        self.folder.mkdir()
        (self.folder / "chain").write_text(self.chain)
        torch_state.save(optimizer, model, self.folder / "pytorch.safetensors")
        torch_state._write(self.folder / "run.safetensors", {
            **prefixed("start", self.start), **prefixed("stopped", model.values()), **prefixed("gradients", self.gradients)}, {})
        replay(optimizer, model, self.gradients, STOP, STEPS)
        self.end = model.values()

    def go_on_from(self, file, stopped):
        """PyTorch from a file, which every option is to come from but the one that says how."""
        how = {key: value for key, value in self.options.items() if key == "foreach"}
        model, optimizer = self.pytorch(stopped, lr=0.5, **how)
        torch_state.load(optimizer, model, self.folder / file)
        replay(optimizer, model, self.gradients, STOP, STEPS)
        return model.values()

    def findings(self):
        _, weights = torch_state._read(self.folder / "weights.safetensors")
        stopped = below("stopped", torch_state._read(self.folder / "run.safetensors")[1])
        yield "both from the beginning", below("end", weights), self.end
        yield "from PyTorch to PyTorch", self.go_on_from("pytorch.safetensors", stopped), self.end
        yield "from PyTorch to basin", below("pytorch", weights), self.end
        if drop_in := below("drop_in", weights):
            yield "from PyTorch to libtorch's class", drop_in, self.end
        yield "from basin to PyTorch", self.go_on_from("basin.safetensors", below("stopped", weights)), below("end", weights)

    def check(self):
        for what, found, wanted in self.findings():
            worst = max((found[name] - wanted[name]).abs().max().item() for name in SHAPES)
            if not worst <= TOLERANCE[self.dtype]:
                sys.exit(f"{self.chain}, {self.dtype}, {what}: {worst:g} apart; wanted at most {TOLERANCE[self.dtype]:g}")


def refusal(call):
    try:
        call()
    except ValueError as error:
        return str(error)
    sys.exit("it was not refused")


def check_refusals(folder):
    """PyTorch's side says what does not fit, and changes nothing."""
    values = {name: torch.ones(shape) for name, shape in SHAPES.items()}
    file = folder / "adam.safetensors"

    def pair(make=Adam, values=values, **options):
        model = Model(values)
        return make(model.parameters(), **options), model

    optimizer, model = pair(amsgrad=True)
    replay(optimizer, model, {name: torch.ones(1, *shape) for name, shape in SHAPES.items()}, 0, 1)
    torch_state.save(optimizer, model, file)
    few, long = dict(list(values.items())[:2]), {**values, "layer.bias": torch.ones(6)}
    cases = [
        (pair(AdamW), "optimizer is 'Adam'; wanted 'AdamW'"),
        (pair(values={**values, "more": torch.ones(1)}), "it lacks the parameter 'more' in group 0"),
        (pair(values=few), "it has a parameter 'scale' in group 0, which this optimizer does not have"),
        (pair(values=long), "it has exp_avg of 'layer.bias' of shape (5,); wanted (6,)"),
    ]
    for (other, its_model), wanted in cases:
        said = refusal(lambda: torch_state.load(other, its_model, file))
        if said != f"{file}: {wanted}" or other.state or other.param_groups[0].get("amsgrad"):
            sys.exit(f"wanted: {wanted}\nfound: {said}\nstate: {dict(other.state)}")
    whole = file.read_bytes()
    for part in (b"", whole[:7], whole[:100], whole[:-1]):
        file.write_bytes(part)
        refusal(lambda: torch_state.load(optimizer, model, file))


def check_rates(folder):
    """A rate is a number, whoever's it is; and nothing is one, too."""
    file = folder / "rate.safetensors"
    for rate in (numpy.float32(0.25), numpy.float64(0.25), numpy.int64(2), torch.tensor(0.25), 0, 0.0):
        model = Model({name: torch.ones(shape) for name, shape in SHAPES.items()})
        torch_state.save(SGD(model.parameters(), lr=rate), model, file)
        other = SGD(model.parameters(), lr=0.5)
        torch_state.load(other, model, file)
        if other.param_groups[0]["lr"] != float(rate) or type(other.param_groups[0]["lr"]) not in (int, float):
            sys.exit(f"a rate of {rate!r} came back as {other.param_groups[0]['lr']!r}")
    for metadata in (b'{"__metadata__":null}', b"{}", b'{"__metadata__":{}}'):
        file.write_bytes(struct.pack("<Q", len(metadata)) + metadata)
        said = refusal(lambda: torch_state.load(other, model, file))
        if said != f"{file}: format is None; wanted 'basin-torch-optimizer'":
            sys.exit(f"{metadata}: {said}")
    for metadata in (b'{"__metadata__":[1]}', b'{"__metadata__":"x"}', b"null"):
        file.write_bytes(struct.pack("<Q", len(metadata)) + metadata)
        refusal(lambda: torch_state.load(other, model, file))


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as name:
        cases = []
        for dtype in TOLERANCE:
            torch.set_default_dtype(dtype)  # of mu_product
            for chain, make, options in CASES:
                cases.append(Case(pathlib.Path(name) / str(len(cases)), dtype, chain, make, options))
                cases[-1].prepare()
        subprocess.run([sys.argv[1], *(case.folder for case in cases)], check=True)
        for case in cases:
            torch.set_default_dtype(case.dtype)
            case.check()
        torch.set_default_dtype(torch.float32)
        check_refusals(pathlib.Path(name))
        check_rates(pathlib.Path(name))


main()
