"""What a model says about data before it is trained with it."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ShapeError
from minikeras.training.data import DATA_NAMES, ArrayData


def data(x):
    return ArrayData((x,), DATA_NAMES[:1])


def functional():
    x = layers.Input((None, 2))
    return minikeras.Model(x, layers.Dense(3, name="d")(x))


def test_outputs_are_known_for_the_shape_of_the_data():
    model = functional()
    assert model._checked_outputs(data(np.ones((5, 7, 2)))).shape == (None, 7, 3)
    assert model._known_outputs()[0] == ["d"] and model._names_of_outputs() == ["d"]
    with pytest.raises(ShapeError, match="expected"):
        model._checked_outputs(data(np.ones((5, 7, 4))))


def test_a_subclass_is_built_on_one_batch():
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    assert model._checked_outputs(data(np.ones((5, 3)))) is None and model._known_outputs() == (None, None)
    model._build_for(data(np.ones((5, 3))))
    assert model.dense.kernel.shape == (3, 2)


@pytest.mark.parametrize("eager", [False, True])
def test_building_assigns_to_no_variable(eager):
    class Counter(layers.Layer):
        def build(self, shape):
            self.calls = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False)
            self.kernel = self.add_weight(shape=(3, 1))

        def call(self, x):
            self.calls.assign_add(1)
            return x @ self.kernel

    class Model(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.counter = Counter()

        def call(self, x):
            return self.counter(x)

    x, y = np.ones((22, 3), "float32"), np.ones((22, 1), "float32")
    model = Model()
    model.compile("sgd", "mse", run_eagerly=eager)
    counts = []
    for batch_size, rows in ((8, 22), (8, 22), (5, 5), (8, 16)):
        model.fit(x[:rows], y[:rows], batch_size=batch_size, verbose=0)
        counts.append(int(model.counter.calls))
    assert counts == [3, 6, 7, 9]  # the number of steps, as in Keras
    predicting = Model()
    predicting.predict(x, batch_size=8, verbose=0)
    assert int(predicting.counter.calls) == 3


def test_outputs_for_other_shapes_are_computed_again_only_after_a_change():
    class Own(layers.Layer):
        calls, features = 0, 3

        def call(self, x):
            type(self).calls += isinstance(x, minikeras.KerasTensor)
            return minikeras.ops.repeat(x[..., :1], self.features, axis=-1)

    own = Own()
    x = layers.Input(batch_shape=(1, 2))
    model = minikeras.Model(x, own(x))
    model.predict_on_batch(np.ones((1, 2)))
    before = Own.calls
    model.predict_on_batch(np.ones((1, 2)))
    model.predict_on_batch(np.ones((1, 2)))
    assert Own.calls == before and model._checked_outputs(data(np.ones((1, 2)))).shape == (None, 3)
    own.features = 4
    assert model._checked_outputs(data(np.ones((1, 2)))).shape == (None, 4)
    assert model.predict_on_batch(np.ones((1, 2))).shape == (1, 4)
