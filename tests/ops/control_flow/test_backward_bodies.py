"""The body of a loop, turned around."""

import numpy as np

from minikeras import ops
from minikeras.engine.body_trace import record_body
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.ops.control_flow.backward_bodies import BackwardBody, sum_by_tensor, zeros

X = np.float64([1, 2])


def turned(function, carried, *arrays, **kwargs):
    body = record_body("`test`", function, arrays).body
    return body, BackwardBody(body, carried, body.parameters[carried:], body.parameters[:carried], {}, **kwargs)


def names(body):
    return [entry.primitive.name for entry in body.entries]


def test_it_is_given_what_the_loop_computed():
    body, back = turned(lambda values: ops.tanh(values[0] * values[1]), 1, X, X)
    product, result = [entry.output for entry in body.entries]
    assert set(back.kept) == {result, body.parameters[0]}  # but not the product
    assert set(back.given) == {*back.kept, body.parameters[1]} and product not in set(back.given)
    assert "tanh" not in names(back.body) and back.body.parameters == [*back.carry, *back.given]
    assert list(back.grads) == body.parameters and back.stacked == [back.grads[body.parameters[1]]]


def test_views_are_taken_again():
    body, back = turned(lambda values: ops.exp(ops.transpose(values[0])[1:]) * 2, 1, np.ones((2, 2)))
    assert [tensor.shape for tensor in back.kept] == [(1, 2)] and "transpose" in names(back.body)


def test_what_is_carried_without_a_gradient_is_left_out():
    body, _ = turned(lambda values: [values[0] * 2, values[1] + 1], 2, X, X)
    back = BackwardBody(body, 2, [], body.parameters[:1], {})
    assert list(back.cotangents) == body.parameters[:1]
    seed = zeros(body.outputs[1])
    back = BackwardBody(body, 2, [], [], {seed: body.outputs[1]})
    assert list(back.cotangents) == body.parameters[1:] and not back.kept


def test_integers_have_no_gradient():
    body, _ = turned(lambda values: [values[0] * values[1], values[1] + 1], 2, X, np.int32(1))
    back = BackwardBody(body, 2, [], body.parameters[:1], {})
    assert list(back.cotangents) == body.parameters[:1] and body.parameters[1] not in back.grads


def test_sum_by_tensor():
    with Trace() as trace:
        first, second = Tensor(X, trace), Tensor(X, trace)
        sums = sum_by_tensor([(first, X), (second, X), (first, second)])
        assert sums[first].array.tolist() == [2, 4] and sums[second] is X
