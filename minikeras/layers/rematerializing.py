"""Layers whose values are computed again in the backward pass, as the `RematScope` says in which they were created."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ..graph.rematerializing import RematerializedOperation


class Rematerializing(RematerializedOperation):
    """The part of `Layer` that keeps no values for the backward pass."""

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
        if mode.mode == "activations" and getattr(self, "activation", None) is not None:
            return partial(self._call_with_remat_activation, layer_call)
        if mode.mode == "list_of_layers" and self.name in mode.layer_names:
            from ..ops.remat import remat  # it loads the compiler, which a layer alone does not need

            return remat(layer_call)
        return super().rematerialized_call(layer_call, *args, **kwargs)

    def _call_with_remat_activation(self, layer_call: Callable, *args: Any, **kwargs: Any) -> Any:
        from ..ops.remat import remat

        # Not by setting the attribute, which would make plans stale: for the time of this call alone.
        attributes, activation = vars(self), self.activation
        attributes["activation"] = remat(activation)
        try:
            return layer_call(*args, **kwargs)
        finally:
            attributes["activation"] = activation
