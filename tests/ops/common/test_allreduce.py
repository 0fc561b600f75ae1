import numpy as np

from minikeras import Variable, ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.replicas import in_step
from minikeras.ops.common.allreduce import (
    allreduce,
    has_rows,
    mean_of_gradients,
    mean_of_processes,
    scale,
    share,
    sum_of_processes,
)
from tests.distribution.groups import Answers, Twins, shared


def step(function):
    return Step(in_step("train", function), "test")


def test_numbers_of_the_process():
    def numbers(x):
        return share("float64") + x, scale("float32"), has_rows("float32")

    run = step(numbers)
    with shared(Twins()) as replicas:
        for rows, expected in ((1, (0.25, 4, 1)), (2, (0.5, 2, 1)), (0, (0, 0, 0))):
            replicas.set_rows(rows, 4)
            found = run(np.zeros(()))
            assert tuple(map(float, found)) == expected and found[1].dtype == np.float32


def test_sums_are_made_in_each_step():
    run = step(lambda x: (allreduce(x), mean_of_processes(x), sum_of_processes(x)))
    with shared(Answers(*[[10.0, 20.0]] * 9)) as replicas:
        for rows, means, sums in ((1, [10.25, 20.5], [11, 22]), (1, [10.25, 20.5], [11, 22]), (0, [10, 20], [10, 20])):
            replicas.set_rows(rows, 4)
            found = run(np.array([1.0, 2.0]))
            assert [value.tolist() for value in found] == [[11, 22], means, sums]
        assert len(replicas.group.calls) == 9


def test_calls_are_not_merged_dropped_or_reordered():
    def function(x):
        allreduce(x)  # not used
        second = allreduce(x * 2)
        return allreduce(x * 2) - second

    run = step(function)
    with shared(Twins()) as replicas:
        for _ in range(2):
            run(np.array([1.0]))
        assert [array.tolist() for _, array in replicas.group.calls] == [[1], [2], [2]] * 2


def test_a_sum_of_constants_is_made_in_each_step():
    run = step(lambda x: x + sum_of_processes(np.array([3.0])))
    with shared(Twins()) as replicas:
        assert [run(np.array([1.0])).tolist() for _ in range(3)] == [[7]] * 3
        assert len(replicas.group.calls) == 3


def test_the_gradient_is_that_of_all_processes():
    # L of a process is y * c, with y the sum of all x; its weighted sum over processes is y (c1 s1 + c2 s2).
    v = Variable([2.0], dtype="float64")

    def function(c):
        return gradients(ops.sum(allreduce(v * 3) * c), [v])[0]

    with shared(Answers([1.0], [0.75 * 8])) as replicas:
        replicas.set_rows(1, 4)
        found = step(function)(np.array([5.0]))
        # weighted by the share afterwards, it is 3 (5/4 + 8 * 3/4)
        assert (found * 0.25).tolist() == [3 * (5 * 0.25 + 6)]
        assert replicas.group.calls[1][1].tolist() == [5 * 0.25]


def test_gradients_share_a_buffer_and_a_call():
    grads = [np.float32([[1, 2], [3, 4]]), np.float32(5), np.float16([6, 7])]

    def function(factor):
        return mean_of_gradients([ops.multiply(each, ops.cast(factor, each.dtype)) for each in grads], replicas)

    run = step(function)
    with shared(Answers(*[np.arange(7)] * 2)) as replicas:
        for _ in range(2):
            replicas.set_rows(1, 2)
            found = run(np.float32(2))
            assert [(value.tolist(), value.dtype.name) for value in found] == [
                ([[1, 3], [5, 7]], "float32"),
                (9, "float32"),
                ([11, 13], "float16"),
            ]
        assert [array.tolist() for _, array in replicas.group.calls] == [[1, 2, 3, 4, 5, 6, 7]] * 2


def test_dtypes_have_calls_of_their_own():
    grads = [np.float32([1]), np.array([2.0]), np.float32([3])]
    run = step(lambda x: mean_of_gradients([each * ops.cast(x, each.dtype) for each in grads], replicas))
    with shared(Twins()) as replicas:
        assert [value.tolist() for value in run(np.array(1.0))] == [[2], [4], [6]]
        assert [(array.dtype.name, len(array)) for _, array in replicas.group.calls] == [("float32", 2), ("float64", 1)]


def test_gradients_without_rows_do_not_count_even_if_they_are_not_finite():
    run = step(lambda x: mean_of_gradients([x], replicas))
    with shared(Answers([1.0, 2.0])) as replicas:
        replicas.set_rows(0, 3)
        assert run(np.array([np.nan, np.inf]))[0].tolist() == [1, 2]


def test_nothing_is_computed_elsewhere():
    run = step(lambda x: x + 1)
    assert run(np.array([1.0])).tolist() == [2]
    plan = next(iter(run.plans().values()))
    assert plan.names == ["add"]
