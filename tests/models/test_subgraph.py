"""Losses that are symbolic values, given to a model made of a graph: numbers by hand."""

import numpy as np
import pytest

from minikeras import Model, Sequential, ops, saving
from minikeras.backend import mean, square
from minikeras.errors import ArgumentError, LegacyWarning, NotSupportedError
from minikeras.layers import Dense, Input
from minikeras.optimizers import SGD

X = np.float32([[1.0], [3.0]])


def model_with(added, **options):
    x = Input((1,))
    y = Dense(1, use_bias=False, kernel_initializer="ones", name="dense")(x)
    model = Model(x, y)
    with pytest.warns(LegacyWarning, match=r"`model.add_loss\(symbolic value\)`") as caught:
        model.add_loss(added(x, y))
    assert [warning.filename for warning in caught] == [__file__]
    model.compile(SGD(0.1), **options)
    return model


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_symbolic_loss_trains(run_eagerly):
    model = model_with(lambda x, y: ops.mean(y), run_eagerly=run_eagerly)
    history = model.fit(X, epochs=2, batch_size=2, verbose=0).history["loss"]
    # The mean of the outputs 1 and 3 is 2, its gradient 2: the kernel becomes 0.8, then 0.6.
    np.testing.assert_allclose(history, [2.0, 1.6], rtol=1e-6)
    np.testing.assert_allclose(model.get_weights()[0], [[0.6]], rtol=1e-6)
    assert model.evaluate(X, verbose=0) == pytest.approx(1.2, rel=1e-6)
    assert model.predict(X, verbose=0).shape == (2, 1)


def test_beside_another_loss_and_validation_without_labels():
    model = model_with(lambda x, y: mean(square(y - x)) + 1.0)
    assert model.fit(X, validation_data=(X, None), verbose=0).history == {"loss": [1.0], "val_loss": [1.0]}
    model = model_with(lambda x, y: [ops.sum(y), ops.sum(x)], loss="mse", metrics=["mae"])
    # 1 and 3 against 0: the mean square is 5; the sums are 4 and 4.
    assert model.evaluate(X, np.zeros((2, 1)), verbose=0) == [13.0, 2.0]


def test_layers_that_lead_to_the_loss_alone_are_trained():
    x = Input((1,))
    model = Model(x, Dense(1, name="main")(x))
    with pytest.warns(LegacyWarning):
        model.add_loss(ops.mean(Dense(2, name="aside")(x)))
    with pytest.warns(LegacyWarning):
        model.add_loss(ops.mean(model.output))
    assert len(model.trainable_weights) == 4 and [layer.name for layer in model.layers][1:] == ["main"]
    model.compile(SGD(0.5))
    before = [weight.numpy() for weight in model.trainable_weights]
    model.fit(X, verbose=0)
    assert all((weight.numpy() != old).any() for weight, old in zip(model.trainable_weights, before, strict=True))


def test_inside_of_another_model_and_in_a_sequential():
    inner = model_with(lambda x, y: ops.sum(y))
    x = Input((1,))
    outer = Model(x, Dense(1, kernel_initializer="zeros")(inner(x)))
    outer.compile("sgd", "mse")
    assert outer.evaluate(X, np.zeros((2, 1)), verbose=0) == 4.0
    model = Sequential([Input((1,)), Dense(1, use_bias=False, kernel_initializer="ones")])
    with pytest.warns(LegacyWarning):
        model.add_loss(ops.sum(model.output))
    model.compile("sgd")
    assert model.evaluate(X, verbose=0) == 4.0


def test_what_is_refused_and_what_is_not_saved(tmp_path):
    model = model_with(lambda x, y: ops.mean(y))
    with pytest.raises(ArgumentError, match="disconnected"), pytest.warns(LegacyWarning):
        model.add_loss(ops.mean(Input((2,))))
    with pytest.raises(NotSupportedError, match="`add_loss` is for the `call` of a layer"):
        model.add_loss(ops.mean(np.ones(2)))
    assert model.evaluate(X, verbose=0) == 2.0
    with pytest.warns(UserWarning, match="added by `add_loss` are in no config and are not saved"):
        model.save(tmp_path / "model.keras")
    assert saving.load_model(tmp_path / "model.keras", compile=False).predict(X, verbose=0).tolist() == [[1], [3]]
