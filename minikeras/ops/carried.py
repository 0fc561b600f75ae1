"""What a loop carries from turn to turn: it keeps its nesting, shapes and dtypes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.dispatch import operand
from ..engine.dtypes import dtype_of
from ..engine.tensor import Tensor
from ..errors import ArgumentTypeError, brief
from ..graph.keras_tensor import KerasTensor
from .common.arguments import as_value
from .conversion import cast

_NUMBERS = (bool, int, float)


class Carried:
    """The first values of what a loop carries, and what its later values must be.

    Args:
        where: What errors call the loop.
        argument: The name of its argument.
        structure: The first values, possibly nested.

    Attributes:
        first: The first values, as operands.
    """

    def __init__(self, where: str, argument: str, structure: Any):
        self._where, self._argument, self._structure = where, argument, structure
        leaves = tree.flatten(structure)
        self._is_weak = [isinstance(leaf, _NUMBERS) for leaf in leaves]
        self.first = [leaf if isinstance(leaf, KerasTensor) else operand(leaf) for leaf in leaves]

    def arrays(self) -> list[np.ndarray]:
        """Returns the first values as arrays."""
        return [value.array if isinstance(value, Tensor) else value for value in self.first]

    def packed(self, values: Sequence) -> Any:
        """Returns values nested as the first ones."""
        return tree.pack_like(self._structure, list(values))

    def check_structure(self, result: Any) -> None:
        """Refuses the values of a later turn if they are nested in another way.

        Raises:
            ArgumentTypeError: If they are.
        """
        if tree.structure_key(result) != tree.structure_key(self._structure):
            raise ArgumentTypeError(
                f"{self._where}: the function must return what is carried nested as `{self._argument}` is: "
                f"{brief(self._structure)}. Received: {brief(result)}"
            )

    def check(self, values: Sequence) -> bool:
        """Compares the values of a later turn with the first ones.

        Returns:
            False if what began as a number of Python has become another dtype: now it begins as that, and the loop has
            to start anew.

        Raises:
            ArgumentTypeError: If a shape or dtype differs.
        """
        for number, (value, first) in enumerate(zip(map(as_value, values), self.first, strict=True)):
            is_same = dtype_of(value) == dtype_of(first)
            if tuple(value.shape) != tuple(first.shape) or not (is_same or self._is_weak[number]):
                raise ArgumentTypeError(
                    f"{self._where}: what is carried must keep its shape and dtype. Value {number} is of shape "
                    f"{tuple(first.shape)} and dtype {dtype_of(first)}, but the function returned shape "
                    f"{tuple(value.shape)} and dtype {dtype_of(value)}."
                )
            if not is_same:
                # An array of int32 and float32 are float64 to numpy, a number and float32 are not.
                dtype = dtype_of(value)
                self.first[number], self._is_weak[number] = cast(first, None if dtype == "float64" else dtype), False
                return False
        return True


def check_function(argument: str, value: object) -> None:
    """Refuses what is no function.

    Args:
        argument: The argument that it is.
        value: What was given.

    Raises:
        ArgumentTypeError: If it cannot be called.
    """
    if not callable(value):
        raise ArgumentTypeError(f"`{argument}` should be a callable. Received: {argument}={brief(value)}")
