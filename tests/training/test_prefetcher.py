"""Blocks prefetched by a second thread."""

import threading

import pytest

from minikeras.training.prefetcher import Prefetcher
from tests.helpers import refuse_threads


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "minikeras-data"]


def ends(seconds=5):
    for thread in threads():
        thread.join(seconds)
    return not threads()


class Clock:
    """Time that passes only where a test says so."""

    now = 0.0

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_each_is_filled_before_it_is_used_and_none_too_early(count):
    filled = []
    for number in Prefetcher(True).blocks(filled.append, count):
        assert filled[: number + 1] == list(range(number + 1))
        assert len(filled) <= number + 2  # memory for two
    assert filled == list(range(count)) and ends()


def test_the_next_one_is_filled_meanwhile():
    started = threading.Event()

    def fill(number):
        if number == 1:
            started.set()

    for number in Prefetcher(True).blocks(fill, 2):
        if number == 0:
            assert started.wait(5)


def test_an_error_arrives_where_the_data_is_used():
    def fill(number):
        if number == 2:
            raise OSError("the disk is gone")

    seen = []
    with pytest.raises(OSError, match="the disk is gone"):
        for number in Prefetcher(True).blocks(fill, 4):
            seen.append(number)
    assert seen == [0, 1] and ends()


def test_a_loop_that_is_left_ends_the_thread():
    for number in Prefetcher(True).blocks(lambda number: None, 100):
        if number == 3:
            break
    assert ends()


def test_a_thread_is_used_where_filling_takes_long():
    """The first two are filled before they are used; from then on it is known which takes longer."""
    clock = Clock()
    slow, quick = Prefetcher(clock=clock), Prefetcher(clock=clock)
    used_by = {slow: [], quick: []}
    for _ in range(2):
        for _ in slow.blocks(lambda index: clock.wait(0.01), 4):
            used_by[slow].append(len(threads()))
        assert ends()
        for _ in quick.blocks(lambda index: None, 4):
            clock.wait(0.01)
            used_by[quick].append(len(threads()))
    assert used_by[slow] == [0, 0, 1, 1, 1, 1, 1, 1]
    assert used_by[quick] == [0] * 8


@pytest.mark.parametrize(("filling", "pays"), [(0.099, False), (0.101, True)])
def test_filling_has_to_take_a_tenth_of_the_time_of_using(filling, pays):
    clock = Clock()
    prefetcher = Prefetcher(clock=clock)
    for _ in prefetcher.blocks(lambda index: clock.wait(filling), 2):
        clock.wait(1.0)
    assert prefetcher._pays is pays


def test_one_of_a_kind_tells_nothing():
    """The first one is used while steps are traced."""
    prefetcher = Prefetcher()
    for _ in range(3):
        assert list(prefetcher.blocks(lambda index: None, 1)) == [0]
    assert prefetcher._pays is None


def test_without_threads_each_is_filled_when_it_is_used(monkeypatch):
    refuse_threads(monkeypatch)
    filled = []
    for number in Prefetcher(True).blocks(filled.append, 4):
        assert filled == list(range(number + 1))
    assert filled == [0, 1, 2, 3]


def test_without_threads_errors_are_raised(monkeypatch):
    refuse_threads(monkeypatch)
    blocks = Prefetcher(True).blocks(lambda number: 1 // (2 - number), 4)
    assert [next(blocks), next(blocks)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(blocks)
