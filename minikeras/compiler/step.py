"""A step: a function of arrays that is traced the first time and replayed from then on."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.deferred import DeferredTrace
from ..engine.tensor import Tensor
from ..engine.trace import Trace, current_trace, paused_tracing
from ..engine.variable import Variable
from ..engine.watched import changes
from ..errors import ReplayWarning, warn_user
from .guards.validity import Plans, TraceFindings, Validity
from .plan import Plan
from .threads.blas_threads import on_one_thread

_MAX_PLANS = 64  # with more signatures than this, the least recently used plan is dropped
_MAX_TRACES = 3  # attempts for one plan: code that runs only once, such as filling a cache, invalidates the first trace
_REMEDY = "Use functions of `minikeras.ops` (such as `where`) instead of looking at values in Python"


class Step:
    """Runs a function of nested arrays; once per signature it is traced, then its plan is replayed.

    Args:
        function: Maps one nested structure of values to another.
        name: The name in warnings.
        replay: False: run the function itself every time, so that Python sees each step (`run_eagerly`).
        depends_on: Returns the objects whose attributes the function reads. Plans are valid until those change.

    Example:
        >>> import numpy as np
        >>> double = Step(lambda x: x + x, name="double")
        >>> float(double(np.float32([3.0]))[0]), float(double(np.float32([4.0]))[0])
        (6.0, 8.0)
    """

    def __init__(
        self, function: Callable, name: str, replay: bool = True, depends_on: Callable[[], Sequence] | None = None
    ):
        self._function = function
        self._name = name
        self._replay = replay
        self._plans: Plans = OrderedDict()
        self._validity = Validity(depends_on) if replay and depends_on is not None else None

    def __call__(self, data: Any) -> Any:
        """Runs the function on nested arrays. Results are overwritten by the next call: copy what you keep.

        Inside another step, it is traced as part of that step.
        """
        if current_trace() is not None:
            return self._function(data)
        arrays = tree.flatten(data)
        key = signature(arrays, data)
        self.plans()
        plan = self.plan(key)
        if plan is None:
            return self.trace(arrays, data, key)
        for buffer, array in zip(plan.inputs, arrays, strict=True):
            np.copyto(buffer, array)
        plan.run()
        return plan.results()

    def plans(self) -> Plans:
        """Returns the plans that are valid for the current Python state. Call it before each run."""
        state = self._validity
        if state is not None and (changes.number != state.seen or (state.has_guards and not state.guards_hold())):
            self._plans = state.plans()
            state.settle()
            if state.replay_blocker is not None:
                self._give_up(state.replay_blocker, state.remedy)
        return self._plans

    def plan(self, key: Any) -> Plan | None:
        """Returns the plan for a signature, or None if there is none yet."""
        plan = self._plans.get(key)
        if plan is not None:
            if not plan.was_run:
                plan.note_run()
            if len(self._plans) > 1:
                self._plans.move_to_end(key)
        return plan

    def forget_plans(self) -> None:
        """Drops the plans; each signature is traced again the next time."""
        self._plans = OrderedDict()
        if self._validity is not None:
            self._validity.forget()

    def trace(self, arrays: Sequence[np.ndarray], data: Any, key: Any) -> Any:
        """Runs the function itself, recording it, and keeps the plan.

        If it fails, each variable it assigned to has the value it had before.
        """
        return on_one_thread(partial(self._trace, arrays, data, key))()

    def traced_plan(self, arrays: Sequence[np.ndarray], data: Any, key: Any) -> Plan | None:
        """Returns the plan for a signature, tracing the step if necessary; assignments to variables are rolled back.

        None: the step cannot be replayed.
        """
        for _ in range(_MAX_TRACES):
            if self._replay and key not in self.plans():
                on_one_thread(partial(self._trace, arrays, data, key, undo=True))()
        return self.plan(key) if self.plans() else None

    def _trace(self, arrays: Sequence[np.ndarray], data: Any, key: Any, undo: bool = False, defer: bool = True) -> Any:
        trace = DeferredTrace() if self._replay and defer else Trace(replayed=self._replay)
        try:
            with paused_tracing(), trace, self._watching(trace, key) as findings:
                inputs = [Tensor(np.asarray(array, order="C"), trace) for array in arrays]
                result = self._function(tree.pack_like(data, inputs))
                outputs = [_delivered(value) for value in tree.flatten(result)]
        except BaseException:
            trace.undo()
            raise
        plan = None
        if self._replay and self._replayable(trace, findings):
            plan = Plan(trace, inputs, outputs, tree.map_structure(lambda leaf: 0, result))
            self._plans[key] = plan
            if len(self._plans) > _MAX_PLANS:
                self._plans.popitem(last=False)
        kept: list = []
        if plan is not None and isinstance(trace, DeferredTrace) and trace.is_deferring:
            result = tree.map_structure(lambda leaf: 0, result)  # drops the tensors
            trace, outputs, references = trace.released(outputs)
            kept = [
                (tensor, twin) for tensor, twin in ((ref(), twin) for ref, twin in references) if tensor is not None
            ]
            if not kept:
                if undo or _first_run(plan, trace, arrays):
                    return plan.results()
                del self._plans[key]
                return self._trace(arrays, data, key, defer=False)  # raises the error where the cause is
        try:
            trace.materialize()
        except BaseException:
            trace.undo()
            raise
        for tensor, twin in kept:
            tensor.form, tensor.is_deferred = twin.form, False
        if undo:
            trace.undo()
        trace.replayed = self._replay
        trace.clear() if trace.replayed else trace.settle()
        return tree.pack_like(result, [value.array if isinstance(value, Tensor) else value for value in outputs])

    def _watching(self, trace: Trace, key: Any) -> AbstractContextManager:
        return nullcontext() if self._validity is None else self._validity.watching(trace, key)

    def _replayable(self, trace: Trace, findings: TraceFindings | None) -> bool:
        """Whether the trace can be replayed; warns if no trace of the step ever can."""
        if trace.replay_blocker is not None:
            self._give_up(trace.replay_blocker, trace.remedy)
        elif findings is not None and findings.replay_blocker is not None:
            self._give_up(findings.replay_blocker, findings.remedy)
        return self._replay and (findings is None or findings.is_steady)

    def _give_up(self, blocker: str, remedy: str | None) -> None:
        self._replay, self._validity, self._plans = False, None, OrderedDict()
        warn_user(
            f"`{self._name}` cannot be replayed and runs eagerly, which is slower: {blocker}. "
            f"{remedy or _REMEDY}, or compile with `run_eagerly=True` if this is intended.",
            ReplayWarning,
        )


def _first_run(plan: Plan, trace: DeferredTrace, arrays: Sequence[np.ndarray]) -> bool:
    """Runs a new plan; returns False if that fails, in which case variables have the values they had before."""
    trace.save_assigned()
    for buffer, array in zip(plan.inputs, arrays, strict=True):
        np.copyto(buffer, array)
    try:
        plan.run()
    except BaseException as error:
        trace.undo()
        if not isinstance(error, Exception):
            raise
        return False
    return True


def _delivered(value: object) -> object:
    if isinstance(value, Variable):
        return value.read()
    return value.current() if isinstance(value, Tensor) else value


def signature(arrays: Sequence[np.ndarray], data: Any) -> Any:
    """Returns the key of a plan: nesting, shapes and dtypes of the data."""
    return (tree.structure_key(data), *((array.shape, array.dtype) for array in arrays))
