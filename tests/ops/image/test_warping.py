"""Affine, perspective and elastic transformations: worked by hand, and their symmetries."""

import numpy as np
import pytest

from minikeras import Input, Model, ops, random
from minikeras.errors import ArgumentError, ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor

ROW = np.float32([1, 2, 3, 4]).reshape(1, 1, 4, 1)
IMAGES = np.random.default_rng(0).uniform(0, 1, (2, 5, 5, 3)).astype("float32")
SQUARE = np.float32([[0, 0], [4, 0], [0, 4], [4, 4]])
affine, perspective, elastic = (
    *(ops.image.affine_transform, ops.image.perspective_transform),
    ops.image.elastic_transform,
)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("constant", [3, 4, 9, 9]),
        ("nearest", [3, 4, 4, 4]),
        ("reflect", [3, 4, 4, 3]),
        ("mirror", [3, 4, 3, 2]),
        ("wrap", [3, 4, 1, 2]),
    ],
)
def test_a_shift_with_every_fill_mode(mode, expected):
    moved = affine(ROW, np.float32([[1, 0, 2, 0, 1, 0, 0, 0]]), fill_mode=mode, fill_value=9.0)
    assert moved[0, 0, :, 0].tolist() == expected


def test_rotations_and_projections():
    quarter = [0, 1, 0, -1, 0, 4, 0, 0]  # pixel (x, y) comes from (y, 4 - x)
    np.testing.assert_array_equal(affine(IMAGES, quarter), np.rot90(IMAGES, -1, (1, 2)))
    # Divided by k = x / 4 + 1, the pixels 0, 2 and 4 come from 0, 4 / 3 and 2.
    columns = np.tile(np.arange(5, dtype="float32")[:, None], (5, 1, 1))
    np.testing.assert_allclose(affine(columns, [1, 0, 0, 0, 1, 0, 0.25, 0])[0, ::2, 0], [0, 4 / 3, 2], rtol=1e-6)


def test_a_transformation_for_each_image():
    transforms = np.float32([[1, 0, 1, 0, 1, 0, 0, 0], [1, 0, 0, 0, 1, -1, 0, 0]])
    together = affine(IMAGES, transforms)
    for number in range(2):
        np.testing.assert_array_equal(together[number], affine(IMAGES[number], transforms[number]))
    first = affine(IMAGES.transpose(0, 3, 1, 2), transforms, data_format="channels_first")
    np.testing.assert_array_equal(first.transpose(0, 2, 3, 1), together)
    assert affine(IMAGES[:0], transforms[:1]).shape == (0, 5, 5, 3)


def test_integers_are_rounded():
    halves = affine(np.uint8([[[1], [2], [4]]]), [1, 0, 0.5, 0, 1, 0, 0, 0])
    assert (halves.dtype, halves.ravel().tolist()) == ("uint8", [2, 3, 2])


def test_perspectives():
    np.testing.assert_allclose(perspective(IMAGES, SQUARE, SQUARE), IMAGES, atol=1e-5)
    turned = perspective(IMAGES, SQUARE[[2, 0, 3, 1]], SQUARE)  # the corner at the top left comes from the bottom left
    np.testing.assert_allclose(turned, np.rot90(IMAGES, -1, (1, 2)), atol=1e-5)
    start, end = SQUARE + [1, 0], SQUARE
    moved = perspective(IMAGES, np.stack([start, end]), np.stack([end, end]), "nearest", fill_value=7.0)
    np.testing.assert_array_equal(moved[0, :, :4], IMAGES[0, :, 1:])
    assert (moved[0, :, 4] == 7).all()
    np.testing.assert_array_equal(moved[1], IMAGES[1])
    first = perspective(IMAGES[0].transpose(2, 0, 1), start, end, data_format="channels_first")
    np.testing.assert_allclose(first[:, :, :4], IMAGES[0, :, 1:].transpose(2, 0, 1), atol=1e-5)


def test_the_fourth_corner_is_projected():
    # The corner (4, 4) is moved to (3, 3), the others stay: x comes from 2 / 3 x / (1 - (x + y) / 12).
    columns = np.tile(np.arange(5, dtype="float32")[:, None], (5, 1, 1))
    corners = SQUARE.copy()
    corners[3] = 3
    moved = perspective(columns, SQUARE, corners)[..., 0]
    np.testing.assert_allclose([moved[0, 0], moved[0, 4], moved[3, 3], moved[1, 1]], [0, 4, 4, 0.8], atol=1e-5)


