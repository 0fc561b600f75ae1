import gc
import itertools
import threading

import pytest

from minikeras.data import AUTOTUNE, Dataset
from minikeras.data.threads import Threads, mapped, prefetched, result
from tests.helpers import refuse_threads


def running():
    names = ("minikeras-dataset", "minikeras-prefetch")
    return [thread for thread in threading.enumerate() if thread.name.startswith(names)]


def ended():
    for thread in running():
        thread.join(10)
    return not running()


def test_calls_are_made_at_once_and_come_in_order():
    together = threading.Barrier(3, timeout=20)

    def wait(number):
        together.wait()
        return -number

    assert list(mapped(wait, range(6), 3)) == [0, -1, -2, -3, -4, -5]
    assert ended()


def test_nothing_is_read_far_ahead():
    read = []
    values = mapped(abs, (read.append(n) or n for n in itertools.count()), 2)
    assert next(values) == 0 and len(read) <= 6
    values.close()
    assert ended()


def test_errors_come_in_place_of_the_element():
    def function(number):
        if number == 3:
            raise KeyError(number)
        return number

    found = []
    with pytest.raises(KeyError):
        for value in mapped(function, range(9), 2):
            found.append(value)
    assert found == [0, 1, 2] and ended()


@pytest.mark.parametrize("method", ["map", "interleave", "prefetch"])
def test_threads_end_with_what_reads_them(method):
    data = Dataset.range(1000)
    if method == "map":
        data = data.map(lambda n: n + 1, num_parallel_calls=AUTOTUNE)
    elif method == "interleave":
        data = data.interleave(lambda n: Dataset.range(n), num_parallel_calls=2)
    else:
        data = data.prefetch(3)
    elements = iter(data)
    next(elements)
    assert running()
    del elements
    gc.collect()
    assert ended()
    assert len(list(data.take(20))) == 20 and ended()


def test_prefetching_is_ahead_by_the_buffer():
    read, enough = [], threading.Event()

    def items():
        for number in range(100):
            read.append(number)
            if len(read) == 5:
                enough.set()
            yield number

    values = prefetched(items, 3)
    assert next(values) == 0 and enough.wait(20)
    assert len(read) == 5  # one is read, three wait, and one more does not fit
    assert list(values) == list(range(1, 100)) and ended()


def test_errors_while_prefetching():
    def items():
        yield 1
        raise OSError("broken")

    values = prefetched(items, 3)
    assert next(values) == 1
    with pytest.raises(OSError, match="broken"):
        next(values)
    assert ended()


def test_a_pool():
    threads = Threads(1)
    assert result(threads.submit(max, 1, 2)) == 2 and threads.ends() == ""
    begun, blocked = threading.Event(), threading.Event()
    first, second = threads.submit(lambda: begun.set() or blocked.wait(20)), threads.submit(abs, -1)
    assert begun.wait(20)
    threads.close(wait=False)
    assert second.cancelled() and not first.done()
    blocked.set()
    assert result(first) is True and ended()


def test_without_threads_calls_are_made_when_their_results_are_read(monkeypatch):
    refuse_threads(monkeypatch)
    called = []
    values = mapped(lambda n: called.append(n) or -n, range(5), 3)
    assert next(values) == 0 and called == [0]
    assert list(values) == [-1, -2, -3, -4] and called == [0, 1, 2, 3, 4]
    pool = Threads(2)
    assert pool.count == 0
    pool.close()


def test_without_threads_errors_come_in_place_of_the_element(monkeypatch):
    refuse_threads(monkeypatch)
    values = mapped(lambda n: 6 // (2 - n), range(5), 2)
    assert [next(values), next(values)] == [3, 6]
    with pytest.raises(ZeroDivisionError):
        next(values)
    with pytest.raises(RuntimeError, match="StopIteration"):
        list(mapped(lambda n: next(iter(())), range(5), 2))


def test_without_threads_nothing_is_prefetched(monkeypatch):
    refuse_threads(monkeypatch)
    read = []
    values = prefetched(lambda: (read.append(n) or n for n in range(4)), 2)
    assert next(values) == 0 and read == [0]
    assert list(values) == [1, 2, 3]


def test_as_many_threads_as_can_be_started(monkeypatch):
    start, started = threading.Thread.start, []

    def start_two(thread):
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_two)
    assert list(mapped(abs, range(-5, 0), 4)) == [5, 4, 3, 2, 1]
    assert len(started) == 2 and ended()


def test_datasets_are_the_same_without_threads(monkeypatch):
    def elements():
        data = Dataset.range(20).map(lambda n: 3 * n, num_parallel_calls=AUTOTUNE)
        data = data.interleave(lambda n: Dataset.range(n), cycle_length=3, num_parallel_calls=2)
        return [int(n) for n in data.shuffle(50, seed=1).prefetch(2)]

    expected = elements()
    refuse_threads(monkeypatch)
    assert elements() == expected and len(expected) == 3 * 190
