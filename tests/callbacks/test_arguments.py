"""The checks of callbacks' arguments."""

import pathlib

import pytest

from minikeras.callbacks.arguments import (
    check_path,
    check_save_freq,
    check_verbose,
    require_package,
    takes_old_arguments,
)
from minikeras.errors import ArgumentError, ArgumentTypeError


def test_verbose():
    assert [check_verbose("Here", value) for value in (0, 1, True)] == [0, 1, 1]
    with pytest.raises(ArgumentTypeError, match="Here: `verbose` must be 0 or 1. Received: verbose='auto'"):
        check_verbose("Here", "auto")


def test_save_freq():
    assert [check_save_freq("Here", value) for value in ("epoch", 3)] == ["epoch", 3]
    for value in (0, -1, 1.5, True, "batch", None):
        with pytest.raises(ArgumentError, match="'epoch' or a number of batches >= 1"):
            check_save_freq("Here", value)


def test_paths():
    assert check_path("Here", "file", pathlib.PurePosixPath("a/b")) == "a/b"
    with pytest.raises(ArgumentTypeError, match="Here: expected `file` to be a string or a path. Received: file=3"):
        check_path("Here", "file", 3)
    with pytest.raises(ArgumentError, match="an empty string"):
        check_path("Here", "file", "")


def test_packages():
    require_package("Here", "numpy", "all")
    with pytest.raises(ImportError, match=r"Here needs the package nothing_of_that_name.*minikeras\[extra\]"):
        require_package("Here", "nothing_of_that_name", "extra")


def test_old_arguments():
    taken = []

    class Old:
        @takes_old_arguments(lambda self, old: taken.append(old))
        def __init__(self, new=1):
            """Its docstring."""
            self.new = new

    assert Old(2, period=3).new == 2 and taken == [{"period": 3}]
    assert Old().new == 1 and len(taken) == 1 and Old.__init__.__doc__ == "Its docstring."
