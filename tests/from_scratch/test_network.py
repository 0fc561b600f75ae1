import math

import numpy as np
import pytest

from minikeras.from_scratch import (
    b_update,
    cost_function,
    forward_pass,
    nn_parameter_maker,
    predict,
    w_update,
)

LN3 = math.log(3)  # sigmoid(ln 3) = 3/4, sigmoid(-ln 3) = 1/4

# 2-2-1: the first hidden neuron gives 3/4 for (1, 0) and 1/2 for (0, 1), the second 1/4 and 9/10.
W = [np.array([[LN3, 0.0], [0.0, 3 * LN3]]), np.array([[4 * LN3, 4 * LN3]])]
B = [np.array([[0.0], [-LN3]]), np.array([[-4 * LN3]])]
X = np.array([[1.0, 0.0], [0.0, 1.0]])
# Outputs: sigmoid(4 ln3 (3/4 + 1/4 - 1)) = 1/2; sigmoid(4 ln3 (1/2 + 9/10 - 1)) = sigmoid(1.6 ln3) = 1 / (1 + 3^-1.6)
OUTPUTS = [0.5, 1 / (1 + 3**-1.6)]


@pytest.mark.parametrize("sizes", [[2, 3, 1], [1, 1], [4, 7, 2, 5, 3], (784, 30, 10), np.array([2, 3, 1])])
def test_shapes_of_parameters(sizes):
    w, b = nn_parameter_maker(sizes)
    assert [array.shape for array in w] == [(sizes[k + 1], sizes[k]) for k in range(len(sizes) - 1)]
    assert [array.shape for array in b] == [(size, 1) for size in sizes[1:]]
    assert {array.dtype for array in [*w, *b]} == {np.dtype("float64")}


def test_parameters_are_normal_and_fixed_by_the_seed():
    w, b = nn_parameter_maker([100, 200, 50], seed=3)
    for array in [*w, b[0]]:
        error = 5 / math.sqrt(array.size)  # five standard deviations of the mean
        assert abs(array.mean()) < error and abs(array.std() - 1) < error
    again, _ = nn_parameter_maker([100, 200, 50], seed=3)
    other, _ = nn_parameter_maker([100, 200, 50], seed=4)
    free, _ = nn_parameter_maker([100, 200, 50])
    assert w[1].tobytes() == again[1].tobytes()
    assert len({w[0].tobytes(), other[0].tobytes(), free[0].tobytes()}) == 3
    nn_parameter_maker([2, 1], seed=0)


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ([], ValueError, r"nn_parameter_maker: sizes: expected at least two numbers.*received \[\]"),
        ([2], ValueError, "sizes: expected at least two numbers"),
        ([2, 0, 1], ValueError, r"sizes\[1\] \(layer 1\): expected an integer of at least 1; received 0"),
        ([2, 3, -1], ValueError, r"sizes\[2\] \(layer 2\).*received -1"),
        ([2.0, 1], TypeError, r"sizes\[0\] \(layer 0\): expected an integer; received 2.0"),
        ([True, 1], TypeError, "expected an integer; received True"),
        (3, TypeError, r"sizes: expected a list such as \[2, 3, 1\]; received 3"),
        ("231", TypeError, "sizes: expected a list"),
    ],
)
def test_wrong_sizes(sizes, error, message):
    with pytest.raises(error, match=message):
        nn_parameter_maker(sizes)


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (1.5, TypeError), ("a", TypeError)])
def test_wrong_seed(seed, error):
    with pytest.raises(error, match="nn_parameter_maker: seed"):
        nn_parameter_maker([2, 1], seed=seed)


def test_forward_pass():
    outputs = forward_pass(X.T, W, B)
    assert outputs.shape == (1, 2)
    np.testing.assert_allclose(outputs, [OUTPUTS], rtol=1e-14)


def test_forward_pass_uses_the_matrices_as_the_formula_has_them():
    # With sigmoid(z) near z/4 + 1/2 this would be hard to see, so: one layer, and logits instead of outputs.
    w, b = nn_parameter_maker([3, 2], seed=0)
    inp = np.random.default_rng(1).normal(size=(3, 4))
    a = forward_pass(inp, w, b)
    for i in range(2):
        for m in range(4):
            z = sum(w[0][i, j] * inp[j, m] for j in range(3)) + b[0][i, 0]
            assert math.log(a[i, m] / (1 - a[i, m])) == pytest.approx(z, rel=1e-12)


def test_predict_takes_and_gives_rows():
    assert predict(X, W, B).shape == (2, 1)
    np.testing.assert_allclose(predict(X, W, B), np.transpose([OUTPUTS]), rtol=1e-14)
    assert predict([[1, 0]], W, B).shape == (1, 1)


