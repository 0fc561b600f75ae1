"""Operations created in a `RematScope`: equal gradients, and which of them are computed again."""

import copy

import numpy as np
import pytest

from minikeras import GradientTape, Input, Model, Operation, RematScope, layers, ops
from minikeras.errors import NotSupportedError

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


class Chain(Operation):
    def call(self, x):
        return ops.sin(ops.exp(ops.sin(x)))


def gradient(function):
    with GradientTape() as tape:
        x = tape.watch(X)
        y = ops.sum(function(x))
    return np.asarray(tape.gradient(y, x))


def recomputed(monkeypatch, call):
    """The names of the operations that are computed again in the backward pass of a call."""
    names = []

    def noting(fn, args, kwargs, wanted=None):
        result = fn(*args, **kwargs)
        if wanted is None or wanted(result):
            names.append(fn.__self__.name)
        return result

    with monkeypatch.context() as patch:
        patch.setattr("minikeras.ops.remat.run_again_in_backward", noting)
        call()
    return names


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (RematScope("full"), ["chain"]),
        (RematScope("larger_than", output_size_threshold=23), ["chain"]),
        (RematScope("larger_than", output_size_threshold=24), []),
        (RematScope("activations"), []),
        (RematScope("list_of_layers", layer_names=["chain"]), []),  # it is no layer
        (RematScope(None), []),
    ],
)
def test_which_operations(monkeypatch, scope, expected):
    with scope:
        operation = Chain(name="chain")
    assert recomputed(monkeypatch, lambda: operation(X)) == expected
    assert recomputed(monkeypatch, lambda: copy.deepcopy(operation)(X)) == expected
    np.testing.assert_allclose(gradient(operation), gradient(Chain()), rtol=1e-6)
    # d sin(exp(sin x)) / dx
    np.testing.assert_allclose(
        gradient(operation), np.cos(np.exp(np.sin(X))) * np.exp(np.sin(X)) * np.cos(X), rtol=1e-5, atol=1e-6
    )


def test_it_can_be_overridden():
    class Own(Chain):
        def rematerialized_call(self, fn, *args, **kwargs):
            return lambda *args, **kwargs: fn(*args, **kwargs) + 1

    with RematScope():
        operation = Own()
    np.testing.assert_array_equal(operation(X), Chain()(X) + 1)
    np.testing.assert_array_equal(Own()(X), Chain()(X))


@pytest.mark.parametrize("run_eagerly", [False, True], ids=["replayed", "eager"])
def test_ops_of_a_model(monkeypatch, run_eagerly):
    def made(scope):
        with scope:
            x = Input((4,))
            y = ops.exp(layers.Dense(3, kernel_initializer="ones", name="dense")(x) * 0.1)
            first, second = ops.split(y, [1], axis=-1)
            y = ops.reshape(ops.concatenate([second, first], -1), (ops.shape(x)[0], 3))
            model = Model(x, Chain(name="chain")(y))
        model.compile("sgd", "mse", run_eagerly=run_eagerly)
        return model

    model, plain = made(RematScope()), made(RematScope(None))
    for each in (model, plain):
        each.fit(X, X[:, :3], epochs=3, batch_size=3, shuffle=False, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], plain.get_weights()[0], rtol=1e-5)
    names = recomputed(monkeypatch, lambda: model(X))
    assert {"dense", "chain"} <= set(names) and model.name not in names and len(names) > 5
    assert recomputed(monkeypatch, lambda: plain(X)) == []


def test_operations_have_no_quantized_call():
    with pytest.raises(NotSupportedError, match="Chain operation 'chain' is no layer, so it is not quantized"):
        Chain(name="chain").quantized_call(X)
