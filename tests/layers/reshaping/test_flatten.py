"""Flatten, in both layouts of the channels."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import run_layer_test


@pytest.mark.parametrize("data_format", [None, "channels_last", "channels_first"])
@pytest.mark.parametrize(("input_shape", "size"), [((3,), 1), ((3, 4), 4), ((2, 3, 2), 6), ((2, 3, 2, 2), 12)])
def test_in_full(data_format, input_shape, size):
    run_layer_test(lambda: layers.Flatten(data_format=data_format), input_shape, (input_shape[0], size))


def test_by_hand():
    x = np.arange(6, dtype="float32").reshape(1, 2, 3)
    assert layers.Flatten()(x).tolist() == [[0, 1, 2, 3, 4, 5]]
    # the channels, axis 1, come last: element (channel, place) in the order of the places
    assert layers.Flatten(data_format="channels_first")(x).tolist() == [[0, 3, 1, 4, 2, 5]]
    assert layers.Flatten()(np.float32([1, 2])).shape == (2, 1)


def test_free_sizes():
    assert layers.Flatten().compute_output_shape((None, None, 3)) == (None, None)
    assert layers.Flatten()(KerasTensor((None, 2, 3))).shape == (None, 6)


def test_refused():
    with pytest.raises(UnknownNameError, match="'channels_lst'. Did you mean 'channels_last'"):
        layers.Flatten(data_format="channels_lst")
    with pytest.raises(ShapeError, match="at least 1 axes"):
        layers.Flatten()(np.float32(3))
