"""A model of every op, saved by one library and opened by the other: what Keras calls it, and equal outputs."""

import importlib
import inspect
import json

import keras
import numpy as np
import pytest

import minikeras
from minikeras import ops
from minikeras.engine import registry, tree
from tests.ops.cases import CASES, CUBE, DIFFERENT_ON_TENSORFLOW, FLAGS, POSITIVE, X, each_case, value

OFFERED = [name for name in dir(keras.ops) if callable(getattr(ops, name, None)) and name in ops.__all__]
# No model of Keras holds calls of these, since what they return there is never symbolic.
NOT_IN_GRAPHS = {
    "convert_to_numpy": "a symbolic value has no numbers",
    "custom_gradient": "it takes a function",
    "is_tensor": "it returns a bool",
    "shape": "it returns a tuple",
    "vectorize": "it takes a function",
    **dict.fromkeys(("empty", "eye", "identity", "ones", "tri", "zeros"), "it takes no values"),
    **dict.fromkeys(("bartlett", "blackman", "hamming", "hanning", "kaiser"), "it refuses symbolic values"),
    "dtype": "it returns a string",
    "ndim": "what Keras returns there is not the number of axes, so it is a number known in advance",
}
LIBRARIES = {"ours": (minikeras, keras), "theirs": (keras, minikeras)}
both_ways = pytest.mark.parametrize("libraries", LIBRARIES.values(), ids=LIBRARIES)


@pytest.mark.parametrize("name", sorted(set(OFFERED) - set(NOT_IN_GRAPHS)))
def test_what_keras_calls_it(name):
    """The class is there, is made with the settings, and is called on the other arguments by the same names."""
    saved = registry.saved(getattr(ops, name).__name__)
    cls = getattr(importlib.import_module(saved.module), saved.class_name)
    source = inspect.getsource(getattr(keras.ops, {"abs": "absolute", "conj": "conjugate"}.get(name, name)))
    assert f"{saved.class_name}(" in source
    made_with = [each.name for each in inspect.signature(cls).parameters.values() if each.kind is not each.VAR_KEYWORD]
    assert sorted(set(made_with) - {"name", "kwargs", "args"}) == sorted(saved.settings)
    arguments = inspect.signature(getattr(ops, name)).parameters
    other_spellings = {"kwargs"} if name in ("layer_normalization", "multi_hot") else set()  # of settings
    called_on = [each for each in arguments if each not in {*saved.settings, *other_spellings}]
    assert called_on == list(inspect.signature(cls.call).parameters)[1:]


def test_what_no_model_holds():
    saved = {name: registry._saved.get(getattr(ops, name).__name__) for name in OFFERED}
    assert {name for name, each in saved.items() if each is None or each.module == "minikeras.ops"} == {*NOT_IN_GRAPHS}
    for name in {*NOT_IN_GRAPHS} - {"ndim"}:
        assert "symbolic_call" not in inspect.getsource(getattr(keras.ops, name))


def made(k, function, values):
    """A model of what a function of ops and symbolic values returns, and those of its operations that are ops."""
    inputs = [k.Input(batch_shape=each.size(None), dtype=each.dtype) for each in values]
    model = k.Model(inputs, tree.flatten(function(k.ops, *inputs)))
    described = json.loads(json.dumps(model.get_config()))["layers"]
    found = [(each["module"], each["class_name"], sorted(each["config"])) for each in described]
    return model, [each for each in found if each[0].startswith("keras.src.ops.")]


def assert_opened(libraries, function, values, path):
    """Saves a model in the first of two libraries, opens it in the second, and compares the outputs."""
    arrays = [each.make(np.random.default_rng(0)) for each in values]
    model, _ = made(libraries[0], function, values)
    model.save(path)
    opened = libraries[1].saving.load_model(path)
    for ours, theirs in zip(tree.flatten(model(arrays)), tree.flatten(opened(arrays)), strict=True):
        ours, theirs = np.asarray(ours), np.asarray(theirs)
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5, equal_nan=True)


