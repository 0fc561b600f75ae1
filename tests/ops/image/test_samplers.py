"""Linear interpolation of blocks: line by line has the same bits as point by point, in blocks of any size."""

import numpy as np
import pytest

from minikeras.ops.image.coordinates import AffineCoordinates, GivenCoordinates, projected
from minikeras.ops.image.samplers import LineSampler, PointSampler, Source, between, copy_channels
from minikeras.ops.image.scratch import scratch

RNG = np.random.default_rng(0)
ZOOMS = np.zeros((4, 8), "float32")
ZOOMS[:, [0, 4]] = RNG.uniform(0.5, 1.5, (4, 2))
ZOOMS[:, [2, 5]] = RNG.uniform(-3, 3, (4, 2))


def sampled(kind, coordinates, x, block, points, border=None):
    """Interpolates with a table that repeats the last element, or with a border of one element."""
    low, high = map(np.floor, coordinates.limits())
    tables = []
    for a, b, size in zip(low, high, x.shape[1:3], strict=True):
        index = np.arange(int(a), int(b) + 1)[:, None] + np.arange(2)
        tables.append(np.clip(index, 0, size - 1) if border is None else np.clip(index, -1, size) + 1)
    source = Source(x, block, 1000, border)
    sampler = kind(coordinates, tables, low, source, points)
    result = np.full((len(x), *coordinates.shape, x.shape[-1]), np.nan, "float32")
    with scratch(*sampler.needs) as memory:
        for start in range(0, len(x), block):
            images = slice(start, min(start + block, len(x)))
            sampler.fill(memory, images, result[images])
    return result


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 6, 9])
@pytest.mark.parametrize("border", [None, 0.25])
def test_lines_have_the_bits_of_points(channels, border):
    x = RNG.uniform(0, 1, (4, 6, 7, channels)).astype("float32")
    coordinates = AffineCoordinates(ZOOMS, 6, 7)
    assert coordinates.keeps_lines
    expected = sampled(PointSampler, GivenCoordinates(projected(ZOOMS, 6, 7)), x, 4, 1000, border)
    for block, points in ((4, 1000), (3, 1000), (1, 1000), (1, 14), (3, 50), (2, 1)):
        for kind in (LineSampler, PointSampler):
            np.testing.assert_array_equal(sampled(kind, coordinates, x, block, points, border), expected)


def test_by_hand():
    x = np.float32([[1, 2], [5, 10]]).reshape(1, 2, 2, 1)
    half = np.float32([[0.5, 0, 0.25, 0, 0.5, 0, 0, 0]])  # x of 0.25 and 0.75, y of 0 and 0.5
    for kind in (LineSampler, PointSampler):
        found = sampled(kind, AffineCoordinates(half, 2, 2), x, 1, 100)
        np.testing.assert_array_equal(found[0, :, :, 0], [[1.25, 1.75], [3.75, 5.25]])


@pytest.mark.parametrize(("channels", "lanes"), [(1, 1), (3, 4), (4, 4), (5, 8), (9, 9)])
def test_pixels_are_copied_with_more_channels(channels, lanes):
    x = RNG.uniform(0, 1, (3, 2, 2, channels)).astype("float32")
    source = Source(x, 2, 4, None)
    assert (source.lanes, source.channels, source.shape) == (lanes, channels, (2, 2))
    for block in (slice(0, 2), slice(2, 3)):
        pixels = source.of(block)
        assert pixels.shape == (4 * (block.stop - block.start), lanes)
        np.testing.assert_array_equal(pixels[:, :channels], x[block].reshape(-1, channels))
    assert Source(x, 2, 2, None).lanes == channels  # few points


def test_a_border():
    source = Source(np.ones((1, 1, 2, 3), "float32"), 1, 4, 7.0)
    assert source.shape == (3, 4)
    np.testing.assert_array_equal(
        source.of(slice(0, 1)).reshape(3, 4, 4)[..., 0], [[7, 7, 7, 7], [7, 1, 1, 7], [7, 7, 7, 7]]
    )


def test_helpers():
    result = np.zeros((2, 4))
    copy_channels(np.float64([[1, 2, 3], [4, 5, 6]]), result)
    assert result.tolist() == [[1, 2, 3, 0], [4, 5, 6, 0]]
    first, second = np.float64([1, 2]), np.float64([3, 6])
    assert between(first, second, np.float64([0.5, 0.25]), second) is second
    assert second.tolist() == [2, 3]
