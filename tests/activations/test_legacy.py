import inspect

import pytest

from minikeras import activations
from minikeras.activations.legacy import renamed
from minikeras.errors import ArgumentTypeError, LegacyWarning


def test_alpha_of_relu():
    with pytest.warns(LegacyWarning, match=r"`relu\(alpha=...\)`.*`relu\(negative_slope=...\)`") as caught:
        assert activations.relu([-2.0], alpha=0.5).tolist() == [-1]
    assert caught[0].filename == __file__


def test_both_names():
    with pytest.raises(ArgumentTypeError, match="`alpha` is the older name of `negative_slope`"):
        activations.relu([-2.0], alpha=0.5, negative_slope=0.5)


def test_the_function_stays_what_it_is():
    @renamed(old="new")
    def function(x, new=1):
        """Adds."""
        return x + new

    assert (function.__name__, function.__doc__) == ("function", "Adds.")
    assert list(inspect.signature(function).parameters) == ["x", "new"]
    assert (function(1), function(1, 2), function(1, new=3)) == (2, 3, 4)
    with pytest.raises(TypeError, match="other"):
        function(1, other=2)
