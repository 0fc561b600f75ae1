"""Kernels quantized with GPTQ and AWQ, after the inputs of the layer have been looked at."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .... import ops, quantizers
from ....dtype_policies import AWQDTypePolicy, GPTQDTypePolicy
from ....errors import ArgumentError, StateError
from ....quantizers.zero_points import dequantize_with_sz_map
from ....tracebacks import Filtered
from ....typing import Tensor, TensorLike

_POLICIES = {"gptq": GPTQDTypePolicy, "awq": AWQDTypePolicy}


class Calibrated(Filtered):
    """The part of a layer with a kernel that is quantized with GPTQ or AWQ.

    `quantize` prepares it: it still computes with its kernel, and an observer can see its inputs. Then `_calibrate`
    replaces the kernel.
    """

    is_gptq_calibrated = is_awq_calibrated = False
    _observe: Callable[[np.ndarray], None] | None = None  # called with the inputs, as a matrix, during the calibration
    _statistics: Any = None

    def _gptq_build(self, kernel_shape: tuple, config: Any) -> None:
        self._calibrated_build("gptq", kernel_shape, config)

    def _awq_build(self, kernel_shape: tuple, config: Any) -> None:
        self._calibrated_build("awq", kernel_shape, config)

    def _calibrated_build(self, mode: str, kernel_shape: tuple, config: Any) -> None:
        policy_kind = _POLICIES[mode]
        kind = {"gptq": quantizers.GPTQConfig, "awq": quantizers.AWQConfig}[mode]
        settings = config if isinstance(config, kind) else self._own_policy
        if not isinstance(settings, (kind, policy_kind)):
            raise ArgumentError(f"{self._where()}: mode '{mode}' needs a {kind.__name__} or a {policy_kind.__name__}.")
        rows, columns = self._matrix_shape(kernel_shape)
        groups = 1 if settings.group_size == -1 else math.ceil(rows / settings.group_size)
        self._kernel_shape, self._weight_bits = kernel_shape, settings.weight_bits
        packed = (columns + 1) // 2 if settings.weight_bits == 4 else columns
        self.quantized_kernel = self._add_frozen("kernel", (packed, rows), "zeros", "uint8")
        self.kernel_scale = self._add_frozen("kernel_scale", (columns, groups), "ones")
        self.kernel_zero = self._add_frozen(self._zero_name, (columns, groups), "zeros", "uint8")
        if mode == "awq":
            self.awq_scales = self._add_frozen("awq_scales", (rows,), "ones")
        self.g_idx = self.add_weight((rows,), "zeros", "float32", trainable=False, autocast=False, name="g_idx")

    def _gptq_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        return self._calibrated_call(inputs, self.is_gptq_calibrated)

    def _awq_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        return self._calibrated_call(inputs, self.is_awq_calibrated)

    def _calibrated_call(self, inputs: TensorLike, is_calibrated: bool) -> Tensor:
        if is_calibrated:
            return self._finished(self._contract(inputs, self._restored_kernel()))
        if not hasattr(self, "_kernel"):
            raise StateError(
                f"{self._where()} has the dtype policy '{self.dtype_policy.name}', but its weights were not quantized: "
                "load them from a file, or make the layer with another policy and use `model.quantize`."
            )
        if self._observe is not None:
            self._observe(self._inputs_as_matrix(np.asarray(inputs)))
        return self._finished(self._contract(inputs, self._kernel))

    def _unpacked_kernel(self) -> Tensor:
        """Returns the quantized kernel, shape (columns, rows)."""
        if self._weight_bits != 4:
            return ops.convert_to_tensor(self.quantized_kernel)
        columns = self.kernel_scale.shape[0]
        return quantizers.unpack_int4(self.quantized_kernel, columns, axis=0, dtype="uint8")

    def _restored_kernel(self) -> Tensor:
        """Returns the kernel that the quantized one stands for."""
        kernel = dequantize_with_sz_map(self._unpacked_kernel(), self.kernel_scale, self.kernel_zero, self.g_idx)
        kernel = ops.transpose(kernel)
        if self.quantization_mode == "awq":
            kernel = ops.divide(kernel, ops.expand_dims(self.awq_scales, -1))
        return self._from_matrix(kernel, self._kernel_shape)

    # ---------------------------------------------------------------- calibration

    def _start_calibration(self) -> None:
        """Observes the inputs from now on."""
        rows, _ = self._matrix_shape(self._kernel.shape)
        from ....quantizers.awq import Magnitudes
        from ....quantizers.gptq import Hessian

        self._statistics = (Hessian if self.quantization_mode == "gptq" else Magnitudes)(rows)
        self._observe = self._statistics.add

    def _calibrate(self) -> None:
        """Quantizes the kernel, according to the inputs since `_start_calibration`."""
        from ....quantizers.awq import awq_quantize  # like their statistics, few layers need them
        from ....quantizers.gptq import gptq_quantize

        config = self.quantization_config
        weights = np.ascontiguousarray(self._as_matrix(self._kernel.numpy()).T)
        if self.quantization_mode == "gptq":
            quantized, scale, zero, groups = gptq_quantize(weights, self._statistics, config)
        else:
            quantized, scale, zero, scales, groups = awq_quantize(weights, self._statistics, config)
            self.awq_scales.assign(scales)
        if self._weight_bits == 4:
            quantized, _, _ = quantizers.pack_int4(quantized, axis=0, dtype="uint8")
        self.quantized_kernel.assign(quantized)
        self.kernel_scale.assign(scale)
        self.kernel_zero.assign(zero)
        self.g_idx.assign(groups)
        self._stop_calibration()
        self._note_calibrated()

    def _stop_calibration(self) -> None:
        """Observes the inputs no longer."""
        self._observe = self._statistics = None
