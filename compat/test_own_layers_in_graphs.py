"""Layers and models of the user's own inside of graphs, beside real Keras: shapes, configs, summaries, training."""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np
import pytest

from compat.side_by_side import attempt, compare, set_weights
from compat.test_subclassed_models import compiled, fitted

RNG = np.random.default_rng(0)
X, OTHER = (RNG.normal(size=(24, 6)).astype("float32") for _ in range(2))
Y = RNG.normal(size=(24, 1)).astype("float32")


def plain_config(config):
    return json.loads(json.dumps(config).replace('"minikeras', '"keras'))


def own_layers(k):
    class Scale(k.layers.Layer):
        """Written in full."""

        def __init__(self, factor=2.0, kernel_initializer="ones", **options):
            super().__init__(**options)
            self.factor = factor
            self.kernel_initializer = k.initializers.get(kernel_initializer)

        def build(self, input_shape):
            self.scale = self.add_weight(shape=input_shape[1:], initializer=self.kernel_initializer, name="scale")

        def call(self, inputs, offset=None, training=None):
            outputs = inputs * self.scale * self.factor
            return outputs if offset is None else outputs + offset

        def get_config(self):
            config = {"factor": self.factor, "kernel_initializer": k.initializers.serialize(self.kernel_initializer)}
            return {**super().get_config(), **config}

    class Halves(k.layers.Layer):
        """Several outputs, and shapes by a method."""

        def call(self, inputs):
            return k.ops.split(inputs, 2, axis=-1)

        def compute_output_shape(self, input_shape):
            half = (*input_shape[:-1], input_shape[-1] // 2)
            return [half, half]

    class Spec(k.layers.Layer):
        """Types and shapes by a method."""

        def call(self, inputs):
            return {"large": k.ops.cast(inputs > 0, "int32"), "same": inputs}

        def compute_output_spec(self, inputs):
            return {"large": k.KerasTensor(inputs.shape, "int32"), "same": k.KerasTensor(inputs.shape, "float32")}

    class Block(k.layers.Layer):
        """A layer made of layers, without `build`."""

        def __init__(self, units, **options):
            super().__init__(**options)
            self.units = units
            self.dense = k.layers.Dense(units, activation="tanh")
            self.norm = k.layers.LayerNormalization()

        def call(self, inputs):
            return self.norm(self.dense(inputs))

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    return {"Scale": Scale, "Halves": Halves, "Spec": Spec, "Block": Block}


def graph(k, own):
    a, b = k.Input((6,), name="a"), k.Input((6,), name="b")
    scaled = own["Scale"](0.5, name="scale")(a, offset=b)
    first, second = own["Halves"](name="halves")(scaled)
    named = own["Spec"](name="spec")(first)
    value = named["same"] * k.ops.cast(named["large"], "float32") + second
    shared = own["Block"](3, name="block")
    value = k.layers.LeakyReLU(0.1)(k.layers.BatchNormalization(momentum=0.8)(shared(shared(value))))
    return k.Model([a, b], k.layers.Dense(1, kernel_regularizer="l2")(value), name="own")


def whole(k):
    own = own_layers(k)
    model = set_weights(graph(k, own))
    texts = []
    model.summary(print_fn=texts.append, expand_nested=True, show_trainable=True)
    config = model.get_config()
    again = k.Model.from_config(json.loads(json.dumps(config)), custom_objects=own)
    again.set_weights(model.get_weights())
    copy = k.models.clone_model(model)
    paths = [[(v.path, v.trainable) for v in each.variables] for each in (model, again, copy)]
    data = [X, OTHER]
    return plain_config(config), texts, paths, model(data), again(data), model.compute_output_shape([(2, 6), (2, 6)])


def training(k):
    model = set_weights(graph(k, own_layers(k)))
    norm = next(layer for layer in model.layers if isinstance(layer, k.layers.BatchNormalization))
    norm.moving_variance.assign(np.abs(np.asarray(norm.moving_variance)))
    compiled(k, model, metrics=["mae"])
    history = fitted(model, [X, OTHER], Y, batch_size=16, validation_data=([OTHER, X], Y))
    model.layers[-2].trainable = False
    model.get_layer("scale").trainable = False
    norm.trainable = False  # its averages stay, and are used
    compiled(k, model, metrics=["mae"])
    again = fitted(model, [X, OTHER], Y, batch_size=16)
    assert np.isfinite(again["loss"] + history["val_loss"]).all()
    return history, again, model.get_weights(), model.predict([X, OTHER], verbose=0)


def models_with_a_build(k):
    """`build` of a model, for one and for two inputs, and calls of other shapes."""

    class Two(k.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.left, self.right = k.layers.Dense(2, name="left"), k.layers.Dense(2, name="right")

        def build(self, input_shape):
            self.left.build(input_shape[0])
            self.right.build(input_shape[1])
            self.bias = self.add_weight(shape=(2,), name="bias", initializer="ones")

        def call(self, inputs):
            return self.left(inputs[0]) * self.right(inputs[1]) + self.bias

    class Keyed(k.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.dense = k.layers.Dense(2, name="dense")

        def call(self, inputs, training=None, mask=None):
            joined = k.ops.concatenate([inputs["x"], inputs["y"]], axis=-1)
            return {"out": self.dense(joined), "sum": k.ops.sum(joined, axis=-1)}

    two, keyed = Two(name="two"), Keyed(name="keyed")
    two.build([(None, 6), (None, 6)])
    set_weights(two)
    keyed({"x": X, "y": OTHER})
    set_weights(keyed)
    paths = [[v.path for v in each.weights] for each in (two, keyed)]
    predicted = keyed.predict({"x": X, "y": OTHER}, batch_size=7, verbose=0)
    compiled(k, two)
    history = fitted(two, [X, OTHER], np.tile(Y, 2))
    wrong = attempt(lambda: two([X]).shape), attempt(lambda: keyed({"x": X}).shape)
    return (
        paths,
        two([X, OTHER]),
        predicted,
        history,
        [error[0] for error in wrong],
        plain_config(two.get_build_config()),
    )


def models_in_models(k):
    class Inner(k.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.dense = k.layers.Dense(3, name="dense")
            self.dropout = k.layers.Dropout(0.0)

        def call(self, inputs, training=False):
            return self.dropout(self.dense(inputs), training=training) * (2.0 if training else 1.0)

    class Outer(k.Model):
        def __init__(self):
            super().__init__(name="outer")
            x = k.Input((3,))
            self.inner, self.graph = Inner(name="inner"), k.Model(x, k.layers.Dense(3, name="g")(x), name="graph")
            self.stack = k.Sequential([Inner(name="again"), k.layers.Dense(1, name="last")], name="stack")

        def call(self, inputs, training=None):
            return self.stack(self.graph(self.inner(inputs)))

    model = Outer()
    model(X)
    set_weights(model)
    compiled(k, model)
    found = [[v.path for v in model.weights], [layer.name for layer in model.layers], model(X), model(X, training=True)]
    return found, fitted(model, X, Y), model.get_weights(), [layer.name for layer in model.stack.layers]


CODES = [whole, training, models_with_a_build, models_in_models]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.__name__)
def test_the_same_as_keras(code):
    compare(code, rtol=5e-5, atol=5e-6)  # of some steps in float32, each of which differs in the last digit
