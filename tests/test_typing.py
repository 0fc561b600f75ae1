import inspect
import os
import pathlib
import subprocess
import sys
import typing

import numpy as np
import pytest

import minikeras
from minikeras import KerasTensor, Variable, ops
from minikeras.engine.operators import Operators
from minikeras.engine.tensor import Tensor as TracedTensor
from minikeras.engine.trace import Trace
from minikeras.typing import Array, Nested, Shape, Tensor, TensorLike

ROOT = pathlib.Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "tests" / "typing" / "scripts").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_scripts_that_type_checkers_read_run(script, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-W", "error", str(script)]
    result = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout
    assert list(tmp_path.iterdir()) == []


def test_signatures_name_types_instead_of_what_they_stand_for():
    assert str(inspect.signature(ops.relu)) == "(x: minikeras.typing.TensorLike) -> minikeras.typing.Tensor"


def test_types_can_be_combined_in_hints_of_users():
    def function(x: Tensor | None, shapes: Nested[Shape], y: TensorLike = 0) -> dict[str, Array]: ...

    hints = typing.get_type_hints(function)
    assert hints["x"] == Tensor | None
    assert hints["shapes"] == Nested[Shape]
    assert hints["return"] == dict[str, np.ndarray[typing.Any, typing.Any]]


@pytest.mark.parametrize("value", [KerasTensor((2,)), Variable([1.0, 2.0]), TracedTensor(np.ones(2), Trace())])
def test_every_value_has_what_type_checkers_take_it_to_have(value):
    assert isinstance(value, Operators)
    assert (tuple(value.shape), value.ndim) == ((2,), 1)
    assert "float" in str(value.dtype)
    assert all(hasattr(type(value), f"__{name}__") for name in ("array", "bool", "int", "float"))


def public_functions():
    """The functions and methods of the public namespaces, by name."""
    for namespace in (minikeras, *(each for each in vars(minikeras).values() if inspect.ismodule(each))):
        for name in getattr(namespace, "__all__", ()):
            value = getattr(namespace, name)
            if inspect.isfunction(value):
                yield f"{namespace.__name__}.{name}", value


def test_hints_of_public_functions_can_be_resolved():
    found = dict(public_functions())
    assert len(found) > 300
    for function in found.values():
        typing.get_type_hints(inspect.unwrap(function))
