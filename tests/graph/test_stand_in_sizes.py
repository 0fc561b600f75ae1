"""Numbers that stand for free sizes."""

import threading

from minikeras.graph.stand_in_sizes import COUNT, common, filled, reads_of, stand_in, turn_to_read


def test_numbers_of_one_turn_differ_by_axis_and_of_one_axis_by_turn():
    large = [[stand_in(axis, turn) for turn in range(COUNT)] for axis in range(4)]
    assert all(len(set(numbers)) == COUNT for numbers in large)
    assert len({numbers[0] for numbers in large}) == 4


def test_free_sizes_are_filled_and_known_ones_stay():
    assert filled((None, 4, None), 0) == (stand_in(0, 0), 4, stand_in(2, 0))
    assert filled((3, 4), 1) == (3, 4)


def test_numbers_that_are_known():
    assert filled((None, 4, None), 0, known=(7, 4, None)) == (7, 4, stand_in(2, 0))
    assert filled((None, 4), 0, known=(7, 8, 9)) == filled((None, 4), 0)  # of another rank


def test_what_differs_between_the_turns_is_free():
    shapes = [filled((None, 4), turn) for turn in range(COUNT)]
    assert common(shapes) == (None, 4)
    assert common([(2 * rows, columns) for rows, columns in shapes]) == (None, 4)
    assert common([(min(rows, 2), columns) for rows, columns in shapes]) == (2, 4)
    assert common([()]) == ()


def test_reading_a_size_is_noted():
    assert turn_to_read() is None
    with reads_of(1) as outer:
        with reads_of(2) as inner:
            assert not inner.happened
            assert turn_to_read() == 2 and inner.happened and not outer.happened
        assert turn_to_read() == 1 and outer.happened
    assert turn_to_read() is None


def test_other_threads_may_not_read():
    seen = []
    with reads_of(1) as reads:
        thread = threading.Thread(target=lambda: seen.append(turn_to_read()))
        thread.start()
        thread.join()
    assert seen == [None] and not reads.happened