# Lambdas are not opened unless one asks for it, and Keras has no config for `while_loop`: see test_loops.py.
TAKE_FUNCTIONS = "associative_scan cond fori_loop jvp map scan switch vectorize vectorized_map while_loop".split()
# On TensorFlow, the class of Keras multiplies floats by 1j.
REFUSED = ["view_as_complex"]
# Keras takes groups in `conv` of arrays only; its classes of adaptive pools describe another rank, and that of
# `conv_transpose` passes its arguments on in the wrong order.
BROKEN_IN_KERAS = [
    case
    for case in each_case()
    if case[1] in ("adaptive_average_pool", "adaptive_max_pool", "conv_transpose") or case[2] is CASES["conv"][3][0]
]
WITHOUT = [*TAKE_FUNCTIONS, *REFUSED, *[case[0] for case in BROKEN_IN_KERAS]]
EACH = [case for case in each_case() if case[3] and case[0] not in WITHOUT and case[1] not in WITHOUT]
IDS = [case[0] for case in EACH]
every_case = pytest.mark.parametrize(("function", "values"), [case[2:] for case in EACH], ids=IDS)


def test_every_op_is_saved():
    among_spellings = {"arange", "bincount", "full", "nonzero", "size", "stop_gradient"}  # below
    called = {case[1] for case in [*EACH, *BROKEN_IN_KERAS]} | {*TAKE_FUNCTIONS, *REFUSED} | among_spellings
    assert {*OFFERED} - {*NOT_IN_GRAPHS} <= called


# Keras's class of `histogram` calls a function that its backends do not have, and refuses a saved range.
RUN = [case for case in EACH if case[1] != "histogram" and case[0] not in DIFFERENT_ON_TENSORFLOW]
DIFFERENT = [case for case in EACH if case[0] in DIFFERENT_ON_TENSORFLOW]


FIRST = {case[1]: case for case in reversed(RUN)}
# Every case opens in Keras; here, what Keras saves of the first of each op.
WAYS = [*(("ours", case) for case in RUN), *(("theirs", case) for case in FIRST.values())]


@pytest.mark.parametrize(
    ("way", "function", "values"),
    [(way, *case[2:]) for way, case in WAYS],
    ids=[f"{way}-{case[0]}" for way, case in WAYS],
)
def test_ops(way, function, values, tmp_path):
    assert_opened(LIBRARIES[way], function, values, tmp_path / "model.keras")


@pytest.mark.parametrize(
    ("function", "values"), [case[2:] for case in BROKEN_IN_KERAS], ids=[case[0] for case in BROKEN_IN_KERAS]
)
def test_ops_that_are_broken_in_keras(function, values, tmp_path):
    assert_opened((minikeras, minikeras), function, values, tmp_path / "model.keras")
    with pytest.raises((AttributeError, TypeError, ValueError)):
        assert_opened(LIBRARIES["ours"], function, values, tmp_path / "model.keras")


@pytest.mark.parametrize(("function", "values"), [case[2:] for case in DIFFERENT], ids=[case[0] for case in DIFFERENT])
def test_ops_that_compute_something_else_on_tensorflow(function, values, tmp_path):
    assert_opened((minikeras, minikeras), function, values, tmp_path / "model.keras")


def test_histograms(tmp_path):
    def function(k, x):
        return [*k.histogram(x, 4), *k.histogram(x, bins=3, range=(-1.0, 2.0))]

    assert_opened((minikeras, minikeras), function, [value("n")], tmp_path / "model.keras")


@every_case
def test_configs_name_the_same_classes(function, values):
    ours, theirs = made(minikeras, function, values)[1], made(keras, function, values)[1]
    # Keras does not save the name of this one.
    ours = [(*each[:2], [key for key in each[2] if key != "name" or each[1] != "ExtractPatches"]) for each in ours]
    assert ours == theirs


# ---------------------------------------------------------------- the ways to write a call

FIXED = value(4, 3)
PLACES = value(2, dtype="int32", low=1, high=3)
COUNTS = value("n", dtype="int32", low=1, high=5)
ARRAY = np.float32([[1, 2, 3]])

