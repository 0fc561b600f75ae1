"""The base class of quantizers, and the one that scales by the largest magnitude."""

from collections.abc import Sequence
from typing import Any, Self

from ..errors import ArgumentError, NotSupportedError
from ..tracebacks import Filtered
from ..typing import Tensor, TensorLike
from .abs_max import abs_max_quantize


class Quantizer(Filtered):
    """The base class of quantizers: functions of an array, with a config. This one returns its argument.

    Args:
        output_dtype: The dtype of the quantized values.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> class Rounding(Quantizer):
        ...     def __call__(self, x):
        ...         return x.round().astype(self.output_dtype)
        >>> import numpy as np
        >>> Rounding()(np.array([1.2, 2.7]))
        array([1, 3], dtype=int8)
    """

    def __init__(self, output_dtype: str = "int8"):
        self.output_dtype = output_dtype

    def __call__(self, x: TensorLike) -> Any:
        """Returns the quantized values; subclasses override it."""
        return x

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a quantizer from its config."""
        return cls(**config)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor; subclasses implement it."""
        raise NotSupportedError(f"{type(self).__name__} does not implement `get_config`.")


class AbsMaxQuantizer(Quantizer):
    """Scales values so that the largest magnitude becomes the end of the range, and rounds them.

    `scale = value_range[1] / (max(abs(x)) + epsilon)`, `quantized = clip(round(x * scale), value_range)`

    Args:
        axis: The axis, or the axes, over which the largest magnitude is taken; if None, that of the call or else -1.
        value_range: The smallest and the largest quantized value.
        epsilon: A small number, so that zeros can be scaled.
        output_dtype: The dtype of the quantized values.

    Raises:
        ArgumentError: If the range does not fit into int8.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> values, scale = AbsMaxQuantizer(axis=-1)([[0.25, -1.0]])
        >>> values, scale.round(2)
        (array([[  32, -127]], dtype=int8), array([[127.]], dtype=float32))
    """

    def __init__(
        self,
        axis: int | Sequence[int] | None = None,
        value_range: tuple[int, int] = (-127, 127),
        epsilon: float = 1e-07,
        output_dtype: str = "int8",
    ):
        super().__init__(output_dtype)
        self.axis = (axis,) if isinstance(axis, int) else axis if axis is None else tuple(axis)
        self.value_range = tuple(value_range)
        self.epsilon = epsilon
        if output_dtype == "int8" and (value_range[0] < -128 or value_range[1] > 127):
            raise ArgumentError(
                "AbsMaxQuantizer: with output_dtype='int8', `value_range` must be within [-128, 127]. "
                f"Received: value_range={value_range}"
            )

    def __call__(
        self, x: TensorLike, axis: int | Sequence[int] | None = None, to_numpy: bool = False
    ) -> tuple[Tensor, Tensor]:
        """Returns the quantized values, and the scales by which they were multiplied.

        Args:
            x: The values.
            axis: The axes of this call, instead of those of the quantizer.
            to_numpy: Whether to compute outside of any trace.
        """
        axis = self.axis if axis is None else axis
        axis = -1 if axis is None else axis
        return abs_max_quantize(x, axis, self.value_range, self.output_dtype, self.epsilon, to_numpy)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {"value_range": self.value_range, "epsilon": self.epsilon, "output_dtype": self.output_dtype}
        return config if self.axis is None else {**config, "axis": self.axis}
