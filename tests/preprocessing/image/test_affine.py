"""Affine transformations of small images, worked by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, NotSupportedError, ShapeError, UnknownNameError
from minikeras.preprocessing.image import apply_affine_transform

ROW = np.arange(4.0)[None, :, None]
AXES = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("nearest", [1.5, 2.5, 3.0, 3.0]),
        ("constant", [1.5, 2.5, 9.0, 9.0]),
        ("reflect", [1.5, 2.5, 3.0, 2.5]),
        ("wrap", [1.5, 2.5, 0.5, 1.5]),  # the borders coincide
    ],
)
def test_a_shift_reads_between_pixels(mode, expected):
    moved = apply_affine_transform(ROW, ty=1.5, **AXES, fill_mode=mode, cval=9.0)
    assert moved.ravel().tolist() == expected


def test_order_0_takes_the_nearest_pixel():
    assert apply_affine_transform(ROW, ty=0.4, **AXES, order=0).ravel().tolist() == [0, 1, 2, 3]
    assert apply_affine_transform(ROW, ty=0.6, **AXES, order=0).ravel().tolist() == [1, 2, 3, 3]


def test_rotations_and_zooms():
    square = np.arange(9.0).reshape(3, 3, 1)
    turned = apply_affine_transform(square, theta=90, **AXES)
    np.testing.assert_allclose(turned[..., 0], np.rot90(square[..., 0], -1), atol=1e-12)
    zoomed = apply_affine_transform(square, zx=0.5, zy=0.5, **AXES)
    assert zoomed[..., 0].tolist() == [[2, 2.5, 3], [3.5, 4, 4.5], [5, 5.5, 6]]
    assert apply_affine_transform(square, **AXES) is square
    whole = apply_affine_transform(square.astype("uint8"), ty=1, **AXES)
    assert whole.dtype == "uint8" and whole[0, :, 0].tolist() == [1, 2, 2]


def test_a_shear_compresses_columns():
    # Columns are scaled by the cosine of the angle; the shift along the rows does not show in an image of equal rows.
    square = np.tile(np.arange(3.0), (3, 1))[..., None]
    sheared = apply_affine_transform(square, shear=30, **AXES)[..., 0]
    column = 1 + np.cos(np.pi / 6) * np.array([-1, 0, 1])
    np.testing.assert_allclose(sheared, np.tile(column, (3, 1)), rtol=1e-12)


def test_the_axes_of_channels_come_first_by_default():
    image = np.stack([ROW[..., 0], 10 * ROW[..., 0]])
    assert apply_affine_transform(image, ty=1)[:, 0].tolist() == [[1, 2, 3, 3], [10, 20, 30, 30]]


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: apply_affine_transform(np.ones((3, 3))), ShapeError, "image of 3 axes"),
        (lambda: apply_affine_transform(ROW, row_axis=2), ArgumentError, "axes 0, 1 and 2"),
        (lambda: apply_affine_transform(ROW, fill_mode="nearst"), UnknownNameError, "Did you mean 'nearest'"),
        (lambda: apply_affine_transform(ROW, order=3), NotSupportedError, "order 0 or 1"),
    ],
)
def test_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()
