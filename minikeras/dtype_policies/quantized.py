"""Dtype policies of quantized layers: how their weights are stored, and the policy they had before."""

from typing import Any

from .. import config
from ..argument_checks import is_int
from ..errors import ArgumentError, ArgumentTypeError, brief
from .dtype_policy import DTypePolicy

QUANTIZATION_MODES = ("int8", "float8", "int4", "gptq", "awq")


class QuantizedDTypePolicy(DTypePolicy):
    """A policy of quantized layers: the quantization mode, and the policy of what is not quantized.

    Its name is that of both: "int8_from_float32".

    Args:
        mode: "int8", "int4" (one scale per channel), "float8", "gptq" or "awq".
        source_name: The name of the policy of the computations and of all other weights; the global one by default.

    Raises:
        ArgumentError: If the mode is unknown, or "int8" with computations in float16, which overflows.
        UnknownNameError: If there is no policy of that name.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> policy = QuantizedDTypePolicy("int8", "mixed_bfloat16")
        >>> policy.quantization_mode, policy.name
        ('int8', 'int8_from_mixed_bfloat16')
    """

    def __init__(self, mode: str, source_name: str | None = None):
        super().__init__(config.dtype_policy().name if source_name is None else source_name)
        if mode not in QUANTIZATION_MODES:
            raise ArgumentError(
                f"{type(self).__name__}: `mode` must be one of {QUANTIZATION_MODES}. Received: mode={brief(mode)}"
            )
        if mode == "int8" and self.compute_dtype == "float16":
            raise ArgumentError(
                f"{type(self).__name__}: sums of products of int8 overflow in float16. Use 'mixed_bfloat16' or "
                f"'float32' for the computations. Received: mode='int8' and source_name={brief(source_name)}"
            )
        self._source_name = self._name
        self._quantization_mode = mode
        self._name = f"{self._spelled_mode()}_from_{self._source_name}"

    @property
    def quantization_mode(self) -> str:
        """How the weights are quantized."""
        return self._quantization_mode

    def _spelled_mode(self) -> str:
        """Returns the mode with its settings, as in the name of the policy."""
        return self._quantization_mode

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {"mode": self._spelled_mode(), "source_name": self._source_name}

    def __repr__(self) -> str:
        return f'<{type(self).__name__} "{self.name}">'


class QuantizedFloat8DTypePolicy(QuantizedDTypePolicy):
    """The policy of layers that compute with float8 values and train their scales.

    Args:
        mode: "float8".
        source_name: The name of the policy of all other weights; the global one by default.
        amax_history_length: The number of steps whose largest magnitude determines a scale.

    Raises:
        ArgumentError: If the mode is unknown.
        ArgumentTypeError: If the length is no integer.

    Source: https://keras.io/api/mixed_precision/policy/, Micikevicius et al. 2022, https://arxiv.org/abs/2209.05433

    Example:
        >>> QuantizedFloat8DTypePolicy("float8", "float32").amax_history_length
        1024
    """

    default_amax_history_length = 1024

    def __init__(self, mode: str, source_name: str | None = None, amax_history_length: int = 1024):
        if not is_int(amax_history_length):
            raise ArgumentTypeError(
                f"{type(self).__name__}: `amax_history_length` must be an integer. "
                f"Received: amax_history_length={brief(amax_history_length)}"
            )
        super().__init__(mode, source_name)
        self._amax_history_length = amax_history_length

    @property
    def amax_history_length(self) -> int:
        """The number of steps whose largest magnitude determines a scale."""
        return self._amax_history_length

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {**super().get_config(), "amax_history_length": self.amax_history_length}


