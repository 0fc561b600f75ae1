"""The dtype policy of a layer: one float type for computing and for weights."""

from .. import config
from ..engine.dtypes import is_float, standardize_dtype
from ..errors import ArgumentTypeError, NotSupportedError
from ..ops import cast


class DTypePolicy:
    """The types a layer works in.

    Args:
        name: A dtype such as "float32"; `floatx` by default.

    Raises:
        NotSupportedError: For "mixed_float16" and "mixed_bfloat16".

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> DTypePolicy("float32").compute_dtype
        'float32'
    """

    def __init__(self, name: str | None = None):
        name = config.floatx() if name is None else name
        if isinstance(name, str) and name.startswith("mixed_"):
            raise NotSupportedError(f"The dtype policy {name!r} is not in minikeras. Use 'float32' or 'float64'.")
        self.name = standardize_dtype(name)

    @property
    def compute_dtype(self) -> str:
        """The type the layer computes in; float inputs are cast to it."""
        return self.name

    @property
    def variable_dtype(self) -> str:
        """The type of the layer's weights."""
        return self.name

    def convert(self, value: object) -> object:
        """Casts a float value to the compute type; integers stay as they are."""
        return cast(value, self.name) if is_float(value.dtype) and is_float(self.name) else value

    def get_config(self) -> dict:
        """Returns what is needed to make the same policy again."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict) -> "DTypePolicy":
        """Makes the policy described by a config."""
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


def get(identifier: object) -> DTypePolicy:
    """Returns the policy for a policy, a dtype, a config, or None (`floatx`).

    Example:
        >>> get("float64")
        <DTypePolicy "float64">
    """
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, dict):
        return DTypePolicy.from_config(identifier.get("config", identifier))
    if identifier is None or isinstance(identifier, str) or hasattr(identifier, "name") or isinstance(identifier, type):
        return DTypePolicy(
            identifier if identifier is None or isinstance(identifier, str) else standardize_dtype(identifier)
        )
    raise ArgumentTypeError(f"Expected a dtype or a dtype policy. Received: {identifier!r}")
