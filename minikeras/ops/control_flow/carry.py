"""The carry of a loop, whose structure, shapes and dtypes are the same in all iterations."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...engine import tree
from ...engine.dispatch import operand
from ...engine.dtypes import dtype_of
from ...engine.tensor import Tensor
from ...errors import ArgumentTypeError, brief
from ...graph.keras_tensor import KerasTensor
from ..common.arguments import as_value
from ..conversion import cast

_NUMBERS = (bool, int, float)


class Carried:
    """The initial carry of a loop, which determines the structure, shapes and dtypes of later ones.

    Args:
        where: The name of the loop in errors.
        argument: The name of its argument.
        structure: The initial carry, possibly nested.

    Attributes:
        first: The initial values, as operands.
    """

    def __init__(self, where: str, argument: str, structure: Any):
        self._where, self._argument, self._structure = where, argument, structure
        leaves = tree.flatten(structure)
        self._is_weak = [isinstance(leaf, _NUMBERS) for leaf in leaves]
        self.first = [leaf if isinstance(leaf, KerasTensor) else operand(leaf) for leaf in leaves]

    def arrays(self) -> list[np.ndarray]:
        """Returns the initial values as arrays."""
        return [value.array if isinstance(value, Tensor) else value for value in self.first]

    def packed(self, values: Sequence) -> Any:
        """Returns values in the structure of the initial carry."""
        return tree.pack_like(self._structure, list(values))

    def check_structure(self, result: Any) -> None:
        """Refuses a carry of another structure.

        Raises:
            ArgumentTypeError: If the structures differ.
        """
        if tree.structure_key(result) != tree.structure_key(self._structure):
            raise ArgumentTypeError(
                f"{self._where}: the function must return a carry with the structure of `{self._argument}`: "
                f"{brief(self._structure)}. Received: {brief(result)}"
            )

    def check(self, values: Sequence) -> bool:
        """Compares a later carry with the initial one.

        Returns:
            False if an initial Python number was promoted to another dtype: the initial value now has that dtype, and
            the loop must be restarted.

        Raises:
            ArgumentTypeError: If a shape or dtype differs.
        """
        for number, (value, first) in enumerate(zip(map(as_value, values), self.first, strict=True)):
            is_same = dtype_of(value) == dtype_of(first)
            if tuple(value.shape) != tuple(first.shape) or not (is_same or self._is_weak[number]):
                raise ArgumentTypeError(
                    f"{self._where}: the carry must keep its shape and dtype. Value {number} has shape "
                    f"{tuple(first.shape)} and dtype {dtype_of(first)}, but the function returned shape "
                    f"{tuple(value.shape)} and dtype {dtype_of(value)}."
                )
            if not is_same:
                # numpy promotes an int32 array and float32 to float64, but not a Python number and float32.
                dtype = dtype_of(value)
                self.first[number], self._is_weak[number] = cast(first, None if dtype == "float64" else dtype), False
                return False
        return True


def check_function(argument: str, value: object) -> None:
    """Refuses a value that is not callable.

    Args:
        argument: The name of the argument.
        value: The value passed.

    Raises:
        ArgumentTypeError: If it is not callable.
    """
    if not callable(value):
        raise ArgumentTypeError(f"`{argument}` should be a callable. Received: {argument}={brief(value)}")
