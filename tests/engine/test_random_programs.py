"""Programs of random ops, assignments and gradients: eager, traced and replayed steps agree in every bit."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.passes import scheduling, tiling
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.variable import Variable
from tests.helpers import run_step_test

SIZES = (1, 2, 3, 4)
PROGRAMS = 400
LENGTH = 25


class Program:
    """A list of choices made once; running it makes the same ones again on other data."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.shape = self.random_shape()
        self.variables = [
            Variable(self.rng.uniform(-1, 1, self.random_shape()).astype("float32"), name=f"v{number}")
            for number in range(5)
        ]
        self.seed = seed

    def random_shape(self):
        return tuple(int(size) for size in self.rng.choice(SIZES, self.rng.integers(0, 4)))

    def data(self, number):
        return np.random.default_rng([self.seed, number]).uniform(-2, 2, self.shape).astype("float32")

    def __call__(self, x):
        choose = np.random.default_rng([self.seed, 99])
        values = [x, ops.tanh(x), *[variable.value for variable in self.variables]]
        for _ in range(LENGTH):
            action = ACTIONS[int(choose.integers(len(ACTIONS)))]
            result = action(values, self.variables, choose)
            if result is not None:
                values.append(ops.clip(result, -50.0, 50.0) if choose.random() < 0.3 else result)
        kept = [values[int(index)] for index in choose.choice(len(values), 4)]
        return kept + list(self.variables) if choose.random() < 0.5 else kept


def pick(values, choose):
    # Young values are taken more often, so that programs get deep; old ones too, so that they stay alive.
    index = len(values) - 1 - min(int(choose.exponential(4)), len(values) - 1)
    return values[index]


def pick_like(value, values, choose):
    fitting = [other for other in values if other.shape == value.shape] or [value]
    return fitting[int(choose.integers(len(fitting)))]


def unary(values, variables, choose):
    names = ("exp", "tanh", "sigmoid", "negative", "absolute", "square", "relu", "floor", "sign", "stop_gradient")
    value = pick(values, choose)
    return getattr(ops, names[int(choose.integers(len(names)))])(ops.clip(value, -20.0, 20.0))


def binary(values, variables, choose):
    names = ("add", "subtract", "multiply", "maximum", "minimum")
    first = pick(values, choose)
    return getattr(ops, names[int(choose.integers(len(names)))])(first, pick_like(first, values, choose))


def with_number(values, variables, choose):
    value = pick(values, choose)
    return [value + 1, 2 - value, value * 0.5, value / 3, value**2][int(choose.integers(5))]


def broadcast(values, variables, choose):
    value = pick(values, choose)
    if value.ndim == 0:
        return ops.broadcast_to(value, (2, 3))
    axis = int(choose.integers(value.ndim))
    return value - ops.mean(value, axis=axis, keepdims=True)


def with_transpose(values, variables, choose):
    value = pick(values, choose)
    if value.ndim < 2 or value.shape[0] != value.shape[-1]:
        return None
    return value + ops.swapaxes(value, 0, -1) if choose.random() < 0.5 else ops.swapaxes(value, 0, -1) * value


def view(values, variables, choose):
    value = pick(values, choose)
    kind = int(choose.integers(5))
    if kind == 0:
        return ops.ravel(value)
    if kind == 1:
        return ops.transpose(value)
    if kind == 2:
        return ops.expand_dims(value, int(choose.integers(value.ndim + 1)))
    if value.ndim == 0:
        return None
    return value[::-1] if kind == 3 else value[int(choose.integers(value.shape[0]))]


def reduction(values, variables, choose):
    value = pick(values, choose)
    axis = None if value.ndim == 0 else int(choose.integers(value.ndim))
    return getattr(ops, ("sum", "mean", "max", "min")[int(choose.integers(4))])(value, axis=axis)


def product(values, variables, choose):
    value = pick(values, choose)
    return ops.matmul(value, ops.swapaxes(value, -1, -2)) if value.ndim > 1 else None


def join(values, variables, choose):
    first = pick(values, choose)
    if first.ndim == 0 or first.size > 200:
        return None
    return ops.concatenate([first, pick_like(first, values, choose)], axis=int(choose.integers(first.ndim)))


