import pytest

from minikeras.utils.plotting.channels import Wire, set_tracks


def tracks(*wires):
    named = dict(enumerate(Wire(list(tops), list(bottoms)) for tops, bottoms in wires))
    return set_tracks(named), [wire.track for wire in named.values()]


def test_straight_wires_need_no_track():
    assert tracks(([10.0], [10.0]), ([50.0], [50.3])) == (0, [None, None])


def test_wires_that_are_apart_share_a_track():
    assert tracks(([0.0], [20.0]), ([40.0], [60.0])) == (1, [0, 0])
    assert tracks(([0.0], [20.0]), ([22.0], [60.0]))[0] == 2  # they would look like one


def test_a_wire_that_branches_is_one():
    count, (track, other) = tracks(([50.0], [0.0, 100.0]), ([80.0], [120.0]))
    assert count == 2 and track != other


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_comes_from_above_turns_before_what_leaves_below(order):
    wires = [([50.0], [90.0]), ([0.0], [50.0])]  # both are vertical at 50: the first above its track, the second below
    _, found = tracks(*(wires[index] for index in order))
    assert found[order.index(0)] < found[order.index(1)]


def test_wires_that_wait_for_each_other():
    count, found = tracks(([0.0], [50.0]), ([50.0], [0.0]))
    assert count == 2 and sorted(found) == [0, 1]
