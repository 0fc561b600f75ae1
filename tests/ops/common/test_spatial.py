"""Padding modes, resolved to numbers."""

import numpy as np
import pytest

from minikeras import config
from minikeras.errors import ArgumentError, ShapeError
from minikeras.ops.common.spatial import (
    as_saved,
    check_rank,
    from_channels_last,
    resolved_data_format,
    to_channels_last,
    window_parameters,
    with_kernel,
)


@pytest.mark.parametrize(
    ("size", "window", "stride", "step", "mode", "pair"),
    [
        (5, 3, 1, 1, "valid", (0, 0)),
        (5, 3, 1, 1, "same", (1, 1)),
        (4, 3, 2, 1, "same", (0, 1)),
        (5, 4, 1, 1, "same", (1, 2)),
        (4, 1, 2, 1, "same", (0, 0)),
        (4, 3, 1, 2, "Same", (2, 2)),
        (4, 3, 1, 2, "causal", (4, 0)),
        (None, 3, 1, 1, "same", (0, 0)),
        (0, 3, 1, 1, "same", (0, 0)),
    ],
)
def test_padding(size, window, stride, step, mode, pair):
    found = window_parameters("f", (size,), (window,), stride, mode, step, ("valid", "same", "causal"))
    assert found == ((stride,), (pair,), (step,))


def test_windows_that_do_not_fit():
    for size, window in ((2, 3), (0, 1), (3, 0)):
        with pytest.raises(ShapeError, match=r"`f`: a window of .* does not fit into spatial sizes of"):
            window_parameters("f", (size,), (window,), 1, "valid")
    with pytest.raises(ArgumentError, match="padding of f"):
        window_parameters("f", (3,), (1,), 1, None)


def test_layouts():
    assert resolved_data_format("f", None) == config.image_data_format() == "channels_last"
    assert as_saved("f", "Channels_First", "SAME") == {"data_format": "channels_first", "padding": "same"}
    with pytest.raises(ArgumentError, match="data_format of f"):
        resolved_data_format("f", 3)
    x = np.zeros((1, 2, 3, 4))
    assert to_channels_last(x, "channels_first").shape == (1, 3, 4, 2)
    assert from_channels_last(x, "channels_first").shape == (1, 4, 2, 3)
    assert to_channels_last(x, "channels_last") is x is from_channels_last(x, "channels_last")


def test_inputs_and_kernel():
    inputs, kernel = with_kernel("f", np.zeros((1, 2, 3)), np.zeros((1, 3, 1), "float32"))
    assert inputs.dtype == kernel.dtype == "float32"
    assert check_rank("f", (1, 2, 3, 4)) == 2
    for shape in ((1, 2), (1,) * 6):
        with pytest.raises(ShapeError, match="1 to 3 spatial axes"):
            check_rank("f", shape)
