import numpy as np
import pytest

from minikeras.engine.replicas import (
    Replicas,
    current,
    gradients_are_reduced,
    in_first,
    in_step,
    is_first,
    reducing,
    sharing,
    written_by_first,
)
from minikeras.engine.watched import changes
from minikeras.errors import FileWriteError, StateError
from tests.distribution.groups import Answers, Twins, shared


def test_rows_set_share_and_scale():
    replicas = Replicas(Twins(1, 4))
    assert (replicas.rank, replicas.size) == (1, 4)
    buffers = replicas.share.buffer, replicas.scale.buffer
    replicas.set_rows(2, 8)
    assert (replicas.share.numpy(), replicas.scale.numpy()) == (0.25, 4)
    replicas.set_rows(0, 3)
    assert (replicas.share.numpy(), replicas.scale.numpy(), replicas.rows, replicas.total) == (0, 0, 0, 3)
    assert (replicas.share.buffer, replicas.scale.buffer) == buffers  # replayed steps read them


def test_numbers_and_flags_are_summed():
    replicas = Replicas(Answers([10.0, 20.0], [1.0], [0.0]))
    assert replicas.sum([1, 2]) == [11.0, 22.0]
    assert replicas.any(False) is True and replicas.any([]) is False


def test_sums_of_something_else_are_refused():
    twins = Replicas(Twins(size=3))
    assert twins.sum_of(np.float32([1, 2]), "the metrics").tolist() == [3, 6]
    mark = twins.group.calls[0][1][0]
    other = Replicas(Answers([0.0, 5.0], [2 * mark, 5.0], size=3))
    with pytest.raises(StateError, match="Process 0 sums the metrics, but another one something else"):
        other.sum_of(np.float32([1]), "the metrics")
    assert other.sum_of(np.float32([1]), "the metrics").tolist() == [6]


def test_steps_know_that_they_are_shared():
    before = changes.number
    with shared(Twins()) as replicas:
        assert changes.number > before  # so that steps are traced anew
        assert current() is replicas and sharing() is None and reducing() is None
        found = in_step("train", lambda data: (data, sharing(), sharing("train"), sharing("test"), reducing()))(3)
        assert found == (3, replicas, replicas, None, replicas)
        assert in_step("test", lambda data: (sharing(), reducing()))(3) == (replicas, None)
        assert sharing() is None
    assert in_step("train", lambda data: sharing())(3) is None and current() is None


def test_a_step_that_fails_is_over():
    with shared(Twins()):
        with pytest.raises(ZeroDivisionError):
            in_step("train", lambda data: 1 / 0)(3)
        assert sharing() is None


def test_gradients_are_reduced_once():
    def step(data):
        with gradients_are_reduced():
            with gradients_are_reduced():
                inner = reducing()
            return inner, reducing()

    with shared(Twins()):
        assert in_step("train", step)(3) == (None, None)
        assert in_step("train", lambda data: reducing())(3) is current()


def test_the_first_writes():
    made = []
    write = written_by_first(lambda path: made.append(path))
    write("alone")
    assert is_first() and made == ["alone"]
    with shared(Twins(0)) as replicas:
        assert is_first()
        write("first")
        assert replicas.group.calls == [("broadcast", None)]  # the others wait for it
        in_first(lambda: write("inner"))
        assert len(replicas.group.calls) == 2  # the inner call is made by one process alone
    with shared(Answers(None, rank=1)):
        assert not is_first()
        write("second")
    assert made == ["alone", "first", "inner"]


def test_all_raise_what_the_first_raises():
    error = FileWriteError(28, "the disk is full")

    def fail():
        raise error

    with shared(Twins(0)) as replicas, pytest.raises(FileWriteError) as caught:
        in_first(fail)
    assert caught.value is error
    (_, told), *_ = replicas.group.calls
    with shared(Answers(told, rank=1)), pytest.raises(FileWriteError, match="the disk is full"):
        in_first(fail)

    class LocalError(Exception):  # cannot be pickled
        pass

    def fail_locally():
        raise LocalError("here")

    with shared(Twins(0)) as replicas, pytest.raises(LocalError):
        in_first(fail_locally)
    told = replicas.group.calls[0][1]
    assert type(told) is StateError and str(told) == "LocalError: here"


def test_numbers_are_kept_in_full():
    replicas = Replicas(Twins())
    replicas.set_rows(1, 3)
    assert replicas.share.numpy() == 1 / 3 and np.dtype(replicas.share.dtype) == np.float64
