"""Dtype policies by layer path, and lookup of policies from identifiers."""

import re
from collections.abc import Iterator, MutableMapping
from typing import Any, Self

from .. import config as settings
from ..engine.dtypes import standardize_dtype
from ..engine.memory_budget import check_pattern
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from ..typing import DTypePolicyLike
from .dtype_policy import DTypePolicy, FloatDTypePolicy
from .quantized import (
    AWQDTypePolicy,
    GPTQDTypePolicy,
    Int4DTypePolicy,
    QuantizedDTypePolicy,
    QuantizedFloat8DTypePolicy,
    quantized_policy,
)

_QUANTIZED = re.compile(r"(int8|int4|float8|gptq|awq)[_/]")


class DTypePolicyMap(DTypePolicy, MutableMapping):
    """A dict from layer paths, or regular expressions for them, to dtype policies.

    Args:
        default_policy: The policy of all other layers; the global one by default.
        policy_map: Policies by path.

    Raises:
        ArgumentError: If the default policy is itself a map.
        ArgumentTypeError: If `policy_map` is not a dict.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> policies = DTypePolicyMap("float32", {"encoder/.*": DTypePolicy("float64")})
        >>> policies["encoder/dense"], policies["decoder"]
        (<DTypePolicy "float64">, <DTypePolicy "float32">)
    """

    def __init__(self, default_policy: DTypePolicyLike = None, policy_map: dict | None = None):
        if isinstance(default_policy, DTypePolicyMap):
            raise ArgumentError("DTypePolicyMap: `default_policy` cannot be a map itself.")
        if policy_map is not None and not isinstance(policy_map, dict):
            raise ArgumentTypeError(f"DTypePolicyMap: `policy_map` must be a dict. Received: {brief(policy_map)}")
        self._given = default_policy
        self._default = get(default_policy)
        self._policies = {path: get(policy) for path, policy in (policy_map or {}).items()}

    @property
    def name(self) -> str:
        """The name of the map: "map_" and that of its default policy."""
        return f"map_{self._default.name}"

    @property
    def default_policy(self) -> DTypePolicy:
        """The policy of layers that no key matches."""
        return self._default

    @property
    def compute_dtype(self) -> str:
        """The default compute dtype."""
        return self._default.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The default variable dtype."""
        return self._default.variable_dtype

    @property
    def quantization_mode(self) -> str | None:
        """The default quantization mode."""
        return self._default.quantization_mode

    def for_path(self, path: str) -> DTypePolicy:
        """Returns the policy of a layer path: that of an equal key, else of the pattern that matches it.

        Raises:
            ArgumentError: If several patterns match.
        """
        if path in self._policies:
            return self._policies[path]
        for pattern in self._policies:
            check_pattern(pattern, "DTypePolicyMap", path)
        fitting = [pattern for pattern in self._policies if re.fullmatch(pattern, path)]
        if len(fitting) > 1:
            raise ArgumentError(f"DTypePolicyMap: several patterns match the path '{path}': {fitting}. Expected one.")
        return self._policies[fitting[0]] if fitting else self._default

    __getitem__ = for_path

    def __setitem__(self, path: str, policy: object) -> None:
        if path in self._policies:
            raise ArgumentError(f"DTypePolicyMap: '{path}' already has a policy: {self._policies[path]}")
        self._policies[path] = get(policy)

    def __delitem__(self, path: str) -> None:
        del self._policies[path]

    def __contains__(self, path: object) -> bool:
        return path in self._policies

    def __len__(self) -> int:
        return len(self._policies)

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        default = serialize(self._given) if isinstance(self._given, DTypePolicy) else self._given
        policies = {path: serialize(policy) for path, policy in self._policies.items()}
        return {"default_policy": default, "policy_map": policies}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict | None = None) -> Self:
        """Creates a map from its config.

        Args:
            config: The constructor arguments.
            custom_objects: Custom policy classes, by name.
        """
        policies = {path: deserialize(policy, custom_objects) for path, policy in config["policy_map"].items()}
        return cls(config["default_policy"], policies)

    __hash__ = DTypePolicy.__hash__

    def __eq__(self, other: object) -> bool:
        return DTypePolicy.__eq__(self, other)

    def __repr__(self) -> str:
        mapping = [(path, policy.name) for path, policy in self._policies.items()]
        return f"<DTypePolicyMap default_policy={self._default.name}, mapping={mapping}>"


@filtered
def get(identifier: DTypePolicyLike) -> DTypePolicy:
    """Returns the policy for a policy, a name, a dtype, a config, or None (the global policy).

    Raises:
        UnknownNameError: If the dtype is unknown.
        ArgumentError: If the name of a quantized policy is malformed.
        ArgumentTypeError: If the identifier has another type.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> get("float64")
        <DTypePolicy "float64">
    """
    if identifier is None:
        return settings.dtype_policy()
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return quantized_policy(identifier) if _QUANTIZED.match(identifier) else DTypePolicy(identifier)
    if hasattr(identifier, "name") or isinstance(identifier, type):
        return DTypePolicy(standardize_dtype(identifier))
    raise ArgumentTypeError(f"Expected a dtype or a dtype policy. Received: {brief(identifier)}")


@filtered
def serialize(dtype_policy: DTypePolicy) -> dict:
    """Returns Keras's serialized form of a policy: its class name and config.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> serialize(DTypePolicy("float32"))["config"]
        {'name': 'float32'}
    """
    return _lookup.serialize(dtype_policy)


@filtered
def deserialize(config: dict, custom_objects: dict | None = None) -> DTypePolicy:
    """Creates the policy that `serialize` described.

    Args:
        config: The serialized policy, or only its "config".
        custom_objects: Custom policy classes, by name.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/mixed_precision/policy/

    Example:
        >>> deserialize({"class_name": "DTypePolicy", "config": {"name": "float64"}})
        <DTypePolicy "float64">
    """
    if "class_name" not in config:
        return DTypePolicy.from_config(config)
    return _lookup.deserialize(config, custom_objects)


_lookup = Lookup(
    "dtype policy",
    "keras.dtype_policies",
    classes=(
        AWQDTypePolicy,
        DTypePolicy,
        DTypePolicyMap,
        FloatDTypePolicy,
        GPTQDTypePolicy,
        Int4DTypePolicy,
        QuantizedDTypePolicy,
        QuantizedFloat8DTypePolicy,
    ),
)
