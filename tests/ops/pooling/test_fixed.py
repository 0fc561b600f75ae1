"""Pooling with windows of a fixed size: values by definition, padding left out, gradients of ties."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import _gradient_function as gradient_of

POOLS = {"max_pool": np.max, "average_pool": np.mean}
every_pool = pytest.mark.parametrize(("name", "reduce"), POOLS.items())


def by_definition(x, reduce, size, strides, before, counts):
    y = np.empty((len(x), *counts, x.shape[-1]), x.dtype)
    for place in np.ndindex(*counts):
        starts = [index * stride - first for index, stride, first in zip(place, strides, before, strict=True)]
        inside = [slice(max(0, start), start + width) for start, width in zip(starts, size, strict=True)]
        y[(slice(None), *place)] = reduce(x[(slice(None), *inside)], axis=tuple(range(1, x.ndim - 1)))
    return y


# Shape, pool_size, strides, padding; the padding before and the sizes of the result, by hand.
BY_HAND = {
    "valid": ((2, 7, 2), (2,), (2,), "valid", (0,), (3,)),
    "overlapping": ((2, 7, 2), (3,), (2,), "valid", (0,), (3,)),
    "same": ((2, 4, 5, 1), (3, 3), (2, 2), "same", (0, 1), (2, 3)),
    "gaps": ((2, 8, 1), (2,), (3,), "same", (0,), (3,)),
    "larger than the inputs": ((2, 3, 1), (8,), (1,), "same", (3,), (3,)),
    "three axes": ((2, 3, 4, 3, 2), (2, 1, 3), (1, 2, 2), "same", (0, 0, 1), (3, 2, 2)),
}


@every_pool
@pytest.mark.parametrize("case", BY_HAND.values(), ids=BY_HAND)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_pools(name, reduce, case, data_format):
    shape, size, strides, padding, before, counts = case
    x = np.random.default_rng(0).uniform(-3, -1, shape).astype("float32")
    expected = by_definition(x, reduce, size, strides, before, counts)
    if data_format == "channels_first":
        x, expected = np.moveaxis(x, -1, 1), np.moveaxis(expected, -1, 1)
    found = getattr(ops, name)(x, size, strides, padding, data_format)
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    symbolic = getattr(ops, name)(KerasTensor((None, *x.shape[1:])), size, strides, padding.upper(), data_format)
    assert symbolic.shape == (None, *expected.shape[1:])


def test_dtypes():
    x = np.array([[[1], [4], [2], [5]]])
    assert ops.max_pool(x.astype("int8"), 2).dtype == "int8" and ops.max_pool(x > 4, 2).tolist() == [[[False], [True]]]
    assert ops.max_pool(x.astype("uint8"), 3, 2, "same").tolist() == [[[4], [5]]]
    assert ops.average_pool(x, 2).tolist() == [[[2.5], [3.5]]] and ops.average_pool(x, 2).dtype == "float32"
    assert ops.average_pool(np.full((1, 4096, 1), 1000, "float16"), 4096) == 1000  # the sum exceeds float16


def test_the_gradient_of_equal_elements_goes_to_the_first():
    x = np.array([[2.0, 2.0, 1.0, 2.0], [0.0, 0.0, 0.0, 0.0]]).reshape(2, 4, 1)
    gradient = gradient_of(lambda x: ops.max_pool(x, 3, 1))(x)[0]
    weights = np.random.default_rng(4).uniform(0.5, 1.5, (2, 2))
    assert gradient[0, :, 0].tolist() == [weights[0, 0], weights[0, 1], 0, 0]
    assert gradient[1, :, 0].tolist() == [weights[1, 0], weights[1, 1], 0, 0]


def test_the_gradient_of_many_windows():
    """More than are marked at a time."""
    x = np.random.default_rng(1).permutation(2 * 70 * 66 * 20).reshape(2, 70, 66, 20).astype("float32")
    (gradient,) = gradient_of(lambda x: ops.max_pool(x, 3, 2, "same"))(x)
    expected = np.zeros_like(x)
    weights = np.random.default_rng(2 * 35 * 33 * 20).uniform(0.5, 1.5, (2, 35, 33, 20))
    for example, row, column, channel in np.ndindex(weights.shape):
        window = x[example, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3, channel]
        i, j = np.unravel_index(window.argmax(), window.shape)
        expected[example, 2 * row + i, 2 * column + j, channel] += weights[example, row, column, channel]
    np.testing.assert_allclose(gradient, expected, rtol=1e-6)


def test_nan_and_infinity():
    x = np.float32([[[1], [np.nan], [-np.inf], [-np.inf]]])
    np.testing.assert_array_equal(ops.max_pool(x, 2)[0, :, 0], [np.nan, -np.inf])
    np.testing.assert_array_equal(ops.average_pool(x, 2)[0, :, 0], [np.nan, -np.inf])


@pytest.mark.parametrize("replay", [False, True])
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_the_gradient_beside_a_maximum_is_0_whatever_comes_in(value, strides, replay):
    """As Keras's: what comes in is not multiplied by 0."""

    def first(data):
        x, g = data
        y = ops.max_pool(x, 2, strides)
        return gradients(ops.sum(y * g), [x])[0]

    x = np.float32([1, 3, 2, 0]).reshape(1, 4, 1)
    g = np.array([value, 1] if strides == 2 else [value, 1, 1], "float32").reshape(1, -1, 1)
    step = Step(first, "first", replay=replay)
    for _ in range(2):
        expected = [0, value, 1, 0]
        np.testing.assert_array_equal(step((x, g))[0, :, 0], expected)

    def second(data):
        x, g, h = data
        return gradients(ops.sum(first((x, g)) * h), [g])[0]

    h = np.float32([value, 5, 6, value]).reshape(1, 4, 1)
    step = Step(second, "second", replay=replay)
    for _ in range(2):
        np.testing.assert_array_equal(step((x, g, h))[0, :, 0], [5, 5, 6] if strides == 1 else [5, 6])


