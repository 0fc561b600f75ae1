"""The base of layers with one large weight that can be quantized."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .... import ops, quantizers
from ....dtype_policies import Int4DTypePolicy
from ....engine.dtypes import dtype_of
from ....engine.variable import Variable
from ....errors import ArgumentError, NotSupportedError, StateError, brief
from ....typing import InitializerLike, Tensor
from ..lora import LoRA

if TYPE_CHECKING:
    from ....quantizers.quantization_config import QuantizationConfig

_INTEGERS = ("int8", "int4", "gptq", "awq")  # modes in which the weight itself is replaced
_CALIBRATED = ("gptq", "awq")


class Quantized(LoRA):
    """The base of layers with one large weight, as `_kernel` or what `_adapted_weight` says, that can be quantized.

    A subclass stores `quantization_config` by `_set_quantization`, creates the weight by `_build_weight`, and has
    methods `_{mode}_build` and `_{mode}_call` for each of its modes; and `_quantized_values`, `_dequantized`. If
    `quantize` knows all uses of the weight, the class has `_has_quantize` itself: those derived from it may have more.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.
    """

    quantization_config: "QuantizationConfig | None" = None
    _has_quantize = False
    # Attributes of the weights that files have, by mode, in their order; a weight that the layer lacks is left out.
    _variables_of_modes: Mapping[str | None, tuple[str, ...]] = {}
    _int4_block_size: int | None = None

    def _set_quantization(self, config: Any) -> None:
        """Stores the argument `quantization_config` of the constructor.

        Raises:
            ArgumentError: If it is no config of a quantization.
        """
        config = quantizers.get(config) if isinstance(config, dict) else config
        if config is not None and not isinstance(config, quantizers.QuantizationConfig):
            raise ArgumentError(
                f"{type(self).__name__}: `quantization_config` must be None or a `QuantizationConfig`, such as "
                f"`quantizers.Int8QuantizationConfig()`. Received: quantization_config={brief(config)}"
            )
        self.quantization_config = config

    def _quantization_config(self) -> dict:
        """Returns the argument of the constructor."""
        config = self.quantization_config
        return {"quantization_config": None if config is None else quantizers.serialize(config)}

    @property
    def variable_serialization_spec(self) -> dict[str | None, list[str]]:
        """The names of the weights in files, by quantization mode."""
        own = f"_{self._adapted_weight}"
        return {
            mode: [name.lstrip("_") if name == own else name for name in names]
            for mode, names in self._variables_of_modes.items()
        }

    # ---------------------------------------------------------------- building

    def _build_weight(self, shape: tuple, initializer: InitializerLike = None) -> None:
        """Creates the weight, in `build`: the quantized one if the layer has such a policy.

        Args:
            shape: The shape of the weight.
            initializer: An initializer to use instead of that of the constructor.
        """
        mode, name = self.quantization_mode, self._adapted_weight
        if mode is not None:
            self.quantized_build(shape, mode, self.quantization_config)
        if mode not in _INTEGERS:
            setattr(self, f"_{name}", self._add_declared_weight(name, shape, initializer))

    def _build_quantized(self, shape: tuple, mode: str, config: "QuantizationConfig | None") -> None:
        """Creates the quantized weights for the shape of the weight; `quantized_build` names it as Keras does."""
        builder = getattr(self, f"_{mode}_build", None)
        if builder is None:
            raise self._mode_error(mode)
        builder(tuple(shape), config)
        self._is_quantized = True

    def _add_frozen(self, name: str, shape: tuple, initializer: str, dtype: str | None = None) -> Variable:
        return self.add_weight(shape, initializer, dtype, trainable=False, name=name)

    def _add_groups(self, size: int, block: int) -> None:
        """Adds the weight that says to which block of the weight each row belongs."""
        # Not cast to a compute dtype such as bfloat16, in which large indices would be rounded.
        index = self.add_weight((size,), "zeros", "float32", trainable=False, autocast=False, name="g_idx")
        index.assign(np.arange(size) // block)
        self.g_idx = index

    def _block_size(self, config: "QuantizationConfig | None") -> int | None:
        """Returns the number of 4-bit weights with a common scale, of the config or the policy; None: a channel."""
        policy = self._own_policy
        if isinstance(config, quantizers.Int4QuantizationConfig):
            size = config.block_size
        else:
            size = policy.block_size if isinstance(policy, Int4DTypePolicy) else None
        return None if size == -1 else size

    # ---------------------------------------------------------------- quantizing

    def quantize(
        self, mode: str | None = None, type_check: bool = True, config: "QuantizationConfig | None" = None
    ) -> None:
        """Quantizes the weight; the layer must be built. All values are computed before anything is changed.

        Args:
            mode: "int8" or "int4", for kernels also "float8", "gptq" or "awq"; None: that of the config.
            type_check: Whether subclasses, which may use the weight otherwise, are refused.
            config: How it is quantized; the default of the mode if None.

        Raises:
            NotSupportedError: If the layer is of a subclass, or does not have the mode.
            ArgumentError: If the mode or the config is invalid.
            StateError: If the layer is not built, or quantized already.
        """
        if type_check:
            self._check_class()
        if not hasattr(self, f"_{mode}_build"):
            raise self._mode_error(mode)
        self._check_before_quantizing(mode)
        weight = self._weight()
        values = {} if mode not in ("int8", "int4") else self._quantized_values(weight.numpy(), mode, config)
        shape = weight.shape
        for name in values:
            if hasattr(self, name):
                self._remove_weight(name)
        self.quantization_config = config
        self.quantized_build(shape, mode, config)
        for name, value in values.items():
            getattr(self, name).assign(value)
        policy = self._own_policy
        if policy.quantization_mode is None:
            spelled = mode
            if mode == "int4":
                spelled = f"int4/{self._int4_block_size or -1}"
            elif mode in _CALIBRATED:
                spelled = config.dtype_policy_string()
            self.dtype_policy = f"{spelled}_from_{policy.name}"

    def _check_class(self) -> None:
        """Refuses a subclass, which may use the weight otherwise."""
        if "_has_quantize" not in vars(type(self)):
            raise self._not_quantizable("quantize")

    def _check_before_quantizing(self, mode: str) -> None:
        """Refuses a weight that cannot be quantized in a way."""
        if mode in _CALIBRATED and self.lora_enabled:
            raise NotSupportedError(f"{self._where()}: a layer with LoRA is not quantized with '{mode}'.")

    def _quantized_values(self, weight: np.ndarray, mode: str, config: "QuantizationConfig | None") -> dict:
        """Returns the values of the quantized weights, by attribute.

        Args:
            weight: The weight.
            mode: "int8" or "int4".
            config: How it is quantized.
        """
        raise NotImplementedError

    def _dequantized(self) -> np.ndarray:
        """Returns the weight that the quantized ones stand for."""
        raise NotImplementedError

    # ---------------------------------------------------------------- LoRA

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: InitializerLike = "he_uniform",
        b_initializer: InitializerLike = "zeros",
    ) -> None:
        """Freezes the weight and trains a low-rank update of it instead; a quantized weight stays quantized.

        `weight + lora_alpha / rank * a @ b`

        Args:
            rank: The rank of the update: the last size of `a` and the first of `b`.
            lora_alpha: The scale of the update, divided by the rank; the rank by default.
            a_initializer: Initializer of `a`, which has the shape of the weight, but for the rank as its last size.
            b_initializer: Initializer of `b`, shape (rank, last size of the weight).

        Raises:
            StateError: If the layer is not built, or LoRA is enabled already.
            ArgumentError: If the weight has a constraint, which would not hold for the sum.
            NotSupportedError: If the layer is quantized with GPTQ or AWQ.

        Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685
        """
        if self.quantization_mode in _CALIBRATED:
            raise NotSupportedError(f"{self._where()}: LoRA is not possible with '{self.quantization_mode}'.")
        super().enable_lora(rank, lora_alpha, a_initializer, b_initializer)

    def _merged_values(self) -> list[tuple[Variable, np.ndarray]]:
        mode = self.quantization_mode
        if mode not in ("int8", "int4"):
            return super()._merged_values()
        a, b = (factor.numpy() for factor in self._factors())
        merged = self._dequantized() + (self.lora_alpha / self.lora_rank) * np.matmul(a, b)
        block = {
            "config": quantizers.Int4QuantizationConfig(block_size=self._int4_block_size) if mode == "int4" else None
        }
        values = self._quantized_values(merged.astype("float32"), mode, **block)
        return [(getattr(self, name), np.asarray(value)) for name, value in values.items()]

    # ---------------------------------------------------------------- files

    def _stored_variables(self) -> list[Variable]:
        stored, mode = super()._stored_variables(), self.quantization_mode
        if mode is None or not self.built:
            return stored
        found = [getattr(self, name, None) for name in self._variables_of_modes.get(mode, ())]
        first = [variable for variable in found if variable is not None]
        left_out = [getattr(self, f"_{self._adapted_weight}", None)] if mode in _CALIBRATED else []
        return [*first, *(each for each in stored if all(each is not known for known in [*first, *left_out]))]

    def save_own_variables(self, store: Any) -> None:
        """Writes the layer's variables into a store, the low-rank update merged into the weight.

        Args:
            store: A mutable mapping; the keys are "0", "1", ...

        Raises:
            StateError: If the layer was prepared for GPTQ or AWQ, but not calibrated: its weights would be lost.
        """
        mode = self.quantization_mode
        if mode in _CALIBRATED and hasattr(self, f"_{self._adapted_weight}"):
            raise StateError(
                f"{self._where()} is not calibrated yet, so its weights are not quantized and cannot be saved with the "
                f"dtype policy '{self.dtype_policy.name}'. Use `model.quantize('{mode}', config=...)`."
            )
        super().save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote, with or without LoRA; the update is zero afterwards.

        Raises:
            ArgumentError: If the number of arrays, or the shape or kind of one, differs.
        """
        super().load_own_variables(store)
        if self.quantization_mode in _CALIBRATED:
            self._note_calibrated()

    def _note_calibrated(self) -> None:
        """Notes that the quantized weights have their values; the weight itself is not needed any more."""
        if hasattr(self, f"_{self._adapted_weight}"):
            self._remove_weight(f"_{self._adapted_weight}")
        setattr(self, f"is_{self.quantization_mode}_calibrated", True)


