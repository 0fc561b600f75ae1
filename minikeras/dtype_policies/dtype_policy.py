"""The dtype policy of a layer: its compute dtype and its variable dtype."""

from typing import Any, Self

import numpy as np

from .. import config
from ..engine.dtypes import dtype_of, is_float, standardize_dtype
from ..errors import ArgumentTypeError, brief, unknown_name
from ..ops import cast, convert_to_tensor
from ..tracebacks import Filtered
from ..typing import Tensor, TensorLike

_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}


class DTypePolicy(Filtered):
    """A dtype policy: the compute dtype and the variable dtype of a layer.

    Args:
        name: A dtype such as "float32", for computation and variables; or "mixed_float16": computation in float16 with
            variables in float32; or "mixed_bfloat16". The global policy by default.

    Raises:
        ImportError: For "mixed_bfloat16" and "bfloat16", if the package ml_dtypes is not installed.
        UnknownNameError: If the dtype is unknown.

    Source: https://keras.io/api/mixed_precision/policy/, Micikevicius et al. 2018, https://arxiv.org/abs/1710.03740

    Example:
        >>> policy = DTypePolicy("mixed_float16")
        >>> policy.compute_dtype, policy.variable_dtype
        ('float16', 'float32')
    """

    def __init__(self, name: str | None = None):
        name = config.dtype_policy().name if name is None else name
        if not isinstance(name, str):
            raise ArgumentTypeError(
                f"DTypePolicy: `name` must be a string such as 'mixed_float16'. Received: {brief(name)}"
            )
        if name == "float":  # as in Keras, unlike "int"
            raise unknown_name("dtype policy", name, ("float16", "float32", "float64", *_MIXED))
        mixed = name in _MIXED
        self._compute_dtype = standardize_dtype(_MIXED.get(name, name))
        self._variable_dtype = "float32" if mixed else self._compute_dtype
        self._name = name if mixed else self._compute_dtype

    @property
    def name(self) -> str:
        """The name of the policy."""
        return self._name

    @property
    def compute_dtype(self) -> str:
        """The dtype of computation; floating-point inputs are cast to it."""
        return self._compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the layer's variables."""
        return self._variable_dtype

    @property
    def quantization_mode(self) -> str | None:
        """How the weights are quantized; None: not at all."""
        return None

    def convert_input(self, x: TensorLike, autocast: bool, dtype: str) -> Tensor:
        """Casts a floating-point input to the compute dtype; anything else is returned unchanged.

        Args:
            x: The input.
            autocast: Whether to cast.
            dtype: The compute dtype.
        """
        if not hasattr(x, "__array__"):
            return x
        x = convert_to_tensor(x) if isinstance(x, np.generic) else x
        needed = autocast and is_float(dtype) and is_float(dtype_of(x)) and dtype_of(x) != dtype
        return cast(x, dtype) if needed else x

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a policy from its config."""
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return _kind(self) is _kind(other) and self.get_config() == other.get_config()

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


class FloatDTypePolicy(DTypePolicy):
    """Alias of `DTypePolicy`.

    Example:
        >>> FloatDTypePolicy("float32") == DTypePolicy("float32")
        True
    """


def _kind(policy: Any) -> type:
    return DTypePolicy if type(policy) is FloatDTypePolicy else type(policy)
