"""ONNX files, run by onnxruntime: the same outputs as the model's, for any number of examples."""

import inspect
import os
import subprocess
import sys

import numpy as np
import pytest

from minikeras import Model, RematScope, Sequential, activations, layers, ops, remat
from minikeras.engine.deferred import DeferredTrace
from minikeras.errors import ArgumentError, NotSupportedError, StateError
from minikeras.layers import InputSpec
from tests.saving.models import MODELS, sequential, trained

onnxruntime = pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(2)
X = RNG.normal(size=(9, 4)).astype("float32")
# float32 on both sides, by other libraries: some steps of 1.2e-7, and 1e-5 is what is promised.
CLOSE = {"rtol": 1e-5, "atol": 1e-5}


def outputs(path, *inputs):
    session = onnxruntime.InferenceSession(os.fspath(path))
    return session.run(None, {spec.name: x for spec, x in zip(session.get_inputs(), inputs, strict=True)}), session


def compare(model, path, *inputs):
    """Exports a model and asserts that the file gives what the model predicts, for all examples and for one."""
    model.export(path, format="onnx", verbose=False)
    for count in (len(inputs[0]), 1):
        some = [x[:count] for x in inputs]
        expected = model.predict(some if len(some) > 1 else some[0], verbose=0)
        found, session = outputs(path, *some)
        for mine, other in zip(expected if isinstance(expected, list) else [expected], found, strict=True):
            assert mine.shape == other.shape and mine.dtype == other.dtype
            np.testing.assert_allclose(mine, other, **CLOSE)
    return session


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_models(make, tmp_path, capsys):
    model, x = trained(make)
    inputs = x if isinstance(x, list) else [x]
    session = compare(model, tmp_path / "a.onnx", *inputs)
    assert [each.shape for each in session.get_inputs()] == [["batch", 3]] * len(inputs)
    assert [each.shape for each in session.get_outputs()] == [["batch", 2]]
    if len(inputs) == 2:
        assert [each.name for each in session.get_inputs()] == ["a", "b"]
    assert capsys.readouterr().out == ""
    model.export(str(tmp_path / "a.onnx"), "onnx")
    assert capsys.readouterr().out == f"Saved artifact at '{tmp_path}/a.onnx'.\n"


def test_layers(tmp_path):
    """Every layer that needs no further settings than these, each with an output of its own."""
    x, words, image = layers.Input((4,)), layers.Input((6,), dtype="int32"), layers.Input((2, 3, 4))
    embedded = layers.Embedding(7, 4)(words)
    found = [
        layers.Flatten()(embedded),
        layers.Permute((2, 1))(embedded),
        layers.Reshape((2, -1))(embedded),
        layers.RepeatVector(3)(x),
        layers.Dropout(0.5)(x),
        layers.ReLU(2.0, 0.1, 0.5)(x),
        layers.Softmax(axis=1)(embedded),
        layers.Identity()(x),
        layers.Dense(2)(image),
        layers.Flatten()(image),
        layers.Dot((2, 2))([embedded, embedded]),
        layers.Concatenate(axis=1)([embedded, embedded]),
        layers.ActivityRegularization(0.1)(x),
    ]
    pair = [x, layers.Dense(4)(x)]
    kinds = (layers.Add, layers.Average, layers.Maximum, layers.Minimum, layers.Multiply, layers.Subtract)
    found += [kind()(pair) for kind in kinds]
    inputs = X, RNG.integers(0, 7, (9, 6)).astype("int32"), RNG.normal(size=(9, 2, 3, 4)).astype("float32")
    compare(Model([x, words, image], found), tmp_path / "a.onnx", *inputs)


NOT_IN_ONNX = {"sparse_plus", "sparse_sigmoid", "sparsemax"}


def test_activations(tmp_path):
    functions = {
        name: value
        for name, value in ((name, getattr(activations, name)) for name in activations.__all__)
        if inspect.isfunction(value) and name not in ("deserialize", "get", "serialize")
    }
    # `threshold` and `glu` have a further argument, or need another shape.
    functions["threshold"] = lambda x: activations.threshold(x, 0.1, 2.0)
    x = layers.Input((4,))
    names = [name for name in functions if name not in NOT_IN_ONNX]
    assert len(names) > 20
    compare(Model(x, [functions[name](x) for name in names]), tmp_path / "a.onnx", 3 * X)


