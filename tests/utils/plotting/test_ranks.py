import pytest

from minikeras.utils.plotting.ranks import Item, Link, Rows, choose_rows


def made(count, pairs, first=(), last=()):
    items = [Item(30.0, 20.0, index) for index in range(count)]
    for index in first:
        items[index].is_first = True
    for index in last:
        items[index].is_last = True
    links = [Link(source, items[source], items[target]) for source, target in pairs]
    choose_rows(items, links)
    return items, links


def test_rows_of_a_graph_with_a_shortcut():
    items, _ = made(4, [(0, 1), (1, 2), (0, 3), (2, 3)])
    assert [item.row for item in items] == [0, 1, 2, 3]


def test_an_input_is_above_its_first_target():
    items, _ = made(4, [(0, 1), (1, 2), (3, 2)])
    assert [item.row for item in items] == [0, 1, 2, 1]


def test_ports_are_alone_in_the_outermost_rows():
    items, _ = made(5, [(0, 1), (1, 2), (2, 3)], first=[0], last=[3])
    assert [item.row for item in items] == [0, 1, 2, 3, 1]  # the last one is not connected


@pytest.mark.parametrize("pairs", [[(0, 1), (1, 0)], [(0, 0), (0, 1)], [(0, 1), (1, 1)]])
def test_one_arrow_of_a_cycle_goes_back(pairs):
    items, links = made(2, pairs)
    assert sum(link.is_back for link in links) == 1 and [item.row for item in items] == [0, 1]


def test_a_deep_graph():
    count = 5000
    items, _ = made(count, [(index, index + 1) for index in range(count - 1)])
    assert items[-1].row == count - 1


def test_a_long_arrow_has_a_lane_in_each_row():
    items, links = made(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    rows = Rows(items, links, 8.0)
    assert [len(row) for row in rows.rows] == [1, 2, 2, 1] and [len(pieces) for pieces in rows.down] == [0, 2, 2, 2, 0]


def test_arrows_of_one_source_share_their_lanes():
    items, links = made(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 3), (0, 4)])
    rows = Rows(items, links, 8.0)
    assert sum(item.is_lane for row in rows.rows for item in row) == 3


def test_an_arrow_that_goes_back_turns_twice():
    items, links = made(3, [(0, 1), (1, 2), (2, 1)])
    rows = Rows(items, links, 8.0)
    (above,) = [pieces for pieces in rows.turns if pieces and pieces[0][1].is_lane]
    (below,) = [pieces for pieces in rows.turns if pieces and pieces[0][2].is_lane]
    assert above[0][2] is items[1] and below[0][1] is items[2]
    assert rows.turns.index(above) == 1 and rows.turns.index(below) == 3


def test_rows_are_ordered_so_that_fewer_lines_cross():
    items, links = made(6, [(0, 5), (1, 4), (2, 3)])
    rows = Rows(items, links, 8.0)
    assert rows.crossings() == 0 and [item.content for item in rows.rows[1]] == [5, 4, 3]


def test_crossings_are_counted():
    items, links = made(6, [(0, 3), (1, 4), (2, 5)])
    rows = Rows(items, links, 8.0)
    rows.rows[1].reverse()
    assert rows.crossings() == 3
