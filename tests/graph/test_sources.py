"""The inputs that a value is computed from."""

from minikeras.graph.sources import get_source_inputs
from minikeras.layers import Add, Dense, Input


def is_same(found, expected):
    return len(found) == len(expected) and all(one is other for one, other in zip(found, expected, strict=True))


def test_an_input_is_its_own_source():
    x = Input((2,))
    assert is_same(get_source_inputs(x), [x])


def test_several_inputs_in_the_order_of_arguments():
    a, b, c = Input((2,)), Input((2,)), Input((2,))
    assert is_same(get_source_inputs(Add()([Dense(2)(b), a + c, b])), [b, a, c])


def test_deep_graphs():
    x = y = Input((2,))
    for _ in range(3000):
        y = y + 1
    assert is_same(get_source_inputs(y), [x])


def test_shared_parts_are_walked_once():
    x = y = Input((2,))
    for _ in range(60):  # 2 ** 60 paths
        y = y + y
    assert is_same(get_source_inputs(y), [x])