POSITIVE = lambda x: ops.abs(x) + 0.5  # noqa: E731
OPS = {
    "unary": lambda x: [
        getattr(ops, name)(x)
        for name in ("abs", "ceil", "cos", "cosh", "erf", "exp", "exp2", "expm1", "floor", "isfinite", "isinf")
        + ("isnan", "negative", "reciprocal", "round", "sign", "sin", "sinh", "square", "tan", "tanh", "trunc")
        + ("arctan", "arcsinh", "nan_to_num")
    ],
    "of positive": lambda x: [
        getattr(ops, name)(POSITIVE(x)) for name in ("log", "log10", "log1p", "log2", "rsqrt", "sqrt")
    ],
    "of less than one": lambda x: [
        getattr(ops, name)(ops.tanh(x) * 0.9) for name in ("arccos", "arcsin", "arctanh", "arccos")
    ],
    "binary": lambda x: (
        [
            getattr(ops, name)(x, x * 2 - 1)
            for name in ("add", "divide", "equal", "floor_divide", "greater", "greater_equal", "hypot", "less")
            + ("less_equal", "logaddexp", "maximum", "minimum", "mod", "multiply", "not_equal", "subtract")
        ]
        + [ops.power(POSITIVE(x), x)]
    ),
    "logic": lambda x: [
        ops.logical_and(x > 0, x < 1),
        ops.logical_or(x > 0, x < -1),
        ops.logical_xor(x > 0, x < 1),
        ops.logical_not(x > 0),
        ops.where(x > 0, x, -2 * x),
        ops.any(x > 1, axis=1),
        ops.all(x > -1, axis=-1, keepdims=True),
    ],
    "reductions": lambda x: [
        ops.sum(x, axis=1),
        ops.mean(x, axis=-1, keepdims=True),
        ops.max(x, axis=1),
        ops.min(x, axis=1),
        ops.var(x, axis=1),
        ops.logsumexp(x, axis=1),
        ops.argmax(x, axis=1),
        ops.argmin(x, axis=-1),
        ops.cumsum(x, axis=1),
        ops.sum(x),
    ],
    "shapes": lambda x: [
        ops.reshape(x, (-1, 2, 2)),
        ops.transpose(x),
        ops.expand_dims(x, 1),
        ops.squeeze(x[:, :1], 1),
        ops.concatenate([x, x], axis=0),
        ops.stack([x, -x], axis=1),
        ops.repeat(x, 2, axis=0),
        ops.tile(x, (1, 3)),
        ops.pad(x, ((0, 0), (1, 2)), constant_values=3.0),
        ops.broadcast_to(x[0], (3, 4)),
        ops.ravel(x),
        ops.flip(x, axis=1),
        ops.tril(ops.reshape(x, (-1, 2, 2))),
        ops.triu(ops.reshape(x, (-1, 2, 2)), 1),
    ],
    "items": lambda x: [
        x[:, 1],
        x[:, -1],
        x[:, ::-2],
        x[:, None, 1:3],
        x[..., 2],
        x[2:, :-1],
        x[-1],
        ops.take(x, np.array([3, 0, 0]), axis=1),
        ops.take_along_axis(x, ops.argmax(x, axis=1, keepdims=True), axis=1),
        ops.one_hot(ops.argmax(x, axis=1), 4),
        ops.cast(x * 3, "int32"),
        *ops.top_k(x, 2),
    ],
    "products": lambda x: [
        ops.matmul(x, ops.transpose(x)),
        ops.einsum("bi,bj->bij", x, x),
        ops.dot(x, np.ones((4, 2), "float32")),
        ops.zeros_like(x) + ops.ones((4,)),
        x + ops.full_like(x, 2.0),
    ],
}


@pytest.mark.parametrize("case", OPS)
def test_ops(case, tmp_path):
    """All examples at once: some results depend on how many there are."""
    x = layers.Input((4,))
    model = Model(x, OPS[case](x))
    model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    for data in (X, X[:3]):
        found, _ = outputs(tmp_path / "a.onnx", data)
        for mine, other in zip(model(data), found, strict=True):
            mine = np.asarray(mine)
            assert mine.shape == other.shape and mine.dtype == other.dtype
            np.testing.assert_allclose(mine, other, **CLOSE)


