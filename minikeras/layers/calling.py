"""Calling a layer: building it if necessary, checking its inputs, computing its outputs, propagating masks."""

import threading
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.dtypes import dtype_of
from ..engine.immutable_arrays import as_input, immutable_results, without_aliasing
from ..engine.masks import get_mask, set_mask
from ..engine.scopes import StatelessScope, computing_in, state_pairs
from ..errors import ArgumentError, ShapeError, StateError, add_location, warn_user
from ..graph.operation import check_initialized, has_symbolic, is_recording, paused_recording, refuse_symbolic
from ..typing import HasCall, Result
from .arguments import Arguments
from .input_spec import InputSpec
from .outside import note_call
from .rematerializing import Rematerializing


class _Calls(threading.local):
    training: bool | None = None

    def __init__(self) -> None:
        self.running: list[Any] = []  # the layers being called, the innermost last


_calls = _Calls()


def is_in_call() -> bool:
    """Tells whether a layer is being called."""
    return bool(_calls.running)


class Calling(Rematerializing):
    """The part of `Layer` that is called."""

    def __call__(self: HasCall[Result], *args: Any, **kwargs: Any) -> Result:
        """Builds the layer if necessary, checks the inputs and computes the outputs."""
        check_initialized(self)
        with _Call(self) as call:
            try:
                return self._run(call, args, kwargs)
            except Exception as error:
                add_location(error, f"Raised in the call of {self._location()}.")
                raise

    def _run(self, call: "_Call", given_args: tuple, given_kwargs: dict) -> object:
        args, kwargs, converted = self._converted(given_args, given_kwargs)
        arguments = Arguments(type(self).call, self._where(), args, kwargs)
        symbolic = has_symbolic(args, kwargs)
        self._check_input(arguments.first)
        self._build_once(arguments, symbolic)
        call.set_training(arguments)
        mask = arguments.fill_masks()
        if symbolic:
            with paused_recording(), StatelessScope(), computing_in(self._type_of_reads()):
                outputs = self.compute_output_spec(*args, **kwargs)
                if self._has_shape_rule():
                    arguments.note_stand_ins(self.compute_output_shape, self._where(), outputs)
            # As in Keras, arguments that were filled in belong to the node if the inputs were not converted.
            outputs = self._noted(given_args, given_kwargs if converted else kwargs, outputs)
        else:
            with computing_in(self._type_of_reads()):
                outputs = self._computed(args, kwargs)
            refuse_symbolic(f"`call` of {self._where()}", outputs)
        self._after_call(arguments.first, mask, outputs, symbolic)
        return outputs

    def _computed(self, args: tuple, kwargs: dict) -> object:
        """Runs `call` or `quantized_call`, which can neither write to its arguments nor return memory of the caller."""
        given = [leaf for leaf in tree.flatten((args, kwargs)) if isinstance(leaf, np.ndarray)]
        if not given:
            return self._call_now(args, kwargs)
        args, kwargs = tree.map_structure(as_input, (args, kwargs))
        with immutable_results():
            outputs = self._call_now(args, kwargs)
        # Values passed between sublayers may share memory, as none of them can write to it.
        return outputs if len(_calls.running) > 1 else tree.map_structure(lambda leaf: _returned(leaf, given), outputs)

    def _call_now(self, args: tuple, kwargs: dict) -> object:
        call = self.call if self.quantization_mode is None else self.quantized_call
        call = call if self._remat_mode is None else self.rematerialized_call(call, *args, **kwargs)
        return call(*args, **kwargs)

    def _after_call(self, inputs: object, mask: object, outputs: object, symbolic: bool) -> None:
        if outputs is None:
            raise ArgumentError(f"{self._where()}: `call` returned None. It must return its output.")
        if self._locks_when_built:
            self._tracker.lock()
        if self.activity_regularizer is not None and not symbolic:
            for output in tree.flatten(outputs):
                loss = self.activity_regularizer(output)
                self.add_loss(loss / output.shape[0] if len(output.shape) else loss)
        self._pass_mask_on(inputs, mask, outputs)

    def _pass_mask_on(self, inputs: object, mask: object, outputs: object) -> None:
        if not self.supports_masking:
            if tree.flatten(mask):
                warn_user(
                    f"{self._where()} does not support masking, but its input has a mask, which ends here: the layers "
                    "after it will not see it.",
                    UserWarning,
                )
            return
        values = tree.flatten(outputs)
        if all(get_mask(value) is not None for value in values):
            return
        masks = self.compute_mask(inputs, mask)
        masks = list(masks) if isinstance(masks, (list, tuple)) and len(masks) == len(values) else tree.flatten(masks)
        for value, new in zip(values, masks, strict=False):
            if new is not None and get_mask(value) is None:
                set_mask(value, new)

    def _check_input(self, inputs: object) -> None:
        if self.input_spec is None:
            return
        if isinstance(self.input_spec, InputSpec):
            specs, values = [self.input_spec], [inputs]
            if not hasattr(inputs, "shape"):
                values = tree.flatten(inputs)
        else:
            specs, values = tree.flatten(self.input_spec), tree.flatten(inputs)
        if len(specs) != len(values):
            raise ShapeError(f"{self._where()}: expected {len(specs)} input(s), received {len(values)}.")
        for spec, value in zip(specs, values, strict=True):
            spec.check(tuple(value.shape), dtype_of(value), self._where())

    def stateless_call(
        self,
        trainable_variables: list,
        non_trainable_variables: list,
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """Computes the output with the given values of the variables, without changing any of them.

        Args:
            trainable_variables: Values in the order of `trainable_variables`.
            non_trainable_variables: Values in the order of `non_trainable_variables`.
            *args: Positional arguments of the call.
            return_losses: Whether to return the losses, too.
            **kwargs: Keyword arguments of the call.

        Returns:
            The output, the new values of the non-trainable variables and, if requested, the list of losses.

        Raises:
            StateError: If the layer is not built.
            ArgumentError: If there are more or fewer values than variables.
        """
        if not self.built:
            raise StateError(f"{self._where()} is not built, so it has no variables yet. Call it on data first.")
        mapping = []
        for name, values in (
            ("trainable_variables", trainable_variables),
            ("non_trainable_variables", non_trainable_variables),
        ):
            mapping += state_pairs(self._where(), name, getattr(self, name), values)
        frozen = self.non_trainable_variables
        with StatelessScope(mapping, collect_losses=return_losses) as scope:
            outputs = self(*args, **kwargs)
            losses = self.losses if return_losses else []
        self._clear_losses()
        updated = [without_aliasing(scope.get_current_value(variable), ()) for variable in frozen]
        return (outputs, updated, losses) if return_losses else (outputs, updated)


def _returned(value: Any, given: list) -> Any:
    """Returns an output that shares no memory with the inputs, with the mask that `call` may have set."""
    result, mask = without_aliasing(value, given), get_mask(value)
    if mask is not None and result is not value:
        set_mask(result, without_aliasing(mask, ()))
    return result


class _Call:
    """One call of a layer: passes `training` down to sublayers and opens the layer's name scope."""

    def __init__(self, layer: Any):
        self._layer = layer
        self._scope = layer._scope()

    def __enter__(self) -> "_Call":
        self._outer = _calls.training
        # A symbolic call keeps no losses, so none are cleared.
        if not _calls.running and is_recording():
            self._layer._clear_losses()
        _calls.running.append(self._layer)
        self._scope.__enter__()
        return self

    def set_training(self, arguments: Arguments) -> None:
        """Resolves `training` for this call and those inside."""
        _calls.training = arguments.resolve_training(self._outer)

    def __exit__(self, *exception: object) -> None:
        self._scope.__exit__()
        _calls.running.pop()
        _calls.training = self._outer
        if _calls.running and exception[0] is None:
            note_call(_calls.running, self._layer)
