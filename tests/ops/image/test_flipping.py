"""Mirroring some images of a batch: worked by hand, and in every layout."""

import numpy as np
import pytest

from minikeras.ops.image.flipping import flip_chosen
from tests.helpers import check_grads, run_step_test

CHOSEN = np.array([True, False, True, True]).reshape(4, 1, 1, 1)
RNG = np.random.default_rng(0)


def test_by_hand():
    images = np.int32([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])
    for axes, expected in (
        ((-2,), [[[3, 4], [1, 2]], [[7, 8], [5, 6]]]),
        ((-3,), [[[5, 6], [7, 8]], [[1, 2], [3, 4]]]),
        ((-2, -3), [[[7, 8], [5, 6]], [[3, 4], [1, 2]]]),
        ((-1,), [[[2, 1], [4, 3]], [[6, 5], [8, 7]]]),
    ):
        assert flip_chosen(images, np.ones((1, 1, 1, 1), bool), axes)[0].tolist() == expected


@pytest.mark.parametrize("channels", [0, 1, 2, 3, 16])
@pytest.mark.parametrize("dtype", ["float32", "float16", "uint8", "bool"])
@pytest.mark.parametrize("axes", [(-2,), (-3,), (-2, -3), (-1,), (-1, -2)])
def test_every_layout(channels, dtype, axes):
    images = RNG.uniform(0, 9, (4, 3, 5, channels)).astype(dtype)
    expected = np.where(CHOSEN, np.flip(images, axes), images)
    for layout in (images, np.asfortranarray(images), np.repeat(images, 2, 2)[:, :, ::2]):
        flipped = flip_chosen(layout, CHOSEN, axes)
        assert flipped.dtype == dtype
        np.testing.assert_array_equal(flipped, expected)


def test_one_choice_for_all_images():
    images = RNG.uniform(0, 9, (4, 3, 5, 2))
    np.testing.assert_array_equal(flip_chosen(images, CHOSEN[:1], (-2,)), images[:, :, ::-1])
    np.testing.assert_array_equal(flip_chosen(images, CHOSEN[1:2], (-2,)), images)


def test_gradients_and_steps():
    check_grads(lambda x: flip_chosen(x, CHOSEN, (-2, -3)) ** 2, RNG.uniform(0, 1, (4, 2, 3, 2)))
    data = [(RNG.uniform(0, 1, (4, 2, 3, 3)).astype("float32"), chosen) for chosen in (CHOSEN, ~CHOSEN)]
    run_step_test(lambda each: flip_chosen(*each, (-2,)) * 2, *data)
