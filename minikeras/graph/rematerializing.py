"""Operations whose values are computed again in the backward pass, as the `RematScope` they were created in says."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.remat_scope import RematMode, current_remat_mode
from ..lazy import namespace
from ..tracebacks import Filtered


class RematerializedOperation(Filtered):
    """The part of `Operation` that keeps no values for the backward pass."""

    _remat_mode: RematMode | None = None
    _recomputes_by_layer = False  # whether the operations inside recompute their values, each for itself

    def _note_remat_mode(self) -> None:
        """Takes over the mode of the scope that is open."""
        mode = current_remat_mode()
        if mode is not None:
            vars(self)["_remat_mode"] = mode

    def rematerialized_call(self, fn: Callable, *args: Any, **kwargs: Any) -> Callable:
        """Returns the function to call instead of `call`, according to the `RematScope` the operation was created in.

        Args:
            fn: `call`, or another method that computes the outputs.
            *args: The positional arguments of the call.
            **kwargs: Its keyword arguments.
        """
        mode = self._remat_mode
        if mode is None or self._recomputes_by_layer:
            return fn
        if mode.mode == "full":
            return namespace("ops.remat").remat(fn)
        return partial(_call_if_larger, fn, mode.output_size_threshold) if mode.mode == "larger_than" else fn


def _call_if_larger(fn: Callable, threshold: int, *args: Any, **kwargs: Any) -> Any:
    def is_larger(outputs: Any) -> bool:
        return sum(int(np.prod(output.shape)) for output in tree.flatten(outputs)) > threshold

    return namespace("ops.remat").run_again_in_backward(fn, args, kwargs, is_larger)
