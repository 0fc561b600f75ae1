"""What holds for every op: the shape rule tells the truth, float32 stays, steps replay, gradients are right."""

import importlib
import pkgutil
import re
from dataclasses import replace

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine import tree
from minikeras.engine.dtypes import dtype_of
from minikeras.engine.gradients import gradients
from minikeras.engine.primitive import Primitive
from minikeras.engine.specialization import recipes_of, specialized_names
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.errors import MatrixError, MinikerasError, ReplayWarning, StateError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test
from tests.ops.cases import CASES, IMAGES, NOT_DIFFERENTIABLE, each_case

ALL = list(each_case())
IDS = [case[0] for case in ALL]
every_case = pytest.mark.parametrize(("name", "function", "values"), [case[1:] for case in ALL], ids=IDS)


def arrays_of(values, seed=0, batch=4):
    rng = np.random.default_rng(seed)
    return [value.make(rng, batch) for value in values]


def results_of(function, arrays):
    return tree.flatten(function(ops, *arrays))


def test_every_op_has_a_case():
    assert sorted(CASES) == [name for name in ops.__all__ if callable(getattr(ops, name))]
    empty = [name for name, cases in CASES.items() if not cases]
    # These have tests of their own.
    assert empty == [
        *("bincount", "convert_to_numpy", "custom_gradient", "dtype", "is_tensor", "ndim", "shape", "size"),
        "stop_gradient",
    ]


def symbolic_results(function, values, batch):
    inputs = [KerasTensor(value.size(batch), value.dtype) for value in values]
    return tree.flatten(function(ops, *inputs))


@every_case
def test_the_shape_rule_with_fixed_sizes(name, function, values):
    real = results_of(function, arrays_of(values))
    symbolic = symbolic_results(function, values, 4)
    assert [(item.shape, str(item.dtype)) for item in symbolic] == [(item.shape, str(item.dtype)) for item in real]
    assert all(isinstance(item, KerasTensor) for item in symbolic) or not values


@every_case
def test_the_shape_rule_with_a_free_batch(name, function, values):
    small, large = (results_of(function, arrays_of(values, batch=batch)) for batch in (4, 7))
    symbolic = symbolic_results(function, values, None)
    assert len(symbolic) == len(small)
    for item, first, second in zip(symbolic, small, large, strict=True):
        sizes = tuple(a if a == b else None for a, b in zip(first.shape, second.shape, strict=True))
        assert item.shape == sizes and str(item.dtype) == str(first.dtype)


SIZES = [(*case, size) for case in ALL for size in sorted({size for each in case[3] for size in each.shape} - {"n"})]
# An axis of size 1 is squeezed, or broadcast, and only numbers tell whether it is one; how many parts there are has to
# be known.
NEED_NUMBERS = {"squeeze", "unstack", "vectorize"}


def sizes_of_results(function, values):
    return [(item.shape, str(item.dtype)) for item in results_of(function, arrays_of(values))]


@pytest.mark.parametrize(
    ("name", "function", "values", "size"), [case[1:] for case in SIZES if case[1] not in NEED_NUMBERS]
)
def test_the_shape_rule_with_any_axis_free(name, function, values, size):
    """All axes of one size get other sizes; where the op takes them, it takes them free too, and tells no lie."""

    def resized(new):
        return [replace(each, shape=tuple(new if old == size else old for old in each.shape)) for each in values]

    found = [sizes_of_results(function, values)]
    for new in (size + 2, 2, 1):
        try:
            found.append(sizes_of_results(function, resized(new)))
        except Exception:  # the case has numbers that fit its own size alone
            if new == size + 2:
                return
    symbols = [
        KerasTensor(tuple(None if old in ("n", size) else old for old in each.shape), each.dtype) for each in values
    ]
    for item, *real in zip(tree.flatten(function(ops, *symbols)), *found, strict=True):
        assert {dtype for _, dtype in real} == {str(item.dtype)}
        for known, *sizes in zip(item.shape, *[shape for shape, _ in real], strict=True):
            assert known is None or {known} == {*sizes}


