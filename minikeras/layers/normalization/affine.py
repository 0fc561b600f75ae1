"""What normalizing layers share: the scale and the shift that are trained."""

from collections.abc import Sequence
from typing import Unpack

import numpy as np

from ... import constraints, initializers, ops, regularizers
from ...engine.dtypes import dtype_of, result_type
from ...errors import ArgumentError, ArgumentTypeError, brief
from ...typing import (
    ConstraintLike,
    InitializerLike,
    LayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from ..base import Layer


class Affine(Layer):
    """The base of layers that normalize, then multiply with `gamma` and add `beta`.

    Args:
        center: Add `beta`.
        scale: Multiply with `gamma`.
        beta_initializer: First values of `beta`.
        gamma_initializer: First values of `gamma`.
        beta_regularizer: A penalty on `beta` that is added to the loss.
        gamma_regularizer: A penalty on `gamma`.
        beta_constraint: What `beta` is put through after each update.
        gamma_constraint: What `gamma` is put through.
        **kwargs: `name`, `dtype`, ... of every layer.

    Source: https://keras.io/api/layers/normalization_layers/
    """

    def __init__(
        self,
        center: bool = True,
        scale: bool = True,
        beta_initializer: InitializerLike = "zeros",
        gamma_initializer: InitializerLike = "ones",
        beta_regularizer: RegularizerLike = None,
        gamma_regularizer: RegularizerLike = None,
        beta_constraint: ConstraintLike = None,
        gamma_constraint: ConstraintLike = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma = self.beta = None
        self.supports_masking = True

    def add_affine(self, shape: tuple) -> None:
        """Makes `gamma` and `beta`."""
        if self.scale:
            self.gamma = self.add_weight(
                shape,
                self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                autocast=False,
                name="gamma",
            )
        if self.center:
            self.beta = self.add_weight(
                shape,
                self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                autocast=False,
                name="beta",
            )

    def transformed(self, x: TensorLike, mean: TensorLike, variance: TensorLike, shape: tuple) -> Tensor:
        """Returns `(x - mean) / (variance + epsilon)^(1/2) * gamma + beta`.

        Args:
            x: The values, in at least float32.
            mean: What is taken off; broadcasts to `x`.
            variance: What is divided by; broadcasts to `x`.
            shape: The shape in which `gamma` and `beta` broadcast to `x`.
        """
        inverse = ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            inverse = inverse * ops.cast(ops.reshape(self.gamma, shape), dtype_of(x))
        outputs = (x - mean) * inverse
        return outputs if self.beta is None else outputs + ops.cast(ops.reshape(self.beta, shape), dtype_of(x))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape."""
        checked_axes(self._where(), self.axis, input_shape)
        return input_shape

    def affine_config(self) -> dict:
        """Returns the arguments of `gamma` and `beta` that make the same layer again."""
        return {
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }


def in_full(x: TensorLike) -> Tensor:
    """Returns a value in at least float32: squares of smaller types overflow early."""
    return ops.cast(x, result_type(dtype_of(x), "float32"))


def axis_argument(where: str, axis: object) -> int | list:
    """Returns an axis, or several as a list.

    Raises:
        ArgumentTypeError: If it is something else.
    """
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if not axes or not all(isinstance(each, (int, np.integer)) and not isinstance(each, bool) for each in axes):
        raise ArgumentTypeError(
            f"{where}: `axis` must be a whole number, or several in a list. Received: axis={brief(axis)}"
        )
    return [int(each) for each in axes] if isinstance(axis, (list, tuple)) else int(axis)


def checked_axes(where: str, axis: int | Sequence[int], input_shape: Shape) -> list[int]:
    """Returns axes as a list of numbers >= 0.

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
    """Returns the sizes of axes.

    Raises:
        ArgumentError: If one is not known.
    """
    sizes = tuple(input_shape[axis] for axis in axes)
    if None in sizes:
        raise ArgumentError(
            f"{where}: the sizes of the normalized axes must be known. Received: an input of shape {tuple(input_shape)}"
        )
    return sizes
