"""Which plans of a step hold: those that were traced while Python held what it holds now.

A step that changes in Python what it depends on, or takes values from outside, each time it is traced, is no step to
replay. What happens only once (a cache is filled, a layer is built) does no harm: the next trace becomes the plan.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from ..engine.tensor import Tensor
from ..engine.trace import Trace
from ..engine.watched import Watched, changes
from ..errors import TraceError
from .code_inspection import names_in
from .impure_calls import Outside
from .plan import Plan
from .python_state import Snapshot
from .rollback import Kept, unchanged

Plans = OrderedDict[Any, Plan]

_MOST_STATES = 3  # plans take memory; a flag that is set and reset needs two
_MOST_UNUSED = 8  # plans in a row that were made and never run
_KEEP = "Keep what changes in a `Variable` and `assign` to it"
_DRAW = "Draw with `minikeras.random`, and keep what changes in a `Variable`"


class Noticed:
    """What was noticed while a step was traced.

    Attributes:
        is_steady: Whether the trace may become a plan.
        replay_blocker: Why no trace of the step may; None if there is no reason.
        remedy: What to do about it.
    """

    is_steady = True
    replay_blocker: str | None = None
    remedy: str | None = None


class Validity:
    """Tells which plans hold now.

    Args:
        depends_on: Returns the objects whose attributes the step reads.

    Attributes:
        seen: The count of changes when it was looked at last.
        is_loose: Whether there is anything that does not say when it changes.
        replay_blocker: Why the step had better run eagerly; None if there is no reason.
        remedy: What to do about it.
    """

    def __init__(self, depends_on: Callable[[], Sequence]):
        self.seen = -1
        self.is_loose = False
        self.replay_blocker: str | None = None
        self.remedy = _KEEP
        self._depends_on = depends_on
        self._now: Snapshot | None = None
        self._states: list[tuple[Snapshot, Plans]] = []
        self._unused = 0
        self._names: set[str] | None = None  # in the code of the user that ran so far
        self._changed: dict[Any, set] = {}  # by signature: what the last trace changed, if it changed anything

    def forget(self) -> None:
        """Drops all plans."""
        self._states.clear()
        self.seen = -1

    def still_holds(self) -> bool:
        """Tells whether all is as it was that does not say when it changes."""
        return self._now.still_holds()

    def plans(self) -> Plans:
        """Returns the plans made while Python held what it holds now; none yet if it never did."""
        now = self._look()
        for index, (snapshot, plans) in enumerate(self._states):
            if not now.differences(snapshot, self._names):
                self._states.append(self._states.pop(index))
                return plans
        if self._states:
            self._count_unused(now)
        self._states.append((now, OrderedDict()))
        del self._states[:-_MOST_STATES]
        return self._states[-1][1]

    def _look(self) -> Snapshot:
        self.seen = changes.number
        self._now = Snapshot(self._depends_on())
        self.is_loose = self._now.is_loose
        return self._now

    def _count_unused(self, now: Snapshot) -> None:
        """Gives up when plan after plan was made and none ever run, because something is another each time."""
        last, plans = self._states[-1]
        if plans:
            self._unused = 0 if any(plan.was_run for plan in plans.values()) else self._unused + 1
        if self._unused >= _MOST_UNUSED:
            self.replay_blocker = f"{now.describe(now.differences(last, self._names)[0])} is another in each step"

    @contextmanager
    def watching(self, trace: Trace, key: Any) -> Iterator[Noticed]:
        """Watches what a trace changes, and what it takes from outside.

        Args:
            trace: The trace, open.
            key: The signature of the data.

        Raises:
            TraceError: If a metric keeps state in Python.
        """
        noticed, before = Noticed(), self._now
        outside = Outside(trace, before) if before.has_user_code else None
        with outside or nullcontext():
            yield noticed
        if outside is None and changes.number == self.seen:
            return
        after = self._look()
        if outside is not None:
            self._note_names(outside)
        changed = {place[:2]: place for place in after.differences(before, self._names)}
        if outside is not None and outside.drawn:
            changed[outside.drawn, ""] = ()
        if not changed:
            self._changed.pop(key, None)
            return
        noticed.is_steady, self.seen = False, -1
        again = [name for name in changed if name in self._changed.get(key, ())]
        self._changed[key] = set(changed)
        for name, place in changed.items():
            if place and (name in again or after.values.get(place) is Tensor):
                _check_may_change(after, before, place)
        if again and changed[again[0]]:
            place = changed[again[0]]
            where = after if place in after.values else before
            noticed.replay_blocker, noticed.remedy = f"{where.describe(place)} is changed in each step", _KEEP
        elif again:
            noticed.replay_blocker, noticed.remedy = again[0][0], _DRAW

    def _note_names(self, outside: Outside) -> None:
        """Keeps the names in the code that ran; all the code that was found counts if that cannot be told."""
        codes = outside.codes
        if codes is None:
            codes = [function.__code__ for function in outside.snapshot.functions]
        self._names = (self._names or set()).union(*map(names_in, codes))


def _check_may_change(after: Snapshot, before: Snapshot, place: tuple) -> None:
    where = after if place in after.values else before
    if not getattr(where.owner(place), "_may_keep_state", True):
        raise TraceError(refusal(where.describe(place)))


def check_keeps_nothing(metric: Watched, update: Callable[[], object], again: Callable[[], object]) -> None:
    """Updates a metric, and refuses it if each update changes its attributes, having put them back.

    Args:
        metric: The metric.
        update: Updates it.
        again: Updates it with other values.

    Raises:
        TraceError: If it keeps state in Python.
    """
    first = Kept([metric])
    update()  # makes what is made only once
    before = Snapshot([metric])
    with unchanged([metric]):
        again()
        after = Snapshot([metric])
    changed = [place for place in after.differences(before) if isinstance(after.owner(place), Watched)]
    if changed:
        first.put_back()
        raise TraceError(refusal((after if changed[0] in after.values else before).describe(changed[0])))


def refusal(what: str) -> str:
    """Returns the message that refuses state that a metric keeps in Python.

    Args:
        what: The attribute, in words.
    """
    return (
        f"{what} is changed in `update_state`, in Python. A replayed step would not change it, so the metric would be "
        "wrong. Make a variable with `self.add_variable(shape=(), initializer='zeros')` and `assign` to it, or compile "
        "with `run_eagerly=True`."
    )
