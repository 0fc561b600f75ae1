"""A mapping from variables to optimizers, by patterns of their paths."""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Self

from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..serialization import configs as serialization
from ..tracebacks import Filtered
from .loss_scale_optimizer import LossScaleOptimizer
from .optimizer import Optimizer


class OptimizerMap(Filtered, MutableMapping):
    """A dictionary of optimizers, whose keys are variable paths or regular expressions that match whole paths.

    Args:
        default_optimizer: The optimizer of paths that no key matches.
        optimizer_map: Optimizers by key.

    Raises:
        ArgumentTypeError: If an argument is not an optimizer, or not a dictionary of them.
        ArgumentError: If a key is not a valid regular expression.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> from minikeras.optimizers import SGD, Adam
        >>> optimizers = OptimizerMap(SGD(), {"encoder/.*": Adam(name="adam")})
        >>> optimizers["encoder/dense/kernel"].name
        'adam'
        >>> optimizers["decoder/dense/kernel"] is optimizers.default_optimizer
        True
    """

    def __init__(self, default_optimizer: Optimizer, optimizer_map: dict[str, Optimizer] | None = None):
        if not isinstance(default_optimizer, Optimizer):
            raise ArgumentTypeError(
                f"OptimizerMap: expected `default_optimizer` to be an optimizer. Received: {brief(default_optimizer)}"
            )
        if optimizer_map is not None and not isinstance(optimizer_map, dict):
            raise ArgumentTypeError(
                f"OptimizerMap: expected `optimizer_map` to be a dictionary of optimizers. "
                f"Received: {brief(optimizer_map)}"
            )
        self._default_optimizer = default_optimizer
        self._optimizers: dict[str, Optimizer] = {}
        for key, optimizer in (optimizer_map or {}).items():
            self[key] = optimizer

    @property
    def default_optimizer(self) -> Optimizer:
        """The optimizer of paths that no key matches."""
        return self._default_optimizer

    def __getitem__(self, key: str) -> Optimizer:
        """Returns the optimizer of a path: that of an equal key, else of a matching one, else the default.

        Raises:
            ArgumentError: If several keys match.
        """
        if key in self._optimizers:
            return self._optimizers[key]
        matching = [pattern for pattern in self._optimizers if re.fullmatch(pattern, key)]
        if len(matching) > 1:
            raise ArgumentError(f"OptimizerMap: expected one key to match the path '{key}'. Received: {matching}")
        return self._optimizers[matching[0]] if matching else self._default_optimizer

    def __setitem__(self, key: str, optimizer: Optimizer) -> None:
        """Adds the optimizer of a path or a pattern.

        Raises:
            ArgumentError: If the key exists already or is not a valid regular expression, or the optimizer is not a
                single one.
        """
        if key in self._optimizers:
            raise ArgumentError(f"OptimizerMap: the key {key!r} exists already, with {self._optimizers[key]!r}.")
        if not isinstance(key, str):
            raise ArgumentError(f"OptimizerMap: expected a key to be a string. Received: {brief(key)}")
        check_single(f"OptimizerMap: expected the optimizer of {key!r} to be a single one", optimizer)
        try:
            re.compile(key)
        except re.error as error:
            raise ArgumentError(f"OptimizerMap: the key {key!r} is not a valid regular expression: {error}") from error
        self._optimizers[key] = optimizer

    def __delitem__(self, key: str) -> None:
        del self._optimizers[key]

    def __len__(self) -> int:
        return len(self._optimizers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._optimizers)

    def __call__(self, variable: Variable) -> Optimizer:
        """Returns the optimizer of a variable."""
        return self[variable.path]

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "default_optimizer": serialization.serialize_keras_object(self._default_optimizer),
            "optimizer_map": serialization.serialize_keras_object(self._optimizers),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Creates the map that `get_config` described.

        Args:
            config: The constructor arguments.
            custom_objects: Custom classes, by name.
        """
        default, optimizers = (
            serialization.deserialize_keras_object(config.get(name), custom_objects)
            for name in ("default_optimizer", "optimizer_map")
        )
        return cls(default, optimizers)


def check_single(expected: str, optimizer: object) -> None:
    """Raises unless it is a single optimizer, as opposed to a composite one.

    Args:
        expected: Prefix of the message.
        optimizer: The value to check.

    Raises:
        ArgumentError: If it is not a single optimizer.

    Example:
        >>> check_single("expected one", Optimizer(0.1))
    """
    if (
        not isinstance(optimizer, Optimizer)
        or isinstance(optimizer, LossScaleOptimizer)
        or hasattr(optimizer, "optimizers")
    ):
        raise ArgumentError(f"{expected}, not a LossScaleOptimizer or MultiOptimizer. Received: {brief(optimizer)}")
