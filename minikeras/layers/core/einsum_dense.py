"""The `EinsumDense` layer."""

import re
from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from ... import activations, ops, regularizers
from ...argument_checks import check_optional_int
from ...engine.variable import Variable
from ...errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ...initializers.scaling import VarianceScaling
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    LayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from ..input_spec import InputSpec
from .quantization.einsum_axes import EinsumAxes
from .quantization.kernel import QuantizedKernel

_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


class EinsumDense(QuantizedKernel):
    """Dense layer that contracts the axes of its input with a kernel as an einsum equation says.

    `output = activation(einsum(equation, input, kernel) + bias)`

    Args:
        equation: The equation of input, kernel and output, such as "ab,bc->ac", "...x,xy->...y" or "ab...,bc->ac...".
        output_shape: The shape of the output without the batch axis and the axes of the ellipsis; None for a size that
            equals that of the input.
        activation: The name of an activation, or a function; None: no activation.
        bias_axes: The letters of the output axes along which the bias varies; None: no bias.
        kernel_initializer: Initializer of the kernel.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        bias_regularizer: Regularizer of the bias.
        kernel_constraint: Constraint applied to the kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        lora_rank: If given, the kernel is frozen and a low-rank update of this rank is trained instead.
        lora_alpha: The scale of the update, divided by the rank; the rank by default.
        gptq_unpacked_column_size: The number of columns of a kernel quantized with GPTQ, as configs have it; it is
            computed anew.
        quantization_config: How the weights are quantized if `dtype` is a policy of quantized layers, such as
            "int8_from_float32"; None: as the defaults of `quantize` say.
        **kwargs: Arguments of every layer, such as `name`, `dtype` and `activity_regularizer`.

    Raises:
        ArgumentError: If the equation is malformed, or does not fit the shapes.

    Source: https://keras.io/api/layers/core_layers/einsum_dense/

    Example:
        >>> layer = EinsumDense("abc,cd->abd", (None, 4), bias_axes="d", kernel_initializer="ones")
        >>> layer(ops.ones((1, 2, 3)))
        array([[[3., 3., 3., 3.],
                [3., 3., 3., 3.]]], dtype=float32)
    """

    _has_quantize = True

    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: ActivationLike = None,
        bias_axes: str | None = None,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        gptq_unpacked_column_size: int | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        self.gptq_unpacked_column_size = check_optional_int(
            "EinsumDense", "gptq_unpacked_column_size", gptq_unpacked_column_size, minimum=1
        )
        self._set_quantization(quantization_config)
        output_shape = (output_shape,) if isinstance(output_shape, (int, np.integer)) else output_shape
        if not isinstance(output_shape, (list, tuple)):
            raise ArgumentTypeError(
                f"EinsumDense: `output_shape` must be an integer or a tuple. "
                f"Received: output_shape={brief(output_shape)}"
            )
        self.equation = equation
        self._parts = _parsed(equation)
        self.partial_output_shape = tuple(output_shape)
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self._declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self._set_lora(lora_rank, lora_alpha)

    def build(self, input_shape: Shape) -> None:
        """Creates the kernel and the bias."""
        _, weights, outputs, _ = self._parts
        _, sizes = self._sizes(input_shape)
        shape = tuple(sizes[letter] for letter in weights)
        if None in shape:
            raise ArgumentError(
                f"{self._where()}: all sizes of the kernel must be known. Received: equation={brief(self.equation)}, "
                f"output_shape={self.partial_output_shape} and an input of shape {tuple(input_shape)}"
            )
        initializer = self.kernel_initializer
        if isinstance(initializer, VarianceScaling) and None in (initializer.input_axes, initializer.output_axes):
            ends = {
                "input_axes": [axis for axis, letter in enumerate(weights) if letter not in outputs],
                "output_axes": [axis for axis, letter in enumerate(weights) if letter in outputs],
            }
            initializer = type(initializer).from_config({**initializer.get_config(), "seed": initializer.seed, **ends})
        self._axes = EinsumAxes(*self._parts, rank=len(input_shape))
        self._build_weight(shape, initializer)
        self.bias = None
        if self.bias_axes is not None:
            self.bias = self._add_declared_weight("bias", self._bias_shape(input_shape, sizes))
        self.input_spec = InputSpec(ndim=len(input_shape))
        self._apply_lora()

    @property
    def kernel(self) -> Variable | Any:
        """The kernel, with the low-rank update if LoRA is enabled."""
        return self._adapted()

    def _sizes(self, input_shape: tuple) -> tuple[tuple, dict]:
        """Returns the shape of the output, and the size of each letter."""
        inputs, weights, outputs, ellipsis = self._parts
        elided = len(input_shape) - len(inputs)
        if elided < 0 or (elided and ellipsis is None):
            raise ShapeError(
                f"{self._where()}: the input has {len(inputs)} axes in equation={self.equation!r}. "
                f"Received: an input of shape {tuple(input_shape)}"
            )
        more = elided if ellipsis == "left" else 0
        here = tuple(input_shape[more : more + len(inputs)])
        given = (input_shape[0], *self.partial_output_shape)
        if ellipsis == "left" and elided:
            shape = (*input_shape[:elided], *self.partial_output_shape)
            named = shape[elided:]
        else:
            shape = (*given, *input_shape[len(inputs) :])
            named = given
        if len(named) != len(outputs):
            raise ShapeError(
                f"{self._where()}: the output has {len(outputs)} axes in equation={self.equation!r}, which do not fit "
                f"output_shape={self.partial_output_shape} and an input of shape {tuple(input_shape)}."
            )
        sizes = dict(zip(inputs, here, strict=True))
        for letter, size in zip(outputs, named, strict=True):
            if letter in sizes and size is not None and sizes[letter] != size:
                raise ShapeError(
                    f"{self._where()}: axis '{letter}' has size {sizes[letter]} in the input and {size} in the output, "
                    f"for equation={self.equation!r}."
                )
            sizes[letter] = sizes.get(letter) if size is None else size
        missing = [letter for letter in weights if letter not in sizes]
        if missing or not set(outputs) <= set(inputs) | set(weights):
            raise ArgumentError(
                f"{self._where()}: each letter of the kernel must be one of the input or of the output, and each "
                f"of the output one of the input or of the kernel. Received: equation={brief(self.equation)}"
            )
        return shape, sizes

    def _bias_shape(self, input_shape: tuple, sizes: dict) -> tuple:
        inputs, _, outputs, ellipsis = self._parts
        if not self.bias_axes or not set(self.bias_axes) <= set(outputs):
            raise ArgumentError(
                f"{self._where()}: `bias_axes` must be letters of the output of equation={self.equation!r}. "
                f"Received: bias_axes={brief(self.bias_axes)}"
            )
        letters = outputs[min(outputs.index(letter) for letter in self.bias_axes) :]
        behind = len(input_shape) - len(inputs) if ellipsis == "right" else 0
        return (*(sizes[letter] if letter in self.bias_axes else 1 for letter in letters), *(1,) * behind)

    def call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        """Returns `activation(einsum(equation, inputs, kernel) + bias)`."""
        return self._finished(self._contract(inputs, self.kernel))

    # ---------------------------------------------------------------- what quantization needs to know

    _zero_name = "zero_point"

    def _gptq_build(self, kernel_shape: tuple, config: Any) -> None:
        super()._gptq_build(kernel_shape, config)
        self.gptq_unpacked_column_size = self._matrix_shape(kernel_shape)[1]

    def _contract(self, inputs: TensorLike, kernel: TensorLike) -> Tensor:
        return ops.einsum(self.equation, inputs, kernel)

    def _gradient_of_inputs(self, upstream: Tensor, kernel: Tensor) -> Tensor:
        return ops.einsum(self._axes.equation_of_gradient, upstream, kernel)

    def _summed_axes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self._axes.summed_of_inputs, self._axes.summed_of_kernel

    def _scale_of_outputs(self, scale: TensorLike) -> TensorLike:
        return self._axes.to_outputs(scale, "kernel")

    def _scale_of_kernel(self, scale: Tensor) -> Tensor:
        return self._axes.to_kernel(scale)

    def _inputs_scale_of_outputs(self, scale: Tensor) -> Tensor:
        return self._axes.to_outputs(scale, "inputs")

    def _matrix_shape(self, kernel_shape: tuple) -> tuple[int, int]:
        return self._axes.matrix_shape(kernel_shape)

    def _as_matrix(self, kernel: np.ndarray) -> np.ndarray:
        return self._axes.as_matrix(kernel)

    def _from_matrix(self, matrix: Tensor, kernel_shape: tuple) -> Tensor:
        return self._axes.from_matrix(matrix, kernel_shape)

    def _inputs_as_matrix(self, inputs: np.ndarray) -> np.ndarray:
        return self._axes.inputs_as_matrix(inputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the shape of the output."""
        return self._sizes(input_shape)[0]

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        activity = {"activity_regularizer": regularizers.serialize(self.activity_regularizer)}
        columns = self.gptq_unpacked_column_size
        return {
            **super().get_config(),
            "output_shape": self.partial_output_shape,
            "equation": self.equation,
            "activation": activations.serialize(self.activation),
            "bias_axes": self.bias_axes,
            **self._weight_config("kernel", "bias", before_constraints=activity),
            **self._quantization_config(),
            **self._lora_config(),
            **({"gptq_unpacked_column_size": columns} if columns else {}),
        }


def _parsed(equation: object) -> tuple[str, str, str, str | None]:
    """Returns the letters of input, kernel and output, and on which side of them the ellipsis is."""
    found = _EQUATION.fullmatch(equation) if isinstance(equation, str) else None
    sides = found and ((found[1], found[3]), (found[5], found[7]))
    if not found or sides[0] != sides[1] or all(sides[0]) or (sides[0][1] and len(found[2]) < 2):
        raise ArgumentError(
            "EinsumDense: `equation` must be of the form 'ab,bc->ac', '...b,bc->...c' or 'ab...,bc->ac...'. "
            f"Received: equation={brief(equation)}"
        )
    ellipsis = "left" if sides[0][0] else "right" if sides[0][1] else None
    return found[2], found[4], found[6], ellipsis
