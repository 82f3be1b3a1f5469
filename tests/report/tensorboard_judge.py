"""Google's protocol buffers read what basin export writes: tensorboard_judge.py SAMPLE_STORE_PROGRAM BASIN.

TensorBoard itself is no package of Debian's; its messages are declared here from the numbers of its .proto files, framing
and crc are checked by a second transcription.
"""

import pathlib
import struct
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2  # noqa: F401, struct_pb2 registers

KINDS = {"double": 1, "float": 2, "int64": 3, "int32": 5, "string": 9, "bytes": 12, "enum": 5}
MESSAGES = {  # message: field number, its name, its kind or message, * for repeated
    "Event": [(1, "wall_time", "double"), (2, "step", "int64"), (3, "file_version", "string"), (5, "summary", "Summary")],
    "Summary": [(1, "value", "*SummaryValue")],
    "SummaryValue": [(1, "tag", "string"), (2, "simple_value", "float"), (8, "tensor", "Tensor"), (9, "metadata", "Metadata")],
    "Metadata": [(1, "plugin_data", "PluginData")],
    "PluginData": [(1, "plugin_name", "string"), (2, "content", "bytes")],
    "Tensor": [(1, "dtype", "enum"), (2, "tensor_shape", "Shape")],
    "Shape": [(2, "dim", "*Dim")],
    "Dim": [(1, "size", "int64")],
    "HParams": [(1, "version", "int32"), (2, "experiment", "Experiment"), (3, "start", "Start"), (4, "end", "End")],
    "Experiment": [(1, "description", "string"), (3, "time_created_secs", "double"), (4, "hparam_infos", "*HParamInfo"),
                   (5, "metric_infos", "*MetricInfo"), (6, "name", "string")],
    "HParamInfo": [(1, "name", "string"), (4, "type", "enum"), (5, "discrete", ".google.protobuf.ListValue")],
    "MetricInfo": [(1, "name", "MetricName"), (3, "display_name", "string"), (5, "dataset_type", "enum")],
    "MetricName": [(1, "group", "string"), (2, "tag", "string")],
    "Start": [(1, "hparams", "*Entry"), (4, "group_name", "string"), (5, "start_time_secs", "double")],
    "Entry": [(1, "key", "string"), (2, "value", ".google.protobuf.Value")],  # a map, as it lies in the bytes
    "End": [(1, "status", "enum"), (2, "end_time_secs", "double")],
}


def declared():
    file = descriptor_pb2.FileDescriptorProto(name="judge.proto", package="judge", syntax="proto2",
                                              dependency=["google/protobuf/struct.proto"])
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, field, kind in fields:
            label = 3 if kind.startswith("*") else 1
            kind = kind.lstrip("*")
            if kind in KINDS:
                message.field.add(name=field, number=number, label=label, type=KINDS[kind])
            else:
                full = kind if kind.startswith(".") else ".judge." + kind
                message.field.add(name=field, number=number, label=label, type=11, type_name=full)
    pool = descriptor_pool.Default()
    pool.Add(file)
    make = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    return {name: make(pool.FindMessageTypeByName("judge." + name)) for name in MESSAGES}


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def events_of(path, types):
    data, at = path.read_bytes(), 0
    while at < len(data):
        length, crc = struct.unpack_from("<QI", data, at)
        assert masked_crc(data[at:at + 8]) == crc, (path, at)
        body = data[at + 12:at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc(body), (path, at)
        at += 16 + length
        event = types["Event"].FromString(body)
        assert not event.FindInitializationErrors() and len(event.UnknownFields()) == 0
        yield event


def split(path, types):
    """Scalars by tag as [(step, value)], and the messages of the HParams plugin by tag."""
    events = list(events_of(path, types))
    assert events[0].file_version == "brain.Event:2" and not events[0].HasField("summary")
    scalars, hparams = {}, {}
    for event in events[1:]:
        (value,) = event.summary.value
        if value.HasField("metadata"):
            assert value.metadata.plugin_data.plugin_name == "hparams"
            assert value.tensor.SerializeToString() == bytes.fromhex("080112021200")
            hparams[value.tag] = types["HParams"].FromString(value.metadata.plugin_data.content)
        else:
            scalars.setdefault(value.tag, []).append((event.step, value.simple_value))
    return scalars, hparams


def check_root(path, types):
    scalars, hparams = split(path, types)
    assert not scalars and list(hparams) == ["_hparams_/experiment"]
    experiment = hparams["_hparams_/experiment"].experiment
    assert experiment.name == "sample-1" and experiment.description == "basin compare sample"
    infos = {info.name: info for info in experiment.hparam_infos}
    assert [infos[name].type for name in ("optimizer", "lr", "adam.beta2")] == [1, 3, 3]
    assert list(infos["lr"].discrete) == [0.01, 0.1] and list(infos["optimizer"].discrete) == ["sgd", "adam"]
    assert [info.name.tag for info in experiment.metric_infos][0] == "best/accuracy"


def check_trials(folder, types):
    runs = {path.parent.name: split(path, types) for path in sorted(folder.glob("*/*tfevents*"))}
    assert len(runs) == 4 and "trial-0-sgd" in runs, list(runs)
    scalars, hparams = runs["trial-0-sgd"]
    assert scalars["validation/accuracy"] == [(1, 0.5), (2, 0.75)] and scalars["test/loss"][0][0] == 2, scalars
    assert scalars["best/accuracy"] == [(2, 0.75)], scalars
    start, end = hparams["_hparams_/session_start_info"].start, hparams["_hparams_/session_end_info"].end
    settings = {entry.key: entry.value for entry in start.hparams}
    assert settings["lr"].number_value == 0.01 and settings["init"].string_value == "default", start
    assert start.group_name == "trial-0-sgd" and end.status == 1 and end.end_time_secs >= start.start_time_secs > 1.7e9
    ends = sorted(run[1]["_hparams_/session_end_info"].end.status for run in runs.values()
                  if "_hparams_/session_end_info" in run[1])
    assert ends == [1, 2, 2], ends  # one complete, one diverged, one failed; the fourth runs


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name, "run")
    folder.mkdir()
    subprocess.run([sys.argv[1], folder / "study.db"], check=True)
    subprocess.run([sys.argv[2], "export", folder, "--tensorboard", pathlib.Path(name, "logs")], check=True)
    types = declared()
    (root,) = pathlib.Path(name, "logs").glob("*tfevents*")
    check_root(root, types)
    check_trials(pathlib.Path(name, "logs"), types)