def test_cost():
    # Errors 1/2 - 1 and OUTPUTS[1] - 0, over two examples.
    expected = (0.25 + OUTPUTS[1] ** 2) / 2
    assert cost_function(X, [1, 0], W, B) == pytest.approx(expected, rel=1e-14)
    assert cost_function(X, [[1], [0]], W, B) == pytest.approx(expected, rel=1e-14)
    assert type(cost_function(X, [1, 0], W, B)) is float


def test_cost_sums_over_outputs():
    # Two outputs of 1/2 for each of three examples; errors 1/2, 3/2: (1/4 + 9/4) 3 / 3.
    w, b = [np.zeros((2, 2))], [np.zeros((2, 1))]
    assert cost_function(np.ones((3, 2)), np.tile([0.0, 2.0], (3, 1)), w, b) == 2.5


def test_float32_stays_float32():
    w, b = [array.astype("float32") for array in W], [array.astype("float32") for array in B]
    assert forward_pass(X.T, w, b).dtype == predict(X, w, b).dtype == np.float32
    assert w_update(w, 0, 0, 0, 1.5)[0].dtype == b_update(b, 0, 0, 1.5)[0].dtype == np.float32


def test_lists_will_do():
    np.testing.assert_array_equal(
        predict(X.tolist(), [array.tolist() for array in W], tuple(array.tolist() for array in B)), predict(X, W, B)
    )


def test_w_update():
    before = [array.copy() for array in W]
    updated = w_update(W, 1, 0, 1, 42)
    assert updated[1].tolist() == [[4 * LN3, 42.0]]
    assert updated[0].tolist() == W[0].tolist()
    updated[0][:] = 7  # all arrays are copies
    for array, old in zip(W, before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_b_update():
    before = [array.copy() for array in B]
    updated = b_update(B, 0, 1, 0.5)
    assert [array.tolist() for array in updated] == [[[0.0], [0.5]], [[-4 * LN3]]]
    updated[1][:] = 7
    for array, old in zip(B, before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_a_weight_of_whole_numbers_takes_a_fraction():
    assert w_update([[[1, 2]]], 0, 0, 0, 0.5)[0].tolist() == [[0.5, 2.0]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: w_update(W, 2, 0, 0, 1),
            IndexError,
            "^w_update: layer_id is out of range: there are 2.*; received 2",
        ),
        (lambda: w_update(W, -1, 0, 0, 1), IndexError, "layer_id is out of range.*received -1"),
        (lambda: w_update(W, 1, 1, 0, 1), IndexError, r"i is out of range: there are 1 rows in w\[1\].*received 1"),
        (lambda: w_update(W, 1, 0, 2, 1), IndexError, r"j is out of range: there are 2 columns in w\[1\]"),
        (lambda: w_update(W, 0.0, 0, 0, 1), TypeError, "layer_id: expected an integer; received 0.0"),
        (lambda: w_update(W, 0, 0, 0, math.nan), ValueError, "new_param: expected a finite number; received nan"),
        (lambda: w_update(W, 0, 0, 0, "1"), TypeError, "new_param: expected a number; received '1'"),
        (
            lambda: w_update([], 0, 0, 0, 1),
            ValueError,
            "w: expected a list with one array per layer; received an empty",
        ),
        (lambda: w_update(W[0], 0, 0, 0, 1), TypeError, r"w: expected a list.*received an array of shape \(2, 2\)"),
        (lambda: w_update([[1, 2]], 0, 0, 0, 1), ValueError, r"w\[0\]: expected two dimensions; received shape \(2,\)"),
        (lambda: b_update(B, 2, 0, 1), IndexError, "b_update: layer_id is out of range"),
        (lambda: b_update(B, 0, 2, 1), IndexError, r"i is out of range: there are 2 rows in b\[0\]"),
        (lambda: b_update(B, 0, 0, math.inf), ValueError, "new_param: expected a finite number"),
        (lambda: b_update([np.zeros(2)], 0, 0, 1), ValueError, r"b\[0\]: expected a column, of shape \(n, 1\)"),
        (
            lambda: b_update((), 0, 0, 1),
            ValueError,
            "b: expected a list with one array per layer; received an empty list",
        ),
    ],
)
def test_wrong_updates(call, error, message):
    with pytest.raises(error, match=message):
        call()


def changed(arrays, k, array):
    return [array if index == k else each for index, each in enumerate(arrays)]


