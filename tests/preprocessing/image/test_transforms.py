"""Random transformations: within their limits, repeatable by numpy's seed, and exact where nothing is random."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.preprocessing import image as images

ROW = np.arange(4.0)[None, :, None]
AXES = (0, 1, 2)


def test_channel_shifts_stay_in_the_range_of_the_image():
    assert images.apply_channel_shift(np.float32([[[0.0, 5.0, 10.0]]]), 3.0).tolist() == [[[3.0, 8.0, 10.0]]]
    x = np.float32([[[0.0, 5.0, 10.0]]])
    np.random.seed(0)
    shift = np.random.uniform(-2, 2)
    np.random.seed(0)
    np.testing.assert_allclose(images.random_channel_shift(x, 2), np.clip(x + shift, 0, 10), rtol=1e-6)


def test_brightness():
    x = np.full((1, 2, 3), 100.0, "float32")
    assert images.apply_brightness_shift(x, 0.5, scale=False).tolist() == np.full((1, 2, 3), 50.0).tolist()
    assert images.random_brightness(x, (2.0, 2.0), scale=False).tolist() == np.full((1, 2, 3), 200.0).tolist()
    with pytest.raises(
        ArgumentError, match="`brightness_range` must be a pair of numbers. Received: brightness_range=2"
    ):
        images.random_brightness(x, 2)


@pytest.mark.parametrize(
    ("transform", "draw", "parameters"),
    [
        (lambda x: images.random_rotation(x, 40, *AXES), lambda: [np.random.uniform(-40, 40)], ["theta"]),
        (lambda x: images.random_shear(x, 20, *AXES), lambda: [np.random.uniform(-20, 20)], ["shear"]),
        (lambda x: images.random_zoom(x, (0.5, 2), *AXES), lambda: np.random.uniform(0.5, 2, 2), ["zx", "zy"]),
        (
            lambda x: images.random_shift(x, 0.5, 0.25, *AXES),
            lambda: [np.random.uniform(-0.25, 0.25) * 6, np.random.uniform(-0.5, 0.5) * 4],
            ["tx", "ty"],
        ),
    ],
)
def test_parameters_are_drawn_from_numpy(transform, draw, parameters):
    x = np.random.default_rng(0).uniform(size=(6, 4, 1))
    for seed in range(5):
        np.random.seed(seed)
        found = transform(x)
        np.random.seed(seed)
        expected = images.apply_affine_transform(
            x, **dict(zip(parameters, draw(), strict=True)), row_axis=0, col_axis=1, channel_axis=2
        )
        np.testing.assert_array_equal(found, expected)


def test_no_zoom_is_the_identity():
    assert images.random_zoom(ROW, (1, 1), *AXES) is ROW
    with pytest.raises(ArgumentError, match="`zoom_range` must be a pair"):
        images.random_zoom(ROW, (1, 2, 3), *AXES)


def test_axes_by_name():
    np.random.seed(1)
    by_name = images.random_shift(ROW, 0.5, 0, row_axis=0, col_axis=1, channel_axis=2)
    np.random.seed(1)
    np.testing.assert_array_equal(by_name, images.random_shift(ROW, 0.5, 0, *AXES))
