"""The names of Keras's policies for quantized layers, which are not supported."""

from ..errors import NotSupportedError
from .dtype_policy import DTypePolicy


class QuantizedDTypePolicy(DTypePolicy):
    """A policy of quantized layers: creating one raises.

    Raises:
        NotSupportedError: Always.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> QuantizedDTypePolicy("int8")
        Traceback (most recent call last):
            ...
        minikeras.errors.NotSupportedError: QuantizedDTypePolicy: quantized layers are not supported. Use 'float32'.
    """

    def __init__(self, *args: object, **kwargs: object):
        raise NotSupportedError(f"{type(self).__name__}: quantized layers are not supported. Use 'float32'.")


class QuantizedFloat8DTypePolicy(QuantizedDTypePolicy):
    """The policy of layers quantized to float8: creating one raises."""


class Int4DTypePolicy(QuantizedDTypePolicy):
    """The policy of layers quantized to int4: creating one raises."""


class GPTQDTypePolicy(QuantizedDTypePolicy):
    """The policy of layers quantized with GPTQ: creating one raises."""


class AWQDTypePolicy(QuantizedDTypePolicy):
    """The policy of layers quantized with AWQ: creating one raises."""
