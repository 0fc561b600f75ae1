"""Tasks side by side: all are run once, errors arrive, interrupts wait for what writes to shared memory."""

import _thread
import os
import threading

import numpy as np
import pytest

from minikeras.compiler.threads.workers import Workers
from tests.helpers import refuse_threads, without_foreign_finalizers


def test_tasks_run_side_by_side():
    meeting = threading.Barrier(3)
    Workers().run([lambda: meeting.wait(10)] * 3)  # each waits for the others


def test_each_task_runs_once_also_when_threads_are_busy():
    workers, counts = Workers(), [0] * 4
    begin, end = threading.Event(), threading.Event()
    other = threading.Thread(target=workers.run, args=([lambda: None, lambda: (begin.set(), end.wait(10))],))
    other.start()
    assert begin.wait(10)

    def count(index):
        counts[index] += 1

    workers.run([lambda index=index: count(index) for index in range(2)])  # the only thread is busy
    end.set()
    other.join()
    workers.run([lambda index=index: count(index) for index in range(4)])
    assert counts == [2, 2, 1, 1]


def test_numpy_does_not_warn_in_threads():
    found = []
    meeting = threading.Barrier(2)

    def note():
        meeting.wait(10)
        if threading.current_thread() is not threading.main_thread():
            found.append(np.geterr())

    Workers().run([note, note])
    assert found == [dict.fromkeys(("divide", "over", "under", "invalid"), "ignore")]


def test_errors():
    done = threading.Event()

    def fail():
        raise ValueError("in a task")

    for tasks in ([fail, done.set], [done.set, fail]):
        done.clear()
        with pytest.raises(ValueError, match="in a task"):
            Workers().run(tasks)
        assert done.is_set() or tasks[0] is fail  # what has not begun is left out then


def test_an_interrupt_waits_for_other_threads():
    begin, writing, written = threading.Event(), threading.Event(), []

    def write():
        begin.set()
        writing.wait(10)
        written.append(1)

    def interrupt():
        assert begin.wait(10)
        threading.Timer(0.2, writing.set).start()
        _thread.interrupt_main()
        writing.wait(10)

    with without_foreign_finalizers(), pytest.raises(KeyboardInterrupt):
        Workers().run([interrupt, write])
    assert written == [1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_starts_threads_of_its_own():
    workers = Workers()
    workers.run([lambda: None] * 2)
    assert len(workers._queues) == 1
    workers.after_fork()
    meeting = threading.Barrier(2)
    workers.run([lambda: meeting.wait(10)] * 2)


def test_without_threads_tasks_run_one_after_the_other(monkeypatch):
    refuse_threads(monkeypatch)
    found = []
    Workers().run([lambda: found.append(1), lambda: found.append(2), lambda: found.append(3)])
    assert found == [1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        Workers().run([lambda: None, lambda: 1 // 0])
