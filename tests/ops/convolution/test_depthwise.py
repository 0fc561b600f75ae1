"""Depthwise convolutions of blocks: values are in test_lowering."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.ops.convolution import depthwise

rng = np.random.default_rng(0)


def array(*shape):
    return rng.normal(size=shape).astype("float32")


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("multiplier", [1, 2])
def test_a_replayed_step_gives_the_bits_of_an_eager_one(strides, multiplier):
    def step(data):
        x, kernel = data
        y = ops.depthwise_conv(x, kernel, strides, "same")
        return [y, *gradients(ops.sum(y * y), [x, kernel])]

    data = array(3, 9, 8, 16), array(3, 3, 16, multiplier)
    replayed = Step(step, "replayed")
    replayed(data)
    y, of_inputs, of_kernel = Step(step, "eager", replay=False)(data)
    again = replayed(data)
    np.testing.assert_array_equal(again[0], y)
    np.testing.assert_array_equal(again[1], of_inputs)
    np.testing.assert_allclose(again[2], of_kernel, rtol=1e-4)  # a sum over blocks of examples


def test_inputs_that_are_not_contiguous():
    x, kernel = array(2, 6, 8, 10), array(3, 3, 1, 8)
    x = x.transpose(0, 1, 3, 2)
    geometry = {"strides": (1, 1), "padding": ((0, 0), (0, 0)), "dilation": (1, 1)}
    expected = depthwise.depthwise_conv(np.ascontiguousarray(x), kernel, **geometry)
    np.testing.assert_array_equal(depthwise.depthwise_conv(x, kernel, **geometry), expected)
    g = array(*expected.shape[:3], 8)
    found = depthwise.depthwise_kernel(x, g, size=(3, 3), **geometry)
    expected = depthwise.depthwise_kernel(np.ascontiguousarray(x), g, size=(3, 3), **geometry)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_padding_is_written_again_each_time():
    """A plan's buffers hold other values between two replays."""
    x, out = array(1, 3, 2), np.full((1, 6, 2), 7, "float32")
    run = depthwise._SPREAD.bind([x], out, {"strides": (2,), "padding": ((1, 0),), "repeats": 1})
    for _ in range(2):
        run()
        np.testing.assert_array_equal(out[0, 1::2], x[0])
        assert not out[0, ::2].any()
        out.fill(3)


@pytest.mark.parametrize("name", ["_SPREAD", "_CONV", "_KERNEL", "_SUMS", "_MERGED"])
def test_shape_rules(name):
    x = array(2, 7, 4)
    inputs, params = {
        "_SPREAD": ([x], {"strides": (2,), "padding": ((1, -3),), "repeats": 2}),
        "_CONV": ([x, array(3, 4)], {"strides": (2,), "dilation": (2,)}),
        "_KERNEL": ([x, array(2, 2, 4)], {"size": (3,), "strides": (2,), "dilation": (2,)}),
        "_SUMS": ([x], {"repeats": 2}),
        "_MERGED": ([x, x[:, :6]], {"sizes": (13,), "strides": (2,), "starts": ((0,), (1,))}),
    }[name]
    primitive = getattr(depthwise, name)
    result = primitive.kernel(*inputs, **params)
    assert primitive.shape(*inputs, **params) == (result.shape, result.dtype)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_the_gradient_of_inputs_with_strides_leaves_weights_out_that_they_were_not_multiplied_with(value):
    """As Keras's on TensorFlow: there are no zeros between the outputs."""
    kernel = np.ones((3, 1, 2), "float32")
    kernel[1, 0, 0] = value
    placing = {"strides": (2,), "padding": ((0, 0),), "dilation": (1,), "groups": 2}
    found = depthwise.depthwise_input(np.ones((1, 2, 2), "float32"), kernel, (5,), **placing)
    np.testing.assert_array_equal(found[0, :, 0], [1, value, 2, value, 1])
    np.testing.assert_array_equal(found[0, :, 1], [1, 1, 2, 1, 1])


def test_nothing_to_convolve():
    y = ops.depthwise_conv(np.ones((0, 5, 5, 2), "float32"), np.ones((3, 3, 2, 1), "float32"))
    assert y.shape == (0, 3, 3, 2)
