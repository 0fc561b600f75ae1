from collections import OrderedDict, defaultdict, deque, namedtuple

import pytest

from minikeras import tree
from minikeras.errors import ArgumentError

Point = namedtuple("Point", ["x", "y"])


def test_none_is_a_value():
    assert tree.flatten(None) == [None] and tree.flatten([1, None]) == [1, None]
    assert tree.map_structure(lambda leaf: leaf is None, {"b": 1, "a": None}) == {"b": False, "a": True}


def test_order_of_dicts():
    assert tree.flatten({"b": 1, "a": [2, (3,)]}) == [2, 3, 1]
    assert tree.flatten(OrderedDict(b=1, a=2)) == [1, 2]
    assert list(tree.map_structure(str, {"b": 1, "a": 2}).items()) == [("b", "1"), ("a", "2")]
    assert tree.map_structure(str, OrderedDict(b=1, a=2)) == OrderedDict(b="1", a="2")
    assert tree.flatten_with_path({"b": 1, "a": [2, (3,)]}) == [(("a", 0), 2), (("a", 1, 0), 3), (("b",), 1)]


def test_structures_stay_what_they_are():
    assert tree.map_structure(lambda each: each + 1, Point(1, [2])) == Point(2, [3])
    assert tree.pack_sequence_as(Point(0, 0), [1, 2]) == Point(1, 2) and tree.pack_sequence_as(1, [5]) == 5
    assert tree.map_structure_up_to([0, 0], lambda x, y: (x, y), [1, 2], [[1, 2], 3]) == [(1, [1, 2]), (2, 3)]
    assert tree.lists_to_tuples([1, [2, {"a": [3]}]]) == (1, (2, {"a": (3,)}))
    assert tree.map_shape_structure(len, {"a": (None, 2), "b": [(1,), [2, 3]]}) == {"a": 2, "b": [1, 2]}


def test_traversing():
    # From the top, what was replaced is not looked into.
    assert tree.traverse(lambda part: tuple(part) if isinstance(part, list) else None, [1, [2]]) == (1, [2])
    assert tree.traverse(lambda part: tuple(part) if isinstance(part, list) else None, [1, [2]], False) == (1, (2,))
    assert tree.traverse(lambda part: tree.MAP_TO_NONE if part == 1 else None, [1, 2]) == [None, 2]


@pytest.mark.parametrize(
    "call",
    [
        lambda: tree.assert_same_structure([1], (1,)),
        lambda: tree.assert_same_structure([1, 2], [1]),
        lambda: tree.assert_same_structure({"a": 1}, {"b": 1}),
        lambda: tree.assert_same_structure(1, [1]),
        lambda: tree.assert_same_paths([1], [1, 2]),
        lambda: tree.map_structure(max, [1], [1, 2]),
        lambda: tree.map_structure(max),
        lambda: tree.map_structure_up_to([0], max),
        lambda: tree.map_structure_up_to([0, 0], max, [1]),
        lambda: tree.pack_sequence_as([0, 0], [1]),
        lambda: tree.pack_sequence_as([0], [1, 2]),
        lambda: tree.map_shape_structure(len, "ab"),
    ],
)
def test_what_differs_is_refused(call):
    with pytest.raises(ArgumentError):
        call()
    tree.assert_same_paths([1], (2,))
    tree.assert_same_structure([1, {"a": 2}], [3, {"a": 4}])


def test_none_that_is_no_leaf():
    double = lambda *values: sum(values)  # noqa: E731
    assert tree.map_structure(double, {"x": None, "y": [2]}, {"x": None, "y": [3]}, none_is_leaf=False) == {
        "x": None,
        "y": [5],
    }
    for pair in (([1, None], [1, 2]), ([1, 2], [1, None])):
        with pytest.raises(ArgumentError, match="Expected None in all structures"):
            tree.map_structure(double, *pair, none_is_leaf=False)
        assert tree.map_structure(lambda *values: values, *pair) == [(1, 1), (pair[0][1], pair[1][1])]


@pytest.mark.parametrize("check_types", [None, True, False])
def test_types_are_always_compared(check_types):
    tree.assert_same_structure([1, 2], [3, 4], check_types=check_types)
    with pytest.raises(ArgumentError, match="structures differ"):
        tree.assert_same_structure([1, 2], (3, 4), check_types=check_types)


def test_containers_of_the_standard_library():
    words = defaultdict(list, {"b": 1, "a": 2})
    found = tree.map_structure(lambda x: x + 1, words)
    assert found == {"b": 2, "a": 3} and found.default_factory is list and list(found) == ["b", "a"]
    queue = deque([1, [2]], maxlen=3)
    found = tree.map_structure(lambda x: x + 1, queue)
    assert found == deque([2, [3]]) and found.maxlen == 3
    assert tree.is_nested(queue) and tree.flatten_with_path(queue) == [((0,), 1), ((1, 0), 2)]


def test_keys_of_several_types_are_sorted_by_type():
    assert tree.flatten({1: 2, "a": 3, 0: 1, None: 5}) == [5, 1, 2, 3]
    assert tree.flatten({(1, 2): 1, "z": 2, 3.5: 4}) == [4, 2, 1]
    assert tree.map_structure(lambda x: x, {"a": 1, 0: 2}) == {"a": 1, 0: 2}
    keys = [object(), object()]
    assert tree.flatten(dict(zip(keys, (1, 2), strict=True))) == [1, 2]
