"""Files that were made to do harm. Each ends in one error that names the file, at once, and touches nothing else."""

import io
import json
import os
import struct
import zipfile

import h5py
import numpy as np
import pytest

from minikeras import Sequential, layers, saving
from minikeras.errors import ModelFileError
from tests.saving.watching import opens_in, refused

CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The members of a good file, which was loaded once, so that everything needed for that is imported."""
    path = tmp_path_factory.mktemp("good") / "good.keras"
    model = Sequential([layers.Input((3,), name="i"), layers.Dense(2, name="d")], name="m")
    model.compile("sgd", "mse")
    model.save(path)
    saving.load_model(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for wrong in ({**members, CONFIG: b'{"class_name": "Dens", "config": {}, "module": "keras.layers"}'}, {}):
        with pytest.raises(ModelFileError):
            saving.load_model(written(path, wrong))
    return members


def written(path, members):
    """Writes an archive; the names of its members may be ZipInfo objects."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def layer(**changes):
    return {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2}, "registered_name": None, **changes}


def model(*entries, size=3, **settings):
    inputs = layer(class_name="InputLayer", config={"batch_shape": [None, size], "name": "i"})
    config = {"name": "m", "layers": [inputs, *entries], "build_input_shape": [None, size], **settings}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def convolution(name, rank=2, **settings):
    """A model of one convolution layer, for inputs with three channels."""
    shape = [None, *[8] * rank, 3]
    inputs = layer(class_name="InputLayer", config={"batch_shape": shape, "name": "i"})
    config = {"name": "m", "layers": [inputs, layer(class_name=name, config=settings)], "build_input_shape": shape}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def code():
    """The config of a lambda that would write a file."""
    with pytest.warns(UserWarning, match="lambda"):
        return saving.serialize_keras_object(lambda x: open("/tmp/minikeras_was_here", "w"))


def nested(levels):
    value = {"a": 1}
    for _ in range(levels):
        value = {"a": value}
    return value


def doubling(levels):
    """Models in models, each calling the one inside of it twice, on shapes for which it must run again."""
    symbol = "__keras_tensor__"

    def entry(name, history, shape):
        return {"class_name": symbol, "config": {"shape": shape, "dtype": "float32", "keras_history": [name, *history]}}

    inner = layer(class_name="ReLU", config={})
    for level in range(levels):
        inputs = layer(class_name="InputLayer", config={"batch_shape": [None] * 2, "name": "i"}, inbound_nodes=[])
        calls = [{"args": [entry("i", (0, 0), [None, 3])], "kwargs": {}}]
        calls.append({"args": [entry("f", (0, 0), [None, 3])], "kwargs": {}})
        inner["config"]["name"] = "f"
        parts = [{**inputs, "name": "i"}, {**inner, "name": "f", "inbound_nodes": calls}]
        end = ["f", 1 + bool(level), 0]
        functional = {"name": "f", "layers": parts, "input_layers": ["i", 0, 0], "output_layers": end}
        inner = {"module": "keras.src.models.functional", "class_name": "Functional", "config": functional}
    return model(inner)


def spatial(name, rank, settings):
    """A model of one layer on 8 elements along each spatial axis."""
    found = model(layer(class_name=name, config=settings))
    found["config"]["layers"][0]["config"]["batch_shape"] = [None, *[8] * rank, 1]
    return {**found, "config": {**found["config"], "build_input_shape": [None, *[8] * rank, 1]}}


def activation(value):
    return model(layer(config={"units": 2, "activation": value}))


def metric(name, **settings):
    found = {"module": "keras.metrics", "class_name": name, "config": settings, "registered_name": None}
    return {**model(layer()), "compile_config": {"optimizer": "sgd", "loss": "mse", "metrics": [found]}}


def op(name, **settings):
    """A model with an op that is called on no value of the graph."""
    parts = [
        {**layer(class_name="InputLayer", config={"batch_shape": [None, 3], "name": "i"}), "name": "i"},
        {"module": "keras.src.ops.numpy", "class_name": name, "config": {"name": "o", **settings}, "name": "o"},
    ]
    parts[0]["inbound_nodes"], parts[1]["inbound_nodes"] = [], [{"args": [[1.0]], "kwargs": {}}]
    settings = {"name": "f", "layers": parts, "input_layers": ["i", 0, 0], "output_layers": ["o", 0, 0]}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": settings}


