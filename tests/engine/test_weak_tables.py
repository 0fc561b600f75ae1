import gc
import signal

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.masks import set_mask
from minikeras.engine.weak_tables import WeakTable
from tests.helpers import without_foreign_finalizers


class Key:
    """Compared by identity in a table, whatever its own `==` says."""

    def __eq__(self, other):
        return True

    __hash__ = None


def test_values_belong_to_objects():
    table, first, second = WeakTable(), Key(), Key()
    table.set(first, 1)
    assert (table.get(first), table.get(second), len(table)) == (1, None, 1)
    table.set(second, 2)
    table.set(first, 3)
    assert (table.get(first), table.get(second), len(table)) == (3, 2, 2)
    table.remove(first)
    table.remove(first)
    assert (table.get(first), len(table)) == (None, 1)
    assert [each is second for each in table] == [True]


def test_values_go_with_objects():
    table, keys = WeakTable(), [Key() for _ in range(3)]
    for number, key in enumerate(keys):
        table.set(key, number)
    walk = iter(table)
    assert next(walk) is keys[0]
    del keys[1]
    del key
    assert [table.get(each) for each in walk] == [2] and len(table) == 2


def a_trained_model():
    """Returns a model that is part of a cycle, as all are, with what minikeras keeps about it in tables."""
    inner = layers.Dense(1)

    class Outer(layers.Layer):
        def call(self, x):
            return inner(x)

    model = minikeras.Sequential([layers.Input((2,)), Outer(), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="It is no part of"):
        model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    array = np.ones(2)
    set_mask(array, ops.ones(2))
    model.array = array
    return model


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timers that send signals")
def test_an_interrupt_while_garbage_is_collected_is_not_lost():
    def interrupt(*_):
        raise KeyboardInterrupt

    models = [a_trained_model() for _ in range(3)]
    much = [[number] for number in range(500_000)]  # a collection that takes longer than the timer
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with without_foreign_finalizers(), pytest.raises(KeyboardInterrupt):
            models.clear()
            signal.setitimer(signal.ITIMER_REAL, 0.005)
            gc.collect()
            del much
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
