from minikeras.utils.plotting.positions import ascending, set_positions, spread_between
from minikeras.utils.plotting.ranks import Item, Link, Rows, choose_rows


def test_ascending_numbers():
    assert ascending([]) == [] and ascending([(3.0, 1.0)]) == [3.0]
    assert ascending([(3.0, 1.0), (2.0, 1.0), (1.0, 1.0)]) == [2.0, 2.0, 2.0]
    assert ascending([(4.0, 3.0), (0.0, 1.0)]) == [3.0, 3.0]  # (3 * 4 + 0) / 4


def test_spread_between_bounds():
    assert spread_between([5.0], 0.0, 10.0, 4.0) == [5.0]
    assert spread_between([-9.0, -8.0, 20.0], 0.0, 10.0, 4.0) == [0.0, 4.0, 10.0]
    assert spread_between([5.0, 5.0, 5.0], 0.0, 10.0, 8.0) == [0.0, 5.0, 10.0]  # there is no room for more


def laid_out(widths, pairs, gap=10.0):
    items = [Item(width, 20.0, f"item {index}") for index, width in enumerate(widths)]
    links = [Link(source, items[source], items[target]) for source, target in pairs]
    choose_rows(items, links)
    rows = Rows(items, links, 8.0)
    set_positions(rows, gap)
    return items, rows


def test_a_chain_is_straight():
    items, _ = laid_out([30.0, 90.0, 50.0, 20.0], [(0, 1), (1, 2), (2, 3)])
    assert max(item.x for item in items) - min(item.x for item in items) < 1e-9


def test_items_of_a_row_keep_their_distance():
    _, rows = laid_out([30.0, 50.0, 60.0, 70.0, 20.0], [(0, 1), (0, 2), (0, 3), (1, 4), (3, 4)])
    (row,) = [row for row in rows.rows if len(row) == 3]
    for left, right in zip(row, row[1:], strict=False):
        assert right.x - right.width / 2 - left.x - left.width / 2 >= 10.0 - 1e-9


def test_a_line_that_passes_rows_is_straight():
    _, rows = laid_out([30.0] * 5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)])
    lanes = [item for row in rows.rows for item in row if item.is_lane]
    assert len(lanes) == 3 and len({round(lane.x, 6) for lane in lanes}) == 1
