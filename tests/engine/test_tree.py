"""Nested structures of values."""

from collections import namedtuple

import numpy as np
import pytest

from minikeras.engine.tree import flatten, map_structure, pack_like, single, structure_key

Pair = namedtuple("Pair", "first second")

STRUCTURES = [
    (1, [1]),
    (None, []),
    ([], []),
    ([1, (2, None), {"b": 3, "a": [4]}], [1, 2, 4, 3]),
    (Pair(1, [2]), [1, 2]),
    ({"x": {"z": 1, "y": 2}}, [2, 1]),
]


@pytest.mark.parametrize(("structure", "leaves"), STRUCTURES)
def test_flatten(structure, leaves):
    assert flatten(structure) == leaves


@pytest.mark.parametrize(("structure", "leaves"), STRUCTURES)
def test_pack_like_is_the_reverse_of_flatten(structure, leaves):
    packed = pack_like(structure, leaves)
    assert packed == structure and type(packed) is type(structure)


@pytest.mark.parametrize("structure", [7, [7], (7,), {"a": 7}, [{"a": (7,)}]])
def test_single(structure):
    assert single(structure) == 7


@pytest.mark.parametrize("structure", [None, [], [1, 2], {}, {"a": 1, "b": 2}])
def test_single_leaves_what_is_more_or_less_than_one(structure):
    assert single(structure) is structure


def test_map_structure():
    assert map_structure(lambda leaf: leaf * 10, {"b": 1, "a": Pair(2, [None, 3])}) == {
        "b": 10,
        "a": Pair(20, [None, 30]),
    }


def test_the_order_of_a_dictionary_is_kept():
    assert list(map_structure(lambda leaf: leaf, {"b": 1, "a": 2})) == ["b", "a"]
    assert list(pack_like({"b": 0, "a": 0}, [1, 2]).items()) == [("b", 2), ("a", 1)]


def test_arrays_are_leaves():
    x = np.ones((2, 2))
    assert flatten({"x": x})[0] is x


@pytest.mark.parametrize(
    "other", [(1, 2, 3), [1, [2]], [1, None], {"a": 1, "b": 2}, {"a": 1, "c": 2}, Pair(1, 2), 1, None, []]
)
def test_structure_keys_differ(other):
    assert structure_key([1, 2]) != structure_key(other)
    assert hash(structure_key(other)) == hash(structure_key(other))


def test_structure_keys_ignore_leaves_and_the_order_of_dictionaries():
    assert structure_key({"a": 1, "b": (2, None)}) == structure_key({"b": ("x", None), "a": np.ones(3)})


def test_slices():
    key = (slice(None, 3), [slice(1, None, 2)])
    assert flatten(key) == [3, 1, 2] and flatten(slice(None)) == []
    assert map_structure(lambda leaf: leaf + 1, key) == (slice(None, 4), [slice(2, None, 3)])
    assert pack_like(slice(1, 2), [5, 6]) == slice(5, 6)
    assert structure_key(slice(1, None)) == structure_key(slice(7, None)) != structure_key(slice(1, 2))
