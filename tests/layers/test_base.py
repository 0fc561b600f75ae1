"""Layer: tracking, building, weights, trainable, calling."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.variable import Variable
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    LegacyWarning,
    NotSupportedError,
    ShapeError,
    StateError,
)
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import run_layer_test


class Scale(layers.Layer):
    """A layer as users write it: without `compute_output_shape`, with a weight that is not trained."""

    def __init__(self, start=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        self.count = self.add_weight((), "zeros", trainable=False, name="count")
        self.factor = self.add_weight(input_shape[-1:], lambda shape, dtype: ops.full(shape, self.start, dtype))

    def call(self, inputs, training=False):
        if training:
            self.count.assign_add(1.0)
        return ops.multiply(inputs, self.factor) + self.count

    def get_config(self):
        return {**super().get_config(), "start": self.start}


class Pair(layers.Layer):
    """A layer made of layers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [layers.Dense(3, name="a"), layers.Dense(2, name="b")]

    def call(self, inputs):
        for part in self.parts:
            inputs = part(inputs)
        return inputs


def test_a_layer_of_the_users_own_in_full():
    run_layer_test(lambda: Scale(start=1.5), (3, 4), (3, 4))


def test_state_in_call_advances_in_replayed_training_only():
    layer = Scale()
    model = minikeras.Sequential([layers.Input((2,)), layer])
    model.compile("sgd", "mse")
    x = np.ones((10, 2), "float32")
    model.fit(x, x, batch_size=2, epochs=3, verbose=0)
    assert float(layer.count) == 15
    model.evaluate(x, x, verbose=0)
    model.predict(x, verbose=0)
    assert float(layer.count) == 15


def test_order_and_groups_of_weights():
    layer = Scale(name="s")
    layer(np.ones((2, 3)))
    assert [w.shape for w in layer.weights] == [(3,), ()]  # what is trained comes first
    assert [w.shape for w in layer.trainable_weights] == [(3,)]
    assert [w.shape for w in layer.non_trainable_weights] == [()]
    assert layer.count_params() == 4
    layer.trainable = False
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 2
    layer.trainable = True
    assert [w.shape for w in layer.trainable_weights] == [(3,)]  # the count stays as it was made


def test_layers_inside():
    layer = Pair(name="pair")
    layer(np.ones((2, 4)))
    assert [w.path for w in layer.weights] == ["pair/a/kernel", "pair/a/bias", "pair/b/kernel", "pair/b/bias"]
    layer.trainable = False
    assert [part.trainable for part in layer.parts] == [False, False] and layer.trainable_weights == []
    layer.parts[1].trainable = True
    assert layer.trainable_weights == []  # a frozen layer freezes those inside
    layer.trainable = True
    assert len(layer.trainable_weights) == 4


def test_attributes_that_are_replaced_or_deleted_are_forgotten():
    layer = layers.Layer()
    layer.weight = Variable(1.0)
    assert len(layer.weights) == 1
    layer.weight = 3
    assert layer.weights == []
    layer.weight = Variable(1.0)
    del layer.weight
    assert layer.weights == []


def test_a_layer_that_forgot_super_init_is_refused():
    class Forgetful(layers.Layer):
        def __init__(self):
            self.part = layers.Dense(3)

    layer = Forgetful()
    for use in (lambda: layer(np.ones(3)), layer.add_weight, lambda: layer.add_loss(np.ones(()))):
        with pytest.raises(StateError, match=r"Forgetful: call `super\(\).__init__\(\)` as the first statement"):
            use()


def test_calls_are_converted_and_checked():
    layer = layers.Dense(1, kernel_initializer="ones")
    assert layer([[1, 2]]).tolist() == [[3]]
    assert layer(np.ones((1, 2), "float64")).dtype == np.float32
    assert layer(np.ones((1, 2), "int32")).dtype == np.float32
    with pytest.raises(ArgumentTypeError, match="no common dtype of strings and numbers"):
        layer(np.array([["a", "b"]]))
    with pytest.raises(ArgumentTypeError, match="expected numbers"):
        layer(np.ones((1, 2), object))
    assert layers.Dense(1, dtype="float64")(np.ones((1, 2), "float32")).dtype == np.float64


def test_a_call_method_is_needed():
    with pytest.raises(NotSupportedError, match="has no `call` method"):
        layers.Layer()(np.ones(3))


def test_symbolic_calls_are_remembered():
    layer = layers.Dense(3)
    with pytest.raises(AttributeError, match="has not been called on a symbolic input"):
        _ = layer.output
    x = KerasTensor((None, 4))
    y = layer(x)
    assert layer.input is x and layer.output is y and y.shape == (None, 3)
    custom = Scale()
    assert custom(x).shape == (None, 4) and custom.built


def test_training_reaches_the_layers_inside():
    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = layers.Dropout(0.999, seed=0)

        def call(self, inputs):
            return self.inner(inputs)

    layer, x = Outer(), np.ones((4, 4), "float32")
    np.testing.assert_array_equal(layer(x), x)
    assert not np.array_equal(layer(x, training=True), x)
    np.testing.assert_array_equal(layer(x, training=False), x)


