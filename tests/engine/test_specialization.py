"""Ops called again on small arrays of the same shapes: the same results and errors, from recipes."""

import threading

import numpy as np
import pytest

from minikeras import config, ops
from minikeras.engine import registry, specialization
from minikeras.engine.dispatch import apply
from minikeras.engine.immutable_arrays import ImmutableArray, immutable_results
from minikeras.engine.primitive import Primitive
from minikeras.engine.registry import op
from minikeras.engine.specialization import recipes_of, specialized
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import MatrixError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(6, dtype="float32").reshape(2, 3)


@pytest.fixture(autouse=True)
def without_samples():
    """Forgets the op of a test after that test; ops whose modules it imported stay."""
    yield
    for names in (registry._functions, specialization._recipes):
        names.pop("sample", None)


def made(function):
    """Returns a specialized op, and the list of the arguments that its Python code was called with."""
    seen = []

    @specialized
    @op(None)
    def sample(*args, **kwargs):
        seen.append(args)
        return function(*args, **kwargs)

    return sample, seen


def test_python_code_runs_for_new_signatures_alone():
    sample, seen = made(lambda x, factor=1: ops.add(ops.multiply(x, factor), 1))
    for number in range(5):
        assert sample(X + number).tolist() == (X + number + 1).tolist()
    assert len(seen) == 3 and isinstance(seen[2][0], Tensor)  # two calls, and the trace
    for other in (X.T, X[:, :2], X.astype("float64"), X.astype("int32")):
        before = len(seen)
        assert sample(other).tolist() == (other + 1).tolist() and len(seen) == before + 1
    for factor in (2, 2.5, True, 1):
        assert sample(X, factor=factor).tolist() == (X * factor + 1).tolist()
    assert len(recipes_of("sample")) == 1


def test_equal_arguments_of_different_types_are_different():
    sample, _ = made(lambda x, number: ops.multiply(x, number))
    whole = np.arange(3, dtype="int32")
    for _ in range(4):
        assert sample(whole, 1).dtype == "int32" and sample(whole, 1.0).dtype == "float32"
        assert sample(whole, True).dtype == "int32"
    assert len(recipes_of("sample")) == 3


def test_zeros_of_either_sign_are_different():
    sample, _ = made(lambda x, numbers, by=1.0: ops.divide(ops.multiply(x, numbers[0]), by))
    x = np.ones(2, "float32")
    for _ in range(4):
        for zero, sign in ((0.0, 1), (-0.0, -1)):
            assert np.copysign(1, sample(x, [zero])).tolist() == [sign, sign]
            assert sample(x, [1.0], by=zero).tolist() == [sign * np.inf] * 2
    assert len(recipes_of("sample")) == 4


def test_views_are_copied_with_their_axes_in_the_same_order_in_memory():
    sample, _ = made(lambda x: ops.transpose(x))
    x = np.ones((3, 4), "float32")
    for _ in range(4):
        found = sample(x)
        assert found.strides == (4, 16) and not np.shares_memory(found, x)
    assert len(recipes_of("sample")) == 1


def test_lists_and_tuples_are_different():
    sample, _ = made(lambda x: ops.concatenate(x) if isinstance(x, list) else ops.stack(x))
    for _ in range(4):
        assert sample([X, X]).shape == (4, 3) and sample((X, X)).shape == (2, 2, 3)
    assert len(recipes_of("sample")) == 2


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x,
        lambda x: ops.reshape(x, (3, 2)),
        lambda x: ops.transpose(x),
        lambda x: ops.add(ops.zeros((2, 3)), 0.0),
        lambda x: (x, ops.transpose(x), ops.square(x)),
        lambda x: [ops.reshape(ops.square(x), (6,))],
        lambda x: ops.broadcast_to(ops.expand_dims(x, 1), (2, 4, 3)),
    ],
)
def test_results_are_those_of_the_first_call_and_share_no_memory(function):
    sample, _ = made(function)
    first, *others = [sample(X) for _ in range(4)]
    assert all(type(each) is type(first) for each in others)
    flat = [list(each) if isinstance(each, (list, tuple)) else [each] for each in (first, *others)]
    for results in flat:
        for result, expected in zip(results, flat[0], strict=True):
            assert type(result) is np.ndarray and result.flags.writeable and not np.may_share_memory(result, X)
            assert result.dtype == expected.dtype and np.array_equal(result, expected)
    flat[2][0][...] = 7
    assert np.array_equal(flat[3][0], flat[0][0]) and X[0, 0] == 0


def test_views_in_between_are_merged():
    sample, _ = made(lambda x: ops.squeeze(ops.expand_dims(ops.reshape(ops.negative(x), (3, 2)), 0), 0))
    for _ in range(4):
        assert sample(X).tolist() == (-X).reshape(3, 2).tolist()
    (recipe,) = recipes_of("sample").values()
    assert len(recipe.__closure__[2].cell_contents) == 2  # the negation and one reshape


