"""Every activation, with arguments that matter; shared by the tests of all of them here and in compat/."""

import numpy as np

from minikeras import activations

NAMES = [name for name in activations.__all__ if name not in ("deserialize", "get", "serialize")]
NEEDED = {"threshold": {"threshold": 0.25, "default_value": -1.0}}  # what has no default

# By name, further arguments to try.
OPTIONS = {
    "celu": [{"alpha": 0.7}],
    "elu": [{"alpha": 0.7}],
    "gelu": [{"approximate": True}],
    "glu": [{"axis": 0}, {"axis": 1}],
    "hard_shrink": [{"threshold": 1.0}],
    "leaky_relu": [{"negative_slope": 1.5}],
    "log_softmax": [{"axis": 0}, {"axis": None}],
    "relu": [
        {"negative_slope": 0.1},
        {"max_value": 6.0},
        {"max_value": 2.5},
        {"threshold": 0.5},
        {"threshold": -1.5, "max_value": 4.0},
        {"negative_slope": 0.1, "max_value": 6.0, "threshold": 0.5},
        {"negative_slope": 0.1, "max_value": 6.0},
    ],
    "soft_shrink": [{"threshold": 1.0}],
    "softmax": [{"axis": 0}, {"axis": None}],
    "sparsemax": [{"axis": 0}],
    "squareplus": [{"b": 0.5}],
    "threshold": [{"threshold": -3.0, "default_value": 7.0}],
}
CASES = [(name, {**NEEDED.get(name, {}), **options}) for name in NAMES for options in ({}, *OPTIONS.get(name, []))]
IDS = [f"{name}-{options}" for name, options in CASES]

# Away from the corners of the piecewise ones, where a central difference means nothing.
POINTS = np.array([[-7.2, -3.1, -2.9, -1.2, -0.6, -0.2], [0.1, 0.3, 0.9, 2.8, 3.2, 7.1]])
# The corners, ties, and far out.
CORNERS = np.float32([[-1e4, -100, -20, -6, -3, -2.5, -1.5, -1], [-0.5, -0.0, 0.0, 0.5, 1, 1, 1.5, 2.5]])
CORNERS = np.concatenate([CORNERS, np.float32([[3, 6, 6, 20, 100, 1e4, 1e4, 0.25], [0] * 8])])


def function(name, options):
    return lambda x: getattr(activations, name)(x, **options)
