"""What is trained is fixed by `compile`."""

import copy
import pickle

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.autodiff import GradientTape
from minikeras.optimizers import SGD

RNG = np.random.default_rng(0)
X, Y, Z = RNG.random((16, 3), "float32"), np.ones((16, 1), "float32"), RNG.random((16, 2), "float32")


def discriminator(*inside):
    return minikeras.Sequential([layers.Input((3,)), layers.Dense(8, "relu"), *inside, layers.Dense(1, "sigmoid")])


def changed(model, step):
    """Which of the weights a step changes."""
    before = model.get_weights()
    step()
    return [not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True)]


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("inside", [(), (layers.BatchNormalization,)])
def test_an_adversarial_network(inside, eager):
    critic, maker = discriminator(*[each() for each in inside]), minikeras.Sequential([layers.Input((2,))])
    maker.add(layers.Dense(3))
    critic.compile("adam", "binary_crossentropy", run_eagerly=eager)
    critic.trainable = False
    noise = layers.Input((2,))
    whole = minikeras.Model(noise, critic(maker(noise)))
    whole.compile("adam", "binary_crossentropy", run_eagerly=eager)
    for size in (16, 16, 5):
        assert all(changed(critic, lambda size=size: critic.train_on_batch(X[:size], Y[:size])))
        before = maker.get_weights()
        # Frozen in the whole, batch normalization takes its moving averages there, and leaves them as they are.
        assert not any(changed(critic, lambda size=size: whole.train_on_batch(Z[:size], Y[:size])))
        assert not any(map(np.array_equal, before, maker.get_weights()))
    # Outside of the steps, all is as it was set.
    assert not critic.trainable and critic.trainable_weights == [] and len(whole.trainable_weights) == 2


def test_all_sizes_of_batches_agree():
    model = discriminator()
    model.compile("sgd", "mse")
    model.train_on_batch(X, Y)
    model.layers[0].trainable = False
    for size in (16, 5, 3):
        assert all(changed(model, lambda size=size: model.train_on_batch(X[:size], 0 * Y[:size])))
    model.compile("sgd", "mse")
    model.layers[0].trainable = True
    for size in (16, 5, 3):
        assert changed(model, lambda size=size: model.fit(X, Y, batch_size=size, verbose=0)) == [False] * 2 + [True] * 2


def test_models_that_are_not_built_yet():
    for frozen in (True, False):
        model = minikeras.Sequential([layers.Dense(8), layers.Dense(1)])
        model.layers[0].trainable = not frozen
        model.compile("sgd", "mse")
        model.layers[0].trainable = frozen
        model.train_on_batch(X, Y)
        assert changed(model, lambda model=model: model.train_on_batch(X, Y)) == [not frozen] * 2 + [True] * 2


def test_single_weights():
    model = discriminator()
    model.compile("sgd", "mse")
    model.layers[0].kernel.trainable = False
    assert all(changed(model, lambda: model.train_on_batch(X, Y)))
    model.compile("sgd", "mse")
    assert changed(model, lambda: model.train_on_batch(X, Y)) == [False, True, True, True]


def test_regularizers_of_frozen_weights_count_as_compiled():
    model = minikeras.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(1, kernel_initializer="ones", kernel_regularizer=minikeras.regularizers.L1(1.0)),
        ]
    )
    model.compile(SGD(0.0), "mse")
    model.layers[0].trainable = False
    x = np.ones((2, 3))
    assert model.evaluate(x, [[3.0], [3.0]], verbose=0) == model.train_on_batch(x, [[3.0], [3.0]]) == 3.0
    model.compile(SGD(0.0), "mse")
    assert model.evaluate(x, [[3.0], [3.0]], verbose=0) == 0.0


def test_own_steps_see_what_was_compiled_and_may_freeze():
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.critic, self.seen = discriminator(), set()
            self.maker = minikeras.Sequential([layers.Input((2,)), layers.Dense(3)])

        def call(self, inputs):
            return self.critic(self.maker(inputs))

        def train_step(self, data):
            self.seen.add((len(self.trainable_variables), len(self.critic.trainable_weights)))
            self.critic.trainable = False
            variables = self.trainable_variables
            with GradientTape() as tape:
                loss = ops.mean(self(data))
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
            return {"loss": loss, "trained": float(len(variables))}

    model = Own()
    model.compile("sgd")
    model.critic.layers[0].trainable = False
    step = lambda: model.fit(Z, batch_size=8, epochs=2, verbose=0)  # noqa: E731
    assert changed(model, step) == [False] * 4 + [True] * 2
    assert model.seen == {(6, 4)} and not model.critic.trainable


def test_predict_sees_what_is_set():
    class Shows(layers.Layer):
        def call(self, inputs):
            return inputs * 2 if self.trainable else inputs

    model = minikeras.Sequential([layers.Input((3,)), Shows()])
    for trainable in (True, False, True):
        model.layers[0].trainable = trainable
        np.testing.assert_array_equal(model.predict(X, verbose=0), X * (1 + trainable))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_keep_what_was_compiled(copied):
    model = discriminator()
    model.compile("sgd", "mse")
    model.trainable = False
    other = copied(model)
    assert not any(changed(model, lambda: changed(other, lambda: other.train_on_batch(X, Y))))
    assert all(changed(other, lambda: other.train_on_batch(X, Y)))


def test_nothing_to_train_warns_as_keras_does():
    model = discriminator()
    model.trainable = False
    model.compile("sgd", "mse")
    for eager in (False, True):
        model.compile("sgd", "mse", run_eagerly=eager)
        with pytest.warns(UserWarning, match=r"^The model does not have any trainable weights\.$"):
            assert not any(changed(model, lambda: model.fit(X, Y, verbose=0)))
        model.evaluate(X, Y, verbose=0)
    model.trainable = True
    model.compile("sgd", "mse")
    assert all(changed(model, lambda: model.fit(X, Y, verbose=0)))
