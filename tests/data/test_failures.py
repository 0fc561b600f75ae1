"""Elements that could not be made, and datasets without them."""

import pytest

from minikeras.data import Dataset, TensorSpec
from minikeras.data.failures import Failure, Prefetched, attempted, succeeded


def inverse(number):
    return 12 // int(number)


def numbers(dataset):
    return [int(number) for number in dataset]


@pytest.mark.parametrize("threads", [None, 2])
def test_failed_elements_are_left_out(threads):
    dataset = Dataset.range(5).map(lambda number: number - 2).map(inverse, num_parallel_calls=threads)
    with pytest.raises(ZeroDivisionError):
        list(dataset)
    assert numbers(dataset.ignore_errors()) == numbers(dataset.prefetch(2).ignore_errors()) == [-6, -12, 12, 6]
    assert numbers(dataset.map(lambda number: number + 1).ignore_errors()) == [-5, -11, 13, 7]
    assert dataset.ignore_errors().cardinality() == -2


def test_a_warning_says_what_is_left_out():
    dataset = Dataset.range(2).map(inverse).ignore_errors(log_warning=True)
    with pytest.warns(UserWarning, match="An element of the dataset is left out: integer division or modulo by zero"):
        assert numbers(dataset) == [12]


def test_other_errors_are_raised():
    with pytest.raises(ZeroDivisionError):
        list(Dataset.range(2).map(inverse).batch(2).ignore_errors())


def test_interrupts_are_raised():
    def stop(number):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Dataset.range(1).map(stop).ignore_errors())


def test_failures_pass():
    failure = Failure(ValueError("x"))
    assert attempted(abs)(failure) is failure and attempted(abs)(-1) == 1
    assert isinstance(attempted(abs)("x").error, TypeError)


def test_prefetching_keeps_size_and_spec():
    source = Prefetched(Dataset.range(3)._source, 2)
    assert source.size == 3 and source.spec() == TensorSpec((), "int64") and list(succeeded(source, False)) == [0, 1, 2]
