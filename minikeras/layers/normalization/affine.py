"""The base of normalization layers with a trainable scale and offset."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...engine.dtypes import dtype_of, result_type
from ...errors import ArgumentError
from ...ops.normalization import standardized
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..same_shape import SameShape


class Affine(SameShape):
    """The base of layers that normalize, then multiply by `gamma` and add `beta`.

    Args:
        center: Whether to add the offset `beta`.
        scale: Whether to multiply by the scale `gamma`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/normalization_layers/
    """

    def __init__(self, center: bool, scale: bool, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.center, self.scale = center, scale
        self.gamma = self.beta = None

    def add_affine(self, shape: tuple) -> None:
        """Creates `gamma` and `beta`, as declared."""
        if self.scale:
            self.gamma = self._add_declared_weight("gamma", shape, autocast=False)
        if self.center:
            self.beta = self._add_declared_weight("beta", shape, autocast=False)

    def transformed(
        self,
        x: TensorLike,
        mean: TensorLike,
        variance: TensorLike,
        shape: tuple,
        correction: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        """Returns `(x - mean) / (variance + epsilon)^(1/2) * gamma + beta`.

        Args:
            x: The inputs, in float32 or float64.
            mean: The mean; broadcasts to `x`.
            variance: The variance; broadcasts to `x`.
            shape: The shape in which `gamma` and `beta` broadcast to `x`.
            correction: r and d, of that shape, if `r * x_hat + d` is to be scaled instead of the normalized `x_hat`.
        """
        scale, offset = (
            None if weight is None else ops.cast(ops.reshape(weight, shape), dtype_of(x))
            for weight in (self.gamma, self.beta)
        )
        if correction is not None:
            r, d = correction if scale is None else (part * scale for part in correction)
            scale, offset = r, d if offset is None else d + offset
        return standardized(x, mean, variance, self.epsilon, scale, offset)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape."""
        checked_axes(self._where(), self.axis, input_shape)
        return input_shape


def in_full(x: TensorLike) -> Tensor:
    """Casts to float32 at least: squares of smaller dtypes overflow."""
    return ops.cast(x, result_type(dtype_of(x), "float32"))


def checked_axes(where: str, axis: int | Sequence[int], input_shape: Shape) -> list[int]:
    """Returns axes as a list, counted from the start.

    Raises:
        ArgumentError: If the input has no such axis.
    """
    axes = axis if isinstance(axis, (list, tuple)) else [axis]
    for each in axes:
        if not -len(input_shape) <= each < len(input_shape):
            raise ArgumentError(
                f"{where}: there is no axis {each} in an input of shape {tuple(input_shape)}. Received: axis={axis}"
            )
    return [each % len(input_shape) for each in axes]


def known_sizes(where: str, axes: Sequence[int], input_shape: Shape) -> tuple:
    """Returns the sizes along axes.

    Raises:
        ArgumentError: If one is unknown.
    """
    sizes = tuple(input_shape[axis] for axis in axes)
    if None in sizes:
        raise ArgumentError(
            f"{where}: the sizes of the normalized axes must be known. Received: an input of shape {tuple(input_shape)}"
        )
    return sizes