def test_elementwise_kernels_write_into_arrays_that_nothing_else_needs():
    def function(x):
        y = ops.subtract(x, ops.mean(x, 0))
        z = ops.maximum(ops.square(y), 0.5)  # y is needed again, its square is not
        rows = ops.exp(z)
        return ops.add(y, z), ops.transpose(rows), ops.negative(rows)

    sample, _ = made(function)
    for size in (3, 300):
        x = np.random.default_rng(size).normal(size=(size, size)).astype("float32")
        before, expected = x.copy(), function(x)
        for _ in range(4):
            for result, each in zip(sample(x), expected, strict=True):
                np.testing.assert_array_equal(result, each)
            np.testing.assert_array_equal(x, before)
    sample, _ = made(lambda x: ops.sqrt(ops.square(ops.negative(x))))
    for _ in range(4):
        assert sample(X).tolist() == X.tolist()
    (recipe,) = recipes_of("sample").values()
    steps = recipe.__closure__[2].cell_contents
    assert [pick and pick([0, 1, 2, 3]) for _, pick, _ in steps] == [None, (1, 1), (2, 2)]


def test_errors_are_those_of_the_op():
    singular, regular = np.zeros((2, 2), "float32"), np.eye(2, dtype="float32")
    for _ in range(4):
        assert ops.inv(regular).tolist() == regular.tolist()
        with pytest.raises(MatrixError, match="`inv`: the matrix is singular"):
            ops.inv(singular)
        with pytest.raises(ShapeError):
            ops.matmul(X, X)


def test_what_depends_on_elements_is_computed_each_time():
    sample, seen = made(lambda x: ops.negative(x) if x[0, 0] > 0 else ops.square(x))
    for number in (0, 1, 0, 1, 0):
        expected = -(X + number) if number else X * X
        assert sample(X + number).tolist() == expected.tolist()
    assert len(seen) == 6 and not recipes_of("sample")


def test_large_arrays_and_large_constants_have_no_recipes():
    for function, size in (
        (lambda x: ops.add(x, np.ones((len(x), len(x)))), 200),
        (ops.negative, specialization._LARGEST + 1),
    ):
        sample, seen = made(function)
        for _ in range(4):
            sample(np.zeros((size, 1), "float32"))
        assert not recipes_of("sample") and len(seen) >= 4


def test_constants_have_no_recipes():
    sample, seen = made(lambda x: ops.ones((2,)))
    assert [sample(X).tolist() for _ in range(4)] == [[1, 1]] * 4
    assert len(seen) == 5 and not recipes_of("sample")


def test_settings_belong_to_the_signature():
    sample, _ = made(lambda x: ops.multiply(ops.cast(x, config.floatx()), config.epsilon()))
    whole = np.arange(3)
    for _ in range(4):
        assert sample(whole).dtype == "float32"
    try:
        config.set_floatx("float64")
        assert sample(whole).dtype == "float64"
        config.set_epsilon(0.5)
        assert sample(whole).tolist() == [0, 0.5, 1]
    finally:
        config.set_floatx("float32")
        config.set_epsilon(1e-7)
    assert sample(whole).dtype == "float32"


def test_other_values_take_the_general_way():
    sample, _ = made(lambda x: ops.add(x, 1))
    for _ in range(4):
        sample(X)
    assert isinstance(ops.inv(KerasTensor((2, 2))), KerasTensor)
    assert sample([[1.0, 2.0]]).tolist() == [[2, 3]]
    with Trace() as trace:
        assert isinstance(sample(Tensor(X, trace)), Tensor)
        assert type(sample(X)) is np.ndarray
    with immutable_results():
        assert type(sample(X)) is ImmutableArray


def test_warnings_of_numpy_are_off_inside_alone():
    sample, _ = made(lambda x: ops.log(ops.subtract(x, x)))
    for _ in range(4):
        assert np.isneginf(sample(X)).all()
    with pytest.warns(RuntimeWarning):
        np.log(X - X)


def test_the_number_of_recipes_is_limited():
    sample, _ = made(lambda x, number: ops.add(x, number))
    for number in range(300):
        for _ in range(2):
            sample(X, number)
    assert 0 < len(recipes_of("sample")) <= 256
    assert sample(X, 7).tolist() == (X + 7).tolist()


def test_kernels_for_known_shapes():
    made_for = []

    def specialize(x, axis):
        made_for.append(x.shape)
        return lambda x: x.sum(axis)

    total = Primitive("total", lambda x, axis: x.sum(axis), shape=None, specialize=specialize)
    sample, _ = made(lambda x: apply(total, ops.negative(x), axis=1))
    assert [sample(X).tolist() for _ in range(4)] == [[-3, -12]] * 4
    assert made_for == [(2, 3)]


def test_threads():
    sample, _ = made(lambda x: ops.add(ops.square(x), 1))
    failures = []

    def work(number):
        x = X + number
        for _ in range(200):
            if not np.array_equal(sample(x), x * x + 1):
                failures.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
