"""Logits computed with quantized embeddings."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .... import ops, quantizers
from ....quantizers.zero_points import dequantize_with_sz_map
from ....typing import Tensor, TensorLike
from .base import integer_product, weight_in_integers
from .embeddings import QuantizedEmbeddings

if TYPE_CHECKING:
    from ....quantizers.quantization_config import QuantizationConfig


class QuantizedReverse(QuantizedEmbeddings):
    """The part of `ReversibleEmbedding` that is quantized: a weight of the logits, if it is not that of the vectors.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.
    """

    _variables_of_modes = {
        None: ("_embeddings", "reverse_embeddings"),
        "int8": ("_embeddings", "embeddings_scale", "reverse_embeddings", "reverse_embeddings_scale"),
        "int4": (
            *("_embeddings", "embeddings_scale", "embeddings_zero", "g_idx"),
            *("reverse_embeddings", "reverse_embeddings_scale", "reverse_embeddings_zero"),
        ),
    }

    @property
    def variable_serialization_spec(self) -> dict[str | None, list[str]]:
        """The names of the weights in files, by quantization mode."""
        spec = super().variable_serialization_spec
        if not self.tie_weights:
            return spec
        return {mode: [name for name in names if "reverse" not in name] for mode, names in spec.items()}

    def _int8_build(self, embeddings_shape: tuple, config: "QuantizationConfig | None") -> None:
        super()._int8_build(embeddings_shape, config)
        self._set_inputs_quantizer(config)
        if not self.tie_weights:
            ids, size = embeddings_shape
            self.reverse_embeddings = self._add_frozen("reverse_embeddings", (size, ids), "zeros", "int8")
            self.reverse_embeddings_scale = self._add_frozen("reverse_embeddings_scale", (ids,), "ones")

    def _int4_build(self, embeddings_shape: tuple, config: "QuantizationConfig | None") -> None:
        super()._int4_build(embeddings_shape, config)
        self._set_inputs_quantizer(config)
        if not self.tie_weights:
            ids, size = embeddings_shape
            packed, block = ((size + 1) // 2, ids), self._int4_block_size
            self.reverse_embeddings = self._add_frozen("reverse_embeddings", packed, "zeros", "int8")
            shape = (ids,) if block is None else (math.ceil(size / block), ids)
            self.reverse_embeddings_scale = self._add_frozen("reverse_embeddings_scale", shape, "ones")
            if block is not None:  # of floats, as in Keras
                self.reverse_embeddings_zero = self._add_frozen("reverse_embeddings_zero", shape, "zeros")

    def _set_inputs_quantizer(self, config: "QuantizationConfig | None") -> None:
        default = quantizers.AbsMaxQuantizer(axis=-1)
        self.inputs_quantizer = quantizers.QuantizationConfig.activation_quantizer_or_default(config, default)

    def _int8_call(self, inputs: TensorLike, reverse: bool = False) -> Tensor:
        if not reverse:
            return self._masked(super()._int8_call(inputs), inputs)
        if self.tie_weights:
            kernel, scale = ops.transpose(self._embeddings), self.embeddings_scale
        else:
            kernel, scale = ops.convert_to_tensor(self.reverse_embeddings), self.reverse_embeddings_scale
        return self._quantized_logits(inputs, kernel, scale)

    def _int4_call(self, inputs: TensorLike, reverse: bool = False) -> Tensor:
        if not reverse:
            return self._masked(super()._int4_call(inputs), inputs)
        if self.tie_weights:
            kernel, scale = ops.transpose(self._plain_weight()), self.embeddings_scale
        else:
            kernel = quantizers.unpack_int4(self.reverse_embeddings, self.output_dim, axis=0)
            scale = self.reverse_embeddings_scale
        if self._int4_block_size is None:
            return self._quantized_logits(inputs, kernel, scale)
        if self.tie_weights:
            scale, zero = ops.transpose(scale), ops.transpose(self.embeddings_zero)
        else:
            zero = self.reverse_embeddings_zero
        values = ops.cast(kernel, self.compute_dtype)
        return self._quantized_logits(inputs, dequantize_with_sz_map(values, scale, zero, self.g_idx, group_axis=0), 1)

    def _quantized_logits(self, inputs: TensorLike, kernel: Tensor, scale: Any) -> Tensor:
        """Returns the logits of vectors.

        Args:
            inputs: The vectors.
            kernel: The weight, shape (output_dim, input_dim).
            scale: By what it is to be divided.
        """
        self._check_vectors(inputs.shape)
        if self.inputs_quantizer is not None:
            values, inputs_scale = self.inputs_quantizer(inputs)
            logits = integer_product(ops.matmul, values, kernel, self.output_dim, self.compute_dtype)
            scale = ops.multiply(inputs_scale, scale)
        else:
            logits = ops.cast(ops.matmul(inputs, kernel), self.compute_dtype)
        return self._capped(ops.divide(logits, scale))

    def _quantized_values(self, weight: np.ndarray, mode: str, config: "QuantizationConfig | None") -> dict:
        values = super()._quantized_values(weight, mode, config)
        if self.tie_weights or "reverse_embeddings_scale" in vars(self):  # the update of LoRA is one of the embeddings
            return values
        other, block = self.reverse_embeddings.numpy(), self._block_size(config) if mode == "int4" else None
        if block is None:
            options = {} if mode == "int8" else {"value_range": (-8, 7)}
            quantized, scale = weight_in_integers(other, 0, config, **options)
            scales = {"reverse_embeddings_scale": ops.squeeze(scale, 0)}
        else:
            quantized, scale, zero = quantizers.abs_max_quantize_grouped_with_zero_point(other, block, to_numpy=True)
            scales = {"reverse_embeddings_scale": scale, "reverse_embeddings_zero": zero}
        if mode == "int4":
            quantized = quantizers.pack_int4(quantized, axis=0)[0]
        return {**values, "reverse_embeddings": quantized, **scales}
