"""What normalization layers share: scale and offset, axes, float16."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.layers.normalization.affine import checked_axes, in_full, known_sizes

X = np.array([[1, 5], [3, 5]], "float32")


@pytest.mark.parametrize("cls", [layers.LayerNormalization, layers.BatchNormalization, layers.RMSNormalization])
def test_half_precision_is_computed_in_full(cls):
    layer = cls(dtype="float16")
    y = layer(np.array([[300, 500]], "float16"))  # their squares are no numbers of float16
    assert y.dtype == np.float16 and np.isfinite(y).all()


def test_scale_and_offset_can_be_left_out():
    for cls in (layers.LayerNormalization, layers.GroupNormalization, layers.BatchNormalization):
        groups = {"groups": 1} if cls is layers.GroupNormalization else {}
        layer = cls(center=False, **groups)
        layer.build((None, 2))
        assert layer.beta is None and layer.gamma.numpy().tolist() == [1, 1]
        layer = cls(scale=False, beta_initializer="ones", beta_constraint="non_neg", **groups)
        layer.build((None, 2))
        assert layer.gamma is None and layer.beta.numpy().tolist() == [1, 1] and layer.beta.constraint is not None
        assert [name for name in layer.get_config() if name.startswith(("beta", "gamma"))] == [
            f"{name}_{kind}" for kind in ("initializer", "regularizer", "constraint") for name in ("beta", "gamma")
        ]


def test_axes_and_sizes():
    assert checked_axes("Here", [-1, 0], (2, 3, 4)) == [2, 0] and checked_axes("Here", 1, (2, 3)) == [1]
    assert known_sizes("Here", [2, 0], (2, 3, 4)) == (4, 2)
    assert in_full(np.float16([1])).dtype == "float32" and in_full(np.float64([1])).dtype == "float64"
    with pytest.raises(ArgumentError, match="Here: the sizes of the normalized axes must be known"):
        known_sizes("Here", [1], (2, None))


def test_refused():
    for cls in (layers.LayerNormalization, layers.RMSNormalization, layers.UnitNormalization):
        for axis in ("a", None, 1.5, [], [1, "b"]):
            with pytest.raises(ArgumentTypeError, match=f"{cls.__name__}: `axis` must be an integer, or a list"):
                cls(axis)
        with pytest.raises(ArgumentError, match=r"there is no axis 2 in an input of shape \(2, 2\)"):
            cls(2)(X)