def select(values, variables, choose):
    first = pick(values, choose)
    return ops.where(first > 0, first, pick_like(first, values, choose))


def through_integers(values, variables, choose):
    value = ops.cast(ops.clip(pick(values, choose), -100.0, 100.0), "int32")
    return ops.cast(value + ops.cast(value > 0, "int32"), "float32")


def softmax(values, variables, choose):
    value = pick(values, choose)
    return ops.softmax(ops.clip(value, -50.0, 50.0)) if value.ndim else None


def assign(values, variables, choose):
    variable = variables[int(choose.integers(len(variables)))]
    fitting = [value for value in values if value.shape == variable.shape]
    value = fitting[-1 - min(int(choose.exponential(1)), len(fitting) - 1)]
    kind = int(choose.integers(4))
    if kind == 0:
        variable.assign(value)
    elif kind == 1:
        variable.assign_sub(ops.tanh(value) * 0.5)
    elif kind == 2:
        variable.assign(variable * 0.5 + ops.tanh(value))
    else:
        variable.assign(ops.tanh(ops.transpose(ops.transpose(variable)) + 1))
    return variable.value if choose.random() < 0.5 else None


def update_all(values, variables, choose):
    """What optimizers and metrics do: the same to every variable, small ones lie side by side."""
    rate = ops.tanh(ops.sum(pick(values, choose))) if choose.random() < 0.5 else 0.25
    order = list(choose.permutation(len(variables))) if choose.random() < 0.2 else range(len(variables))
    for index in order:
        variable = variables[index]
        step = ops.tanh(variable * 1.5) if choose.random() < 0.8 else pick_like(variable, values, choose)
        if choose.random() < 0.3:
            step = ops.reshape(ops.square(ops.ravel(step)), variable.shape)
        variable.assign_sub(ops.tanh(step * rate) if choose.random() < 0.3 else ops.multiply(step, rate))


def read(values, variables, choose):
    return variables[int(choose.integers(len(variables)))].value


def gradient(values, variables, choose):
    value = pick(values, choose)
    sources = [pick(values, choose), variables[int(choose.integers(len(variables)))]]
    if not isinstance(value, Tensor) or not isinstance(sources[0], Tensor):
        return None
    found = [grad for grad in gradients(ops.sum(ops.tanh(value)), sources) if grad is not None]
    return ops.clip(found[-1], -10.0, 10.0) if found else None


# The programs do not mind what they compute.
pytestmark = pytest.mark.filterwarnings("ignore:`softmax` over an axis of size 1")

ACTIONS = [unary, binary, with_number, broadcast, with_transpose, view, view, reduction, product, join, select]
ACTIONS += [through_integers, softmax, assign, assign, assign, update_all, update_all, read, gradient]


@pytest.mark.parametrize("start", range(0, PROGRAMS, 50))
def test_random_programs(start):
    for seed in range(start, start + 50):
        program = Program(seed)
        run_step_test(program, *[program.data(number) for number in range(3)], variables=program.variables)


@pytest.mark.parametrize("start", range(0, PROGRAMS // 2, 50))
def test_random_programs_on_arrays_that_count_as_large(start, monkeypatch):
    """Elementwise calls are computed in tiles of two elements, and updates of variables wait for the end."""
    monkeypatch.setattr(tiling, "_ELEMENTS", 2)
    monkeypatch.setattr(tiling, "_SMALLEST", 4)
    monkeypatch.setattr(scheduling, "_SMALL", 3)
    for seed in range(start, start + 50):
        program = Program(seed)
        run_step_test(program, *[program.data(number) for number in range(3)], variables=program.variables)


def test_the_programs_are_not_trivial():
    finite, changing, assigned = 0, 0, 0
    for seed in range(30):
        program = Program(seed)
        start = [variable.numpy() for variable in program.variables]
        first, *_, last = run_step_test(
            program, *[program.data(number) for number in range(3)], variables=program.variables
        )
        assigned += any((variable.numpy() != old).any() for variable, old in zip(program.variables, start, strict=True))
        finite += all(np.isfinite(part).all() for part in first)
        changing += any((one != other).any() for one, other in zip(first, last, strict=True))
    assert finite == changing == 30 and assigned > 25
