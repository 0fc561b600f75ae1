"""The cells of NASNet."""

from minikeras.applications.nasnet_cells import normal_cell, reduction_cell
from minikeras.layers import Input


def test_normal_cell(no_draws):
    x, before = Input((8, 8, 12)), Input((8, 8, 6))
    y, passed = normal_cell(x, before, 4, "a")
    assert y.shape == (None, 8, 8, 24)  # six parts of 4 channels
    assert passed is x


def test_normal_cell_after_a_reduction(no_draws):
    y, _ = normal_cell(Input((4, 4, 12)), Input((8, 8, 6)), 4, "b")
    assert y.shape == (None, 4, 4, 24)


def test_reduction_cell(no_draws):
    for size, expected in ((8, 4), (7, 4)):
        x = Input((size, size, 12))
        y, passed = reduction_cell(x, None, 12, f"c{size}")
        assert y.shape == (None, expected, expected, 48)  # four parts of 12 channels
        assert passed is x
