import os

import numpy as np
import pytest

from minikeras import Input, Model, Sequential, layers, ops
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    FileWriteError,
    NotSupportedError,
    StateError,
    UnknownNameError,
)
from minikeras.export import ExportArchive
from minikeras.layers import InputSpec

onnxruntime = pytest.importorskip("onnxruntime")

X = np.array([[1, 2, 3], [4, 5, 6]], "float32")
SIGNATURE = [InputSpec(shape=(None, 3), dtype="float32")]


def model():
    made = Sequential([layers.Input((3,)), layers.Dense(1), layers.Dropout(0.5)])
    made.set_weights([np.ones((3, 1)), [0.5]])
    return made


def outputs(path, *inputs):
    session = onnxruntime.InferenceSession(os.fspath(path))
    return session.run(None, {own.name: x for own, x in zip(session.get_inputs(), inputs, strict=True)})


@pytest.fixture
def archive():
    return ExportArchive(format="onnx")


def test_one_endpoint(archive, tmp_path, capsys):
    own = model()
    archive.track(own)
    assert archive.add_endpoint("serve", own.call, SIGNATURE) == own.call
    archive.write_out(tmp_path / "a.onnx")
    for part in (X, X[:1]):
        assert outputs(tmp_path / "a.onnx", part)[0].tolist() == (part.sum(1, keepdims=True) + 0.5).tolist()
    printed = capsys.readouterr().out
    assert printed.startswith(f"Saved artifact at '{tmp_path}/a.onnx'.")
    assert "* Endpoint 'serve': input_0: (None, 3) float32" in printed
    archive.write_out(tmp_path / "a.onnx", verbose=False)
    assert capsys.readouterr().out == ""


def test_several_endpoints(archive, tmp_path):
    own = model()
    archive.track_and_add_endpoint("serve", own, SIGNATURE)
    archive.add_endpoint("double", lambda x: {"twice": 2 * own.layers[0](x), "same": x}, SIGNATURE)
    archive.write_out(tmp_path / "new" / "folder", verbose=False)
    assert sorted(os.listdir(tmp_path / "new" / "folder")) == ["double.onnx", "serve.onnx"]
    assert outputs(tmp_path / "new" / "folder" / "serve.onnx", X)[0].tolist() == [[6.5], [15.5]]
    same, twice = outputs(tmp_path / "new" / "folder" / "double.onnx", X)
    assert twice.tolist() == [[13.0], [31.0]] and same.tolist() == X.tolist()


def test_several_arguments(archive, tmp_path):
    specs = [InputSpec(shape=(None, 3), dtype="float32", name="left"), InputSpec(shape=(3,), dtype="float32")]
    archive.add_endpoint("sum", lambda x, y: ops.sum(x * y, axis=-1), specs)
    archive.write_out(tmp_path / "a.onnx", verbose=False)
    session = onnxruntime.InferenceSession(tmp_path / "a.onnx")
    assert [own.name for own in session.get_inputs()] == ["left", "input_1"]
    assert outputs(tmp_path / "a.onnx", X, X[0])[0].tolist() == [14.0, 32.0]


def test_a_model_of_two_inputs(archive, tmp_path):
    a, b = Input((3,), name="a"), Input((3,), name="b")
    own = Model([a, b], layers.Subtract()([a, b]))
    archive.track_and_add_endpoint(
        "serve", own, [[InputSpec(shape=(None, 3), dtype="float32", name=key) for key in "ab"]]
    )
    archive.write_out(tmp_path / "a.onnx", verbose=False)
    assert outputs(tmp_path / "a.onnx", X, 2 * X)[0].tolist() == (-X).tolist()


def test_variables(archive):
    own = Sequential([layers.Input((3,)), layers.Dense(2), layers.BatchNormalization()])
    archive.track(own)
    archive.track(own.layers[0])
    archive.track(own)
    counts = [len(archive.variables), len(archive.trainable_variables), len(archive.non_trainable_variables)]
    assert counts == [6, 4, 2]


def test_formats():
    for args in ((), ("saved_model",)):
        with pytest.raises(NotSupportedError, match="pass format='onnx'.*needs tensorflow.*KERAS_BACKEND=tensorflow"):
            ExportArchive(*args)
    with pytest.raises(UnknownNameError):
        ExportArchive("neptune")
    with pytest.raises(ArgumentError, match=r"unknown arguments \['a'\]"):
        ExportArchive("onnx", a=1)


def test_what_cannot_be_tracked(archive):
    with pytest.raises(ArgumentError, match="expects a layer or a model"):
        archive.track(3)
    with pytest.raises(ArgumentError, match="is not built"):
        archive.track(layers.Dense(3))


def test_bad_endpoints(archive):
    archive.add_endpoint("serve", lambda x: x, SIGNATURE)
    with pytest.raises(ArgumentError, match="the endpoint 'serve' is already there"):
        archive.add_endpoint("serve", lambda x: x, SIGNATURE)
    for name in ("", "../a", "a/b", None, ".a"):
        with pytest.raises(ArgumentError, match="`add_endpoint`.* name a file"):
            archive.add_endpoint(name, lambda x: x, SIGNATURE)
    with pytest.raises(ArgumentError, match="needs `input_signature`"):
        archive.add_endpoint("other", lambda x: x)
    with pytest.raises(ArgumentTypeError, match="`fn` must be a function"):
        archive.add_endpoint("other", 3, SIGNATURE)
    with pytest.raises(ArgumentError, match="'is_static'.* for Keras on JAX"):
        archive.add_endpoint("other", lambda x: x, SIGNATURE, is_static=True)
    with pytest.raises(ArgumentError, match="must have a shape and a dtype"):
        archive.add_endpoint("other", lambda x: x, ["float32"])
    with pytest.raises(NotSupportedError, match="no collections of variables. Save 'weights' beside it"):
        archive.add_variable_collection("weights", [])


def test_bad_files(archive, tmp_path):
    with pytest.raises(StateError, match="there is no endpoint"):
        archive.write_out(tmp_path / "a.onnx")
    archive.add_endpoint("serve", lambda x: x, SIGNATURE)
    with pytest.raises(ArgumentError, match="ends in .onnx"):
        archive.write_out(tmp_path / "a")
    with pytest.raises(NotSupportedError, match="`options` are those of a SavedModel"):
        archive.write_out(tmp_path / "a.onnx", options=1)
    with pytest.raises(FileWriteError):
        archive.write_out(tmp_path / "none" / "a.onnx")
    archive.add_endpoint("erfinv", ops.erfinv, SIGNATURE)
    with pytest.raises(ArgumentError, match="an ONNX file holds one function"):
        archive.write_out(tmp_path / "a.onnx")
    with pytest.raises(NotSupportedError, match="`erfinv`"):
        archive.write_out(tmp_path / "folder")
    assert os.listdir(tmp_path) == []  # nothing is half-written
