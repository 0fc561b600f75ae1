"""Embeddings that can be quantized to 8 and 4 bits, with scales for each id."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .... import ops, quantizers
from ....quantizers.zero_points import dequantize_with_sz_map
from ....typing import Tensor, TensorLike
from .base import Quantized, weight_in_integers

if TYPE_CHECKING:
    from ....quantizers.quantization_config import QuantizationConfig


class QuantizedEmbeddings(Quantized):
    """The base of `Embedding` and `ReversibleEmbedding`.

    A subclass has `input_dim`, `output_dim`, and a method `_ids` that checks its inputs.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.
    """

    _adapted_weight = "embeddings"
    _variables_of_modes = {
        None: ("_embeddings",),
        "int8": ("_embeddings", "embeddings_scale"),
        "int4": ("_embeddings", "embeddings_scale", "embeddings_zero", "g_idx"),
    }

    def quantized_build(self, embeddings_shape: tuple, mode: str, config: "QuantizationConfig | None" = None) -> None:
        """Creates the quantized weights.

        Args:
            embeddings_shape: The shape of the embeddings.
            mode: The quantization mode.
            config: How they are quantized; None: as the dtype policy and the defaults say.

        Raises:
            NotSupportedError: If the layer cannot be quantized in this way.
        """
        self._build_quantized(embeddings_shape, mode, config)

    def _int8_build(self, embeddings_shape: tuple, config: "QuantizationConfig | None") -> None:
        self._embeddings = self._add_frozen("embeddings", embeddings_shape, "zeros", "int8")
        self.embeddings_scale = self._add_frozen("embeddings_scale", embeddings_shape[:1], "ones")

    def _int4_build(self, embeddings_shape: tuple, config: "QuantizationConfig | None") -> None:
        ids, size = embeddings_shape
        self._embeddings = self._add_frozen("embeddings", (ids, (size + 1) // 2), "zeros", "int8")
        block = self._int4_block_size = self._block_size(config)
        shape = (ids,) if block is None else (ids, math.ceil(size / block))
        self.embeddings_scale = self._add_frozen("embeddings_scale", shape, "ones")
        if block is not None:
            self.embeddings_zero = self._add_frozen("embeddings_zero", shape, "zeros", "int8")
            self._add_groups(size, block)

    def _int8_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        ids = self._ids(inputs)
        return self._looked_up(ids, ops.take(self._embeddings, ids, axis=0))

    def _int4_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        ids = self._ids(inputs)
        rows = ops.take(self._embeddings, ids, axis=0)  # far fewer are unpacked than there are
        return self._looked_up(ids, quantizers.unpack_int4(rows, self.output_dim, axis=-1))

    def _looked_up(self, ids: Tensor, rows: Tensor) -> Tensor:
        """Returns the vectors of ids for their quantized ones."""
        outputs = self._restored(rows, lambda values: ops.take(values, ids, axis=0))
        if self.lora_enabled:
            a, b = self._factors()
            update = ops.matmul(ops.take(a, ids, axis=0), b)
            outputs = ops.add(outputs, (self.lora_alpha / self.lora_rank) * update)
        return ops.cast(outputs, self.compute_dtype)

    def _restored(self, values: TensorLike, chosen: Any = ops.convert_to_tensor) -> Tensor:
        """Returns the vectors for quantized ones.

        Args:
            values: The quantized vectors, of some or all ids.
            chosen: A function from values for all ids to those for these ones.
        """
        values, scale = ops.cast(values, self.compute_dtype), chosen(self.embeddings_scale)
        if self._int4_block_size is None:
            return ops.divide(values, ops.expand_dims(scale, -1))
        return dequantize_with_sz_map(values, scale, chosen(self.embeddings_zero), self.g_idx)

    def _quantized_values(self, weight: np.ndarray, mode: str, config: "QuantizationConfig | None") -> dict:
        if mode == "int8":
            values, scale = weight_in_integers(weight, -1, config)
            return {"_embeddings": values, "embeddings_scale": ops.squeeze(scale, -1)}
        block = self._block_size(config)
        if block is None:
            values, scale = weight_in_integers(weight, -1, config, value_range=(-8, 7))
            scales = {"embeddings_scale": ops.squeeze(scale, -1)}
        else:
            found = quantizers.abs_max_quantize_grouped_with_zero_point(weight.T, block, to_numpy=True)
            values, scale, zero = (ops.transpose(each) for each in found)
            scales = {"embeddings_scale": scale, "embeddings_zero": zero}
        return {"_embeddings": quantizers.pack_int4(values, axis=-1)[0], **scales}

    def _dequantized(self) -> np.ndarray:
        return np.asarray(self._restored(self._plain_weight()))

    def _plain_weight(self) -> Any:
        if self.quantization_mode == "int4":
            return quantizers.unpack_int4(self._embeddings, self.output_dim, axis=-1)
        return super()._plain_weight()

    def _adapted_shape(self) -> tuple:
        return self.input_dim, self.output_dim