class Own(Model):
    """A model whose inputs are only known once it was called."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, x):
        return {"a": self.dense(x), "b": ops.sum(x, axis=-1)}


def test_signature(tmp_path):
    path, model = tmp_path / "a.onnx", Own()
    with pytest.raises(StateError, match="inputs of <Own .* are unknown"):
        model.export(path, "onnx")
    model(X)
    model.export(path, "onnx", verbose=False)
    expected = model(X)
    for mine, other in zip((expected["a"], expected["b"]), outputs(path, X)[0], strict=True):
        np.testing.assert_allclose(mine, other, **CLOSE)
    model.export(path, "onnx", False, [InputSpec(shape=(9, None, 4), dtype="float32", name="data")])
    deep = RNG.normal(size=(9, 3, 4)).astype("float32")
    found, session = outputs(path, deep)
    assert [(each.name, each.shape) for each in session.get_inputs()] == [("data", [9, "data_1", 4])]
    np.testing.assert_allclose(model(deep)["a"], found[0], **CLOSE)


class Changing(layers.Layer):
    """A layer that counts how often it predicts."""

    def build(self, shape):
        self.count = self.add_weight((), "zeros", trainable=False)

    def call(self, x):
        self.count.assign_add(1.0)
        return x * self.count


def test_what_is_refused(tmp_path):
    model, _ = trained(sequential)
    for format_ in ("tf_saved_model", "litert", "openvino"):
        with pytest.raises(NotSupportedError, match=f"format='onnx', and format='{format_}' needs"):
            model.export(tmp_path / "a", format=format_)
    with pytest.raises(NotSupportedError, match="opset 18"):
        model.export(tmp_path / "a.onnx", "onnx", opset_version=9)
    with pytest.raises(ArgumentError, match="is_static"):
        model.export(tmp_path / "a.onnx", "onnx", is_static=True)
    with pytest.raises(ArgumentError, match="must have a shape and a dtype"):
        model.export(tmp_path / "a.onnx", "onnx", input_signature=["a"])
    x = layers.Input((4,))
    branch = layers.Lambda(lambda x: x * 2 if x.shape[0] == 5 else x + 1)
    reading = layers.Lambda(lambda x: x * 2 if float(ops.sum(x)) > 0 else x, output_shape=(4,))
    counting = layers.Lambda(lambda x: x + np.arange(x.shape[0], dtype="float32")[:, None] ** 2, output_shape=(4,))
    for layer, reason in (
        (Changing(), "updates variables"),
        (branch, "depend on the sizes"),
        (reading, "reads values in Python"),
        (counting, "computes an array in Python"),
        (layers.Activation("sparsemax"), "which cannot be exported to ONNX"),
    ):
        with pytest.raises(NotSupportedError, match=reason):
            Model(x, layer(x)).export(tmp_path / "a.onnx", "onnx")
    assert list(tmp_path.iterdir()) == []
    fixed = Model(x, branch(x))
    fixed.export(tmp_path / "a.onnx", "onnx", False, [InputSpec(shape=(5, 4), dtype="float32")])
    np.testing.assert_allclose(outputs(tmp_path / "a.onnx", X[:5])[0][0], 2 * X[:5], **CLOSE)
    assert Sequential([layers.Input((4,)), layers.Dense(2)]).export(tmp_path / "a.onnx", "onnx", False) is None


def test_an_export_leaves_variables_as_they_are(tmp_path):
    """Also one that is refused; the runs that are recorded count as no predictions."""
    model = Sequential([layers.Input((4,)), Changing()])
    model(X)
    with pytest.raises(NotSupportedError, match="updates variables"):
        model.export(tmp_path / "a.onnx", "onnx")
    assert float(model.layers[0].count) == 1


def kinds(path):
    import onnx

    return [node.op_type for node in onnx.load(path).graph.node]


REDUCTIONS = {
    "mean": (lambda x: ops.mean(x, axis=1), "ReduceMean"),
    "mean with axes kept": (lambda x: x - ops.mean(x, axis=1, keepdims=True), "ReduceMean"),
    "mean over two axes": (lambda x: ops.mean(x, axis=(1, 2)), "ReduceMean"),
    "mean over a known axis": (lambda x: ops.mean(x, axis=-1), "ReduceMean"),
    "sum": (lambda x: ops.sum(x, axis=1), "ReduceSum"),
    "max": (lambda x: ops.max(x, axis=1), "ReduceMax"),
    "min": (lambda x: ops.min(x, axis=1), "ReduceMin"),
    "prod": (lambda x: ops.prod(x, axis=1), "ReduceProd"),
    "var": (lambda x: ops.var(x, axis=1), "ReduceMean"),
    "std": (lambda x: ops.std(x, axis=1, keepdims=True), "ReduceMean"),
    "moments": (lambda x: ops.moments(x, axes=[1])[1], "ReduceMean"),
    "logsumexp": (lambda x: ops.logsumexp(x, axis=1), "ReduceSum"),
    "any": (lambda x: ops.cast(ops.any(x > 0, axis=1), "float32"), "ReduceMax"),
    "argmax": (lambda x: ops.cast(ops.argmax(x, axis=1), "float32"), "ArgMax"),
}
SIZES = {
    "a size as a number": (lambda x: x / ops.cast(ops.shape(x)[1], "float32"), "Shape"),
    "zeros": (lambda x: ops.concatenate([ops.zeros((ops.shape(x)[0], 1, 4)), x], axis=1), "Expand"),
    "reshape": (lambda x: ops.reshape(x, (ops.shape(x)[0] * ops.shape(x)[1], 4)), "Reshape"),
    "tile": (lambda x: ops.tile(x, (1, ops.shape(x)[1], 1)), "Expand"),
    "positions": (lambda x: x + ops.cast(ops.arange(ops.shape(x)[1]), "float32")[:, None], "Range"),
    "identity": (lambda x: ops.matmul(ops.eye(ops.shape(x)[1]), x), "Where"),
    "part of a table": (lambda x: x + ops.get_item(np.ones((30, 4), "float32"), np.s_[: ops.shape(x)[1]]), None),
}


@pytest.mark.parametrize(("function", "kind"), [*REDUCTIONS.values(), *SIZES.values()], ids=[*REDUCTIONS, *SIZES])
def test_free_sizes(function, kind, tmp_path):
    """Reductions over a free axis, and numbers that depend on its size: for lengths that were never seen."""
    x = layers.Input((None, 4))
    model = Model(x, layers.Lambda(function)(layers.Dense(4)(x)))
    model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    assert kind is None or kind in kinds(tmp_path / "a.onnx")
    for batch, length in ((3, 6), (1, 2), (5, 9)):
        data = RNG.normal(size=(batch, length, 4)).astype("float32")
        (found,), _ = outputs(tmp_path / "a.onnx", data)
        expected = model.predict_on_batch(data)
        assert expected.shape == found.shape
        np.testing.assert_allclose(expected, found, **CLOSE)


def test_a_mean_is_one_node(tmp_path):
    words = layers.Input((None,), dtype="int32")
    model = Model(words, ops.mean(layers.Embedding(10, 4)(words), axis=1))
    model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    assert kinds(tmp_path / "a.onnx") == ["Gather", "ReduceMean", "Identity"]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x[:, : ops.shape(x)[1] - 1],
        lambda x: ops.matmul(ops.tri(ops.shape(x)[1], k=ops.shape(x)[1] - 3), x),
        lambda x: ops.associative_scan(ops.multiply, x, axis=1)[:, -1],
    ],
)
def test_free_sizes_that_are_refused(function, tmp_path):
    x = layers.Input((None, 4))
    with pytest.raises(NotSupportedError, match="`export`.*size"):
        Model(x, layers.Lambda(function)(x)).export(tmp_path / "a.onnx", format="onnx", verbose=False)
    assert not (tmp_path / "a.onnx").exists()


@pytest.mark.parametrize("mode", ["full", "activations", "larger_than", "list_of_layers", "remat"])
def test_layers_that_are_computed_again(mode, tmp_path):
    """Their values were dropped before they were exported."""
    if mode == "remat":
        x = layers.Input((4,))
        model = Model(x, layers.Lambda(remat(lambda x: ops.sin(ops.exp(x))))(x))
    else:
        with RematScope(mode=mode, output_size_threshold=1, layer_names=["first"]):
            model = Sequential([layers.Input((4,)), layers.Dense(3, "relu", name="first"), layers.Dense(2, "tanh")])
    compare(model, tmp_path / "a.onnx", X)


@pytest.mark.parametrize("mode", ["int8", "int4", "float8"])
def test_quantized_layers(mode, tmp_path):
    model = Sequential([layers.Input((4,)), layers.Dense(3, "relu"), layers.Dense(2, name="second")])
    model.quantize(mode, filters="second")
    if mode == "int8":
        compare(model, tmp_path / "a.onnx", X)
        return
    with pytest.raises(NotSupportedError, match=f"'second' is quantized with '{mode}'.*Quantize the model with 'int8'"):
        model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    assert not (tmp_path / "a.onnx").exists()


def test_memory_for_the_weights(tmp_path):
    """A process of its own exports 40 MB of weights; it takes memory for a few copies of them."""
    code = """
import resource, sys, onnx, minikeras
model = minikeras.Sequential([minikeras.Input((2500,)), minikeras.layers.Dense(4000, kernel_initializer="zeros")])
peaks = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
model.export(sys.argv[1], format="onnx", verbose=False)
peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print((peaks[1] - peaks[0]) * (1024 if sys.platform == "linux" else 1) / 40e6)
"""
    arguments = [sys.executable, "-c", code, str(tmp_path / "a.onnx")]
    copies = float(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)
    assert copies < 6  # measured: 5.0, two of them in the check by onnx itself


def test_nothing_is_computed(tmp_path, monkeypatch):
    """So the activations of a large model take no memory."""

    def refuse(trace):
        raise AssertionError("values are computed")

    monkeypatch.setattr(DeferredTrace, "materialize", refuse)
    model = Sequential(
        [
            layers.Input((8, 8, 3)),
            layers.ZeroPadding2D(),
            layers.Conv2D(4, 3, strides=2, activation="relu6"),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.MaxPooling2D(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    assert "Conv" in kinds(tmp_path / "a.onnx")