def weight_in_integers(
    weight: np.ndarray, axis: Any, config: "QuantizationConfig | None", **options: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Returns a quantized weight, and its scales.

    Args:
        weight: The weight.
        axis: The axes over which the largest magnitude is taken, unless the quantizer has its own.
        config: Has the quantizer; None: `AbsMaxQuantizer`.
        **options: Arguments of this one.
    """
    default = quantizers.AbsMaxQuantizer(axis=axis, **options)
    quantizer = quantizers.QuantizationConfig.weight_quantizer_or_default(config, default)
    own = isinstance(quantizer, quantizers.AbsMaxQuantizer) and quantizer.axis is None
    return quantizer(weight, to_numpy=True, **({"axis": axis} if own else {}))


def integer_product(product: Any, first: Tensor, second: Tensor, count: int, dtype: str) -> Tensor:
    """Returns sums of products of 8-bit integers, exactly, cast to a dtype.

    They are computed with floats that represent all sums exactly: numpy's products of integers use no BLAS.

    Args:
        product: A function of the two arrays, such as `ops.matmul`.
        first: The first array.
        second: The second array.
        count: The number of products that are summed up.
        dtype: The dtype of the result.
    """
    dtypes = {dtype_of(first), dtype_of(second)}
    if not dtypes <= {"int8", "uint8"}:
        return ops.cast(product(first, second), dtype)
    largest = 2**14 if dtypes == {"int8"} else 2**16
    exact = "float32" if count * largest <= 2**24 else "float64"
    return ops.cast(product(ops.cast(first, exact), ops.cast(second, exact)), dtype)
