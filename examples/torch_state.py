"""The state of a PyTorch optimizer as a file that basin reads, and the reverse. Needs only torch: copy this file.

    import torch_state
    torch_state.save(optimizer, model, "state.safetensors")       then, in C++:
        restore(optimizer, basin::train::load_torch_state("state.safetensors"), model->named_parameters());

    basin::train::save("state.safetensors", torch_state(optimizer, model->named_parameters()));       then, in Python:
        torch_state.load(optimizer, model, "state.safetensors")

Parameters are matched by their names in `model`, in any order; groups by position. Supports SGD, RMSprop, Adagrad, Adam,
AdamW, NAdam, RAdam and Adamax; docs/formats.md describes the file. It does not contain the weights.
"""
import ctypes
import json
import os
import secrets
import struct

import torch

FORMAT = {"format": "basin-torch-optimizer", "version": "1"}
HOW = ("foreach", "fused", "capturable", "differentiable")  # options that change no value
NUMBERS = ("step", "mu_product")  # of a parameter, stored by PyTorch as numbers or as tensors
TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def save(optimizer, model, path):
    """Writes the options of every group and the state of every parameter; writes the whole file or nothing."""
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups, numbers, tensors = [], {}, {}
    for group in optimizer.param_groups:
        params = [_name(names, parameter, path) for parameter in group["params"]]
        groups.append({**_options(optimizer, group), "params": params})
        for name, parameter in zip(params, group["params"]):
            for slot, value in optimizer.state.get(parameter, {}).items():
                if slot in NUMBERS:
                    numbers.setdefault(name, {})[slot] = _plain(value)
                elif value is not None:
                    tensors[f"{name}.{slot}"] = value
    _write(path, tensors, {**FORMAT, "optimizer": type(optimizer).__name__, "param_groups": json.dumps(groups),
                           "state": json.dumps(numbers)})


def load(optimizer, model, path):
    """Loads options and state. Raises ValueError for another class, another shape, and for missing or superfluous groups,
    names, slots or options; nothing changes then."""
    metadata, tensors = _read(path)
    for key, wanted in {**FORMAT, "optimizer": type(optimizer).__name__}.items():
        _check(metadata.get(key) == wanted, path, f"{key} is {metadata.get(key)!r}; wanted {wanted!r}")
    states = json.loads(metadata["state"])
    for name, tensor in tensors.items():
        parameter, slot = name.rsplit(".", 1)
        states.setdefault(parameter, {})[slot] = tensor
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    saved, new = json.loads(metadata["param_groups"]), optimizer.state_dict()
    _check(len(saved) == len(new["param_groups"]), path,
           f"it has {len(saved)} groups; this optimizer has {len(new['param_groups'])}")
    new["state"] = {}
    for number, (options, into, group) in enumerate(zip(saved, new["param_groups"], optimizer.param_groups)):
        params = [_name(names, parameter, path) for parameter in group["params"]]
        _check_names(options.pop("params"), params, f"in group {number}", path)
        into.update(_known(options, optimizer, path))
        for index, name, parameter in zip(into["params"], params, group["params"]):
            if name in states:
                new["state"][index] = _fitting(states.pop(name), name, parameter, path)
    _check(not states, path, f"it has a state of {next(iter(states), None)!r}, which this optimizer does not have")
    optimizer.load_state_dict(new)


def _check(right, path, wrong):
    if not right:
        raise ValueError(f"{path}: {wrong}")


def _name(names, parameter, path):
    _check(id(parameter) in names, path, f"a parameter of shape {tuple(parameter.shape)} of the optimizer is not in the model")
    return names[id(parameter)]


def _plain(value):
    """Converts one-element tensors and numpy numbers to Python numbers, for JSON."""
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value.item() if hasattr(value, "item") else value


def _options(optimizer, group):
    """Returns the options of the class itself: schedulers add others. AdamW need not say that its decay is decoupled."""
    implied = ("decoupled_weight_decay",) if type(optimizer).__name__ == "AdamW" else ()
    return {key: _plain(group[key]) for key in optimizer.defaults if key not in (*HOW, *implied)}


def _known(options, optimizer, path):
    """An option that is off may be unknown to this version of PyTorch."""
    for key in [key for key in options if key not in optimizer.defaults]:
        _check(not options.pop(key), path, f"{type(optimizer).__name__} of PyTorch {torch.__version__} has no option {key!r}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}


def _check_names(theirs, own, where, path):
    for name in own:
        _check(name in theirs, path, f"it lacks the parameter {name!r} {where}")
    for name in theirs:
        _check(name in own, path, f"it has a parameter {name!r} {where}, which this optimizer does not have")


def _fitting(state, name, parameter, path):
    for slot, value in state.items():
        if torch.is_tensor(value):
            _check(value.shape == parameter.shape, path,
                   f"it has {slot} of {name!r} of shape {tuple(value.shape)}; wanted {tuple(parameter.shape)}")
    return state


# safetensors: the length of the header, the header in JSON, the consecutive bytes of the tensors.


def _write(path, tensors, metadata):
    header, at, kept = {"__metadata__": metadata}, 0, []
    for name, tensor in tensors.items():
        tensor = tensor.detach().cpu().contiguous()
        kind = [kind for kind, dtype in TYPES.items() if dtype == tensor.dtype]
        _check(kind, path, f"{name!r} has type {tensor.dtype}; wanted one of {', '.join(TYPES)}")
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": kind[0], "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        kept.append(tensor)
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    unfinished = f"{path}.{secrets.token_hex(8)}.part"  # unique across processes and hosts
    try:
        with open(unfinished, "xb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for tensor in kept:
                file.write(ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size()))
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        if os.path.exists(unfinished):
            os.remove(unfinished)
        raise


def _read(path):
    with open(path, "rb") as file:
        content = bytearray(file.read())
    try:
        begin = 8 + struct.unpack_from("<Q", content)[0]
        header = json.loads(content[8:begin])
        metadata = dict(header.pop("__metadata__", None) or {})  # null counts as absent
        return metadata, {name: _tensor(entry, content, begin) for name, entry in header.items()}
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, struct.error) as error:
        raise ValueError(f"{path}: it is not a safetensors file of floating-point tensors: {error}") from None


def _tensor(entry, content, begin):
    dtype, (first, last) = TYPES[entry["dtype"]], entry["data_offsets"]
    if first == last:
        return torch.empty(entry["shape"], dtype=dtype)
    content = torch.frombuffer(content, dtype=torch.uint8, count=last - first, offset=begin + first)
    return content.clone().view(dtype).reshape(entry["shape"])
