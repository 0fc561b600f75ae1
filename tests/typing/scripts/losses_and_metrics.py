"""Losses and metrics of one's own, as functions and as classes."""

import numpy as np

import minikeras as keras
from minikeras import layers, ops
from minikeras.losses import Loss
from minikeras.metrics import Metric
from minikeras.typing import Tensor


def my_mse(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


def scaled_mae(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return 2 * ops.mean(ops.abs(y_true - y_pred), axis=-1)


class Pinball(Loss):
    def __init__(self, quantile=0.5, name="pinball"):
        super().__init__(name=name)
        self.quantile = quantile

    def call(self, y_true, y_pred):
        error = y_true - y_pred
        return ops.mean(ops.maximum(self.quantile * error, (self.quantile - 1) * error), axis=-1)


class TruePositives(Metric):
    def __init__(self, name="true_positives", **kwargs):
        super().__init__(name=name, **kwargs)
        self.true_positives = self.add_variable(shape=(), initializer="zeros", name="tp")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.cast(y_true, "bool")
        hits = ops.cast(ops.logical_and(y_true, y_pred > 0.5), self.dtype)
        if sample_weight is not None:
            hits = hits * ops.cast(sample_weight, self.dtype)
        self.true_positives.assign(self.true_positives + ops.sum(hits))

    def result(self):
        return self.true_positives

    def reset_state(self):
        self.true_positives.assign(0)


class Shrink(keras.regularizers.Regularizer):
    def __init__(self, strength):
        self.strength = strength

    def __call__(self, x):
        return self.strength * ops.sum(ops.square(x))

    def get_config(self):
        return {"strength": self.strength}


class Clipped(keras.constraints.Constraint):
    def __call__(self, w):
        return ops.clip(w, -1.0, 1.0)


class Ones(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return ops.ones(shape, dtype)


rng = np.random.default_rng(0)
x = rng.random((32, 3)).astype("float32")
y = rng.integers(0, 2, (32, 1))
model = keras.Sequential(
    [
        keras.Input((3,)),
        layers.Dense(
            1,
            activation=lambda x: ops.sigmoid(x) * 0.99,
            kernel_initializer=Ones(),
            kernel_regularizer=Shrink(1e-3),
            kernel_constraint=Clipped(),
        ),
    ]
)
metrics = ["accuracy", TruePositives(), keras.metrics.AUC(num_thresholds=20), my_mse]
model.compile(optimizer="sgd", loss=Pinball(0.9), metrics=metrics)
model.fit(x, y, epochs=1, verbose=0, class_weight={0: 1.0, 1: 2.0})
model.fit(x, y, epochs=1, verbose=0, sample_weight=np.ones(32))
print(model.history.history["loss"][-1] >= 0)
for loss in (my_mse, scaled_mae, keras.losses.MeanSquaredError(reduction="sum")):
    model.compile(optimizer="sgd", loss=loss)
    print(model.evaluate(x, y, verbose=0)[0] >= 0)

metric = TruePositives()
metric.update_state([1, 0, 1], np.array([0.9, 0.8, 0.7]))
print(float(metric.result()), metric([1], np.array([0.6])), [v.path for v in metric.variables])
precision = keras.metrics.Precision()
precision.update_state([0, 1, 1], [0, 1, 0])
print(precision.result() + 1, precision.name)
print(keras.losses.mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]])[0])
print(keras.losses.CategoricalCrossentropy(label_smoothing=0.1)([[0.0, 1.0]], [[0.3, 0.7]]))
