"""Configs of graphs, in whatever order they list the layers: the same model, in a time that grows with their number."""

import random
import time

import numpy as np
import pytest

from minikeras import Model, layers, ops


def chain(count):
    x = made = layers.Input((3,), name="i")
    for number in range(count):
        made = layers.ReLU(name=f"l{number}")(made)
    return Model(x, made).get_config()


def relay(count):
    """One layer that is called again and again, each time on what another layer makes of it."""
    one = layers.ReLU(name="one")
    x = made = layers.Input((3,), name="i")
    for number in range(count):
        made = layers.ReLU(name=f"l{number}")(one(made))
    return Model(x, made).get_config()


def wide(count):
    x = layers.Input((3,), name="i")
    return Model(x, layers.Add()([layers.ReLU(name=f"l{number}")(x) for number in range(count)])).get_config()


ORDERS = {
    "as it is": lambda entries: entries,
    "reversed": lambda entries: entries[::-1],
    "shuffled": lambda entries: random.Random(0).sample(entries, len(entries)),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("make", [chain, relay, wide])
def test_any_order_in_linear_time(make, order):
    config = make(2000)
    config["layers"] = ORDERS[order](config["layers"])
    start = time.process_time()
    model = Model.from_config(config)
    assert time.process_time() - start < 6  # a tenth of it; trying each layer again and again would take minutes
    assert len(model.layers) == len(config["layers"])


@pytest.mark.parametrize("key", ["name", "class_name", "config", "inbound_nodes"])
@pytest.mark.parametrize("made", [layers.ReLU(name="o"), lambda x: x + 1.0])
def test_every_layer_needs_all_of_its_parts(made, key):
    x = layers.Input((3,), name="i")
    config = Model(x, made(x)).get_config()
    del config["layers"][-1][key]
    with pytest.raises(ValueError, match=f"needs (the key )?'{key}'"):
        Model.from_config(config)


@pytest.mark.parametrize("order", ORDERS)
def test_any_order_is_the_same_model(order):
    x, y = layers.Input((3,), name="x"), layers.Input((3,), name="y")
    shared, inner = layers.Dense(3, name="shared"), Model(x, layers.Dense(3, name="d")(x) * 2.0, name="inner")
    first = shared(x)
    out = ops.concatenate([shared(inner(first)), inner(y), shared(y), layers.Subtract(name="s")([first, y])], axis=-1)
    model = Model([x, y], [out, inner(out[:, 2:5])])
    config = model.get_config()
    config["layers"] = ORDERS[order](config["layers"])
    other = Model.from_config(config)
    for name in ("shared", "inner"):
        other.get_layer(name).set_weights(model.get_layer(name).get_weights())
    data = [np.float32([[1, -2, 3]]), np.float32([[-4, 5, 6]])]
    for ours, theirs in zip(model.predict(data, verbose=0), other.predict(data, verbose=0), strict=True):
        np.testing.assert_array_equal(ours, theirs)
