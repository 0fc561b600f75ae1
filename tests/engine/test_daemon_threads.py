import pathlib
import re
import threading

import pytest

import minikeras
from minikeras.engine.daemon_threads import can_start_threads, start_thread
from tests.helpers import refuse_threads


def test_a_thread_is_started():
    meeting = threading.Barrier(2)
    thread = start_thread("minikeras-test", meeting.wait, 10)
    assert thread.daemon and thread.name == "minikeras-test"
    meeting.wait(10)  # which the thread waits for, too
    thread.join(10)
    assert not thread.is_alive()


def test_threads_can_be_started():
    before = threading.active_count()
    assert can_start_threads() and threading.active_count() <= before


def test_without_threads(monkeypatch):
    refuse_threads(monkeypatch)
    assert start_thread("minikeras-test", pytest.fail) is None
    assert not can_start_threads()


def test_other_errors_are_raised(monkeypatch):
    def start(thread):
        raise MemoryError

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(MemoryError):
        start_thread("minikeras-test", print)


def test_all_threads_are_started_here():
    package = pathlib.Path(minikeras.__file__).parent
    starting = {path for path in package.rglob("*.py") if re.search(r"\bThread\(", path.read_text(encoding="utf-8"))}
    found = {path.relative_to(package).as_posix() for path in starting}
    # MPI, which no browser has, is watched by a thread or not at all.
    assert found == {"engine/daemon_threads.py", "distribution/endings.py"}
