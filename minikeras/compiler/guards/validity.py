"""Which plans of a step are valid: those that were traced under the present Python state.

A step that changes the state it depends on, or makes impure calls, in every trace cannot be replayed. One-time changes
(a cache is filled, a layer is built) are harmless: the next trace becomes the plan.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from ...engine.tensor import Tensor
from ...engine.trace import Trace
from ...engine.watched import Watched, changes
from ...errors import TraceError
from ..plan import Plan
from .code_inspection import names_in
from .impure_calls import ImpureCalls
from .python_state import Snapshot
from .rollback import SavedAttributes, unchanged

Plans = OrderedDict[Any, Plan]

_MAX_STATES = 3  # Python states whose plans are kept; a flag that is toggled needs two
_MAX_UNUSED = 8  # states in a row whose plans were never replayed
_KEEP = "Keep what changes in a `Variable` and `assign` to it"
_DRAW = "Draw with `minikeras.random`, and keep what changes in a `Variable`"


class TraceFindings:
    """What the observation of a trace found.

    Attributes:
        is_steady: Whether the trace may become a plan.
        replay_blocker: Why no trace of the step may become one; None if there is no reason.
        remedy: How to fix that.
    """

    is_steady = True
    replay_blocker: str | None = None
    remedy: str | None = None


class Validity:
    """Keeps the plans of a step for the Python states under which they were traced.

    Args:
        depends_on: Returns the objects whose attributes the step reads.

    Attributes:
        seen: `changes.number` at the last snapshot, once the plans that are valid for it are in use; else -1.
        has_guards: Whether the step depends on values that change without notice.
        replay_blocker: Why the step should run eagerly; None if there is no reason.
        remedy: How to fix that.
    """

    def __init__(self, depends_on: Callable[[], Sequence]):
        self.seen = self._number = -1
        self.has_guards = False
        self.replay_blocker: str | None = None
        self.remedy = _KEEP
        self._depends_on = depends_on
        self._now: Snapshot | None = None
        self._states: list[tuple[Snapshot, Plans]] = []
        self._unused = 0
        self._names: set[str] | None = None  # in the user's code that ran so far
        self._changed: dict[Any, set] = {}  # by signature: what the last trace changed, if anything

    def forget(self) -> None:
        """Drops all plans."""
        self._states.clear()
        self.seen = -1

    def guards_hold(self) -> bool:
        """Whether all values that change without notice are the same as in the last snapshot."""
        return self._now.guards_hold()

    def plans(self) -> Plans:
        """Takes a snapshot and returns the plans that were traced under this state: none, if it is new.

        Call `settle` when they are in use. If an interrupt comes before, the next step does all of this again.
        """
        now = self._take_snapshot()
        for index, (snapshot, plans) in enumerate(self._states):
            if not now.differences(snapshot, self._names):
                self._states.append(self._states.pop(index))
                return plans
        if self._states:
            self._count_unused(now)
        self._states.append((now, OrderedDict()))
        del self._states[:-_MAX_STATES]
        return self._states[-1][1]

    def settle(self) -> None:
        """Notes that the plans in use are those of the last snapshot."""
        self.seen = self._number

    def _take_snapshot(self) -> Snapshot:
        self.seen = -1
        self._number = changes.number
        self._now = Snapshot(self._depends_on())
        self.has_guards = self._now.has_guards
        return self._now

    def _count_unused(self, now: Snapshot) -> None:
        """Blocks the replay if the state is new in each step, so that no plan is ever replayed."""
        last, plans = self._states[-1]
        if plans:
            self._unused = 0 if any(plan.was_run for plan in plans.values()) else self._unused + 1
        if self._unused >= _MAX_UNUSED:
            self.replay_blocker = f"{now.describe(now.differences(last, self._names)[0])} differs in each step"

    @contextmanager
    def watching(self, trace: Trace, key: Any) -> Iterator[TraceFindings]:
        """Observes which state a trace changes, and the impure calls that it makes.

        Args:
            trace: The open trace.
            key: The signature of the data.

        Raises:
            TraceError: If a metric keeps state in Python.
        """
        findings, before = TraceFindings(), self._now
        impure_calls = ImpureCalls(trace, before) if before.has_user_code else None
        with impure_calls or nullcontext():
            yield findings
        if impure_calls is None and changes.number == self._number:
            return
        after = self._take_snapshot()
        if impure_calls is not None:
            self._add_executed_names(impure_calls)
        changed = {path[:2]: path for path in after.differences(before, self._names)}
        if impure_calls is not None and impure_calls.random_draws:
            changed[impure_calls.random_draws, ""] = ()
        if not changed:
            self._changed.pop(key, None)
            self.settle()
            return
        findings.is_steady, self.seen = False, -1
        again = [name for name in changed if name in self._changed.get(key, ())]
        self._changed[key] = set(changed)
        for name, path in changed.items():
            if path and (name in again or after.values.get(path) is Tensor):
                _check_may_keep_state(after, before, path)
        if again and changed[again[0]]:
            path = changed[again[0]]
            where = after if path in after.values else before
            findings.replay_blocker, findings.remedy = f"{where.describe(path)} is changed in each step", _KEEP
        elif again:
            findings.replay_blocker, findings.remedy = again[0][0], _DRAW

    def _add_executed_names(self, impure_calls: ImpureCalls) -> None:
        """Adds the names in the user's code that ran, or in all that is reachable if that is not known."""
        executed = impure_calls.executed
        if executed is None:
            executed = [function.__code__ for function in impure_calls.snapshot.functions]
        self._names = (self._names or set()).union(*map(names_in, executed))


def _check_may_keep_state(after: Snapshot, before: Snapshot, path: tuple) -> None:
    where = after if path in after.values else before
    if not getattr(where.owner(path), "_may_keep_state", True):
        raise TraceError(python_state_message(where.describe(path)))


def refuse_python_state(metric: Watched, update: Callable[[], object], again: Callable[[], object]) -> None:
    """Updates a metric; restores and refuses it if a second update changes its attributes, too.

    Args:
        metric: The metric.
        update: Updates it.
        again: Updates it with different values.

    Raises:
        TraceError: If it keeps state in Python.
    """
    first = SavedAttributes([metric])
    update()  # also initializes what is made only once
    before = Snapshot([metric])
    with unchanged([metric]):
        again()
        after = Snapshot([metric])
    changed = [path for path in after.differences(before) if isinstance(after.owner(path), Watched)]
    if changed:
        first.restore()
        raise TraceError(python_state_message((after if changed[0] in after.values else before).describe(changed[0])))


def python_state_message(what: str) -> str:
    """Returns the error message for a metric that keeps state in Python.

    Args:
        what: A description of the attribute.
    """
    return (
        f"{what} is changed in `update_state`, in Python. A replayed step would not change it, so the metric would be "
        "wrong. Make a variable with `self.add_variable(shape=(), initializer='zeros')` and `assign` to it, or compile "
        "with `run_eagerly=True`."
    )
