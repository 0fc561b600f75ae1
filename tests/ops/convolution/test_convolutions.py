"""Convolutions against sums written out, and against scipy."""

import itertools

import numpy as np
import pytest
from scipy import signal

from minikeras import config, ops
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

RNG = np.random.default_rng(0)


def array(*shape):
    return RNG.normal(size=shape).astype("float32")


def written_out(x, kernel, strides, dilation, before, counts):
    """A convolution by its definition: one window, example, filter and group at a time."""
    size, each, filters = kernel.shape[:-2], kernel.shape[-2], kernel.shape[-1]
    groups = x.shape[-1] // each
    y = np.zeros((len(x), *counts, filters))
    for place in np.ndindex(*y.shape):
        n, *window, f = place
        first = f // (filters // groups) * each
        for offset in np.ndindex(*size):
            at = tuple(
                o * s + i * d - b for o, s, i, d, b in zip(window, strides, offset, dilation, before, strict=True)
            )
            if all(0 <= index < length for index, length in zip(at, x.shape[1:-1], strict=True)):
                y[place] += x[(n, *at)][first : first + each] @ kernel[offset][:, f]
    return y


# Shape of the inputs, kernel, strides, padding, dilation; the padding before and the sizes of the result, by hand.
BY_HAND = {
    "valid": ((2, 7, 2), (3, 2, 3), 2, "valid", 1, (0,), (3,)),
    "dilated": ((1, 7, 2), (3, 2, 1), 1, "valid", 3, (0,), (1,)),
    "strided and dilated": ((1, 8, 2), (2, 2, 1), 3, "valid", 2, (0,), (2,)),
    "causal": ((1, 5, 2), (3, 2, 2), 1, "causal", 2, (4,), (5,)),
    "causal with strides": ((1, 5, 2), (3, 2, 2), 2, "causal", 1, (2,), (3,)),
    "same, odd padding": ((1, 4, 5, 1), (3, 4, 1, 2), 2, "same", 1, (0, 1), (2, 3)),
    "same, no padding needed": ((1, 4, 4, 1), (2, 1, 1, 1), (2, 3), "same", 1, (0, 0), (2, 2)),
    "same, a kernel larger than the inputs": ((1, 2, 1), (5, 1, 1), 1, "same", 1, (2,), (2,)),
    "groups": ((2, 3, 4, 6), (2, 2, 2, 3), (1, 2), "valid", 1, (0, 0), (2, 2)),
    "three axes": ((1, 3, 4, 3, 2), (2, 3, 1, 2, 2), (2, 1, 2), "same", (1, 1, 3), (0, 1, 0), (2, 4, 2)),
}


@pytest.mark.parametrize("case", BY_HAND.values(), ids=BY_HAND)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_conv(case, data_format):
    shape, kernel, strides, padding, dilation, before, counts = case
    x, kernel = array(*shape), array(*kernel)
    every = lambda value: value if isinstance(value, tuple) else (value,) * len(counts)  # noqa: E731
    expected = written_out(x, kernel, every(strides), every(dilation), before, counts)
    if data_format == "channels_first":
        x, expected = np.moveaxis(x, -1, 1), np.moveaxis(expected, -1, 1)
    found = ops.conv(x, kernel, strides, padding, data_format, dilation)
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, expected, atol=1e-5)
    symbolic = ops.conv(KerasTensor((None, *x.shape[1:])), kernel, strides, padding.upper(), data_format, dilation)
    assert symbolic.shape == (None, *expected.shape[1:])


def test_against_scipy():
    x, kernel = array(2, 30, 31, 3), array(5, 4, 3, 2)
    found = ops.conv(x, kernel)
    for n, f in itertools.product(range(2), range(2)):
        layers = [signal.correlate2d(x[n, :, :, c], kernel[:, :, c, f], "valid") for c in range(3)]
        np.testing.assert_allclose(found[n, :, :, f], sum(layers), atol=1e-4)


def test_depthwise_and_separable():
    x, depthwise, pointwise = array(2, 5, 4, 3), array(2, 3, 3, 2), array(1, 1, 6, 4)
    found = ops.depthwise_conv(x, depthwise, 2, "same", dilation_rate=2)
    for c, m in itertools.product(range(3), range(2)):
        alone = ops.conv(x[..., c : c + 1], depthwise[:, :, c : c + 1, m : m + 1], 2, "same", dilation_rate=2)
        np.testing.assert_allclose(found[..., 2 * c + m], alone[..., 0], atol=1e-5)
    both = ops.separable_conv(x, depthwise, pointwise, 2, "same", dilation_rate=2)
    np.testing.assert_allclose(both, found @ pointwise[0, 0], atol=1e-5)
    first = ops.separable_conv(np.moveaxis(x, -1, 1), depthwise, pointwise, 2, "same", "channels_first", 2)
    np.testing.assert_allclose(np.moveaxis(first, 1, -1), both, atol=1e-5)


