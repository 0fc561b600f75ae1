"""Transposed convolution: sizes and cropping as in Keras, values by hand."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

KERNEL = np.float32([1, 10, 100]).reshape(3, 1, 1)


def transposed(values, kernel=KERNEL, **options):
    return ops.conv_transpose(np.float32(values).reshape(1, -1, 1), kernel, **options).reshape(-1).tolist()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"strides": 2}, [1, 10, 102, 20, 203, 30, 300]),
        ({"strides": 2, "padding": "same"}, [1, 10, 102, 20, 203, 30]),
        ({"strides": 2, "padding": "same", "output_padding": 0}, [10, 102, 20, 203, 30]),
        ({"strides": 2, "padding": "same", "output_padding": 1}, [1, 10, 102, 20, 203, 30][:6]),
        ({"strides": 2, "output_padding": 1}, [1, 10, 102, 20, 203, 30, 300, 0]),
        ({"padding": "same"}, [12, 123, 230]),
        ({"dilation_rate": 2}, [1, 2, 13, 20, 130, 200, 300]),
        ({"strides": 5}, [1, 10, 100, 0, 0, 2, 20, 200, 0, 0, 3, 30, 300, 0, 0]),
        ({"strides": 5, "padding": "same"}, [1, 10, 100, 0, 0, 2, 20, 200, 0, 0, 3, 30, 300, 0, 0]),
        ({"strides": 5, "output_padding": 0}, [1, 10, 100, 0, 0, 2, 20, 200, 0, 0, 3, 30, 300]),
    ],
)
def test_values(options, expected):
    assert transposed([1, 2, 3], **options) == expected
    assert ops.conv_transpose(KerasTensor((None, 3, 1)), KERNEL, **options).shape == (None, len(expected), 1)


def test_filters_come_before_channels():
    x, kernel = np.float32([[[1, 2]]]), np.float32(np.arange(6)).reshape(1, 3, 2)
    assert ops.conv_transpose(x, kernel).tolist() == [[[2, 8, 14]]]
    first = ops.conv_transpose(x.transpose(0, 2, 1), kernel, data_format="channels_first")
    assert first.tolist() == [[[2], [8], [14]]]


def test_free_sizes():
    kernel = np.ones((3, 3, 5, 2), "float32")
    x = KerasTensor((None, None, 4, 2))
    assert ops.conv_transpose(x, kernel, (2, 3), "same").shape == (None, None, 12, 5)
    assert ops.conv_transpose(x, kernel, dilation_rate=(1, 2)).shape == (None, None, 8, 5)
    assert ops.conv_transpose(np.ones((0, 4, 4, 2)), kernel).shape == (0, 6, 6, 5)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"strides": 2, "output_padding": 2}, ArgumentError, "less than the stride"),
        ({"output_padding": 1}, ArgumentError, r"output_padding=1, strides=\(1,\)"),
        ({"strides": 2, "output_padding": -1}, ArgumentError, "integer >= 0"),
        ({"padding": "causal"}, ArgumentError, "padding of conv_transpose"),
        ({"kernel": np.ones((3, 1, 2))}, ShapeError, "1 channels, a kernel of shape"),
        ({"kernel": np.ones((3, 3, 1, 1))}, ShapeError, "as many axes"),
    ],
)
def test_bad_arguments_are_refused_everywhere(options, error, message):
    options = {"kernel": KERNEL, **options}
    for x in (np.ones((1, 3, 1), "float32"), KerasTensor((None, 3, 1))):
        with pytest.raises(error, match=message):
            ops.conv_transpose(x, **options)


def test_no_outputs():
    with pytest.raises(ShapeError, match="no outputs"):
        ops.conv_transpose(np.ones((1, 1, 1)), np.ones((2, 1, 1)), padding="same", output_padding=0)