@every_case
def test_eager_traced_and_replayed_give_the_same_bits(name, function, values):
    data = [arrays_of(values, seed) for seed in range(3)]
    results = run_step_test(lambda arrays: tree.flatten(function(ops, *arrays)), *data)
    assert all(isinstance(item, np.ndarray) for item in results_of(function, data[0]))
    for traced, arrays in zip(results, data, strict=True):
        for ours, eager in zip(traced, results_of(function, arrays), strict=True):
            assert (ours.dtype, ours.shape) == (eager.dtype, eager.shape)
            np.testing.assert_array_equal(ours, eager)


@pytest.mark.parametrize(
    ("name", "function", "values"), [case[1:] for case in ALL if case[1] in specialized_names() and case[3]]
)
def test_repeated_calls_give_the_same_bits(name, function, values):
    """Calls of specialized ops, which run their recipes from the third call on."""
    for seed in range(5):
        arrays = arrays_of(values, seed)
        with Trace() as trace:
            traced = tree.flatten(function(ops, *[Tensor(array, trace) for array in arrays]))
        for ours, expected in zip(results_of(function, arrays), traced, strict=True):
            assert (ours.dtype, ours.shape) == (expected.dtype, expected.shape)
            np.testing.assert_array_equal(ours, expected.array)
    assert recipes_of(name)


# There are no complex numbers of two float16.
OF_COMPLEX_NUMBERS = {"angle", "conj", "conjugate", "eig", "imag", "polar", "real", "view_as_complex", "view_as_real"}


@every_case
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_float_types_stay(name, function, values, dtype):
    arrays = [array.astype(dtype) if array.dtype == "float32" else array for array in arrays_of(values)]
    default = results_of(function, arrays_of(values))
    for item, usual in zip(results_of(function, arrays), default, strict=True):
        # CTC multiplies more probabilities than float16 holds; like Keras it takes float32 at the least.
        in_float32 = (name.startswith("ctc_") or name in OF_COMPLEX_NUMBERS) and dtype == "float16"
        if name not in ("cast", "multi_hot", "one_hot") and values and not in_float32:
            assert item.dtype == (dtype if usual.dtype == "float32" else usual.dtype)


@every_case
def test_gradients(name, function, values):
    floats = [number for number, value in enumerate(values) if value.dtype == "float32"]
    if not floats or name in NOT_DIFFERENTIABLE:
        assert name in NOT_DIFFERENTIABLE
        return
    arrays = arrays_of(values)

    def of_floats(*inputs):
        every = list(arrays)
        for number, item in zip(floats, inputs, strict=True):
            every[number] = item
        return [item for item in tree.flatten(function(ops, *every)) if "float" in str(item.dtype)]

    order = 1 if name in ("ctc_loss", "while_loop") else 2  # which say that their gradients have none
    check_grads(of_floats, *[arrays[number] for number in floats], order=order)


@pytest.mark.parametrize("name", sorted(NOT_DIFFERENTIABLE))
def test_there_is_no_gradient(name):
    for function, *values in {**CASES, **IMAGES}[name]:
        with Trace() as trace:
            inputs = [Tensor(array, trace) for array in arrays_of(values)]
            for output in tree.flatten(function(ops, *inputs)):
                if isinstance(output, Tensor):
                    grads = gradients(output, inputs)
                    assert all(grad is None or not np.any(getattr(grad, "array", grad)) for grad in grads)


@every_case
def test_inputs_are_not_changed(name, function, values):
    arrays = arrays_of(values)
    before = [array.copy() for array in arrays]
    results_of(function, arrays)
    Step(lambda inputs: function(ops, *inputs), "step")(arrays)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_case
