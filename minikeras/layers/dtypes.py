"""The dtypes of a layer, and the conversion of its inputs to them."""

import numpy as np

from .. import dtype_policies
from ..dtype_policies import DTypePolicy, DTypePolicyMap
from ..engine import tree
from ..engine.dispatch import to_array
from ..engine.dtypes import as_text, dtype_of, holds_text, is_float, is_numeric
from ..engine.masks import get_mask, set_mask
from ..engine.scopes import local
from ..engine.watched import note_change
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..graph.operation import paused_recording
from ..tracebacks import Filtered
from ..typing import DTypePolicyLike
from .arguments import is_tensor


class DTypes(Filtered):
    """The part of `Layer` that knows its compute dtype and variable dtype."""

    _converts_inputs = True

    @property
    def dtype_policy(self) -> DTypePolicy:
        """The compute dtype and the variable dtype; setting it affects what is created from then on.

        Setting one of quantized layers quantizes a layer that is built.
        """
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, policy: DTypePolicyLike) -> None:
        policy, old = dtype_policies.get(policy), self._dtype_policy
        if policy.quantization_mode is not None and self.built and not self._is_quantized:
            from ..quantizers.quantization_config import resolved

            resolved(policy.quantization_mode, None, self._where())  # one that needs data is refused first
            self._set_policy(policy)
            try:
                self._quantize_to(policy)
            except BaseException:
                self._set_policy(old)
                raise
        else:
            self._set_policy(policy)

    def _set_policy(self, policy: DTypePolicy) -> None:
        policies = self._dtype_policy
        if isinstance(policies, DTypePolicyMap) and self._path and not isinstance(policy, DTypePolicyMap):
            if self.path in policies:
                del policies[self.path]
            policies[self.path] = policy
        else:
            vars(self)["_dtype_policy"] = policy
        note_change()

    @property
    def _own_policy(self) -> DTypePolicy:
        policy = self._dtype_policy
        return policy.for_path(self.path) if self._path and hasattr(policy, "for_path") else policy

    @property
    def dtype(self) -> str:
        """The dtype of the weights."""
        return self.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The dtype of the computations."""
        return self._own_policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of the weights."""
        return self._own_policy.variable_dtype

    @property
    def input_dtype(self) -> str:
        """The dtype that floating-point inputs are cast to."""
        return self.compute_dtype

    @property
    def _entry_dtype(self) -> str:
        """The dtype of the input that a `Sequential` model declares for its first layer."""
        return self.compute_dtype

    def _type_of_reads(self) -> str | None:
        """Returns the dtype to which weights are cast when `call` reads them; None: no cast."""
        outer = local.compute_dtype
        if outer is not None:
            return self.compute_dtype if self.autocast and is_float(self.compute_dtype) else None
        return self.compute_dtype if self.compute_dtype != self.variable_dtype else None

    def _converted(self, args: tuple, kwargs: dict) -> tuple[tuple, dict, bool]:
        """Returns the arguments cast to the input dtype, and whether anything was converted."""
        if not self._converts_inputs:
            return tuple(map(_with_scalars, args)), dict(kwargs), bool(kwargs) or len(args) != 1
        if not kwargs and len(args) == 1 and is_tensor(args[0]) and dtype_of(args[0]) == self.input_dtype:
            return args, {}, False
        args = tuple(self._convert(argument) for argument in args)
        kwargs = {name: value if name == "training" else self._convert(value) for name, value in kwargs.items()}
        wrong = [leaf for leaf in tree.flatten(args) if not is_tensor(leaf)]
        if wrong:
            raise ArgumentError(
                f"{self._where()}: only tensors can be passed by position. Pass {brief(wrong[0])} by its name instead."
            )
        return args, kwargs, True

    def _convert(self, value: object) -> object:
        """Returns an argument cast to the input dtype; a non-numeric one is returned unchanged."""
        if isinstance(value, (list, tuple)) and tree.flatten(value) and all(map(_is_number, tree.flatten(value))):
            value = to_array(value)
        return tree.map_structure(self._cast, value)

    def _cast(self, value: object) -> object:
        if isinstance(value, np.ndarray) and not is_numeric(value.dtype):
            if holds_text(value):
                return as_text(value)  # layers that compute with it raise their own errors
            raise ArgumentTypeError(f"{self._where()}: expected numbers, received an array of dtype {value.dtype}.")
        if not is_tensor(value) and not isinstance(value, np.generic):
            return value
        with paused_recording():
            cast = self.dtype_policy.convert_input(value, self.autocast, self.input_dtype)
        mask = get_mask(value)
        if mask is not None and cast is not value:
            set_mask(cast, mask)
        return cast


def _with_scalars(value: object) -> object:
    """Returns an argument whose numpy scalars are arrays if it has tensors, too: those are all that it may have."""
    if isinstance(value, (list, tuple, dict)) and any(isinstance(leaf, np.generic) for leaf in tree.flatten(value)):
        if any(map(is_tensor, tree.flatten(value))):
            return tree.map_structure(lambda leaf: np.asarray(leaf) if isinstance(leaf, np.generic) else leaf, value)
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float, np.generic))
