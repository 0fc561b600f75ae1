"""How often the code of the user runs, what it may keep in Python, and what is trained, in both libraries."""

import keras
import numpy as np
import pytest

import minikeras

LIBRARIES = [keras, minikeras]
X, Y = np.ones((10, 3), "float32"), np.zeros((10, 1), "float32")


def counting(library):
    """A layer, a model, a loss and a metric that count their calls."""

    class Layer(library.layers.Layer):
        calls = 0

        def call(self, inputs):
            self.calls += 1
            return inputs * 1.0

    class Model(library.Model):
        calls = 0

        def __init__(self):
            super().__init__()
            self.dense = library.layers.Dense(1)

        def call(self, inputs):
            self.calls += 1
            return self.dense(inputs)

    class Loss(library.losses.Loss):
        calls = 0

        def call(self, y_true, y_pred):
            self.calls += 1
            return library.ops.mean(y_pred - y_true)

    class Batches(library.metrics.Metric):
        calls = 0

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.calls += 1

        def result(self):
            return float(self.calls)

        def reset_state(self):
            self.calls = 0

    return Layer, Model, Loss, Batches


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("subclassed", [False, True])
def test_how_often_code_runs_eagerly(subclassed, built):
    found = []
    for library in LIBRARIES:
        own_layer, own_model, own_loss, own_metric = counting(library)
        layer, loss = own_layer(), own_loss()
        model = own_model() if subclassed else library.Sequential([layer, library.layers.Dense(1)])
        if built and not subclassed:
            model.build((None, 3))
        counted = model if subclassed else layer
        model.compile("sgd", loss, metrics=[own_metric(name="batches")], run_eagerly=True)
        history = model.fit(X, Y, batch_size=2, epochs=2, verbose=0).history
        found.append([history["batches"], loss.calls, counted.calls])
    assert found[0] == found[1]


def test_a_metric_with_python_state_runs_eagerly():
    found = []
    for library in LIBRARIES:

        class Total(library.metrics.Metric):
            def __init__(self, library=library, **options):
                super().__init__(**options)
                self.total, self.count, self.library = 0.0, 0, library

            def update_state(self, y_true, y_pred, sample_weight=None):
                self.total = self.total + self.library.ops.sum(self.library.ops.abs(y_true - y_pred))
                self.count += 1

            def result(self):
                return self.total / self.count if self.count else 0.0

            def reset_state(self):
                self.total, self.count = 0.0, 0

        model = library.Sequential([library.layers.Input((3,)), library.layers.Dense(1, kernel_initializer="ones")])
        model.compile(library.optimizers.SGD(0.0), "mse", metrics=[Total(name="total")], run_eagerly=True)
        found.append(model.fit(X, Y, epochs=3, batch_size=2, verbose=0).history)
    assert found[0] == found[1] == {"loss": [9.0] * 3, "total": [6.0] * 3}


def test_nothing_is_trainable():
    messages = []
    for library in LIBRARIES:
        model = library.Sequential([library.layers.Input((3,)), library.layers.Dense(1)])
        model.trainable = False
        model.compile("sgd", "mse")
        with pytest.warns(UserWarning) as caught:
            model.fit(X, Y, verbose=0)
        messages.append([(str(each.message), each.category) for each in caught])
    assert messages[0] == messages[1] == [("The model does not have any trainable weights.", UserWarning)]
