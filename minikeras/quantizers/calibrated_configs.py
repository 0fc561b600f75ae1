"""The configs of GPTQ and AWQ, which look at the inputs of the layers that they quantize."""

from typing import Any, Self

from ..argument_checks import as_bool, check_int, check_number
from ..engine import tree
from ..errors import ArgumentError, brief
from .quantization_config import QuantizationConfig


class CalibratedConfig(QuantizationConfig):
    """The base of configs with data for calibration.

    Args:
        dataset: Texts, or arrays of token ids.
        tokenizer: An object whose method `tokenize` maps a text to ids.
        weight_bits: The number of bits of a weight.
        num_samples: The number of sequences.
        sequence_length: Their length in tokens.
        group_size: The number of weights that share a scale and a zero point; -1: those of a channel.
        quantization_layer_structure: A dict with "pre_block_layers", the layers that are applied first, and
            "sequential_blocks", the layers or models that are quantized one after the other.

    Raises:
        ArgumentError: If a number is out of range.
    """

    _weight_bits: tuple[int, ...] = ()

    def __init__(
        self,
        dataset: Any,
        tokenizer: Any,
        *,
        weight_bits: int = 4,
        num_samples: int = 128,
        sequence_length: int = 512,
        group_size: int = 128,
        quantization_layer_structure: dict | None = None,
    ):
        super().__init__()
        where = type(self).__name__
        if weight_bits not in self._weight_bits:
            raise ArgumentError(
                f"{where}: `weight_bits` must be one of {self._weight_bits}. Received: weight_bits={brief(weight_bits)}"
            )
        self.num_samples = check_int(where, "num_samples", num_samples, minimum=1)
        self.sequence_length = check_int(where, "sequence_length", sequence_length, minimum=1)
        self.group_size = check_int(where, "group_size", group_size, minimum=-1)
        if group_size == 0:
            raise ArgumentError(f"{where}: `group_size` must be -1 or a positive integer. Received: group_size=0")
        self.dataset, self.tokenizer, self.weight_bits = dataset, tokenizer, weight_bits
        self.quantization_layer_structure = quantization_layer_structure

    def dtype_policy_string(self) -> str:
        """Returns the mode with its settings, as in the name of the dtype policy of the layers."""
        return f"{self.mode}/{self.weight_bits}/{self.group_size}"

    def _saved_structure(self) -> dict | None:
        # Layers refer to their config, so their config cannot contain layers; it is not needed after the calibration.
        structure = self.quantization_layer_structure
        plain = all(isinstance(leaf, (str, int, float, type(None))) for leaf in tree.flatten(structure))
        return structure if plain else None

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a config of a quantization from what `get_config` returned."""
        return cls(**config)


class GPTQConfig(CalibratedConfig):
    """GPTQ: weights are quantized one column after the other, and later ones make up for the errors of earlier ones.

    Args:
        dataset: Texts, or arrays of token ids.
        tokenizer: An object whose method `tokenize` maps a text to ids.
        weight_bits: The number of bits of a weight: 2, 3, 4 or 8.
        num_samples: The number of sequences.
        per_channel: Whether each output has its own scale.
        sequence_length: The length of the sequences in tokens.
        hessian_damping: What is added to the diagonal of the Hessian, as a fraction of its mean, from 0 to 1.
        group_size: The number of weights that share a scale and a zero point; -1: those of a channel.
        symmetric: Whether the range of the weights is made symmetric about zero.
        activation_order: Whether inputs with large values are quantized first.
        quantization_layer_structure: A dict with "pre_block_layers", the layers that are applied first, and
            "sequential_blocks", the layers or models that are quantized one after the other; by default what
            `model.get_quantization_layer_structure("gptq")` returns.

    Raises:
        ArgumentError: If a number is out of range.

    Source: https://keras.io/api/quantizers/, Frantar et al. 2022, https://arxiv.org/abs/2210.17323

    Example:
        >>> GPTQConfig(dataset=["a text"], tokenizer=None, group_size=64).dtype_policy_string()
        'gptq/4/64'
    """

    _weight_bits = (2, 3, 4, 8)

    def __init__(
        self,
        dataset: Any,
        tokenizer: Any,
        *,
        weight_bits: int = 4,
        num_samples: int = 128,
        per_channel: bool = True,
        sequence_length: int = 512,
        hessian_damping: float = 0.01,
        group_size: int = 128,
        symmetric: bool = False,
        activation_order: bool = False,
        quantization_layer_structure: dict | None = None,
    ):
        super().__init__(
            dataset,
            tokenizer,
            weight_bits=weight_bits,
            num_samples=num_samples,
            sequence_length=sequence_length,
            group_size=group_size,
            quantization_layer_structure=quantization_layer_structure,
        )
        self.hessian_damping = check_number(
            "GPTQConfig", "hessian_damping", hessian_damping, minimum=0, maximum=1, error=ArgumentError
        )
        self.per_channel = as_bool("GPTQConfig", "per_channel", per_channel)
        self.symmetric = as_bool("GPTQConfig", "symmetric", symmetric)
        self.activation_order = as_bool("GPTQConfig", "activation_order", activation_order)

    @property
    def mode(self) -> str:
        """The quantization mode."""
        return "gptq"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor, without the data and the layers."""
        return {
            "dataset": None,
            "tokenizer": None,
            "weight_bits": self.weight_bits,
            "num_samples": self.num_samples,
            "per_channel": self.per_channel,
            "sequence_length": self.sequence_length,
            "hessian_damping": self.hessian_damping,
            "group_size": self.group_size,
            "symmetric": self.symmetric,
            "activation_order": self.activation_order,
            "quantization_layer_structure": self._saved_structure(),
        }


