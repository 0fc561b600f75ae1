"""Patches of images and volumes: worked by hand."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor

patches, volumes = ops.image.extract_patches, ops.image.extract_patches_3d
IMAGE = np.arange(24).reshape(3, 4, 2)


def test_patches_touch_by_default():
    found = patches(IMAGE, (3, 2))
    assert found.tolist() == [
        [[0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19], [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23]]
    ]
    assert patches(IMAGE, 2).shape == (1, 2, 8)


def test_strides_and_dilation():
    row = np.arange(7).reshape(1, 7, 1)
    assert patches(row, (1, 2), (1, 3)).tolist() == [[[0, 1], [3, 4]]]
    assert patches(row, (1, 3), 1, (1, 2)).tolist() == [[[0, 2, 4], [1, 3, 5], [2, 4, 6]]]
    assert patches(row, (1, 3), 2, padding="same").tolist() == [[[0, 0, 1], [1, 2, 3], [3, 4, 5], [5, 6, 0]]]
    assert patches(row, (1, 4), 1, padding="same")[0, 0].tolist() == [0, 0, 1, 2]  # the odd one at the end


def test_data_formats_and_batches_agree():
    batch = np.stack([IMAGE, IMAGE + 100])
    expected = patches(batch, (2, 3), 1, padding="same")
    np.testing.assert_array_equal(patches(IMAGE, (2, 3), 1, padding="same"), expected[0])
    first = patches(batch.transpose(0, 3, 1, 2), (2, 3), 1, padding="same", data_format="channels_first")
    np.testing.assert_array_equal(first.transpose(0, 2, 3, 1), expected)
    assert patches(batch[:0], 2).shape == (0, 1, 2, 8)
    assert patches(KerasTensor((None, None, 4, 2)), 2).shape == (None, None, 2, 8)


def test_volumes():
    x = np.arange(27).reshape(3, 3, 3, 1)
    assert volumes(x, 2, strides=1)[1, 1, 1].tolist() == [13, 14, 16, 17, 22, 23, 25, 26]
    np.testing.assert_array_equal(patches(x, (2, 2, 2), 1), volumes(x, 2, 1))
    assert volumes(x[None], (1, 2, 3), padding="same").shape == (1, 3, 2, 1, 6)


def test_not_a_number_stays_where_it_is():
    found = patches(np.float32([np.nan, 1, 2, 3]).reshape(1, 4, 1), (1, 2))
    np.testing.assert_array_equal(found, np.float32([[[np.nan, 1], [2, 3]]]))


def test_padding_in_any_case():
    np.testing.assert_array_equal(patches(IMAGE, 2, padding="SAME"), patches(IMAGE, 2, padding="same"))


def test_refused():
    with pytest.raises(ArgumentTypeError, match="an integer or a tuple"):
        patches(IMAGE, "2")
    with pytest.raises(ArgumentError, match="2 or 3 numbers"):
        patches(IMAGE, (2,))
    for arguments in ({"size": 0}, {"size": 2, "strides": 0}, {"size": 2, "dilation_rate": (1, -1)}):
        with pytest.raises(ArgumentError, match=f"{[*arguments][-1]}` must be an integer >= 1"):
            patches(IMAGE, **arguments)
    with pytest.raises(UnknownNameError, match="Did you mean 'same'"):
        patches(IMAGE, 2, padding="sam")
    with pytest.raises(ShapeError, match=r"no patch of size \(4, 4\) fits"):
        patches(IMAGE, 4)
    for function in (patches, volumes):
        with pytest.raises(ShapeError, match="or a batch of them"):
            function(np.ones((3, 3)), 2)
