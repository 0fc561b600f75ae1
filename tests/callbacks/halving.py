"""A training whose every number is known: one weight, one example, and a step that halves the weight."""

import numpy as np

from minikeras import Input, Sequential, layers, optimizers

X = np.ones((1, 1), "float32")
Y = np.zeros((1, 1), "float32")


def halving_model(weight=2.0, rate=0.25, metrics=(), **options):
    """A model that computes `weight * x`. The loss is `weight**2`, so a step takes `2 * rate * weight` off.

    With the rate of 0.25 the weight is 2, 1, 0.5, ... and the loss 4, 1, 0.25, ...; with 1 it is 2, -2, 2, ... and
    the loss stays 4.
    """
    model = Sequential([Input((1,)), layers.Dense(1, use_bias=False, name="only")])
    model.compile(optimizers.SGD(rate, **options), "mse", metrics=list(metrics))
    model.set_weights([np.array([[weight]], "float32")])
    return model


def weight_of(model):
    return model.get_weights()[0].item()


def fit(model, callbacks, epochs=3, **options):
    """Trains with one step an epoch; returns the history as a dict."""
    return model.fit(X, Y, epochs=epochs, verbose=0, callbacks=callbacks, **options).history
