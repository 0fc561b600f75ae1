"""Pieces of the Inception models."""

from minikeras.applications.inception import Conv, averaged, branch, conv, joined, stem
from minikeras.layers import Input
from minikeras.models import Model


def test_conv(no_draws):
    x = Input((9, 9, 4))
    model = Model(x, conv(x, 6, (1, 3), 2, "valid", name="c"))
    assert [layer.name for layer in model.layers[1:]] == ["c", "c_bn", "c_ac"]
    assert model.output_shape == (None, 5, 4, 6)
    assert [weight.path for weight in model.weights[:2]] == ["c/kernel", "c_bn/beta"]  # no bias, no gamma


def test_defaults():
    assert Conv(3) == (3, 1, 1, "same")


def test_branches(no_draws):
    x = Input((9, 9, 4))
    first, second = branch(x, (3,), (5, 3, 2)), branch(averaged(x, 2), (7, 1, 2))
    assert joined([first, second]).shape == (None, 5, 5, 12)
    assert averaged(x, 2).shape == (None, 9, 9, 2)


def test_stem(no_draws):
    assert stem(Input((299, 299, 3))).shape == (None, 35, 35, 192)