class TestSetWeights:
    def made(self):
        layer = layers.Dense(2)
        layer(np.ones((1, 3)))
        return layer

    @pytest.mark.parametrize(
        ("weights", "error", "message"),
        [
            (5, ArgumentTypeError, "expects a list of arrays. Received: 5"),
            ([], ArgumentError, "expects 2 arrays, received 0"),
            ([np.zeros((3, 2))], ArgumentError, "expects 2 arrays, received 1"),
            (
                [np.zeros((3, 2)), np.zeros(3)],
                ShapeError,
                r"'.*/bias' has shape \(2,\), received an array of shape \(3",
            ),
            ([np.zeros((2, 3)), np.zeros(2)], ShapeError, r"'.*/kernel' has shape \(3, 2\), received.*\(2, 3\)"),
            ([np.zeros((3, 2)), np.array(["a", "b"])], ArgumentTypeError, "numbers"),
            ([np.zeros((3, 2)), np.zeros(2, object)], ArgumentTypeError, "numbers"),
            ([np.zeros((3, 2)), [[1], [2, 3]]], ArgumentTypeError, "numbers"),
            ([np.zeros((3, 2)), np.zeros(2) + 1j], ArgumentTypeError, "numbers"),
        ],
    )
    def test_all_or_nothing(self, weights, error, message):
        layer = self.made()
        before = [w.tobytes() for w in layer.get_weights()]
        with pytest.raises(error, match=message):
            layer.set_weights(weights)
        assert [w.tobytes() for w in layer.get_weights()] == before

    def test_what_is_given_is_copied(self):
        layer, kernel = self.made(), np.zeros((3, 2), "float32")
        layer.set_weights([kernel, [1, 2]])
        kernel += 1
        taken = layer.get_weights()
        assert taken[0].max() == 0 and taken[1].tolist() == [1, 2]
        taken[1] += 1
        assert layer.bias.numpy().tolist() == [1, 2]

    def test_before_building(self):
        with pytest.raises(ArgumentError, match="expects 0 arrays, received 1. The layer has no weights; is it built?"):
            layers.Dense(2).set_weights([1])


@pytest.mark.parametrize(
    ("arguments", "shape", "new"),
    [
        ({"input_dim": 3}, (None, 3), r"Input\(\(3,\)\)"),
        ({"input_shape": (3, 4)}, (None, 3, 4), r"Input\(\(3, 4\)\)"),
        ({"input_shape": 3}, (None, 3), r"Input\(\(3,\)\)"),
        ({"batch_input_shape": (8, 3)}, (8, 3), r"Input\(batch_shape=\(8, 3\)\)"),
    ],
)
def test_declared_inputs_of_keras_2(arguments, shape, new):
    with pytest.warns(LegacyWarning, match=new) as caught:
        layer = layers.Dense(2, **arguments)
    assert layer.declared_input_shape == shape and caught[0].filename == __file__


def test_lookup():
    layer = layers.Dense(3, name="d")
    layer(np.ones((2, 4)))
    described = layers.serialize(layer)
    assert described["class_name"] == "Dense" and described["build_config"] == {"input_shape": (2, 4)}
    assert layers.deserialize(described).get_config() == layer.get_config()
    with pytest.raises(ArgumentError, match="Did you mean '[Dd]ense'"):
        layers.deserialize({"class_name": "Dens", "config": {}})
    with pytest.raises(ArgumentTypeError, match="Expected the config of a layer"):
        layers.deserialize(lambda x: x)
    with pytest.raises(StateError, match="is not built, so its parameters cannot be counted"):
        layers.Dense(3).count_params()


def test_freezing_keeps_the_order_of_the_weights():
    layer = Scale()
    layer.build((None, 3))
    shapes = [weight.shape for weight in layer.weights]
    assert shapes == [(3,), ()]  # what is trained comes first
    layer.trainable = False
    assert [weight.shape for weight in layer.weights] == shapes
    frozen = Scale(trainable=False)
    frozen.build((None, 3))
    assert [weight.shape for weight in frozen.weights] == shapes
    assert [weight.trainable for weight in frozen.weights] == [False, False]
    frozen.trainable = True
    assert [weight.trainable for weight in frozen.weights] == [True, False]


def test_deserialize_builds_what_was_built():
    layer = layers.Dense(2, name="d")
    assert not layers.deserialize(layers.serialize(layer)).built
    layer.build((None, 3))
    again = layers.deserialize(layers.serialize(layer))
    assert again.built and [weight.shape for weight in again.weights] == [(3, 2), (2,)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"kernal_initializer": "ones"},
            r"passed to Dense: \{'kernal_initializer': 'ones'\}\. Did you mean 'kernel_init",
        ),
        ({"nmae": "x"}, "Did you mean 'name'?$"),
        ({"actvation": "relu", "usebias": True}, "Did you mean 'activation' and 'use_bias'?$"),
        ({"xyzzy": 1}, r"passed to Dense: \{'xyzzy': 1\}$"),
        ({"sel": 1}, r"passed to Dense: \{'sel': 1\}$"),
    ],
)
def test_misspelled_arguments(arguments, message):
    with pytest.raises(ArgumentError, match=message.replace("?$", r"\?$")):
        layers.Dense(2, **arguments)