# Written by either library.
SPELLINGS = {
    "operators": (
        lambda k, x, y: [x + 1, 1 - x, -x, abs(x), x * y, 2.5 / x, x // y, x % y, x**2, 2**x, x @ np.ones((3, 2), "f")],
        *(POSITIVE, POSITIVE),
    ),
    "comparisons": (lambda k, x, y: [x > y, x >= 0, x < y, 1 <= x, x != y], X, X),
    "nonzero elements": (lambda k, x: k.nonzero(x), FIXED),
    "flags": (lambda k, x, y: [x & y, x | y, ~x, x ^ y, True ^ x, k.sum(x), k.argmax(x, 1)], FLAGS, FLAGS),
    "items": (
        lambda k, x: [x[:, 1:], x[0], x[..., 0], x[:, None], x[:, ::-1], x[-1], x[:, -2:-1], x[1:3, 0], x[..., None]],
        FIXED,
    ),
    "arrays": (
        lambda k, x: [x + ARRAY, k.where(x > 0, x, ARRAY), k.concatenate([x, ARRAY]), k.stack([x[0], ARRAY[0]])],
        FIXED,
    ),
    "constants first": (
        lambda k, x: [k.subtract(1, x), k.divide(1.0, x), k.arctan2(1.0, x), k.matmul(np.ones((2, 4), "f"), x)],
        FIXED,
    ),
    "axes": (
        lambda k, x: [
            *(k.sum(x, axis=[0, 2]), k.mean(x, axis=(1,)), k.max(x, axis=[-1, 0], keepdims=True), k.var(x, [0, 1])),
            *(k.norm(x, axis=[1, 2]), k.logsumexp(x, axis=[0]), k.flip(x, (1, 2)), k.expand_dims(x, (0, 2))),
            *(k.squeeze(k.expand_dims(x, 1), -3), k.all(x > 0, axis=[1, 2]), k.std(x, (0, -1)), k.prod(x, axis=[1])),
            *(k.count_nonzero(x, axis=[1]), k.ptp(x, axis=1), k.transpose(x, [0, 2, 1]), k.moveaxis(x, [0, 1], (1, 0))),
            *(k.moments(x, [0]) + k.moments(x, (1, -1), keepdims=True)),
        ],
        CUBE,
    ),
    "sizes": (
        lambda k, x: [
            x / k.cast(k.size(x), "float32"),
            *(k.reshape(x, -1), k.reshape(x, [3, -1]), k.broadcast_to(x, [2, 4, 3]), k.tile(x, 2), k.tile(x, [1, 2])),
            *(k.repeat(x, [1, 2, 1], axis=1), k.repeat(x, 2), k.roll(x, [1, 2], axis=[0, 1]), k.rot90(x, axes=[1, 0])),
            *(k.pad(x, [[1, 0], [0, 1]]), k.pad(x, ((1, 1), (0, 2)), "reflect"), k.slice(x, [1, 0], [2, 3])),
            *(k.slice(x, np.array([1, 0]), (2, 3)), k.slice_update(x, [1, 0], np.ones((1, 2), "f"))),
        ],
        FIXED,
    ),
    "parts": (
        lambda k, x: [
            *(k.split(x, 2) + k.split(x, [1, 3]) + k.split(x, (1, 2), axis=-1) + k.hsplit(x, [1, 2])),
            *(k.array_split(x, 3), k.unstack(x), k.unstack(x, axis=-1), k.meshgrid(x[0], x[1], indexing="ij")),
        ],
        FIXED,
    ),
    "dtypes": (
        lambda k, x: [
            *(k.cast(x, np.float16), k.cast(x, np.dtype("int32")), k.zeros_like(x, dtype=np.int32), k.cast(x, bool)),
            *(k.ones_like(x, dtype="float16"), k.full_like(x, 2, dtype="int32"), k.array(x, dtype="float64")),
            *(k.one_hot(k.cast(x, "int32"), 3, dtype="float16"), k.cumsum(x, dtype="float64"), k.cast(x, "float64")),
            k.convert_to_tensor(x, dtype="float16"),
        ],
        X,
    ),
    "lists": (
        lambda k, x, y: [
            *(k.concatenate((x, y), 0), k.concatenate([x, y, x], -1), k.stack((x, y), -1), k.hstack((x, y))),
            *(k.einsum("ij,ij->i", x, y), k.einsum("ij,kj,lj->ikl", x, y, x), k.vstack([x, y]), k.append(x, y, 0)),
            *(k.select([x > 0, y > 0], [x, y], 1.0), k.select([x > 0], [np.ones((4, 3), "f")], x), k.dstack([x, y])),
        ],
        *(FIXED, FIXED),
    ),
    "keywords": (
        lambda k, x, y: [
            *(k.add(x1=x, x2=y), k.subtract(x, x2=y), k.where(condition=x > 0, x1=x, x2=y), k.stack(x=[x, y])),
            *(k.concatenate(xs=[x, y], axis=1), k.take(x=x, indices=[0], axis=1), k.stop_gradient(variable=x)),
        ],
        *(X, X),
    ),
    "taking": (
        lambda k, x, i: [
            *(k.take(x, [0, 2], axis=1), k.take(x, i, 0), k.take(x, 1, 1), k.take(x, np.array([[0], [1]]), -1)),
            *(k.take_along_axis(x, np.zeros((4, 1), "int32"), 1), k.argsort(x, axis=0), k.sort(x, 0)),
            *(k.top_k(x, 2), k.top_k(x, k=1, sorted=False), k.in_top_k(np.array([0, 1, 2, 0]), x, 2)),
        ],
        *(FIXED, PLACES),
    ),
    "numbers": (
        lambda k, x: [
            *(k.clip(x, -1, 1.5), k.norm(x, np.inf, axis=0), k.norm(x, "fro"), k.norm(x, 0, axis=1), x * 2, x**-1),
            *(k.nan_to_num(k.log(x), nan=1.0, posinf=2.0), k.isclose(x, 1.0, rtol=0.5), k.normalize(x, order=1)),
            *(k.average(x, -1, np.float32([1, 2, 3])), k.pad(x, ((0, 0), (1, 0)), constant_values=3.0)),
            *(k.leaky_relu(x, 0.5), k.linspace(x, 1, num=2, dtype="float64")),
        ],
        FIXED,
    ),
    "integers": (
        lambda k, x, y: [x + y, x / y, x // y, k.mean(x), k.sum(x), k.cumsum(x), x * 2, x * 2.5, k.power(2, x)],
        *(COUNTS, COUNTS),
    ),
    "filling": (lambda k, x: [k.full((2, 3), x), k.full([3], x, dtype="int32"), k.full_like(ARRAY, x)], value()),
    "segments": (
        lambda k, x, i: [k.segment_sum(x, i, 5), k.segment_sum(x, np.array([0, 0, 1, 1]), 2)],
        *(FIXED, value(4, dtype="int32", low=0, high=5)),
    ),
    "crossentropies": (
        lambda k, t, x: [
            *(k.categorical_crossentropy(t, x, axis=-1), k.binary_crossentropy(t, x, True)),
            k.sparse_categorical_crossentropy(np.array([0, 1, 2, 0]), x, axis=-1),
        ],
        *(value(4, 3, kind="one_hot"), value(4, 3, low=0.05, high=0.95)),
    ),
    "counts": (
        lambda k, x: [k.bincount(x), k.bincount(x, minlength=9)],
        value("n", 3, dtype="int32", low=0, high=5),
    ),
}

# Calls that Keras refuses, does not save or cannot run once they are opened. Those of minikeras, it opens.
OURS_ALONE = {
    "numbers of numpy": (lambda k, x: [k.sum(x, axis=np.int64(1)), x[:, np.int64(1)], x[np.int32(0)]], FIXED),
    "dtypes of values": (lambda k, x: [x * np.float32(2), x * np.float64(2), x * 2], value("n", 3, dtype="float16")),
    "dtypes of integers": (lambda k, x: [x * np.int32(2), x + np.int16(1), x * 2], value("n", 3, dtype="int8")),
    "dtypes of Python": (lambda k, x: [k.cast(x, int), k.cast(x, float), k.one_hot(k.cast(x, int), 3, dtype=bool)], X),
    "lists of numbers": (
        lambda k, x: [k.maximum(x, [0.0, 1.0, 2.0]), k.add([1, 2, 3], x), k.average(x, 1, weights=[1.0, 2.0, 3.0])],
        FIXED,
    ),
    "arrays as settings": (
        lambda k, x: [
            *(k.reshape(x, np.array([6, 2])), k.broadcast_to(x, np.array([2, 4, 3])), k.tile(x, np.array([2, 1]))),
            *(k.repeat(x, np.array([1, 2, 1]), axis=1), k.repeat(x, np.int64(2), axis=0), k.reshape(x, np.int64(-1))),
            *(k.roll(x, np.array([1, 2]), (0, 1)), k.pad(x, np.array([[1, 0], [0, 1]]))),
            *(k.clip(x, np.float32(-1), np.float32([0, 1, 2])), *k.split(x, np.array([1, 2])), *k.vsplit(x, (1,))),
            k.transpose(x, np.array([1, 0])),
        ],
        FIXED,
    ),
    "arrays of windows and places": (
        lambda k, x: [
            *k.stft(x, 2, 1, 2, window=np.float32([1, 2])),
            k.istft((x, x), 3, 2, 4, window=np.array([1, 2, 1])),
            *(k.trapezoid(x, x=np.array([0, 1, 3])), k.trapezoid(x, dx=np.float32([1, 2]))),
        ],
        FIXED,
    ),
    "weights of counts": (
        lambda k, x: [k.bincount(x, np.float32([[1, 2, 3]] * 4)), k.bincount(x, [[1, 2, 3]] * 4, minlength=7)],
        value(4, 3, dtype="int32", low=0, high=5),
    ),
    "symbolic bounds": (lambda k, x, y: [k.clip(x, y, 2.0), k.clip(x, -y, y)], FIXED, POSITIVE),
    "pads of one number": (lambda k, x: [k.pad(x, 1), k.pad(x, (1, 2)), k.pad(x, ((1, 2),), constant_values=2)], FIXED),
    "parts at indices": (lambda k, x: [*k.array_split(x, [1, 2], axis=1), *k.array_split(x, np.array([1]))], FIXED),
    "steps": (lambda k, x, y: [*k.linspace(x, y, 3, retstep=True), *k.linspace(0.0, y, 4, False, True)], FIXED, FIXED),
    "sizes of one number": (lambda k, x: [k.full(3, x), k.full(np.int64(2), x, dtype="int32")], value()),
    "sorted segments": (lambda k, x: [k.segment_sum(x, np.array([0, 0, 1, 1]), 2, sorted=True)], FIXED),
    "items alone": (lambda k, x: [x[1:], x[None], x[...], x[::2]], FIXED),
    "items by an array": (
        lambda k, x: [
            *(x[np.array([0, 2])], x[[2, 0]], x[:, [0, 1]], x[:, np.array([2, -1])], x[None, [0, 1]], x[..., [0, 1]]),
            *(x[:2, np.array([[0], [1]])], x[..., [0, 1], None], x[:, np.array([True, False, True])], x[np.array(1)]),
        ],
        FIXED,
    ),
    "items by a symbolic value": (lambda k, x, i: [x[i], x[:, i], x[..., i - 1]], FIXED, PLACES),
}


def flat(function):
    return lambda k, *values: tree.flatten(function(k, *values))


@both_ways
@pytest.mark.parametrize("name", SPELLINGS)
def test_spellings(name, libraries, tmp_path):
    function, *values = SPELLINGS[name]
    assert_opened(libraries, flat(function), values, tmp_path / "model.keras")


@pytest.mark.parametrize("name", OURS_ALONE)
def test_spellings_of_ours(name, tmp_path):
    function, *values = OURS_ALONE[name]
    assert_opened(LIBRARIES["ours"], flat(function), values, tmp_path / "model.keras")
    assert_opened((minikeras, minikeras), flat(function), values, tmp_path / "model.keras")


NOT_OPENED = {
    "several arrays of indices": lambda k, x: x[[0, 1], [1, 0]],
    "a number beside an array": lambda k, x: x[1, [0, 1]],
}


@pytest.mark.parametrize("function", NOT_OPENED.values(), ids=NOT_OPENED)
def test_what_keras_does_not_open(function, tmp_path):
    """Keras's class for `x[...]` takes no arrays; who saves such a model hears of it."""
    path = tmp_path / "model.keras"
    with pytest.warns(UserWarning, match="advanced indexing with several arrays"):
        assert_opened((minikeras, minikeras), function, [FIXED], path)
    with pytest.raises(ValueError, match="Unsupported key type"):
        keras.saving.load_model(path)


def test_where_keras_is_wrong():
    """On TensorFlow it makes a product of another dtype than was asked for."""
    assert keras.ops.prod(ARRAY, dtype="float64").dtype == "float32"
    assert ops.prod(ARRAY, dtype="float64").dtype == "float64"