@pytest.mark.parametrize("size", [2, 4])
@pytest.mark.parametrize("strides", [1, 2])
def test_the_gradient_of_a_maximum_that_is_nan_stays_in_its_window(size, strides):
    x = np.float32([1, 3, 2, 0, 4, np.nan, 5, 1]).reshape(1, 8, 1)
    with np.errstate(invalid="ignore"):
        y, gradient = ops.max_pool(x, size, strides), gradient_of(lambda x: ops.max_pool(x, size, strides))(x)[0]
    weights = np.random.default_rng(y.size).uniform(0.5, 1.5, y.shape)
    np.testing.assert_allclose(gradient.sum(), weights.sum(), rtol=1e-6)


@every_pool
def test_free_and_empty_sizes(name, reduce):
    pool = getattr(ops, name)
    assert pool(KerasTensor((None, None, 8, 3)), 2, 2, "same").shape == (None, None, 4, 3)
    assert pool(KerasTensor((None, 3, None)), 2, data_format="channels_first").shape == (None, 3, None)
    assert pool(np.ones((0, 5, 2)), 2).shape == (0, 2, 2) and pool(np.ones((2, 5, 0)), 2).shape == (2, 2, 0)


@every_pool
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((6,), ShapeError, "does not fit into spatial sizes"),
        ((2, 1, "causal"), ArgumentError, "padding of "),
        ((0,), ArgumentError, "`pool_size` must be an integer >= 1"),
        (((2, 2),), ArgumentError, "tuple of 1 of them"),
        ((2, 0), ArgumentError, "`strides` must be"),
        ((2, 2, "valid", "first"), ArgumentError, "data_format"),
    ],
)
def test_bad_arguments_are_refused_everywhere(name, reduce, arguments, error, message):
    for x in (np.ones((1, 5, 2), "float32"), KerasTensor((None, 5, 2))):
        with pytest.raises(error, match=message):
            getattr(ops, name)(x, *arguments)
    with pytest.raises(ShapeError, match="1 to 3 spatial axes"):
        getattr(ops, name)(np.ones((2, 3)), 1)


def test_complex_numbers_have_no_maximum():
    with pytest.raises(ArgumentTypeError, match="`max_pool` expects real numbers"):
        ops.max_pool(np.ones((1, 4, 1), "complex64"), 2)
