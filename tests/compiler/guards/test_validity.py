"""Plans are valid for the Python state under which they were traced."""

import sys
from inspect import unwrap

import numpy as np
import pytest

from minikeras.compiler.guards.validity import _MAX_STATES, _MAX_UNUSED, Validity, refuse_python_state
from minikeras.compiler.step import Step
from minikeras.engine.trace import Trace
from minikeras.engine.watched import Watched
from minikeras.errors import ReplayWarning, TraceError

DATA = np.ones(2, "float32")


class Scale(Watched):
    def __init__(self, factor):
        self.factor = factor
        self.traced = 0
        self.note = ""

    _bookkeeping = frozenset({"traced"})

    def __call__(self, x):
        self.traced += 1
        return x * self.factor


def step_of(scale):
    return Step(scale, "a step", depends_on=lambda: [scale])


def test_a_changed_attribute_counts_from_the_next_step_on():
    scale = Scale(2.0)
    step = step_of(scale)
    for factor in (2.0, 2.0, 3.0, 3.0):
        scale.factor = factor
        assert step(DATA).tolist() == [factor, factor]
    assert scale.traced == 2


def test_plans_of_an_earlier_state_are_used_again():
    scale = Scale(2.0)
    step = step_of(scale)
    for factor in (2.0, 3.0) * 5:
        scale.factor = factor
        assert step(DATA).tolist() == [factor, factor]
    assert scale.traced == 2


def test_only_the_last_states_are_kept():
    scale = Scale(0.0)
    step = step_of(scale)
    for factor in range(_MAX_STATES + 1):
        scale.factor = float(factor)
        step(DATA), step(DATA)
    traced = scale.traced
    scale.factor = 1.0
    step(DATA)
    assert scale.traced == traced  # kept
    scale.factor = 0.0
    step(DATA)
    assert scale.traced == traced + 1  # dropped


def test_what_no_code_reads_does_not_count():
    scale = Scale(2.0)
    step = step_of(scale)
    step(DATA)
    scale.another = 5
    step(DATA)
    assert scale.traced == 1


def test_values_that_change_without_notice_are_guarded():
    scale = Scale(np.array([2.0, 2.0], "float32"))
    step = step_of(scale)
    step(DATA)
    scale.factor[1] = 5.0
    assert step(DATA).tolist() == [2, 5] and scale.traced == 2


def test_state_that_is_new_in_each_step_ends_the_replay():
    scale = Scale(0.0)
    step = step_of(scale)
    with pytest.warns(ReplayWarning, match="`factor` of Scale differs in each step"):
        for factor in range(_MAX_UNUSED + 3):
            scale.factor = float(factor)
            step(DATA)
    assert not step._replay


def test_state_that_each_trace_changes_ends_the_replay():
    class Counts(Scale):
        def __call__(self, x):
            self.factor += 1
            return x * self.factor

    step = step_of(Counts(0.0))
    results = []
    with pytest.warns(ReplayWarning, match="`factor` of Counts is changed in each step"):
        for _ in range(4):
            results.append(step(DATA)[0])
    assert results == [1, 2, 3, 4]


def test_what_changes_once_does_no_harm():
    class Caches(Scale):
        cache = None

        def __call__(self, x):
            if self.cache is None:
                self.cache = 1
            return super().__call__(x) + self.cache

    scale = Caches(2.0)
    step = step_of(scale)
    assert [step(DATA)[0] for _ in range(4)] == [3, 3, 3, 3]
    assert scale.traced == 2 and step._replay


def test_a_metric_must_not_keep_state_in_python():
    class Metric(Scale):
        _may_keep_state = False

        def __call__(self, x):
            self.factor = x
            return x

    with pytest.raises(TraceError, match="`factor` of Metric is changed in `update_state`, in Python"):
        step_of(Metric(1.0))(DATA)


def test_forget():
    scale = Scale(2.0)
    validity = Validity(lambda: [scale])
    plans = validity.plans()
    assert validity.plans() is plans
    validity.forget()
    assert validity.plans() is not plans


def test_code_that_did_not_run_does_not_count():
    class Branches(Scale):
        def __call__(self, x):
            return super().__call__(x) if self.factor else self.other(x)

        def other(self, x):
            return x + len(self.note)

    scale = Branches(2.0)
    step = step_of(scale)
    step(DATA), step(DATA)
    scale.note = "read by `other` alone"
    step(DATA)
    assert scale.traced == 1
    scale.factor = 0.0
    assert step(DATA).tolist() == [22, 22]
    scale.note = ""
    assert step(DATA).tolist() == [1, 1]


def test_observing_a_trace_that_fails():
    scale = Scale(2.0)
    validity = Validity(lambda: [scale])
    validity.plans()
    with pytest.raises(ValueError), Trace() as trace, validity.watching(trace, "key"):
        raise ValueError


# ---------------------------------------------------------------- metrics


class Keeps(Watched):
    def __init__(self):
        self.seen = []
        self.made = None

    def update(self):
        self.seen.append(1)

    def make(self):
        if self.made is None:
            self.made = 1


def test_an_update_that_changes_attributes_each_time_is_refused():
    metric = Keeps()
    with pytest.raises(TraceError, match="`seen.*` of Keeps is changed in `update_state`"):
        refuse_python_state(metric, metric.update, metric.update)
    assert metric.seen == []


def test_an_update_that_makes_something_once_is_not():
    metric = Keeps()
    refuse_python_state(metric, metric.make, metric.make)
    assert metric.made == 1


class Interrupted:
    """Raises KeyboardInterrupt before a given line that is run, the first being number 0, of the choice of plans.

    Not while a step is traced: a line event comes at the end of `with`, too, where CPython does not look for signals.
    """

    functions = {
        *(Step.__call__, Step.plans, Step.plan, Validity.plans, Validity.settle, Validity._take_snapshot),
        Validity._count_unused,
    }

    def __init__(self, number):
        self.left, self.codes = number, {unwrap(function).__code__ for function in self.functions}

    def __enter__(self):
        self.before = sys.gettrace()
        sys.settrace(self.call)

    def __exit__(self, *_):
        sys.settrace(self.before)

    def call(self, frame, event, argument):
        return self.line if frame.f_code in self.codes else None

    def line(self, frame, event, argument):
        if event == "line":
            self.left -= 1
            if self.left == -1:
                raise KeyboardInterrupt
        return self.line


@pytest.mark.parametrize("known", [False, True], ids=["new state", "known state"])
def test_an_interrupt_at_any_line_does_not_leave_outdated_plans(known):
    for number in range(1000):
        scale = Scale(2.0)
        step = step_of(scale)
        if known:
            scale.factor = 3.0
            assert step(DATA)[0] == 3
            scale.factor = 2.0
        assert step(DATA)[0] == 2
        scale.factor = 3.0
        try:
            with Interrupted(number):
                step(DATA)
        except KeyboardInterrupt:
            assert step(DATA)[0] == 3
            assert step(DATA)[0] == 3
        else:
            break
    assert 20 < number < 999
