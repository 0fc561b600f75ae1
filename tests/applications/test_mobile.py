"""What the MobileNets share."""

import pytest

from minikeras.applications.application import Application
from minikeras.applications.mobile import check_alpha, default_size
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.layers import Input


def application(shape=None, tensor=None, weights=None):
    return Application("M", False, weights, tensor, shape, None, 10, None)


@pytest.mark.parametrize(
    ("shape", "tensor", "size"),
    [
        (None, None, 224),
        ((96, 96, 3), None, 96),
        ((96, 128, 3), None, 224),
        ((100, 100, 3), None, 224),
        (None, (128, 128, 3), 128),
        (None, (None, None, 3), 224),
    ],
)
def test_default_size(shape, tensor, size):
    asked = application(shape, None if tensor is None else Input(tensor))
    assert default_size(asked, (96, 128)) == size


def test_alpha():
    check_alpha(application(), 0.3, (0.5,))  # without weights, any
    check_alpha(application(weights="imagenet"), 0.5, (0.5,))
    with pytest.raises(ArgumentError, match=r"M: `alpha` must be one of \[0.5\] for the weights of ImageNet"):
        check_alpha(application(weights="imagenet"), 0.3, (0.5,))
    for wrong in (0, -1.0):
        with pytest.raises(ArgumentError, match="M: `alpha` must be"):
            check_alpha(application(), wrong, ())
    with pytest.raises(ArgumentTypeError, match="M: `alpha` must be"):
        check_alpha(application(), None, ())
