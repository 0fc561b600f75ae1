"""Pieces of several architectures."""

import pytest

from minikeras import config
from minikeras.applications.blocks import channel_axis, correct_pad, make_divisible, spatial_sizes
from minikeras.layers import Input


def test_channel_axis():
    assert (channel_axis(), channel_axis(3)) == (-1, 3)
    config.set_image_data_format("channels_first")
    assert (channel_axis(), channel_axis(3)) == (1, 1)


def test_spatial_sizes():
    assert spatial_sizes(Input((5, 6, 3))) == (5, 6)
    config.set_image_data_format("channels_first")
    assert spatial_sizes(Input((3, 5, 6))) == (5, 6)


@pytest.mark.parametrize(
    ("shape", "kernel", "padding"),
    [
        ((224, 75, 3), 3, ((0, 1), (1, 1))),
        ((224, 75, 3), 5, ((1, 2), (2, 2))),
        ((None, None, 3), 3, ((0, 1), (0, 1))),
        ((None, 75, 3), 7, ((2, 3), (2, 3))),
    ],
)
def test_correct_pad(shape, kernel, padding):
    assert correct_pad(Input(shape), kernel) == padding


def test_make_divisible():
    # the nearest multiple, at least the divisor; the next one where it would be more than 10 % too small
    assert [make_divisible(value) for value in (1, 8, 11, 12, 16.8, 24.5, 35)] == [8, 8, 16, 16, 16, 24, 32]
    assert make_divisible(11) == 16 and make_divisible(44, 16) == 48
