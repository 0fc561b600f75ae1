"""Calls that several threads share."""

import threading
from functools import partial

import numpy as np
import pytest

from minikeras.compiler.threads import thread_pool as module
from minikeras.compiler.threads.thread_pool import ThreadPool, thread_pool


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 7])
def test_each_call_is_made_once(size, count):
    made = []
    ThreadPool(size).run([partial(made.append, number) for number in range(count)])
    assert sorted(made) == list(range(count))


def test_calls_are_made_at_the_same_time():
    barrier = threading.Barrier(3, timeout=5)
    ThreadPool(2).run([barrier.wait] * 3)  # would break if one waited for another to end


def test_nobody_waits_for_a_thread_that_does_not_come():
    pool, release, made = ThreadPool(1), threading.Event(), []
    other = threading.Thread(target=pool.run, args=([release.wait, release.wait],))
    other.start()  # both threads are busy now, or will be
    pool.run([partial(made.append, 1), partial(made.append, 2)])
    assert sorted(made) == [1, 2]
    release.set()
    other.join()


def test_an_error_in_any_call_is_raised():
    def fail():
        raise MemoryError("too large")

    pool, made = ThreadPool(1), []
    with pytest.raises(MemoryError, match="too large"):
        pool.run([fail, partial(made.append, 1), fail])
    assert made == [1]
    pool.run([partial(made.append, 2), partial(made.append, 3)])  # it goes on to work
    assert sorted(made) == [1, 2, 3]


def test_an_interrupt_waits_for_calls_that_have_begun_and_drops_the_others():
    pool, begun, release, made = ThreadPool(1), threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        assert release.wait(5)
        made.append("slow")

    def interrupt():
        if threading.current_thread() is not threading.main_thread():
            return slow()
        assert begun.wait(5)
        threading.Timer(0.01, release.set).start()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pool.run([interrupt, interrupt, *[partial(made.append, "dropped")] * 3])
    assert made == ["slow"]


def test_warnings_of_numpy_are_silent_in_all_threads():
    barrier = threading.Barrier(2, timeout=5)

    def overflow():
        barrier.wait()
        if threading.current_thread() is not threading.main_thread():
            np.float32(1e38) * np.float32(10)

    ThreadPool(1).run([overflow, overflow])


def test_there_is_one_pool_of_a_size_until_the_process_forks():
    assert thread_pool(2) is thread_pool(2)
    assert thread_pool(1) is not thread_pool(2)
    before = thread_pool(1)
    module._pools.clear()  # as in a child process
    assert thread_pool(1) is not before


def test_threads_that_ask_at_once_get_one_pool():
    pools, found = module._Pools(), []
    barrier = threading.Barrier(8)

    def ask():
        barrier.wait()
        found.append(pools.get(1))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1