def foreign(module, name, **settings):
    return model({"module": module, "class_name": name, "config": settings, "registered_name": name})


def function(name, module="builtins"):
    return {"module": module, "class_name": "function", "config": name, "registered_name": "function"}


POLICY = {"module": "keras.dtype_policies", "class_name": "DTypePolicyMap", "registered_name": None}
FLOAT = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
EVIL_POLICY = {**POLICY, "config": {"default_policy": "float32", "policy_map": {"(a+)+b": FLOAT}}}

CONFIGS = {
    "code in a Lambda": (lambda: model(layer(class_name="Lambda", config={"function": code()})), "safe_mode=False"),
    "code that says it is safe": (
        lambda: model(layer(class_name="Lambda", config={"function": code(), "safe_mode": False})),
        "safe_mode",
    ),
    "code as an activation": (lambda: activation(code()), "safe_mode=False"),
    "code as a loss": (
        lambda: {**model(layer()), "compile_config": {"optimizer": "sgd", "loss": code()}},
        "safe_mode=False",
    ),
    "os.system": (lambda: foreign("os", "system", command="touch /tmp/minikeras_was_here"), "system"),
    "os.system as a function": (lambda: activation(function("system", "os")), "system"),
    "builtins.eval": (lambda: activation(function("eval")), "eval"),
    "posix.system": (lambda: activation({**function("system"), "class_name": "system", "module": "posix"}), "system"),
    "subprocess.Popen": (lambda: foreign("subprocess", "Popen", args=["true"]), "Popen"),
    "get_file": (lambda: foreign("keras.utils", "get_file", origin="http://example.com"), "get_file"),
    "get_file of the source": (lambda: foreign("keras.src.utils.file_utils", "get_file", fname="a"), "get_file"),
    "load_model": (lambda: foreign("keras.saving", "load_model", filepath="/a.keras"), "load_model"),
    "load_model of models": (lambda: foreign("keras.models", "load_model", filepath="/a.keras"), "load_model"),
    "the switch": (lambda: foreign("keras.config", "enable_unsafe_deserialization"), "enable_unsafe"),
    "the switch as an activation": (lambda: activation(function("enable_unsafe_deserialization")), "enable_unsafe"),
    "minikeras's own file": (lambda: foreign("minikeras.config", "enable_unsafe_deserialization"), "enable_unsafe"),
    "a name with dots": (lambda: foreign("keras", "saving.load_model"), "load_model"),
    "a wrong registered name": (
        lambda: model(layer(module="mine", class_name="Mine", registered_name="shop>Mine")),
        "Mine",
    ),
    "a registered name that is a number": (lambda: model(layer(registered_name=3)), "strings"),
    "a vocabulary that is a path": (
        lambda: model(layer(class_name="StringLookup", config={"vocabulary": "/etc/passwd"})),
        "StringLookup",
    ),
    "a vocabulary of text that is a path": (
        lambda: model(layer(class_name="TextVectorization", config={"vocabulary": "/etc/passwd"})),
        "TextVectorization",
    ),
    "terabytes of weights": (lambda: model(layer(config={"units": 10**12})), "bytes"),
    "gigabytes of weights": (lambda: model(layer(config={"units": 10**9})), "bytes"),
    "many layers": (lambda: model(*[layer(config={"units": 10**5, "name": f"d{i}"}) for i in range(99)]), "bytes"),
    "an embedding": (lambda: model(layer(class_name="Embedding", config={"input_dim": 10**9, "output_dim": 9})), "byt"),
    "many filters": (lambda: convolution("Conv2D", filters=10**9, kernel_size=3), "bytes"),
    "a large kernel": (lambda: convolution("Conv2D", filters=2, kernel_size=10**6, padding="same"), "bytes"),
    "a long kernel": (lambda: convolution("Conv1D", 1, filters=2, kernel_size=10**400, padding="causal"), "bytes"),
    "a large transposed kernel": (lambda: convolution("Conv3DTranspose", 3, filters=2, kernel_size=10**5), "bytes"),
    "a large multiplier": (lambda: convolution("DepthwiseConv2D", depth_multiplier=10**10, kernel_size=1), "bytes"),
    "many filters between": (
        lambda: convolution("SeparableConv2D", filters=9, depth_multiplier=10**9, kernel_size=1),
        "bytes",
    ),
    "filters of a high rank": (lambda: convolution("Conv2D", filters=9, kernel_size=3, lora_rank=10**10), "bytes"),
    "a kernel larger than its input": (lambda: convolution("Conv2D", filters=9, kernel_size=10**9), "does not fit"),
    "no kernel": (lambda: convolution("Conv2D", filters=9, kernel_size=[]), "kernel_size"),
    "a large input": (lambda: model(layer(), size=10**12), "bytes"),
    "a large metric": (lambda: metric("AUC", num_thresholds=10**12), "bytes"),
    "a large trade-off": (lambda: metric("PrecisionAtRecall", recall=0.5, num_thresholds=10**10), "bytes"),
    "many classes": (lambda: metric("MeanIoU", num_classes=10**8), "bytes"),
    **{
        f"a huge {name}": (lambda name=name, rank=rank, config=config: spatial(name, rank, config), "bytes")
        for rank in (1, 2, 3)
        for name, config in {
            f"UpSampling{rank}D": {"size": 10**12 if rank == 1 else [10**6] * rank},
            f"ZeroPadding{rank}D": {"padding": 10**12},
            f"AdaptiveMaxPooling{rank}D": {"output_size": 10**9},
            f"AdaptiveAveragePooling{rank}D": {"output_size": [10**8] * rank},
        }.items()
    },
    "a huge UpSampling2D that interpolates": (
        lambda: spatial("UpSampling2D", 2, {"size": 10**6, "interpolation": "bicubic"}),
        "bytes",
    ),
    "an op that makes much": (lambda: op("Tile", repeats=10**12), "no value of the graph"),
    "models that double": (lambda: doubling(40), "bytes"),
    "a pattern that never ends": (
        lambda: model(layer(config={"units": 2, "name": "a" * 40, "dtype": EVIL_POLICY})),
        "patterns",
    ),
    "a layer in itself": (lambda: nested(300), "containers"),
    "very deep": (lambda: '{"a":' + "[" * 10**6 + "]" * 10**6 + "}", "containers"),
    "very many": (lambda: '{"a":[' + "[]," * 5 * 10**6 + "[]]}", "values"),
    "very long": (lambda: '{"a":"' + "a" * (1 << 25) + '"}', "bytes"),
    "a long number": (lambda: '{"a":' + "9" * 10**6 + "}", "digit|int"),
    "no object": (lambda: "[1, 2]", "JSON object"),
    "text": (lambda: '"text"', "JSON object"),
    "no JSON": (lambda: "{'a': 1}", "Expecting"),
    "nothing": (lambda: "", "Expecting"),
    "bytes that are no text": (lambda: b"\xff\xfe\x00{", "Expecting|decode"),
    "empty": (lambda: {}, "config of a model"),
    "no model": (lambda: layer(), "config of a model"),
    "layers are text": (lambda: model(layers="text"), "layers"),
    "layers are numbers": (lambda: model(1, 2), "layer"),
    "a class that is a list": (lambda: model(layer(class_name=["Dense"])), "strings|Dense"),
    "negative units": (lambda: model(layer(config={"units": -1})), "units"),
    "unknown arguments": (lambda: model(layer(config={"units": 2, "evil": 1})), "evil"),
    "a slice as units": (lambda: model(layer(config={"units": {"class_name": "__slice__", "config": {}}})), "slice"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("case", CONFIGS)
def test_configs(case, good, tmp_path):
    make, reason = CONFIGS[case]
    text = make()
    text = json.dumps(text) if isinstance(text, dict) else text
    refused(saving.load_model, written(tmp_path / "a.keras", {**good, CONFIG: text}), rf"config\.json.*({reason})")
    assert not os.path.exists("/tmp/minikeras_was_here")


def test_trust(good, tmp_path):
    """Who trusts a file may load one that asks for more memory than a file may otherwise."""
    path = written(tmp_path / "a.keras", {**good, CONFIG: json.dumps(model(layer(config={"units": 5 * 10**6})))})
    refused(saving.load_model, path, "Variable.*safe_mode=False")
    with pytest.raises(ModelFileError, match=r"received an array of shape \(3, 2\)"):
        saving.load_model(path, safe_mode=False)


def test_code_is_run_if_that_is_asked_for(good, tmp_path):
    with pytest.warns(UserWarning, match="lambda"):
        double = saving.serialize_keras_object(lambda x: 2 * x)
    text = json.dumps(activation(double))
    path = written(tmp_path / "a.keras", {**good, CONFIG: text})
    found = saving.load_model(path, safe_mode=False)
    assert found.layers[0].activation(3) == 6


def info(name, mode=None, **changes):
    made = zipfile.ZipInfo(name)
    if mode is not None:
        made.create_system, made.external_attr = 3, mode << 16
    for key, value in changes.items():
        setattr(made, key, value)
    return made


def without(members, name):
    return {key: value for key, value in members.items() if key != name}


MEMBERS = {
    "up": (lambda good: {**good, "assets/../../evil": b""}, "evil.*outside the archive"),
    "up with other slashes": (lambda good: {**good, info("assets/..\\..\\evil"): b""}, "outside the archive"),
    "up in place of the weights": (
        lambda good: {**without(good, WEIGHTS), f"../{WEIGHTS}": b""},
        "outside the archive",
    ),
    "absolute": (lambda good: {**good, "/tmp/minikeras_was_here": b""}, "outside the archive"),
    "a drive": (lambda good: {**good, "C:/evil": b""}, "outside the archive"),
    "a dot": (lambda good: {**good, "assets/./evil": b""}, "outside the archive"),
    "a symbolic link": (lambda good: {**good, info("assets/a", 0o120777): b"/etc/passwd"}, "link"),
    "the config is a link": (
        lambda good: {**without(good, CONFIG), info(CONFIG, 0o120777): b"/etc/passwd"},
        "config.json",
    ),
    "a device": (lambda good: {**good, info("assets/a", 0o020666): b""}, "special"),
    "a hard link": (
        lambda good: {**good, info("assets/a", extra=struct.pack("<HH", 13, 15) + b"\0" * 12 + b"abc"): b""},
        "link to another file",
    ),
    "a file as a folder": (lambda good: {**good, "assets/a": b"", "assets/a/b": b""}, "assets/a"),
    "no metadata": (lambda good: without(good, METADATA), "metadata.json.*no such member"),
    "no config": (lambda good: without(good, CONFIG), "config.json.*no such member"),
    "no weights": (lambda good: without(good, WEIGHTS), "model.weights.h5.*no such member"),
    "metadata is a list": (lambda good: {**good, METADATA: b"[]"}, "metadata.json.*JSON object"),
    "empty weights": (lambda good: {**good, WEIGHTS: b""}, "model.weights.h5"),
    "weights are a zip": (lambda good: {**good, WEIGHTS: b"PK\3\4" + b"\0" * 99}, "model.weights.h5"),
    "a config that is packed well": (
        lambda good: {**without(good, CONFIG), info(CONFIG, compress_type=8): b" " * (1 << 26)},
        "bytes",
    ),
    "weights that are packed well": (
        lambda good: {**without(good, WEIGHTS), info(WEIGHTS, compress_type=8): b"\0" * (1 << 26)},
        "bytes",
    ),
    "an asset that is packed well": (
        lambda good: {**good, info("assets/a", compress_type=8): b"\0" * (1 << 26)},
        "byt",
    ),
    "packed in another way": (lambda good: {**good, info("assets/a", compress_type=12): b"a"}, "compression method"),
    "very many members": (lambda good: {**good, **{f"assets/{i:0200}": b"" for i in range(20000)}}, "central dir"),
}


@pytest.mark.parametrize("case", MEMBERS)
def test_members(case, good, tmp_path):
    make, reason = MEMBERS[case]
    refused(saving.load_model, written(tmp_path / "a.keras", make(good)), reason)
    assert not os.path.exists("/tmp/minikeras_was_here") and os.listdir(tmp_path) == ["a.keras"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives(good, tmp_path):
    path = written(tmp_path / "a.keras", good)
    data = path.read_bytes()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(CONFIG, "{}")
    twice = path.read_bytes()
    central = data.rfind(b"PK\1\2")
    larger = bytearray(data)
    larger[central + 24 : central + 28] = struct.pack("<I", 2**31)  # of the last member: what it says is its size
    stored = bytearray(larger)
    stored[central + 20 : central + 24] = struct.pack("<I", 2**31)  # and what it says is stored of it
    locked = bytearray(data)
    locked[central + 8] |= 1
    for wrong, reason in [
        (b"", "empty"),
        (b"a", "not a zip"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 2000, "not a zip"),
        (b"PK\5\6" + b"\0" * 18, "metadata"),
        (twice, "two members"),
        (bytes(larger), "it claims"),
        (bytes(stored), "exceeds the archive"),
        (bytes(locked), "encrypted"),
        *((data[:cut], "None: it is not a zip archive") for cut in (1, 100, len(data) // 2, len(data) - 1)),
    ]:
        path.write_bytes(wrong)
        refused(saving.load_model, path, reason)


def replace_with(make, name="layers/dense/vars/0"):
    def change(file, folder):
        del file[name]
        make(file, name, folder)

    return change


def link_outside(file, name, folder):
    with h5py.File(folder / "secret.h5", "w") as secret:
        secret["a"] = np.ones((3, 2), "float32")
    file[name] = h5py.ExternalLink(str(folder / "secret.h5"), "a")


def data_outside(file, name, folder):
    (folder / "secret").write_bytes(np.ones((3, 2), "float32").tobytes())
    file.create_dataset(name, (3, 2), "float32", external=[(str(folder / "secret"), 0, 24)])


def data_of_others(file, name, folder):
    with h5py.File(folder / "secret.h5", "w") as secret:
        secret["a"] = np.ones((3, 2), "float32")
    layout = h5py.VirtualLayout((3, 2), "float32")
    layout[:] = h5py.VirtualSource(str(folder / "secret.h5"), "a", (3, 2))
    file.create_virtual_dataset(name, layout)


def soft(target):
    def make(file, name, folder):
        file[name] = h5py.SoftLink(target)

    return make


def test_the_watch(tmp_path):
    """Following a link is seen, also if it is done in C."""
    with h5py.File(tmp_path / "a.h5", "w") as file:
        link_outside(file, "a", tmp_path)
    names = opens_in(tmp_path)
    with h5py.File(tmp_path / "a.h5") as file:
        assert file["a"].shape == (3, 2)
    assert names() == {b"a.h5", b"secret.h5"}


def array(*args, **kwargs):
    return lambda file, name, folder: file.create_dataset(name, *args, **kwargs)


HDF5 = {
    "a link to another file": (replace_with(link_outside), "link"),
    "a group linked to another file": (replace_with(link_outside, "layers/dense"), "link"),
    "a soft link": (replace_with(soft("/optimizer/vars/0")), "link"),
    "a soft link to nowhere": (replace_with(soft("/nowhere")), "link"),
    "a soft link to itself": (replace_with(soft("/layers/dense"), "layers/dense"), "link"),
    "elements in another file": (replace_with(data_outside), "another file"),
    "elements of another array": (replace_with(data_of_others), "another file"),
    "objects": (replace_with(array(data=[["a", "b"]] * 3, dtype=h5py.string_dtype())), "objects"),
    "references": (replace_with(array((3, 2), h5py.ref_dtype)), "objects"),
    "lists": (replace_with(array((3, 2), h5py.vlen_dtype("float32"))), "objects"),
    "bytes": (replace_with(array(data=np.full((3, 2), b"a"))), "numeric"),
    "records": (replace_with(array(data=np.zeros((3, 2), [("a", "f4"), ("b", "f4")]))), "numeric"),
    "a huge shape": (replace_with(array((10**6, 10**6), "float32")), "4,000,000,000,000 bytes"),
    "a huge shape in pieces": (replace_with(array((10**6, 10**6), "float32", chunks=(9, 9))), "4,000,000,000,000"),
    "a shape that is packed well": (
        replace_with(array(data=np.zeros((2 * 10**7,), "float32"), compression="gzip", chunks=(10**6,))),
        "80,000,000 bytes",
    ),
    "an unknown filter": (replace_with(array(data=np.zeros((3, 2)), chunks=(3, 2), compression="lzf")), "filters"),
    "no shape": (replace_with(array(data=h5py.Empty("float32"))), "no shape"),
    "a group as an array": (replace_with(lambda file, name, _: file.create_group(name)), "expected an array"),
    "an array as a group": (replace_with(array(data=[1.0]), "layers/dense/vars"), "group"),
    "a type as a group": (
        replace_with(lambda file, name, _: file.__setitem__(name, np.dtype("f4")), "layers"),
        "group",
    ),
    "a wrong shape": (replace_with(array(data=np.zeros((2, 3), "float32"))), r"\(2, 3\)"),
    "a wrong dtype": (replace_with(array(data=np.zeros((3, 2), "int32"))), "int32"),
    "complex numbers": (replace_with(array(data=np.zeros((3, 2), "complex64"))), "complex64"),
    "too few": (lambda file, folder: file.__delitem__("layers/dense/vars/1"), "expects 2 arrays, received 1"),
    "too many": (lambda file, folder: file.__setitem__("layers/dense/vars/2", [1.0]), "expects 2 arrays, received 3"),
    "another number": (lambda file, folder: file.move("layers/dense/vars/1", "layers/dense/vars/7"), "KeyError"),
    "no layer": (lambda file, folder: file.__delitem__("layers/dense"), "expects 2 arrays, received 0"),
    "nothing at all": (lambda file, folder: file.clear(), "expects 2 arrays, received 0"),
    "the optimizer": (replace_with(array(data=[1.0]), "optimizer/vars/0"), "optimizer"),
}


def test_a_lie(good, tmp_path):
    """An array that says it is huge, and that all of it is in the file."""
    buffer = io.BytesIO(good[WEIGHTS])
    with h5py.File(buffer, "r") as file:
        place = file["layers/dense/vars/0"].id.get_offset()
    data = buffer.getvalue()
    shape, layout = struct.pack("<QQ", 3, 2), struct.pack("<BBQQ", 3, 1, place, 24)
    header = data.find(layout)
    start = data.rfind(shape, 0, header)
    assert header > 0 and header - start < 500
    for rows in (10**5, 10**11):
        wrong = data.replace(layout, struct.pack("<BBQQ", 3, 1, place, 8 * rows))
        wrong = wrong[:start] + struct.pack("<QQ", rows, 2) + wrong[start + 16 :]
        path = written(tmp_path / "a.keras", {**good, WEIGHTS: wrong})
        refused(saving.load_model, path, "bytes in the file, which has")


@pytest.mark.parametrize("case", HDF5)
def test_hdf5(case, good, tmp_path):
    change, reason = HDF5[case]
    buffer = io.BytesIO(good[WEIGHTS])
    with h5py.File(buffer, "r+") as file:
        change(file, tmp_path)
    opened = opens_in(tmp_path)
    refused(saving.load_model, written(tmp_path / "a.keras", {**good, WEIGHTS: buffer.getvalue()}), reason)
    other = Sequential([layers.Input((3,)), layers.Dense(2)])
    other.compile("sgd", "mse")
    before = other.get_weights()
    (tmp_path / "a.weights.h5").write_bytes(buffer.getvalue())
    refused(other.load_weights, tmp_path / "a.weights.h5", reason)
    assert opened() == {b"a.keras", b"a.weights.h5"}
    assert all(np.array_equal(*pair) for pair in zip(before, other.get_weights(), strict=True))


def packed(file, name, count=2 * 10**6):
    """Makes an array that takes a thousandth of its size in the file."""
    return file.create_dataset(name, data=np.zeros(count, "float32"), compression="gzip")


def test_one_array_under_many_names(tmp_path):
    path = tmp_path / "a.weights.h5"
    with h5py.File(path, "w") as file:
        first = packed(file, "layers/dense/vars/0")
        for number in range(200):
            file[f"layers/dense/vars/x{number}"] = first
    refused(saving.KerasFileEditor, path, "it is also 'layers/dense/vars/0'")
    with h5py.File(path, "w") as file:
        for number in range(30):
            packed(file, f"layers/dense/vars/{number}")
    refused(saving.KerasFileEditor, path, "arrays of .* in total")
    with h5py.File(path, "w") as file:
        group = packed(file, "layers/dense/vars/0").parent
        file["layers/dense_1/vars"] = group
        file["layers/dense_2"] = file["layers/dense"]
    refused(saving.KerasFileEditor, path, "several times|also")


@pytest.mark.parametrize("by_name", [False, True])
def test_one_array_under_many_names_in_old_files(by_name, good, tmp_path):
    path = tmp_path / "a.h5"
    model = Sequential([layers.Input((3,)), layers.Dense(2, name="d")])
    model.save(path)  # imports what reads such files, too
    load = lambda path: model.load_weights(path, by_name=by_name, skip_mismatch=True)  # noqa: E731
    for layer_names, weight_names in (([b"d"], [b"k"] * 400), ([b"d"] * 400, [b"k"])):
        with h5py.File(path, "w") as file:
            file.attrs["layer_names"] = layer_names
            packed(file, "d/k")
            file["d"].attrs["weight_names"] = weight_names
        refused(load, path, "it has a duplicate name")
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"d", b"e"]
        packed(file, "d/k")
        file["e"] = file["d"]
        file["d"].attrs["weight_names"] = [b"k"]
    if not by_name:
        refused(load, path, "it is also 'd/k'")
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"d"]
        for number in range(30):
            packed(file, f"d/{number}")
        file["d"].attrs["weight_names"] = [str(number).encode() for number in range(30)]
    refused(load, path, "arrays of .* in total")


def test_old_models_with_one_array_under_many_names(tmp_path):
    path = tmp_path / "a.h5"
    Sequential([layers.Input((3,)), layers.Dense(2, name="d")]).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: data.rfind(b"\x89minikeras")])
    with h5py.File(path, "r+") as file:
        group = file["model_weights"].create_group("e")
        packed(group, "k")
        group.attrs["weight_names"] = [b"k"]
        file["model_weights"].attrs["layer_names"] = [b"e"] * 300
    refused(saving.load_model, path, "it has a duplicate name")


def test_an_array_may_be_read_again_under_its_name(tmp_path):
    """What a user's layer does with its store."""

    class Twice(layers.Dense):
        def load_own_variables(self, store):
            assert store["0"].shape == (3, 2)
            super().load_own_variables(store)

    model = Sequential([layers.Input((3,)), Twice(2)])
    model.save_weights(tmp_path / "a.weights.h5")
    before = model.get_weights()[0]
    model.set_weights([np.zeros((3, 2)), np.zeros(2)])
    model.load_weights(tmp_path / "a.weights.h5")
    assert np.array_equal(model.get_weights()[0], before)


def test_damage_seen_by_the_editor(good, tmp_path, capsys):
    """Whatever byte is changed: it reads the file, or says in its own words that it cannot."""
    path = tmp_path / "a.weights.h5"
    rng = np.random.default_rng(6)
    reasons = set()
    for _ in range(300):
        data = bytearray(good[WEIGHTS])
        for place in rng.integers(0, len(data), rng.choice([1, 2, 8])):
            data[place] = rng.integers(0, 256)
        path.write_bytes(data)
        try:
            saving.KerasFileEditor(path)
        except ModelFileError as error:
            reasons.add(error.reason)
    assert len(reasons) > 5


class Nested(layers.Dense):
    """A layer whose weights are in a group of their own."""

    def save_own_variables(self, store):
        store["own/kernel"] = self.kernel

    def load_own_variables(self, store):
        self.kernel.assign(store["own/kernel"])


def test_names_with_slashes(tmp_path):
    """What a user's layer asks for by a path is not looked for in other files either."""
    mine = Sequential([layers.Input((3,)), Nested(2, use_bias=False)])
    path = tmp_path / "a.weights.h5"
    mine.save_weights(path)
    kernel = mine.get_weights()[0]
    mine.set_weights([kernel * 0])
    mine.load_weights(path)
    assert np.array_equal(mine.get_weights()[0], kernel)
    with h5py.File(path, "r+") as file, h5py.File(tmp_path / "secret.h5", "w") as secret:
        secret["kernel"] = kernel + 1
        del file["layers/nested/vars/own"]
        file["layers/nested/vars/own"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/")
    opened = opens_in(tmp_path)
    refused(mine.load_weights, path, "layers/nested/vars/own: it is a link")
    assert opened() == {b"a.weights.h5"}
