"""Argument names of Keras 2."""

import inspect

import pytest

from minikeras.engine.renamed_arguments import renamed
from minikeras.errors import ArgumentTypeError, LegacyWarning


@renamed(colour="color", wide="width")
def paint(color, width=1):
    """Paints."""
    return color, width


class Brush:
    @renamed(colour="color")
    def __init__(self, color):
        self.color = color


def test_todays_names_do_not_warn():
    assert paint("red", width=2) == paint(color="red", width=2) == ("red", 2)


def test_older_names_warn_and_work():
    with pytest.warns(LegacyWarning, match=r"`paint\(colour=...\)`.*`paint\(color=...\)`"):
        assert paint(colour="red") == ("red", 1)
    with pytest.warns(LegacyWarning, match=r"`Brush\(colour=...\)`.*`Brush\(color=...\)`"):
        assert Brush(colour="red").color == "red"


def test_several_older_names():
    with pytest.warns(LegacyWarning) as warned:
        assert paint(colour="red", wide=3) == ("red", 3)
    assert len(warned) == 2


def test_both_names_are_refused():
    with pytest.raises(ArgumentTypeError, match="`colour` is the older name of `color`; give only one of them"):
        paint(color="red", colour="red")


def test_the_function_looks_as_before():
    assert paint.__name__ == "paint" and paint.__doc__ == "Paints."
    assert list(inspect.signature(paint).parameters) == ["color", "width"]
