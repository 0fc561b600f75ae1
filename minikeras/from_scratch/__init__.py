"""The lecture's network in plain numpy, with the lecture's names: from the perceptron to gradient descent.

For people who want to learn how a network works before they use a library. It imports nothing else of minikeras: it is
self-contained. Read it in this order: neurons, network, gradients, descent.
"""

from .descent import GD, one_step_gd
from .drawing import draw_decision, draw_errors, draw_network
from .gradients import backpropagation, gradient_estimator
from .network import b_update, cost_function, forward_pass, nn_parameter_maker, predict, w_update
from .neurons import perceptron, sigmoid, sigmoid_unit
from .passes import Passes, count_passes

__all__ = [
    "GD",
    "Passes",
    "b_update",
    "backpropagation",
    "cost_function",
    "count_passes",
    "draw_decision",
    "draw_errors",
    "draw_network",
    "forward_pass",
    "gradient_estimator",
    "nn_parameter_maker",
    "one_step_gd",
    "perceptron",
    "predict",
    "sigmoid",
    "sigmoid_unit",
    "w_update",
]