def test_elastic_transforms():
    distorted = elastic(IMAGES, 2.0, 1.0, seed=3)
    assert distorted.shape == IMAGES.shape and not np.allclose(distorted, IMAGES)
    np.testing.assert_array_equal(elastic(IMAGES, 2.0, 1.0, seed=3), distorted)
    first = elastic(IMAGES.transpose(0, 3, 1, 2), 2.0, 1.0, seed=3, data_format="channels_first")
    np.testing.assert_array_equal(first.transpose(0, 2, 3, 1), distorted)
    assert elastic(IMAGES[0], seed=random.SeedGenerator(1)).shape == (5, 5, 3)
    integers = elastic(np.uint8(255 * IMAGES), 2.0, 1.0, seed=3)
    np.testing.assert_allclose(integers, 255 * distorted, atol=1.51)
    assert (elastic(np.ones((1, 5, 5, 1), "float32"), seed=1) == 1).all()  # reflected at the borders


def test_pixels_move_by_blurred_noise():
    size, sigma, alpha = 21, 1.0, 1.5
    noise = random.normal((2, 1, size, size), seed=5)[:, 0] * np.float32(sigma)
    window = np.exp(-0.5 * (np.arange(-3, 4) / sigma) ** 2)
    window /= window.sum()
    rows = np.apply_along_axis(np.convolve, 1, noise[0], window, "same")
    shift = np.apply_along_axis(np.convolve, 0, rows, window, "same")
    columns = np.tile(np.arange(size, dtype="float32")[:, None], (size, 1, 1))
    moved = elastic(columns, alpha, sigma, fill_mode="nearest", seed=5)[..., 0]
    expected = np.clip(np.arange(size) + alpha * shift, 0, size - 1)
    np.testing.assert_allclose(moved, expected, atol=1e-4)


@pytest.mark.parametrize("images", [(None, None, None, 3), (2, None, None, 3), (None, None, 5, 3), (None, 5, 5, 3)])
def test_images_of_free_sizes(images):
    x, corners = KerasTensor(images), np.stack([SQUARE, SQUARE + 1])
    numbers = np.float32([[1, 0, 1, 0, 1, 0, 0, 0]] * 2)
    for transform in (numbers, KerasTensor((2, 8)), KerasTensor((None, 8))):
        moved = affine(x, transform)
        assert moved.shape[0] in (2, None) and moved.shape[1:] == images[1:]
    for points in (corners, KerasTensor((2, 4, 2)), KerasTensor((None, 4, 2))):
        moved = perspective(x, points, points)
        assert moved.shape[0] in (2, None) and moved.shape[1:] == images[1:]
    inputs = Input(batch_shape=images)
    model = Model(
        inputs, [affine(inputs, numbers), perspective(inputs, corners, SQUARE + np.zeros((2, 1, 1), "float32"))]
    )
    for result, expected in zip(
        model(IMAGES), (affine(IMAGES, numbers), perspective(IMAGES, corners, np.stack([SQUARE] * 2))), strict=True
    ):
        np.testing.assert_array_equal(result, expected)


def test_refused():
    for function in (lambda **options: affine(ROW, np.eye(8)[0], **options), lambda **options: elastic(ROW, **options)):
        with pytest.raises(UnknownNameError, match="Did you mean 'bilinear'"):
            function(interpolation="bilinea")
        with pytest.raises(UnknownNameError, match="Did you mean 'reflect'"):
            function(fill_mode="reflec")
    with pytest.raises(ShapeError, match=r"`transform` of shape \(8,\) or \(batch, 8\)"):
        affine(ROW, np.eye(3))
    with pytest.raises(ShapeError, match="one transformation, or one for each image. Received: 3, images"):
        affine(IMAGES, np.ones((3, 8)))
    with pytest.raises(ShapeError, match="images with pixels"):
        affine(IMAGES[:, :0], np.ones(8))
    with pytest.raises(ShapeError, match=r"Received: shapes \(4, 2\) and \(3, 2\)"):
        perspective(IMAGES, SQUARE, SQUARE[:3])
    with pytest.raises(ArgumentError):  # three of the points are on a line
        perspective(IMAGES, SQUARE, SQUARE * [1, 0])
    with pytest.raises(ArgumentError, match="`sigma`"):
        elastic(IMAGES, sigma=0)
