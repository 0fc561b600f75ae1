"""Layers that contract their inputs with a kernel, which can be quantized in all ways."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .... import ops, quantizers
from ....engine.dtypes import dtype_of
from ....quantizers.zero_points import dequantize_with_sz_map
from ....typing import Tensor, TensorLike
from .base import Quantized, integer_product, weight_in_integers
from .calibrated import Calibrated
from .float8 import Float8

if TYPE_CHECKING:
    from ....quantizers.quantization_config import QuantizationConfig


class QuantizedKernel(Calibrated, Float8, Quantized):
    """The base of `Dense` and `EinsumDense`: `activation(contraction(inputs, kernel) + bias)`.

    A subclass says how inputs and kernel are contracted, and along which axes.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.
    """

    _zero_name = "kernel_zero"
    _variables_of_modes = {
        None: ("_kernel", "bias"),
        "int8": ("_kernel", "bias", "kernel_scale"),
        "int4": ("_kernel", "bias", "kernel_scale", "kernel_zero", "g_idx"),
        "float8": (
            *("_kernel", "bias", "inputs_scale", "inputs_amax_history", "kernel_scale", "kernel_amax_history"),
            *("outputs_grad_scale", "outputs_grad_amax_history"),
        ),
        "gptq": ("bias", "quantized_kernel", "kernel_scale", "kernel_zero", "g_idx"),
        "awq": ("bias", "quantized_kernel", "kernel_scale", "kernel_zero", "awq_scales", "g_idx"),
    }

    def quantized_build(self, kernel_shape: tuple, mode: str, config: "QuantizationConfig | None" = None) -> None:
        """Creates the quantized weights.

        Args:
            kernel_shape: The shape of the kernel.
            mode: The quantization mode.
            config: How it is quantized; None: as the dtype policy and the defaults say.

        Raises:
            NotSupportedError: If the layer cannot be quantized in this way.
        """
        self._build_quantized(kernel_shape, mode, config)

    # ---------------------------------------------------------------- the contraction; that of `Dense` here

    def _contract(self, inputs: TensorLike, kernel: TensorLike) -> Tensor:
        """Returns the product that the layer computes."""
        return ops.matmul(inputs, kernel)

    def _gradient_of_inputs(self, upstream: Tensor, kernel: Tensor) -> Tensor:
        """Returns the gradient of the inputs for that of the product."""
        return ops.matmul(upstream, ops.transpose(kernel))

    def _summed_axes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Returns the axes of the inputs, and of the kernel, over which products are summed."""
        return (-1,), (0,)

    def _scale_of_outputs(self, scale: TensorLike) -> TensorLike:
        """Returns the scale of the kernel, of size 1 along these axes, in the shape in which outputs have it."""
        return ops.squeeze(scale, 0)

    def _scale_of_kernel(self, scale: Tensor) -> Tensor:
        """Returns the scale in a shape that can be broadcast to the kernel, given that for outputs."""
        return scale

    def _inputs_scale_of_outputs(self, scale: Tensor) -> Tensor:
        """Returns the scale of the inputs, of size 1 along the axes that are summed, in a shape for the outputs."""
        return scale

    def _matrix_shape(self, kernel_shape: tuple) -> tuple[int, int]:
        """Returns the shape of the kernel as a matrix: of what is summed, and of what is not."""
        return kernel_shape

    def _as_matrix(self, kernel: np.ndarray) -> np.ndarray:
        """Returns the kernel as a matrix."""
        return kernel

    def _from_matrix(self, matrix: Tensor, kernel_shape: tuple) -> Tensor:
        """Returns the kernel for the matrix."""
        return matrix

    def _inputs_as_matrix(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the inputs as a matrix, whose columns are what is summed."""
        return inputs.reshape(-1, inputs.shape[-1])

    def _finished(self, x: Tensor, inputs: Tensor | None = None) -> Tensor:
        """Returns the output for the product; with the low-rank update of the kernel, if the inputs are given."""
        if inputs is not None and self.lora_enabled:
            x = ops.cast(ops.add(x, self._contract(inputs, self._update())), self.compute_dtype)
        return self.activation(x if self.bias is None else ops.add(x, self.bias))

    # ---------------------------------------------------------------- 8 bits

    def _int8_build(self, kernel_shape: tuple, config: "QuantizationConfig | None") -> None:
        default = quantizers.AbsMaxQuantizer()
        self.inputs_quantizer = quantizers.QuantizationConfig.activation_quantizer_or_default(config, default)
        self._kernel_shape = kernel_shape
        self._kernel = self._add_frozen("kernel", kernel_shape, "zeros", "int8")
        _, summed = self._summed_axes()
        shape = tuple(1 if axis in summed else size for axis, size in enumerate(kernel_shape))
        self.kernel_scale = self._add_frozen("kernel_scale", self._scale_of_outputs(np.ones(shape)).shape, "ones")

    def _int8_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        count = math.prod(self._kernel_shape[axis] for axis in self._summed_axes()[1])

        @ops.custom_gradient
        def product(inputs: Tensor, kernel: Tensor, scale: Tensor) -> tuple:
            def gradient(upstream: Tensor) -> tuple:
                restored = ops.divide(ops.cast(kernel, self.compute_dtype), self._scale_of_kernel(scale))
                return self._gradient_of_inputs(upstream, restored), None, None

            if self.inputs_quantizer is None:
                x, scales = ops.cast(self._contract(inputs, kernel), self.compute_dtype), scale
            else:
                values, inputs_scale = self.inputs_quantizer(inputs, axis=self._summed_axes()[0])
                x = integer_product(self._contract, values, kernel, count, self.compute_dtype)
                scales = ops.multiply(self._inputs_scale_of_outputs(inputs_scale), scale)
            return ops.divide(x, scales), gradient

        x = product(inputs, ops.convert_to_tensor(self._kernel), ops.convert_to_tensor(self.kernel_scale))
        return self._finished(x, inputs)

    # ---------------------------------------------------------------- 4 bits

    def _int4_build(self, kernel_shape: tuple, config: "QuantizationConfig | None") -> None:
        self.inputs_quantizer = quantizers.QuantizationConfig.activation_quantizer_or_default(config, None)
        self._kernel_shape = kernel_shape
        rows, columns = self._matrix_shape(kernel_shape)
        self._kernel = self._add_frozen("kernel", (rows, (columns + 1) // 2), "zeros", "int8")
        block = self._int4_block_size = self._block_size(config)
        shape = (columns,) if block is None else (math.ceil(rows / block), columns)
        self.kernel_scale = self._add_frozen("kernel_scale", shape, "ones")
        if block is not None:
            self.kernel_zero = self._add_frozen("kernel_zero", shape, "zeros", "int8")
            self._add_groups(rows, block)

    def _int4_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        @ops.custom_gradient
        def product(inputs: Tensor, kernel: Tensor) -> tuple:
            if self.inputs_quantizer is None:
                x = self._contract(inputs, kernel)
            else:
                values, scale = self.inputs_quantizer(inputs, axis=self._summed_axes()[0])
                x = self._contract(ops.cast(values, dtype_of(kernel)), kernel)
                x = ops.divide(x, self._inputs_scale_of_outputs(scale))
            return x, lambda upstream: (self._gradient_of_inputs(upstream, kernel), None)

        return self._finished(product(inputs, self._restored_int4()), inputs)

    def _restored_int4(self) -> Tensor:
        """Returns the kernel that the 4-bit weights stand for."""
        rows_and_columns = self._unpacked_int4()
        if self._int4_block_size is None:
            kernel = ops.divide(ops.cast(rows_and_columns, self.compute_dtype), self.kernel_scale)
        else:
            groups = (self.kernel_scale, self.kernel_zero, self.g_idx)
            kernel = ops.cast(dequantize_with_sz_map(rows_and_columns, *groups, group_axis=0), self.compute_dtype)
        return ops.reshape(kernel, self._kernel_shape)

    def _unpacked_int4(self) -> Tensor:
        return quantizers.unpack_int4(self._kernel, self._matrix_shape(self._kernel_shape)[1], axis=-1)

    # ---------------------------------------------------------------- values

    def _quantized_values(self, weight: np.ndarray, mode: str, config: "QuantizationConfig | None") -> dict:
        if mode == "int8":
            values, scale = weight_in_integers(weight, self._summed_axes()[1], config)
            return {"_kernel": values, "kernel_scale": self._scale_of_outputs(scale)}
        matrix = weight.reshape(self._matrix_shape(weight.shape))
        block = self._block_size(config)
        if block is not None:
            values, scale, zero = quantizers.abs_max_quantize_grouped_with_zero_point(matrix, block, to_numpy=True)
            more = {"kernel_zero": zero}
        else:
            values, scale = weight_in_integers(matrix, 0, config, value_range=(-8, 7))
            scale, more = ops.squeeze(scale, 0), {}
        return {"_kernel": quantizers.pack_int4(values, axis=-1)[0], "kernel_scale": scale, **more}

    def _dequantized(self) -> np.ndarray:
        if self.quantization_mode == "int8":
            return np.asarray(ops.divide(self._kernel, self._scale_of_kernel(self.kernel_scale)))
        return np.asarray(self._restored_int4())

    def _plain_weight(self) -> Any:
        mode = self.quantization_mode
        if mode == "int4":
            return ops.reshape(self._unpacked_int4(), self._kernel_shape)
        return super()._plain_weight() if hasattr(self, "_kernel") else self._unpacked_kernel()

    def _adapted_shape(self) -> tuple:
        return self._kernel_shape if self.quantization_mode in ("int8", "int4") else super()._adapted_shape()
