"""Impure calls while a step is traced."""

import os
import random
import sys
import threading
import time
import uuid
from datetime import datetime

import numpy as np
import pytest

from minikeras.compiler.guards.impure_calls import ImpureCalls
from minikeras.compiler.guards.python_state import Snapshot
from minikeras.engine.trace import Trace, paused_tracing

GENERATOR = np.random.default_rng(0)
COUNTER = iter(range(1_000_000))


def observed(function):
    """Runs a function as a step and returns what blocks its replay, and what it drew."""
    with Trace() as trace, ImpureCalls(trace, Snapshot([function])) as impure_calls:
        function()
    return trace.replay_blocker, impure_calls.random_draws


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda: time.time(), "time.time"),
        (lambda: time.perf_counter_ns(), "time.perf_counter_ns"),
        (lambda: time.strftime("%H"), "time.strftime"),
        (lambda: datetime.now(), "datetime.now"),
        (lambda: os.urandom(4), "urandom"),
        (lambda: uuid.uuid4(), "urandom"),
        (lambda: random.SystemRandom().random(), "urandom"),
        (lambda: next(COUNTER), "next"),
    ],
)
def test_impure_calls_block_the_replay(function, name):
    blocker, draws = observed(function)
    line = function.__code__.co_firstlineno
    assert blocker == f"`{name}` was called at {__file__}:{line}"
    assert draws is None


@pytest.mark.parametrize(
    ("function", "generator"),
    [
        (lambda: np.random.normal(), "`np.random`"),
        (lambda: random.random(), "`random`"),
        (lambda: GENERATOR.normal(), "the global `GENERATOR` of module"),
    ],
)
def test_draws_are_reported_with_the_line(function, generator):
    blocker, draws = observed(function)
    assert blocker is None
    assert draws.startswith(f"values were drawn from {generator}")
    assert draws.endswith(f" at {__file__}:{function.__code__.co_firstlineno}")


def test_pure_calls():
    assert observed(lambda: [np.ones(3).sum(), sorted([2, 1]), time.struct_time, random.Random]) == (None, None)


def test_what_runs_while_tracing_is_paused_runs_once():
    def function():
        with paused_tracing():
            time.time()

    assert observed(function)[0] is None


def test_the_first_blocker_counts():
    def function():
        time.time()
        os.urandom(1)

    assert observed(function)[0].startswith("`time.time` was called at ")


def test_the_code_that_ran():
    def runs():
        return inner()

    def inner():
        return 1

    def other():
        return 2

    def function():
        return runs() if True else other()

    with Trace() as trace, ImpureCalls(trace, Snapshot([function])) as impure_calls:
        function()
    assert [code.co_name for code in impure_calls.executed] == ["function", "runs", "inner"]


def test_a_profiler_that_runs_is_left_alone():
    """Then the names in the code tell."""

    def profiler(*args):
        pass

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        blocker, _ = observed(lambda: time.time())
        draws = observed(lambda: np.random.normal())[1]
        pure, _ = observed(lambda: 1)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(before)
    assert blocker.startswith("the time or other values from outside may be read at ")
    assert draws.startswith("values were drawn from `np.random` at ") and pure is None


def test_draws_of_other_threads_do_not_count():
    ready, done = threading.Event(), threading.Event()

    def draw():
        ready.wait(5)
        np.random.normal()
        done.set()

    thread = threading.Thread(target=draw)
    thread.start()
    waiting = threading.Thread(target=threading.Event().wait, args=(5,), daemon=True)  # so that there are others
    waiting.start()

    def function():
        ready.set()
        done.wait(5)

    assert observed(function) == (None, None)
    thread.join()