def test_variables_are_values(name, function, values):
    arrays = arrays_of(values)
    variables = [Variable(array) for array in arrays]
    for ours, theirs in zip(results_of(function, variables), results_of(function, arrays), strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert not any(np.shares_memory(ours, variable.buffer) for variable in variables)


def elementwise_primitives():
    found = {}
    for module in pkgutil.walk_packages(ops.__path__, "minikeras.ops."):
        for item in vars(importlib.import_module(module.name)).values():
            if isinstance(item, Primitive) and item.elementwise and item.has_out:
                found[id(item)] = item  # two of one name have kernels for different dtypes
    return sorted(found.values(), key=lambda primitive: primitive.name)


PARAMS = {
    "celu": {"alpha": 1.0},
    "elu": {"alpha": 1.0},
    "fill_nan": {"value": 0.0},
    "hard_shrink": {"threshold": 0.5},
    "leaky_relu": {"negative_slope": 0.2},
    "soft_shrink": {"threshold": 0.5},
}


@pytest.mark.parametrize("primitive", elementwise_primitives(), ids=lambda primitive: primitive.name)
@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
def test_elementwise_kernels_may_overwrite_each_of_their_inputs(primitive, dtype):
    rng = np.random.default_rng(0)
    params = PARAMS.get(primitive.name, {})
    count = 1 if primitive.vjps is None or len(primitive.vjps) == 1 else len(primitive.vjps)
    count = 2 if primitive.name in BINARY_WITHOUT_GRADIENT else count
    low, high = (0, 0.9) if primitive.name in BELOW_ONE else (1, 3)
    inputs = [rng.uniform(low, high, 50).astype(dtype if high > 1 else "float32") for _ in range(count)]
    try:
        expected = np.asarray(primitive.kernel(*inputs, **params))
    except TypeError:
        assert dtype != ("int32" if primitive.name in FOR_INTEGERS else "float32")  # most others are for floats only
        return
    for number in range(count):
        arrays = [array.copy() for array in inputs]
        if expected.dtype == arrays[number].dtype:
            primitive.bind(arrays, arrays[number], params)()
            np.testing.assert_array_equal(arrays[number], expected)


FOR_INTEGERS = {
    *("bitwise_and", "bitwise_invert", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor"),
    *("gcd", "lcm"),
}
BELOW_ONE = {"arccos", "arcsin", "arctanh"}
BINARY_WITHOUT_GRADIENT = {
    *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
    *("logical_and", "logical_or", "logical_xor", "floor_divide", "power"),
    *("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "gcd", "lcm"),
}


def test_there_are_elementwise_kernels():
    names = [primitive.name for primitive in elementwise_primitives()]
    assert {"add", "sigmoid", "relu", "relu6", "exp", "less"} <= set(names)


# Their bodies get arrays, whose operators are numpy's own: of bfloat16 and 2.0 they make float32, of booleans integers.
WITH_BODIES = {"cond", "fori_loop", "scan", "switch", "while_loop"}
OTHER_DTYPES = ["bool", "uint8", "complex64", "bfloat16", "float8_e4m3fn", "string"]


def of_dtype(spec, array, dtype):
    if spec.dtype != "float32":
        return array
    if dtype == "string":
        return np.full(array.shape, "a")
    return array * (1 + 0.5j) if dtype == "complex64" else array > 0 if dtype == "bool" else ops.cast(array, dtype)


def outcome(function, arguments):
    """Returns the shapes and dtypes of the results, or the error of minikeras; None for one of the case itself."""
    try:
        found = tree.flatten(function(ops, *arguments))
    except MatrixError:  # by value, not by dtype
        return None
    except MinikerasError as error:
        return type(error), re.sub("<.*>|`[a-z_]+`", "", str(error).split("Received")[0])
    except Exception as error:
        frame = error.__traceback__
        while frame.tb_next is not None:
            frame = frame.tb_next
        if not frame.tb_frame.f_globals["__name__"].startswith("tests."):
            raise
        return None  # of an operator of the case, on arrays
    return [(tuple(item.shape), dtype_of(item)) for item in found]


@every_case
def test_dtypes_are_taken_or_refused_alike(name, function, values):
    """Eagerly, traced and symbolically: errors have a name and the same message, and are not numpy's."""
    if name in WITH_BODIES or not any(spec.dtype == "float32" for spec in values):
        return
    for dtype in OTHER_DTYPES:
        arrays = [of_dtype(spec, array, dtype) for spec, array in zip(values, arrays_of(values), strict=True)]
        found = [outcome(function, [KerasTensor(array.shape, dtype_of(array)) for array in arrays])]
        if dtype == "string":
            found.append(outcome(function, arrays))
        else:
            found.append(outcome(function, [Variable(array) for array in arrays]))
            with Trace() as trace:
                found.append(outcome(function, [Tensor(array, trace) for array in arrays]))
        found = [each for each in found if each is not None]
        if dtype.startswith("float8") and name in ("cholesky", "eigh", "logdet"):
            continue  # the cases make their matrices with operators on arrays
        assert all(each == found[0] for each in found), (dtype, found)


COUNTS = np.int32([1, 2, 0, 1])
# Ops whose results have a shape that depends on data: the shape that is known symbolically, None for an error.
BY_DATA = {
    "nonzero": (lambda x: ops.nonzero(x), [(None,)]),
    "where": (lambda x: ops.where(x), [(None,)]),
    "unique": (lambda x: ops.unique(x), [(None,)]),
    "mask": (lambda x: x[x > 0], None),
    "repeat": (lambda x: ops.repeat(x, ops.cast(x, "int32")), None),
    "bincount": (lambda x: ops.bincount(ops.cast(x, "int32"), minlength=2), [(None,)]),
    "segment_sum": (lambda x: ops.segment_sum(x, ops.cast(x, "int32")), [(None,)]),
    "arange": (lambda x: ops.arange(ops.cast(ops.sum(x), "int32")), None),
}
OF_KNOWN_SIZE = {
    "unique": (lambda x: ops.unique(x, return_index=True, return_counts=True, size=3), [(3,), (3,), (3,)]),
    "repeat": (lambda x: ops.repeat(x, COUNTS), [(4,)]),
    "segment_sum": (lambda x: ops.segment_sum(x, ops.cast(x, "int32"), 4), [(4,)]),
    "histogram": (lambda x: ops.histogram(x, 3), [(3,), (4,)]),
    "where": (lambda x: ops.where(x > 0, x, -1), [(4,)]),
    "slice": (lambda x: ops.slice(x, [ops.cast(x[0], "int32")], [2]), [(2,)]),
}
DATA = [np.float32([1, 0, 2, 2]), np.float32([3, 0, 0, 1]), np.float32([0, 0, 1, 0])]


@pytest.mark.parametrize("name", BY_DATA)
def test_shapes_that_depend_on_data_run_eagerly(name):
    function, shapes = BY_DATA[name]
    step = Step(function, "step")
    with pytest.warns(ReplayWarning):
        for x in DATA:
            for ours, expected in zip(tree.flatten(step(x)), tree.flatten(function(x)), strict=True):
                np.testing.assert_array_equal(ours, expected)
    assert not step.plans()
    if shapes is None:
        with pytest.raises(StateError, match="is symbolic"):
            function(KerasTensor((4,)))
    else:
        assert [each.shape for each in tree.flatten(function(KerasTensor((4,))))] == shapes


@pytest.mark.parametrize("name", OF_KNOWN_SIZE)
def test_shapes_that_are_given_are_replayed(name):
    function, shapes = OF_KNOWN_SIZE[name]
    for found in run_step_test(function, *DATA):
        assert [each.shape for each in tree.flatten(found)] == shapes
    assert [each.shape for each in tree.flatten(function(KerasTensor((4,))))] == shapes
