import numpy as np
import pytest

from minikeras import Variable
from minikeras.engine.replica_values import average, share_values, totals
from minikeras.engine.replicas import Replicas
from minikeras.errors import NotSupportedError
from tests.distribution.groups import Answers, Twins


def variable(value, dtype="float32", aggregation="sum", name="v"):
    return Variable(np.asarray(value, dtype), trainable=False, aggregation=aggregation, name=name)


def test_sums_means_and_what_one_process_has():
    given = [
        variable([1, 2]),
        variable(3),
        variable([10, 20], aggregation="mean"),
        variable(5, aggregation="only_first_replica"),
    ]
    first = Replicas(Answers([100, 200, 300, 30, 40, 0]))
    found = totals(given, first)
    assert [value.tolist() for value in found] == [[101, 202], 303, [20, 30], 5]
    assert all(value.dtype == np.float32 for value in found)
    assert [each.numpy().tolist() for each in given] == [[1, 2], 3, [10, 20], 5]
    second = Replicas(Answers([0, 0, 0, 0, 0, 7], rank=1))
    assert totals(given, second)[3] == 7  # that of process 0


def test_one_call_for_each_dtype():
    given = [variable(1, "int32"), variable(2, "float32"), variable(True, "bool"), variable(3, "float16")]
    replicas = Replicas(Twins(size=3))
    assert [(value.dtype.name, value.item()) for value in totals(given, replicas)] == [
        ("int32", 3),
        ("float32", 6),
        ("bool", True),
        ("float16", 9),
    ]
    assert [array.dtype.name for _, array in replicas.group.calls] == ["float32", "float64", "int32"]


def test_what_cannot_be_known():
    with pytest.raises(NotSupportedError, match="'largest' of a metric has aggregation='none'"):
        totals([variable(1, aggregation="none", name="largest")], Replicas(Twins()))


def test_averages():
    floats, counter = variable([1.0, 4.0]), variable(3, "int32")
    # process 0 has 3 and 4; the sums of the differences from it are -2 (here) + 0, and 0
    average([floats, counter], Replicas(Answers([np.float32([3, 4])], [0, 0], rank=1)))
    assert floats.numpy().tolist() == [2, 4] and counter.numpy() == 3
    kept = variable(0.1)
    average([kept], Replicas(Twins(size=3)))
    assert kept.numpy() == np.float32(0.1)
    average([counter], Replicas(Answers()))  # nothing to average, no call


def test_values_are_shared_in_messages_of_limited_size():
    variables = [variable(np.zeros((4, 2)), "float64"), variable(0.0, "float64"), variable([0, 0], "int32")]
    answers = [[np.ones((2, 2))], [np.full((2, 2), 2.0)], [3.0, [4, 5]]]
    share_values(variables, Replicas(Answers(*answers, rank=1)), 32)
    assert [each.numpy().tolist() for each in variables] == [[[1, 1], [1, 1], [2, 2], [2, 2]], 3, [4, 5]]
    twins = Replicas(Twins())
    share_values(variables, twins)
    assert [len(parts) for _, parts in twins.group.calls] == [3]
