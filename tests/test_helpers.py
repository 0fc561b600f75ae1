"""The helpers have to see what is wrong."""

import numpy as np
import pytest

from minikeras import layers, ops, optimizers
from minikeras.engine.dispatch import apply, with_gradient
from minikeras.engine.primitive import Primitive
from minikeras.engine.variable import Variable
from tests.helpers import check_grads, run_layer_test, run_optimizer_test, run_step_test

X = np.array([[0.3, -1.2, 2.0], [0.7, 0.1, -0.4]])


def cube(first=1.0, second=1.0):
    """x^3 with gradients that are wrong by factors: of the function, and of its gradient."""

    def gradient_of(g, y, x):
        def slope(x):
            return 3 * first * ops.square(x)

        return [g * with_gradient((x,), slope, lambda g, y, x: [g * (6 * first * second) * x])]

    return lambda x: with_gradient((x,), lambda x: x * x * x, gradient_of)


def test_right_gradients_pass():
    check_grads(cube(), X)
    check_grads(lambda x, y: [ops.exp(x) * y, ops.sum(x, axis=0)], X, X + 1)


def test_a_gradient_that_is_slightly_wrong_is_caught():
    with pytest.raises(AssertionError, match="order 1"):
        check_grads(cube(first=1.001), X)


def test_a_second_gradient_that_is_slightly_wrong_is_caught():
    check_grads(cube(second=1.001), X, order=1)
    with pytest.raises(AssertionError, match="order 2"):
        check_grads(cube(second=1.001), X)


def test_a_missing_gradient_is_caught():
    with pytest.raises(AssertionError, match="order 1, input 0"):
        check_grads(ops.stop_gradient, X)


def test_a_gradient_at_the_wrong_place_is_caught():
    swapped = Primitive("swapped", np.negative, shape=lambda x: (x.shape, x.dtype), vjps=(lambda g, y, x: -g[::-1],))
    with pytest.raises(AssertionError, match="order 1"):
        check_grads(lambda x: apply(swapped, x), X)


def test_only_the_wrong_input_is_named():
    with pytest.raises(AssertionError, match="order 1, input 1"):
        check_grads(lambda x, y: x * y + ops.stop_gradient(y), X, X)


def test_a_right_step_passes_and_gives_its_results():
    total = Variable(0.0, name="total")

    def step(x):
        total.assign_add(ops.sum(x))
        return {"total": total, "twice": x * 2}

    results = run_step_test(step, np.ones(2, "float32"), np.zeros(2, "float32"), variables=[total])
    assert [float(result["total"]) for result in results] == [2.0, 2.0]


def test_a_stale_step_is_caught():
    calls = []

    def step(x):
        calls.append(x)
        return x * len(calls)

    with pytest.raises(AssertionError, match="step"):
        run_step_test(step, np.ones(2, "float32"), np.ones(2, "float32"))


def test_a_wrong_variable_is_caught():
    count = Variable(0, name="count")

    def step(x):
        count.assign(count.numpy() + 1)  # looks at the value in Python
        return x

    with pytest.warns(UserWarning, match="cannot be replayed"), pytest.raises(AssertionError, match="not replayed"):
        run_step_test(step, np.ones(2, "float32"), np.ones(2, "float32"), variables=[count])


def test_one_step_is_not_enough():
    with pytest.raises(AssertionError, match="nothing is replayed"):
        run_step_test(lambda x: x, np.ones(2))


class Double(layers.Layer):
    """A right layer; its subclasses each do one thing wrong."""

    def __init__(self, start=2.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        self.scale = self.add_weight(input_shape[-1:], lambda shape, dtype: ops.full(shape, self.start, dtype))

    def call(self, inputs):
        return inputs * self.scale

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "start": self.start}


class WrongShape(Double):
    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 1)


class WrongConfig(Double):
    def build(self, input_shape):
        self.built = True

    def call(self, inputs):
        return inputs * self.start

    def get_config(self):
        return {**super().get_config(), "start": 2.0}


class WrongDtype(Double):
    def call(self, inputs):
        return ops.cast(super().call(inputs), "float64")


class WrongGradient(Double):
    def call(self, inputs):
        return super().call(inputs) + ops.stop_gradient(inputs)


class Stale(Double):
    calls = 0

    def call(self, inputs):
        self.calls += 1
        return super().call(inputs) * self.calls


class Untrained(Double):
    def call(self, inputs):
        return inputs * ops.stop_gradient(self.scale)


def test_a_right_layer_passes():
    run_layer_test(lambda: Double(start=3.0), (3, 4), (3, 4))


@pytest.mark.parametrize("cls", [WrongShape, WrongDtype, WrongGradient, Stale, Untrained], ids=lambda cls: cls.__name__)
def test_a_wrong_layer_is_caught(cls):
    with pytest.raises(AssertionError):
        run_layer_test(cls, (3, 4), (3, 4))


def test_a_config_that_forgets_an_argument_is_caught():
    with pytest.raises(AssertionError):
        run_layer_test(lambda: WrongConfig(start=3.0), (3, 4), (3, 4))
    run_layer_test(lambda: WrongConfig(start=2.0), (3, 4), (3, 4))


def test_another_output_shape_is_caught():
    with pytest.raises(AssertionError):
        run_layer_test(Double, (3, 4), (3, 5))


class Counting(optimizers.SGD):
    """Counts its steps in Python, so that a replayed step does not count."""

    steps = 0

    def update_step(self, gradient, variable, learning_rate):
        self.steps += 1
        super().update_step(gradient, variable, learning_rate / self.steps)


class Forgetful(optimizers.SGD):
    """Does not write its momentum into its config."""

    def get_config(self):
        return {**super().get_config(), "momentum": 0.0}


def test_an_optimizer_that_does_not_hold_its_promises_is_found():
    with pytest.raises(AssertionError):
        run_optimizer_test(Counting, 0.05, momentum=0.5)
    with pytest.raises(UserWarning, match="the store has"):
        run_optimizer_test(Forgetful, 0.05, momentum=0.5)
