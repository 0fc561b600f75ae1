import json
import sys
from pathlib import Path

import numpy as np
import pytest

from minikeras.distribution.mpi import MPIGroup, connect, launched_size
from minikeras.errors import StateError
from tests.distribution.checks import CHECKS, OF_THREE
from tests.distribution.processes import TCP, mpirun, two_hosts

FOLDER = Path(__file__).parent


@pytest.fixture(scope="module", params=[2, 4])
def results(request, tmp_path_factory):
    """What went wrong in each check, in a group of processes that is started once for all of them."""
    path = tmp_path_factory.mktemp("checks") / "results.json"
    done = mpirun(request.param, str(FOLDER / "checks.py"), str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    return request.param, json.loads(path.read_text())


@pytest.mark.parametrize("name", CHECKS)
def test_processes_train_as_one(results, name):
    _, found = results
    assert found[name] == ""


@pytest.mark.parametrize("name", OF_THREE)
def test_three_processes_train_as_one(results, name):
    count, found = results
    assert found.get(f"3 {name}", "") == "" and (f"3 {name}" in found) == (count == 4)


def test_two_hosts_train_as_one_over_tcp(tmp_path):
    path = tmp_path / "results.json"
    names = ["where_processes_are", "adam_for_469_steps", "a_py_dataset", "files_are_written_by_one_process"]
    command = [str(FOLDER / "checks.py"), str(path), *names]
    with two_hosts(tmp_path) as hosts:
        if hosts is None:  # the same transport, within a host
            done = mpirun(2, *command, options=TCP)
        else:
            done = mpirun(2, *command, options=hosts.options, prefix=hosts.prefix, HOSTS="2")
            # the gradients of 469 and more steps, 83 numbers of 8 bytes each, and what else there is
            assert done.returncode != 0 or hosts.bytes_sent() > 469 * 83 * 8
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(path.read_text()) == dict.fromkeys(names, "")


def test_what_launchers_say():
    assert launched_size({}) == 1
    assert launched_size({"PMI_SIZE": "3"}) == 3
    assert launched_size({"PMIX_RANK": "1", "SLURM_STEP_NUM_TASKS": "5"}) == 5
    assert launched_size({"SLURM_STEP_NUM_TASKS": "5"}) == 1  # tasks that are independent of each other
    assert launched_size({"OMPI_COMM_WORLD_SIZE": "2", "PMI_SIZE": "no number"}) == 2


def test_alone_without_a_launcher():
    assert connect() is None and "mpi4py" not in sys.modules


class Comm:
    """A communicator of one process that notes what is called while the group waits."""

    rank, size = 0, 1

    def __init__(self):
        self.seen = []

    def Allreduce(self, sent, array):
        self.seen.append((sent, array, self.group.waits, self.group.entered))

    def bcast(self, value):
        self.seen.append((value, self.group.waits, self.group.entered))
        return value


def test_a_group_knows_when_it_waits():
    comm = Comm()
    comm.group = group = MPIGroup(comm, "in place")
    array = np.ones(2)
    group.allreduce(array)
    assert group.broadcast(3, "a number") == 3 and not group.waits
    assert comm.seen == [("in place", array, True, 1), (("a number", 3), True, 2)]
    assert list(group.calls) == [(1, ("allreduce", 2, "d")), (2, ("broadcast", "a number"))]


def test_messages_for_another_purpose_are_refused():
    comm = Comm()
    group = comm.group = MPIGroup(comm, None)
    comm.bcast = lambda value: ("the weights", 3)
    with pytest.raises(StateError, match="expects a message about a file, but that of process 0 is about the weights"):
        group.broadcast(None, "a file")
    comm.allgather = lambda value: [value, ("a number", 4)]
    with pytest.raises(StateError, match="about a file, but that of process 1 is about a number"):
        group.gather(None, "a file")
    comm.scatter = lambda values, root: ("a batch", 1)
    with pytest.raises(StateError, match="about a file, but that of process 3 is about a batch"):
        group.scatter(None, 3, "a file")


def test_calls_that_fail_say_which():
    comm = Comm()
    group = comm.group = MPIGroup(comm, None)

    def truncated(*args):
        raise ArithmeticError("message truncated")

    comm.Allreduce = comm.allgather = truncated
    with pytest.raises(StateError, match="the sum of 2 numbers, has failed: ArithmeticError: message truncated"):
        group.allreduce(np.ones(2))
    with pytest.raises(StateError, match="the exchange of the cores, has failed"):
        group.gather(1, "the cores")
    assert not group.waits