def test_dtypes():
    """The result has the dtype of a floating-point kernel; otherwise the two are promoted."""
    x, kernel = array(1, 4, 2), array(2, 2, 1)
    for first, second, expected in (
        ("float64", "float32", "float32"),
        ("float32", "float16", "float16"),
        ("int32", "float32", "float32"),
        ("int32", "int32", "int32"),
        ("float32", "int32", "float32"),
    ):
        assert ops.conv(x.astype(first), kernel.astype(second)).dtype == expected
        assert ops.conv(KerasTensor(x.shape, first), KerasTensor(kernel.shape, second)).dtype == expected
    large = np.full((1, 4096, 1), 1.0, "float16")
    assert ops.conv(large, np.full((4096, 1, 1), 1.0, "float16")) == 4096  # 2048 if summed in float16


def test_the_layout_is_that_of_the_configuration():
    x, kernel = array(1, 2, 5), array(3, 2, 4)
    config.set_image_data_format("channels_first")
    try:
        assert ops.conv(x, kernel).shape == (1, 4, 3)
    finally:
        config.set_image_data_format("channels_last")
    with pytest.raises(ShapeError):
        ops.conv(x, kernel)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ops.conv(x, np.ones((6, 2, 1))), ShapeError, "does not fit into spatial sizes of"),
        (lambda x: ops.conv(x, np.ones((3, 2, 1)), dilation_rate=3), ShapeError, r"\(3,\) apart"),
        (lambda x: ops.depthwise_conv(x, np.ones((6, 2, 1))), ShapeError, "does not fit"),
        (lambda x: ops.conv(x, np.ones((3, 3, 1))), ShapeError, "2 input channels, a kernel for 3"),
        (lambda x: ops.conv(x, np.ones((3, 1, 3))), ShapeError, "multiple of 2 filters. Received: 3"),
        (lambda x: ops.depthwise_conv(x, np.ones((3, 1, 1))), ShapeError, "2 channels, the kernel for 1"),
        (
            lambda x: ops.separable_conv(x, np.ones((2, 2, 1)), np.ones((1, 3, 1))),
            *(ShapeError, "2 channels, a pointwise kernel for 3"),
        ),
        (lambda x: ops.separable_conv(x, np.ones((2, 2, 1)), np.ones((2, 2, 1))), ShapeError, "window of one element"),
        (lambda x: ops.conv(x, np.ones((3, 3, 2, 1))), ShapeError, "as many axes"),
        (lambda x: ops.conv(x, np.ones((3, 2, 1)), strides=0), ArgumentError, "`strides` must be an integer >= 1"),
        (lambda x: ops.conv(x, np.ones((3, 2, 1)), strides=(1, 1)), ArgumentError, "tuple of 1 of them"),
        (lambda x: ops.conv(x, np.ones((3, 2, 1)), padding="sam"), ArgumentError, "padding of conv"),
        (lambda x: ops.depthwise_conv(x, np.ones((3, 2, 1)), padding="causal"), ArgumentError, "padding"),
        (lambda x: ops.conv(x, np.ones((3, 2, 1)), data_format="last"), ArgumentError, "data_format of conv"),
    ],
)
def test_bad_arguments_are_refused_everywhere(call, error, message):
    for x in (array(1, 5, 2), KerasTensor((None, 5, 2))):
        with pytest.raises(error, match=message):
            call(x)


def test_ranks():
    with pytest.raises(ShapeError, match="1 to 3 spatial axes"):
        ops.conv(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ArgumentError, match="padding"):
        ops.conv(array(1, 4, 4, 1), array(2, 2, 1, 1), padding="causal")


def test_free_and_empty_sizes():
    assert ops.conv(KerasTensor((None, None, 9, 3)), array(3, 3, 3, 8), 2, "same").shape == (None, None, 5, 8)
    assert ops.conv(KerasTensor((2, 9, None)), array(3, 3, 8)).shape == (2, 7, 8)
    assert ops.depthwise_conv(KerasTensor((None, None, 3)), array(3, 3, 2)).shape == (None, None, 6)
    assert ops.conv(array(0, 5, 2), array(3, 2, 4)).shape == (0, 3, 4)
    assert ops.conv(array(2, 0, 2), array(3, 2, 4), padding="same").shape == (2, 0, 4)
    assert ops.depthwise_conv(array(2, 5, 0), array(3, 0, 4)).shape == (2, 3, 0)


def test_examples_in_blocks_give_the_same_as_one_by_one():
    x, kernel = array(5, 60, 60, 8), array(3, 3, 8, 4)
    whole = ops.conv(x, kernel)
    np.testing.assert_allclose(whole, np.concatenate([ops.conv(each[None], kernel) for each in x]), atol=1e-4)
    step = Step(lambda inputs: ops.conv(inputs, kernel, 2, "same"), "replayed")
    for inputs in (x, x[::-1].copy(), x):  # products of fewer rows may be rounded in another order
        np.testing.assert_allclose(step(inputs), ops.conv(inputs, kernel, 2, "same"), rtol=1e-5, atol=1e-5)
