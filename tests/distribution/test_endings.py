import re
import time
from pathlib import Path

import pytest

from minikeras.distribution.endings import Endings
from tests.distribution.processes import mpirun

FOLDER = Path(__file__).parent


def run(folder, *arguments):
    """Runs the training that fails; returns what it printed, and the seconds from the fault to the end of all."""
    done = mpirun(2, "-m", "minikeras", "run", str(FOLDER / "faults.py"), str(folder), *map(str, arguments))
    end, path = time.time(), folder / "time"
    return done, end - float(path.read_text()) if path.exists() else None


@pytest.mark.parametrize(
    ("arguments", "status", "messages"),
    [
        (("error", 1), 1, ["RuntimeError: the error of the test", "process 1 has failed"]),
        (("exit", 1, 3), 3, ["process 1 has failed with status 3"]),
        (("exit", 1, 0), 1, ["process 1 has ended, but process 0 waits for it"]),
        (("save", 1), 1, ["faults.py:28, in the exchange of a file", "faults.py:5", "was in the sum of"]),
    ],
    ids=["an exception", "exit with a status", "exit without one", "other calls"],
)
def test_a_fault_of_one_ends_all(tmp_path, arguments, status, messages):
    done, seconds = run(tmp_path, *arguments)
    assert done.returncode == status, done.stderr
    assert all(message in done.stderr for message in messages), done.stderr
    assert seconds < 5
    # what the script prints is that of process 0 alone
    assert "process 0 trains" in done.stdout and "process 1 trains" not in done.stdout


def test_a_full_disk_of_one_ends_all(tmp_path):
    done, _ = run(tmp_path, "disk", 0)
    assert done.returncode == 1
    assert "'/dev/full' could not be written: No space left on device" in done.stderr, done.stderr


def test_a_script_that_does_less_in_one_process(tmp_path):
    done, _ = run(tmp_path, "less", 1)
    assert done.returncode == 1
    assert "process 1 has ended, but process 0 waits for it" in done.stderr, done.stderr


def test_a_killed_training_goes_on_with_the_same_bits(tmp_path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    killed.mkdir()
    whole.mkdir()
    done, seconds = run(killed, "kill", 1)
    assert done.returncode != 0 and seconds < 5
    assert (killed / "backup" / "latest.weights.h5").exists()
    ends = []
    for folder in (killed, whole):
        done, _ = run(folder, "none", 0)
        assert done.returncode == 0, done.stderr
        ends.append((done.stdout, (folder / "trained.weights.h5").read_bytes()))
    assert ends[0] == ends[1]


class Group:
    def __init__(self, rank, size, entered, waits, calls=()):
        self.rank, self.size, self.entered, self.waits, self.calls = rank, size, entered, waits, calls
        self.statuses = []

    def abort(self, status):
        self.statuses.append(status)


class Comm:
    def __init__(self, messages):
        self.messages = messages
        self.sent = []

    def Iprobe(self, tag, status):
        if self.messages:
            status.source = self.messages[0][0]
        return bool(self.messages)

    def recv(self, source, tag):
        rank, count = self.messages.pop(0)
        assert rank == source
        return count

    def isend(self, value, rank, tag):
        self.sent.append((value, rank))
        return self

    def wait(self):
        pass


class MPI:
    class Status:
        source = None

    def __init__(self, comm):
        comm.Dup = lambda: comm
        self.COMM_WORLD = comm
        self.finalized = 0

    def Is_finalized(self):
        return self.finalized > 0

    def Finalize(self):
        self.finalized += 1


@pytest.mark.parametrize(
    ("count", "entered", "waits", "missing"),
    [(4, 5, True, 2), (5, 5, True, None), (4, 5, False, None)],
    ids=["never comes", "has been there", "is not waited for"],
)
def test_who_is_waited_for_in_vain(count, entered, waits, missing):
    endings = Endings(Group(0, 3, entered, waits), MPI(Comm([(2, count)])))
    endings.receive()
    assert endings.counts == {2: count} and endings.missing() == missing


WEIGHTS, OUTPUTS = ("gather", "the weights"), ("gather", "the outputs")


def test_who_waits_for_long_tells_process_0_once():
    comm = Comm([])
    group = Group(1, 2, 4, True, [(3, OUTPUTS), (4, WEIGHTS)])
    endings = Endings(group, MPI(comm))
    for _ in range(3):
        endings.tell()
    group.waits = False  # it went on
    endings.tell()
    group.waits = True
    for _ in range(4):
        endings.tell()
    assert comm.sent == []
    for _ in range(5):
        endings.tell()
    (((number, what, place), rank),) = comm.sent
    assert (number, what, rank) == (4, WEIGHTS, 0) and ".py:" in place
    first = Endings(Group(0, 2, 4, True, [(4, WEIGHTS)]), MPI(Comm([])))
    for _ in range(9):
        first.tell()
    assert first._comm.sent == []


@pytest.mark.parametrize(
    ("calls", "message"),
    [
        ([(4, WEIGHTS)], None),
        ([(3, WEIGHTS)], None),  # process 0 has not come to the call yet
        ([(4, ("allreduce", 8, "d")), (5, WEIGHTS)], r"was in the sum of 8 numbers\."),
        ([(4, OUTPUTS)], r"process 2 waits in script.py:7, in the exchange of the weights, .* the exchange of the out"),
    ],
)
def test_calls_of_processes_that_wait_are_compared(calls, message, capsys):
    group = Group(0, 3, calls[-1][0], True, calls)
    endings = Endings(group, MPI(Comm([(2, (4, WEIGHTS, "script.py:7"))])))
    endings.receive()
    reason = endings.reason_to_end()
    assert reason is None if message is None else re.search(message, reason)
    endings.end_all_if(reason)
    assert group.statuses == [1] * (message is not None)
    assert ("All processes end now." in capsys.readouterr().err) == (message is not None)


def test_who_ends_still_compares_calls():
    group = Group(0, 2, 6, False, [(5, OUTPUTS), (6, WEIGHTS)])
    endings = Endings(group, MPI(Comm([(1, (5, WEIGHTS, "script.py:7")), (1, 6)])))
    endings.end()
    assert group.statuses == [1]


def test_the_end_is_told_to_all_others():
    comm = Comm([(0, 7), (2, 7)])
    mpi = MPI(comm)
    endings = Endings(Group(1, 3, 7, False), mpi)
    endings.end()
    assert comm.sent == [(7, 0), (7, 2)] and endings.counts == {0: 7, 2: 7} and mpi.finalized == 1


def test_the_end_of_a_fork_is_not_that_of_the_process(monkeypatch, capsys):
    comm, group = Comm([]), Group(1, 2, 7, False)
    endings = Endings(group, MPI(comm))
    error = ZeroDivisionError("no")
    endings._fail(lambda *shown: None, type(error), error, None)
    assert group.statuses == [1] and "process 1 has failed" in capsys.readouterr().err
    monkeypatch.setattr("os.getpid", lambda: 0)
    endings.end()
    endings._fail(lambda *shown: None, type(error), error, None)
    assert comm.sent == [] and group.statuses == [1] and capsys.readouterr().err == ""