@pytest.mark.parametrize(
    ("w", "b", "message"),
    [
        ([], [], "w: expected a list with one array per layer; received an empty list"),
        (W, [], "b: expected a list with one array per layer; received an empty list"),
        (W, B[:1], "expected as many arrays in w as in b, one each a layer; received 2 and 1"),
        (changed(W, 0, np.ones(2)), B, r"w\[0\] \(from layer 0 to layer 1\): expected two dimensions.*shape \(2,\)"),
        (changed(W, 0, np.ones((0, 2))), B, r"w\[0\] \(from layer 0 to layer 1\).*received shape \(0, 2\)"),
        (
            changed(W, 1, np.ones((1, 3))),
            B,
            r"w\[1\] \(from layer 1 to layer 2\): expected 2 columns.*shape \(1, 3\)\.$",
        ),
        (changed(W, 1, W[1].T), B, r"w\[1\] \(from layer 1 to layer 2\): .*shape \(2, 1\)\. Is it transposed\?"),
        (W, changed(B, 0, np.ones(2)), r"b\[0\] \(of layer 1\): expected shape \(2, 1\).*shape \(2,\)\.$"),
        (W, changed(B, 0, B[0].T), r"b\[0\] \(of layer 1\): .*received shape \(1, 2\)\. Is it transposed\?"),
        (W, changed(B, 1, np.ones((2, 1))), r"b\[1\] \(of layer 2\): expected shape \(1, 1\).*shape \(2, 1\)\.$"),
        (changed(W, 1, np.array([[1.0, math.nan]])), B, r"w\[1\]\[0, 1\] is nan; expected finite numbers"),
    ],
)
def test_networks_that_do_not_fit(w, b, message):
    for name, call in [
        ("forward_pass", lambda: forward_pass(X.T, w, b)),
        ("predict", lambda: predict(X, w, b)),
        ("cost_function", lambda: cost_function(X, [0, 1], w, b)),
    ]:
        with pytest.raises(ValueError, match=f"^{name}: {message}"):
            call()


@pytest.mark.parametrize(("w", "b"), [(None, B), (W, "b"), (np.ones((2, 1, 1)), B), (W, {0: 1})])
def test_networks_that_are_no_lists(w, b):
    with pytest.raises(TypeError, match="^predict: [wb]: expected a list with one array per layer"):
        predict(X, w, b)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: forward_pass(np.ones((3, 5)), W, B), r"inp \(layer 0\): expected shape \(2, m\).*shape \(3, 5\)\.$"),
        (lambda: forward_pass(np.ones((5, 2)), W, B), r"inp \(layer 0\): .*shape \(5, 2\)\. Is it transposed\?"),
        (lambda: forward_pass([1, 0], W, B), r"inp \(layer 0\): .*Write inp.reshape\(2, 1\) for one example"),
        (lambda: forward_pass(np.ones((2, 0)), W, B), r"inp \(layer 0\): .*received shape \(2, 0\)"),
        (lambda: predict(np.ones((5, 3)), W, B), r"X \(layer 0\): expected shape \(m, 2\).*shape \(5, 3\)\.$"),
        (lambda: predict(np.ones((2, 5)), W, B), r"X \(layer 0\): .*Is it transposed\?"),
        (lambda: predict([1, 0], W, B), r"X \(layer 0\): .*Write X.reshape\(1, 2\) for one example"),
        (lambda: predict([], W, B), r"X \(layer 0\): .*received shape \(0,\)"),
        (lambda: predict([[1, math.nan]], W, B), r"X\[0, 1\] is nan; expected finite numbers"),
        (lambda: cost_function(X, [1], W, B), r"X and y: expected as many rows in both.*received 2 and 1"),
        (lambda: cost_function(X, [1, 0, 1], W, B), r"X and y: expected as many rows.*\(shapes \(2, 2\) and \(3,\)\)"),
        (lambda: cost_function(X, [[1, 0], [0, 1]], W, B), r"y \(layer 2\): expected shape \(2, 1\).*shape \(2, 2\)"),
        (lambda: cost_function(X, 1, W, B), r"y \(layer 2\): expected shape \(2, 1\).*received shape \(\)"),
        (lambda: cost_function(X, [1, math.nan], W, B), r"y\[1\] is nan"),
        (lambda: cost_function([], [], W, B), r"X \(layer 0\)"),
    ],
)
def test_data_that_does_not_fit(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_flat_y_is_refused_for_two_outputs():
    w, b = nn_parameter_maker([2, 2])
    with pytest.raises(ValueError, match=r"y \(layer 1\): expected shape \(2, 2\).*received shape \(2,\)"):
        cost_function(X, [0, 1], w, b)


def test_nothing_is_changed_by_computing():
    arrays = [X, *W, *B]
    before = [array.tobytes() for array in arrays]
    forward_pass(X, W, B), predict(X, W, B), cost_function(X, [0, 1], W, B)
    assert [array.tobytes() for array in arrays] == before
