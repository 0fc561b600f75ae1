import math

import numpy as np
import pytest

from minikeras.from_scratch import backpropagation, cost_function, gradient_estimator, nn_parameter_maker

LN3 = math.log(3)
STEP = 1e-5  # of central differences: their error is then about 1e-10


def problem(sizes, examples=6, seed=0):
    rng = np.random.default_rng(seed)
    w, b = nn_parameter_maker(sizes, seed=seed)
    return rng.normal(size=(examples, sizes[0])), rng.uniform(size=(examples, sizes[-1])), w, b


def central_differences(X, y, w, b):
    """Slopes of the cost, from changing each number of all arrays in place."""
    slopes = []
    for array in [*w, *b]:
        slope = np.empty_like(array)
        for place in np.ndindex(array.shape):
            old, costs = array[place], []
            for sign in (1, -1):
                array[place] = old + sign * STEP
                costs.append(cost_function(X, y, w, b))
            array[place] = old
            slope[place] = (costs[0] - costs[1]) / (2 * STEP)
        slopes.append(slope)
    return slopes


def test_estimator_by_hand_for_one_neuron():
    # At w = b = 0 the output is 1/2 and the cost 1/4. With a step of ln 3 the weights of the inputs 1, 2 and -1 move
    # the output to 3/4, 9/10 and 1/4, the bias to 3/4: costs 1/16, 1/100, 9/16, 1/16.
    w_pds, b_pds = gradient_estimator([[1, 2, -1]], [1], [np.zeros((1, 3))], [np.zeros((1, 1))], eps=LN3)
    costs = np.array([[1 / 16, 1 / 100, 9 / 16]])
    np.testing.assert_allclose(w_pds[0], (costs - 1 / 4) / LN3, rtol=1e-14)
    np.testing.assert_allclose(b_pds[0], [[(1 / 16 - 1 / 4) / LN3]], rtol=1e-14)


def test_estimator_by_hand_for_two_layers_and_two_examples():
    # All parameters 0, but the second weight of the output 2: hidden outputs 1/2, 1/2; z = 1; output s = 1 / (1 + 1/e).
    # With a step of ln 3 the hidden neuron 1 gives 3/4 for the input 1, 1/4 for -1; neuron 0 does not reach the output.
    def output(z):
        return 1 / (1 + math.exp(-z))

    w, b = [np.zeros((2, 1)), np.array([[0.0, 2.0]])], [np.zeros((2, 1)), np.zeros((1, 1))]
    w_pds, b_pds = gradient_estimator([[1], [-1]], [0, 0], w, b, eps=LN3)
    cost = output(1) ** 2
    np.testing.assert_allclose(
        w_pds[0], [[0], [((output(1.5) ** 2 + output(0.5) ** 2) / 2 - cost) / LN3]], rtol=1e-13, atol=1e-15
    )
    np.testing.assert_allclose(b_pds[0], [[0], [(output(1.5) ** 2 - cost) / LN3]], rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(w_pds[1], [[(output(1 + LN3 / 2) ** 2 - cost) / LN3] * 2], rtol=1e-13)
    np.testing.assert_allclose(b_pds[1], [[(output(1 + LN3) ** 2 - cost) / LN3]], rtol=1e-13)


def test_backpropagation_by_hand():
    # Output 3/4, wanted 0, slope of the sigmoid 3/16: delta = 2 * 3/4 * 3/16 = 9/32 for the first of two examples. The
    # second gives 1/2, wanted 1/2: no error.
    w_pds, b_pds = backpropagation([[2, 0], [0, 5]], [0, 0.5], [np.array([[LN3 / 2, 0]])], [np.zeros((1, 1))])
    np.testing.assert_allclose(w_pds[0], [[9 / 32, 0]], rtol=1e-14)
    np.testing.assert_allclose(b_pds[0], [[9 / 64]], rtol=1e-14)


@pytest.mark.parametrize("sizes", [[2, 3, 1], [1, 1], [3, 2], [2, 4, 3, 2], [5, 1, 4]])
def test_backpropagation_agrees_with_central_differences(sizes):
    X, y, w, b = problem(sizes)
    w_pds, b_pds = backpropagation(X, y, w, b)
    for received, expected, array in zip([*w_pds, *b_pds], central_differences(X, y, w, b), [*w, *b], strict=True):
        assert received.shape == array.shape
        np.testing.assert_allclose(received, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("sizes", [[2, 3, 1], [2, 4, 3, 2]])
def test_estimator_agrees_with_central_differences(sizes):
    X, y, w, b = problem(sizes)
    w_pds, b_pds = gradient_estimator(X, y, w, b)
    for received, expected, array in zip([*w_pds, *b_pds], central_differences(X, y, w, b), [*w, *b], strict=True):
        assert received.shape == array.shape
        # Half of eps times the curvature, which is at most about 1 here.
        np.testing.assert_allclose(received, expected, rtol=0, atol=1e-4)


def test_a_smaller_eps_is_closer():
    X, y, w, b = problem([2, 3, 1])
    exact = backpropagation(X, y, w, b)[0][0]
    coarse, fine = (gradient_estimator(X, y, w, b, eps=eps)[0][0] for eps in (1e-2, 1e-4))
    # The error is proportional to eps.
    np.testing.assert_allclose((coarse - exact) / (fine - exact), 100, rtol=0.05)


@pytest.mark.parametrize("find", [gradient_estimator, backpropagation])
def test_nothing_is_changed(find):
    X, y, w, b = problem([2, 3, 1])
    arrays = [X, y, *w, *b]
    before = [array.tobytes() for array in arrays]
    find(X, y, w, b)
    assert [array.tobytes() for array in arrays] == before


@pytest.mark.parametrize("find", [gradient_estimator, backpropagation])
def test_float32_stays_float32(find):
    X, y, w, b = problem([2, 3, 1])
    w, b = [array.astype("float32") for array in w], [array.astype("float32") for array in b]
    w_pds, b_pds = find(X, y, w, b)
    assert {array.dtype for array in [*w_pds, *b_pds]} == {np.dtype("float32")}


@pytest.mark.parametrize("find", [gradient_estimator, backpropagation])
def test_wrong_arguments(find):
    X, y, w, b = problem([2, 3, 1])
    name = find.__name__
    with pytest.raises(ValueError, match=f"^{name}: X and y: expected as many rows in both"):
        find(X, y[:3], w, b)
    with pytest.raises(ValueError, match=rf"^{name}: w\[1\] \(from layer 1 to layer 2\)"):
        find(X, y, [w[0], w[1][:, :2]], b)
    with pytest.raises(ValueError, match=f"^{name}: w: .*empty list"):
        find(X, y, [], [])


@pytest.mark.parametrize(
    ("eps", "error", "message"),
    [
        (0, ValueError, "eps: expected a positive number; received 0"),
        (-1e-4, ValueError, "eps: expected a positive number"),
        (math.nan, ValueError, "eps: expected a finite number"),
        (None, TypeError, "eps: expected a number"),
    ],
)
def test_wrong_eps(eps, error, message):
    with pytest.raises(error, match=f"^gradient_estimator: {message}"):
        gradient_estimator(*problem([2, 1]), eps=eps)
