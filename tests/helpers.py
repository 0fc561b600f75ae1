"""What many tests share: gradients checked numerically, and steps checked against their replay."""

import numpy as np

from minikeras import ops
from minikeras.engine import tree
from minikeras.engine.gradients import gradients
from minikeras.engine.step import Step
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace, current_trace

STEP = 1e-5  # of the differences: their error is then about 1e-10


def check_grads(function, *arrays, order=2, rtol=1e-4, atol=1e-6):
    """Compares traced gradients with central differences in float64, up to gradients of gradients.

    Args:
        function: Takes one value per array and returns a value or several, computed with ops.
        *arrays: Where to compare; the function has to be smooth there.
        order: 1: gradients; 2: also the gradients of a weighted sum of them.
        rtol: How much they may differ, relative to the numerical ones.
        atol: How much they may differ besides.
    """
    arrays = [np.asarray(array, dtype=np.float64) for array in arrays]
    for number in range(1, order + 1):
        traced = _gradient_function(function)(*arrays)
        for index, array in enumerate(arrays):
            numerical = _differences(function, arrays, index)
            assert traced[index].shape == array.shape
            np.testing.assert_allclose(
                traced[index], numerical, rtol=rtol, atol=atol, err_msg=f"order {number}, input {index}"
            )
        function = _gradient_function(function)


def _weighted_sum(function, inputs):
    # Different weights: with equal ones, errors that only move gradients between elements would not show.
    total = 0.0
    for output in tree.flatten(function(*inputs)):
        weights = np.random.default_rng(output.size).uniform(0.5, 1.5, output.shape)
        total = total + ops.sum(output * weights)
    return total


def _differences(function, arrays, index):
    result = np.empty_like(arrays[index])
    for place in np.ndindex(result.shape):
        sums = []
        for sign in (1, -1):
            moved = arrays[index].copy()
            moved[place] += sign * STEP
            sums.append(float(_weighted_sum(function, [*arrays[:index], moved, *arrays[index + 1 :]])))
        result[place] = (sums[0] - sums[1]) / (2 * STEP)
    return result


def _gradient_function(function):
    def recorded(inputs):
        total = _weighted_sum(function, inputs)
        # The gradient of a linear function is a constant, and has itself no gradient.
        found = gradients(total, inputs) if isinstance(total, Tensor) else [None] * len(inputs)
        return [ops.zeros_like(value) if grad is None else grad for value, grad in zip(inputs, found, strict=True)]

    def gradient(*inputs):
        if current_trace() is not None:
            return recorded(inputs)
        with Trace() as trace:
            found = recorded([Tensor(array, trace) for array in inputs])
            return [np.array(grad.array if isinstance(grad, Tensor) else grad) for grad in found]

    return gradient


def run_step_test(function, *data, variables=()):
    """Checks that eager, traced and replayed runs of a step give the same bits, in results and in variables.

    Args:
        function: Takes one nested structure of values.
        *data: Two or more arguments of the same shapes, for steps one after the other.
        variables: The variables that the function reads or assigns to.

    Returns:
        The results of the steps.
    """
    assert len(data) > 1, "nothing is replayed with data for one step"
    start = [variable.numpy() for variable in variables]
    expected = _run(Step(function, "eager", replay=False), data, variables)
    step = Step(function, "replayed")
    for _ in ("traced, then replayed", "all replayed"):
        for variable, value in zip(variables, start, strict=True):
            variable.assign(value)
        _assert_same_bits(_run(step, data, variables), expected)
    assert len(step._plans) == 1, "the step was not replayed"
    return [result for result, _ in expected]


def _run(step, data, variables):
    record = []
    for argument in data:
        result = tree.map_structure(np.array, step(argument))
        record.append((result, [variable.numpy() for variable in variables]))
    return record


def _assert_same_bits(received, expected):
    for number, (ours, theirs) in enumerate(zip(received, expected, strict=True)):
        assert tree.structure_key(ours) == tree.structure_key(theirs)
        for first, second in zip(tree.flatten(ours), tree.flatten(theirs), strict=True):
            assert (first.dtype, first.shape) == (second.dtype, second.shape)
            assert first.tobytes() == second.tobytes(), f"step {number}: {first} instead of {second}"