class AWQConfig(CalibratedConfig):
    """AWQ: weights of inputs with large values are scaled up before they are quantized to 4 bits.

    Args:
        dataset: Texts, or arrays of token ids.
        tokenizer: An object whose method `tokenize` maps a text to ids.
        weight_bits: The number of bits of a weight: 4.
        num_samples: The number of sequences.
        sequence_length: Their length in tokens.
        group_size: The number of weights that share a scale and a zero point; -1: those of a channel.
        num_grid_points: The number of exponents that are tried for the scales.
        quantization_layer_structure: A dict with "pre_block_layers", the layers that are applied first, and
            "sequential_blocks", the layers or models that are quantized one after the other; by default what
            `model.get_quantization_layer_structure("awq")` returns.

    Raises:
        ArgumentError: If a number is out of range.

    Source: https://keras.io/api/quantizers/, Lin et al. 2023, https://arxiv.org/abs/2306.00978

    Example:
        >>> AWQConfig(dataset=["a text"], tokenizer=None, group_size=-1).dtype_policy_string()
        'awq/4/-1'
    """

    _weight_bits = (4,)

    def __init__(
        self,
        dataset: Any,
        tokenizer: Any,
        *,
        weight_bits: int = 4,
        num_samples: int = 128,
        sequence_length: int = 512,
        group_size: int = 128,
        num_grid_points: int = 20,
        quantization_layer_structure: dict | None = None,
    ):
        super().__init__(
            dataset,
            tokenizer,
            weight_bits=weight_bits,
            num_samples=num_samples,
            sequence_length=sequence_length,
            group_size=group_size,
            quantization_layer_structure=quantization_layer_structure,
        )
        self.num_grid_points = check_int("AWQConfig", "num_grid_points", num_grid_points, minimum=1)

    @property
    def mode(self) -> str:
        """The quantization mode."""
        return "awq"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor, without the data and the layers."""
        return {
            "dataset": None,
            "tokenizer": None,
            "weight_bits": self.weight_bits,
            "num_samples": self.num_samples,
            "sequence_length": self.sequence_length,
            "group_size": self.group_size,
            "num_grid_points": self.num_grid_points,
            "quantization_layer_structure": self._saved_structure(),
        }
