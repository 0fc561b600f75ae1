"""Constraints on a layer's inputs, checked before anything is computed."""

from typing import Any, Self

from ..argument_checks import as_bool
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..tracebacks import Filtered


class InputSpec(Filtered):
    """The dtype, rank and sizes that a layer accepts; what is None is not checked.

    Args:
        dtype: The dtype.
        shape: The full shape, with None for free sizes.
        ndim: The number of axes.
        max_ndim: The largest number of axes.
        min_ndim: The smallest number of axes.
        axes: A dict of required sizes by axis.
        allow_last_axis_squeeze: Whether a last axis of size 1 may be missing or additional.
        name: The name of the input; if all inputs have one, they may be passed as a dict.
        optional: Only False: minikeras has no optional inputs.

    Raises:
        ArgumentError: If `optional` is true, or a constraint is invalid.

    Source: https://keras.io/api/layers/base_layer/

    Example:
        >>> InputSpec(min_ndim=2, axes={-1: 784}).axes
        {-1: 784}
    """

    def __init__(
        self,
        dtype: str | None = None,
        shape: tuple | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, int | None] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ):
        if as_bool("InputSpec", "optional", optional):
            raise ArgumentError(
                f"InputSpec: inputs are not optional in minikeras. Received: optional={brief(optional)}"
            )
        self.dtype = dtype
        try:
            self.shape = None if shape is None else tuple(shape)
            self.axes = {int(axis): size for axis, size in ({} if axes is None else axes).items()}
        except (TypeError, ValueError, AttributeError) as error:
            raise ArgumentTypeError(
                "InputSpec: `shape` must be a tuple and `axes` a dict of sizes by axis index. "
                f"Received: shape={brief(shape)}, axes={brief(axes)}"
            ) from error
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.allow_last_axis_squeeze = as_bool("InputSpec", "allow_last_axis_squeeze", allow_last_axis_squeeze)
        self.name = name
        self.optional = False

    def check(self, shape: tuple, dtype: str, where: str) -> None:
        """Raises an error if an input does not meet the constraints.

        Args:
            shape: The shape of the input.
            dtype: Its dtype.
            where: The layer, for error messages.

        Raises:
            ShapeError: If it does not.
        """
        problem = self._problem(self._without_last(shape), dtype)
        if problem:
            of_input = f" for '{self.name}'" if self.name else ""
            raise ShapeError(
                f"{where}: expected {problem}{of_input}, received input of shape {tuple(shape)} and dtype {dtype}."
            )

    def _without_last(self, shape: tuple) -> tuple:
        """Returns a shape with a last axis of size 1 added or removed, if that is allowed and makes it fit."""
        if not self.allow_last_axis_squeeze or self.shape is None or len(shape) == len(self.shape):
            return shape
        if len(shape) == len(self.shape) + 1 and shape[-1] == 1:
            return shape[:-1]
        return (*shape, 1) if len(shape) == len(self.shape) - 1 and self.shape[-1] == 1 else shape

    def _problem(self, shape: tuple, dtype: str) -> str | None:
        rank = len(shape)
        if self.ndim is not None and rank != self.ndim:
            return f"{self.ndim} axes" if self.shape is None else f"shape {self.shape}"
        if self.min_ndim is not None and rank < self.min_ndim:
            return f"at least {self.min_ndim} axes (did you forget the batch axis?)"
        if self.max_ndim is not None and rank > self.max_ndim:
            return f"at most {self.max_ndim} axes"
        if self.dtype is not None and dtype != self.dtype:
            return f"dtype {self.dtype}"
        for axis, size in self.axes.items():
            if size is not None and shape[axis] not in (size, None):
                name = "last input dimension" if axis in (-1, rank - 1) else f"input dimension {axis} to be"
                return f"{name} {size}"
        if self.shape is not None:
            pairs = zip(self.shape, shape, strict=True)
            if any(expected is not None and size is not None and expected != size for expected, size in pairs):
                return f"shape {self.shape}"
        return None

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "dtype": self.dtype,
            "shape": self.shape,
            "ndim": self.ndim,
            "max_ndim": self.max_ndim,
            "min_ndim": self.min_ndim,
            "axes": self.axes,
            "optional": self.optional,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a spec from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        given = {name: value for name, value in self.get_config().items() if value and name != "optional"}
        return f"InputSpec({', '.join(f'{name}={value}' for name, value in given.items())})"
