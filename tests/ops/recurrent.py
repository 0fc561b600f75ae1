"""A recurrent cell of four gates, for the tests of loops and their gradients."""

import numpy as np

from minikeras import ops
from minikeras.engine.gradients import gradients


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def cell(carry, x, w, u, b):
    h, c = carry
    i, f, g, o = ops.split(x @ w + h @ u + b, 4, axis=-1)
    c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
    return ops.sigmoid(o) * ops.tanh(c), c


def lstm(x, h, w, u, b, reverse=False):
    def turn(carry, row):
        carry = cell(carry, row, w, u, b)
        return carry, carry[0]

    return ops.scan(turn, (h, h), x, reverse=reverse)


WEIGHTS = normal(5, 2, 3), normal(2, 4), normal(3, 16), normal(4, 16), normal(16)


def gradients_of(function):
    """Returns a step that computes the gradients of a loop with respect to all its values."""

    def step(values):
        (h, c), ys = function(*values)
        return gradients(ops.sum(h * c) + ops.sum(ys * ys * ys), list(values))

    return step
