"""Layers whose values are computed again in the backward pass, as the `RematScope` says in which they were created."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.remat_scope import RematMode, current_remat_mode
from ..tracebacks import Filtered


class Rematerializing(Filtered):
    """The part of `Layer` that keeps no values for the backward pass."""

    _remat_mode: RematMode | None = None
    _recomputes_by_layer = False  # whether the layers inside recompute their values, each for itself

    def _note_remat_mode(self) -> None:
        """Takes over the mode of the scope that is open."""
        mode = current_remat_mode()
        if mode is not None:
            vars(self)["_remat_mode"] = mode

    def rematerialized_call(self, layer_call: Callable, *args: Any, **kwargs: Any) -> Callable:
        """Returns the function to call instead of `call`, according to the `RematScope` the layer was created in.

        Args:
            layer_call: `call`, or another method that computes the outputs.
            *args: The positional arguments of the call.
            **kwargs: Its keyword arguments.
        """
        mode = self._remat_mode
        if mode is None:
            return layer_call
        from ..ops.remat import remat  # it loads the compiler, which a layer alone does not need

        if mode.mode == "activations":
            has_activation = getattr(self, "activation", None) is not None
            return partial(self._call_with_remat_activation, layer_call) if has_activation else layer_call
        if mode.mode == "list_of_layers":
            return remat(layer_call) if self.name in mode.layer_names else layer_call
        if self._recomputes_by_layer:
            return layer_call
        if mode.mode == "larger_than":
            return partial(_call_if_larger, layer_call, mode.output_size_threshold)
        return remat(layer_call)

    def _call_with_remat_activation(self, layer_call: Callable, *args: Any, **kwargs: Any) -> Any:
        from ..ops.remat import remat

        # Not by setting the attribute, which would make plans stale: for the time of this call alone.
        attributes, activation = vars(self), self.activation
        attributes["activation"] = remat(activation)
        try:
            return layer_call(*args, **kwargs)
        finally:
            attributes["activation"] = activation


def _call_if_larger(layer_call: Callable, threshold: int, *args: Any, **kwargs: Any) -> Any:
    from ..ops.remat import run_again_in_backward

    def is_larger(outputs: Any) -> bool:
        return sum(int(np.prod(output.shape)) for output in tree.flatten(outputs)) > threshold

    return run_again_in_backward(layer_call, args, kwargs, is_larger)