class _DetailedPolicy(QuantizedDTypePolicy):
    """The base of policies whose mode has settings after slashes."""

    _format = ""  # of the mode
    _weight_bits: tuple[int, ...] = ()

    def __init__(self, mode: str, source_name: str | None = None):
        name, *settings = mode.split("/") if isinstance(mode, str) else ("",)
        expected = self._format.split("/")
        try:
            values = [int(each) for each in settings]
        except ValueError:
            values = []
        if name != expected[0] or len(values) != len(expected) - 1:
            raise ArgumentError(
                f"{type(self).__name__}: `mode` must have the format '{self._format}', with integers. "
                f"Received: mode={brief(mode)}"
            )
        if values[-1] < -1 or values[-1] == 0:
            raise ArgumentError(
                f"{type(self).__name__}: the {expected[-1]} of a mode must be -1 (one scale per channel) or a positive "
                f"integer. Received: {values[-1]} in mode={brief(mode)}"
            )
        if len(values) == 2 and values[0] not in self._weight_bits:
            raise ArgumentError(
                f"{type(self).__name__}: the <weight_bits> of a mode must be one of {self._weight_bits}. "
                f"Received: {values[0]} in mode={brief(mode)}"
            )
        self.mode = name
        self._settings = values
        super().__init__(name, source_name)

    def _spelled_mode(self) -> str:
        return "/".join([self.mode, *map(str, self._settings)])


class Int4DTypePolicy(_DetailedPolicy):
    """The policy of layers with 4-bit weights that are quantized in blocks.

    Args:
        mode: "int4/128": blocks of 128 weights with a scale and a zero point each; "int4/-1": one scale per channel.
        source_name: The name of the policy of the computations and of all other weights; the global one by default.

    Raises:
        ArgumentError: If the mode has another format, or the size is invalid.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> Int4DTypePolicy("int4/64", "float32").block_size
        64
    """

    _format = "int4/<block_size>"

    @property
    def block_size(self) -> int:
        """The number of weights that share a scale and a zero point; -1: those of a channel."""
        return self._settings[0]


class GPTQDTypePolicy(_DetailedPolicy):
    """The policy of layers quantized with GPTQ.

    Args:
        mode: "gptq/4/128": 4-bit weights, in groups of 128 with a scale and a zero point each; -1: one group.
        source_name: The name of the policy of the computations and of all other weights; the global one by default.

    Raises:
        ArgumentError: If the mode has another format, or a number is invalid.

    Source: https://keras.io/api/mixed_precision/policy/, Frantar et al. 2022, https://arxiv.org/abs/2210.17323

    Example:
        >>> policy = GPTQDTypePolicy("gptq/4/128", "float32")
        >>> policy.weight_bits, policy.group_size
        (4, 128)
    """

    _format = "gptq/<weight_bits>/<group_size>"
    _weight_bits = (2, 3, 4, 8)

    @property
    def weight_bits(self) -> int:
        """The number of bits of a weight."""
        return self._settings[0]

    @property
    def group_size(self) -> int:
        """The number of weights that share a scale and a zero point; -1: those of a channel."""
        return self._settings[1]


class AWQDTypePolicy(_DetailedPolicy):
    """The policy of layers quantized with AWQ.

    Args:
        mode: "awq/4/128": 4-bit weights, in groups of 128 with a scale and a zero point each; -1: one group.
        source_name: The name of the policy of the computations and of all other weights; the global one by default.

    Raises:
        ArgumentError: If the mode has another format, or a number is invalid.

    Source: https://keras.io/api/mixed_precision/policy/, Lin et al. 2023, https://arxiv.org/abs/2306.00978

    Example:
        >>> AWQDTypePolicy("awq/4/128", "float32").name
        'awq/4/128_from_float32'
    """

    _format = "awq/<weight_bits>/<group_size>"
    _weight_bits = (4,)

    weight_bits = GPTQDTypePolicy.weight_bits
    group_size = GPTQDTypePolicy.group_size


def quantized_policy(name: str) -> QuantizedDTypePolicy:
    """Returns the policy of a name such as "int8_from_float32" or "gptq/4/128_from_mixed_bfloat16".

    Args:
        name: The mode, with its settings; "_from_"; and the name of the policy of what is not quantized.

    Raises:
        ArgumentError: If the name has another format.
    """
    mode, *source = name.split("_from_")
    if len(source) != 1:
        raise ArgumentError(
            "A quantized dtype policy is named '<mode>_from_<policy>', such as 'int8_from_float32'. "
            f"Received: {brief(name)}"
        )
    if mode.startswith("int4"):
        return (Int4DTypePolicy if "/" in mode else QuantizedDTypePolicy)(mode, source[0])
    kinds = {"gptq": GPTQDTypePolicy, "awq": AWQDTypePolicy, "float8": QuantizedFloat8DTypePolicy}
    return kinds.get(mode.partition("/")[0], QuantizedDTypePolicy)(mode, source[0])
