"""The base class of constraints."""

import numpy as np

from minikeras.constraints import Constraint


class Clipped(Constraint):
    def __init__(self, bound=1.0):
        self.bound = bound

    def __call__(self, w):
        return np.clip(w, -self.bound, self.bound)

    def get_config(self):
        return {"bound": self.bound}


def test_the_base_changes_nothing():
    w = np.array([-1.0, 2.0])
    assert Constraint()(w) is w and Constraint().get_config() == {}


def test_from_config():
    again = Clipped.from_config(Clipped(0.5).get_config())
    assert again(np.array([-1.0, 0.25])).tolist() == [-0.5, 0.25]
