"""Checks the answers to the five challenges of `examples/from_scratch.ipynb`, and says what is wrong with them.

Each function takes the student's functions, tests them, and prints a line for each.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import descent, gradients, network, neurons
from .judging import (
    MistakeError,
    Suspicion,
    call,
    compare,
    compare_layers,
    compare_parameters,
    compare_structure,
    judge,
    single_number,
)

_RATE = 0.5  # learning rate of the test steps

# The lecture's six situations, and two more that tell a missing bias from a subtracted one, and > from >=.
_SITUATIONS = [
    *(((1, 1, 1), 1), ((0, 1, 1), 1), ((1, 1, 0), 1), ((0, 1, 0), 1), ((0, 0, 0), 1), ((1, 0, 1), 1)),
    *(((0, 0, 0), -1), ((0, 0, 0), 0)),
]
_WEIGHTS = np.array([5.0, -8.0, 5.0])


def challenge_1(perceptron: Callable, sigmoid: Callable, sigmoid_unit: Callable) -> None:
    """Checks challenge 1: one neuron.

    Args:
        perceptron: The student's function of x, w and b.
        sigmoid: Of z.
        sigmoid_unit: Of x, w and b.

    Example:
        >>> from minikeras.from_scratch import perceptron, sigmoid, sigmoid_unit
        >>> challenge_1(lambda x, w, b: int(x @ w > 0), sigmoid, sigmoid_unit)
        perceptron: not yet. Missing bias: for x = (0, 0, 0) and b = 1 expected 1, received 0. Add b to w·x.
        sigmoid: right.
        sigmoid_unit: right.
    """
    judge("perceptron", perceptron, _check_perceptron)
    judge("sigmoid", sigmoid, _check_sigmoid)
    judge("sigmoid_unit", sigmoid_unit, _check_sigmoid_unit)


def challenge_2(nn_parameter_maker: Callable) -> None:
    """Checks challenge 2: the parameters of a network.

    Args:
        nn_parameter_maker: The student's function of the sizes.

    Example:
        >>> from minikeras.from_scratch import nn_parameter_maker
        >>> challenge_2(nn_parameter_maker)
        nn_parameter_maker: right.
    """
    judge("nn_parameter_maker", nn_parameter_maker, _check_parameter_maker)


def challenge_3(forward_pass: Callable, predict: Callable) -> None:
    """Checks challenge 3: the forward pass.

    Args:
        forward_pass: The student's function of inp, w and b.
        predict: Of X, w and b.

    Example:
        >>> from minikeras.from_scratch import forward_pass, predict
        >>> challenge_3(forward_pass, predict)
        forward_pass: right.
        predict: right.
    """
    judge("forward_pass", forward_pass, _check_forward_pass)
    judge("predict", predict, _check_predict)


def challenge_4(cost_function: Callable, w_update: Callable, b_update: Callable, gradient_estimator: Callable) -> None:
    """Checks challenge 4: the cost, and the estimate of its slopes.

    Args:
        cost_function: The student's function of X, y, w and b.
        w_update: Of w, layer_id, i, j and new_param.
        b_update: Of b, layer_id, i and new_param.
        gradient_estimator: Of X, y, w and b.

    Example:
        >>> from minikeras.from_scratch import b_update, cost_function, gradient_estimator, w_update
        >>> challenge_4(cost_function, w_update, b_update, gradient_estimator)
        cost_function: right.
        w_update: right.
        b_update: right.
        gradient_estimator: right.
    """
    judge("cost_function", cost_function, _check_cost)
    judge("w_update", w_update, _check_w_update)
    judge("b_update", b_update, _check_b_update)
    judge("gradient_estimator", gradient_estimator, _check_estimator)


def challenge_5(one_step_gd: Callable, GD: Callable) -> None:
    """Checks challenge 5: gradient descent.

    Args:
        one_step_gd: The student's function of X, y, w, b and lr.
        GD: Of X, y, w, b, epoch and lr.

    Example:
        >>> from minikeras.from_scratch import one_step_gd
        >>> def GD(X, y, w, b, epoch, lr):
        ...     return one_step_gd(X, y, w, b, lr)
        >>> challenge_5(one_step_gd, GD)
        one_step_gd: right.
        GD: not yet. Value: this is one step. Take `epoch` steps, each from where the last one led.
    """
    judge("one_step_gd", one_step_gd, _check_step)
    judge("GD", GD, _check_descent)


def _check_perceptron(perceptron: Callable) -> None:
    answers = []
    for x, b in _SITUATIONS:
        answer = call(perceptron, x=np.array(x, dtype=np.float64), w=_WEIGHTS, b=b)
        answers.append(single_number("the answer", answer))
    weighted = np.array([np.dot(x, _WEIGHTS) for x, _ in _SITUATIONS])
    b = np.array([b for _, b in _SITUATIONS])
    expected = weighted + b > 0
    if np.array_equal(answers, expected):
        return
    first = int(np.flatnonzero(answers != expected)[0])
    x, bias = _SITUATIONS[first]
    fact = f"for x = {x} and b = {bias} expected {int(expected[first])}, received {answers[first]:g}."
    for kind, hint, wrong in [
        ("missing bias", "Add b to w·x.", weighted > 0),
        ("sign", "Add b to w·x; it seems to be subtracted.", weighted - b > 0),
        ("sign", "It answers 1 where w·x + b is negative.", weighted + b < 0),
        ("sign", "It answers 1 where w·x + b is not positive.", weighted + b <= 0),
        ("value", "The answer is 0 where w·x + b is exactly 0.", weighted + b >= 0),
        ("value", "Return 1 or 0, not the sum itself.", weighted + b),
    ]:
        if np.array_equal(answers, wrong):
            raise MistakeError(kind, f"{fact} {hint}")
    raise MistakeError("value", fact)


def _check_sigmoid(sigmoid: Callable) -> str | None:
    z = np.array([[-2.0, 0.0, 0.5], [1.0, 3.0, -0.1]])
    mistakes = [
        Suspicion("sign", "this is 1 / (1 + e^z). The power is -z.", neurons.sigmoid(-z)),
        Suspicion("value", "this is e^-z alone.", np.exp(-z)),
        Suspicion("value", "this is 1 + e^-z. Divide 1 by it.", 1 + np.exp(-z)),
    ]
    for place in np.ndindex(z.shape):
        number = float(z[place])
        own = [mistake._replace(result=mistake.result[place]) for mistake in mistakes]
        compare(f"sigmoid({number})", call(sigmoid, z=number), neurons.sigmoid(number), own)
    compare("sigmoid of an array", call(sigmoid, z=z), neurons.sigmoid(z), mistakes)
    compare("sigmoid(1000) and sigmoid(-1000)", [call(sigmoid, z=np.float64(z)) for z in (1000, -1000)], [1, 0])
    with np.errstate(over="raise"):
        try:
            sigmoid(np.float64(-1000))
        except FloatingPointError:
            return "(np.exp overflows for z = -1000 and numpy warns; e^z / (1 + e^z) is the same and does not.)"
    return None


def _check_sigmoid_unit(sigmoid_unit: Callable) -> None:
    x, w, b = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.2, -0.6]), 0.7
    z = float(x @ w)
    compare(
        "the answer",
        call(sigmoid_unit, x=x, w=w, b=b),
        neurons.sigmoid(z + b),
        [
            Suspicion("missing bias", "this is sigmoid(w·x). Add b before the sigmoid.", neurons.sigmoid(z)),
            Suspicion("sign", "this is sigmoid(w·x - b). Add b.", neurons.sigmoid(z - b)),
            Suspicion("sign", "this is sigmoid(-(w·x + b)).", neurons.sigmoid(-z - b)),
            Suspicion("value", "this is w·x + b. Take its sigmoid.", z + b),
            Suspicion("value", "this is sigmoid(w·x) + b. Add b before the sigmoid.", neurons.sigmoid(z) + b),
        ],
    )


def _check_parameter_maker(nn_parameter_maker: Callable) -> None:
    for sizes in ([2, 3, 1], [4, 2, 5, 3], [1, 1]):
        pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
        shapes = [[(after, before) for before, after in pairs], [(after, 1) for _, after in pairs]]
        w, _ = compare_structure(("w", "b"), call(nn_parameter_maker, sizes=sizes), shapes)
        for k, array in enumerate(w):
            if array.size > 1 and np.ptp(array) == 0:
                raise MistakeError(
                    "value",
                    f"all weights of w[{k}] are {array.flat[0]:g}. Neurons that start equal stay equal: take random "
                    "numbers.",
                )


def _check_forward_pass(forward_pass: Callable) -> None:
    # First a network of square matrices: there a transposed one gives a wrong result and not just an error.
    for sizes in ([2, 2, 2], [2, 3, 1], [4, 2, 5, 3]):
        inp, w, b = _network(sizes)
        received, expected = call(forward_pass, inp=inp, w=w, b=b), network.forward_pass(inp, w, b)
        compare("the outputs", received, expected, _wrong_passes(inp, w, b))


def _check_predict(predict: Callable) -> None:
    X, w, b = _network([2, 2, 2])
    X = X[:, :2]  # as many examples as inputs, so that a transposition that is forgotten is no error
    untransposed = network.forward_pass(X, w, b)
    wrong = [each._replace(result=np.transpose(each.result)) for each in _wrong_passes(X.T, w, b)]
    mistakes = [
        Suspicion("transpose", "X is not transposed on the way in: forward_pass wants a column an example.", result)
        for result in (untransposed, untransposed.T)
    ]
    mistakes.append(
        Suspicion("transpose", "the outputs are not transposed on the way out.", network.forward_pass(X.T, w, b))
    )
    expected = network.predict(X, w, b)
    compare("the answers", call(predict, X=X, w=w, b=b), expected, mistakes + wrong)
    for sizes in ([2, 3, 1], [4, 2, 5, 3]):
        inp, w, b = _network(sizes)
        compare("the answers", call(predict, X=inp.T.copy(), w=w, b=b), network.predict(inp.T, w, b))


def _check_cost(cost_function: Callable) -> None:
    X, y, w, b = _problem([2, 3, 2])
    error = network.predict(X, w, b) - y
    cost = float(np.sum(error**2) / len(X))
    unbiased = network.cost_function(X, y, w, [np.zeros_like(array) for array in b])
    compare(
        "the cost",
        call(cost_function, X=X, y=y, w=w, b=b),
        cost,
        [
            Suspicion("sign", "a sum of squares is not negative.", -cost),
            Suspicion("missing bias", "this is the cost of a network without biases.", unbiased),
            Suspicion("value", "this is the sum. Divide it by m, the number of examples.", cost * len(X)),
            Suspicion("value", "this is half the cost. Divide by m alone, not by the outputs too.", cost / 2),
            Suspicion("value", "this is the sum of the errors. Square each one.", np.sum(error) / len(X)),
            Suspicion("value", "these are absolute errors. Square them.", np.sum(np.abs(error)) / len(X)),
        ],
    )


def _check_w_update(w_update: Callable) -> None:
    for sizes, place in [([2, 2, 2], (1, 0, 1)), ([2, 3, 1], (0, 2, 1))]:
        _, w, _ = _network(sizes)
        layer, i, j = place
        added = network.w_update(w, *place, w[layer][i, j] + 7.0)
        mistakes = [
            Suspicion("value", "nothing was replaced.", [w]),
            Suspicion("value", "new_param was added. Put it in the old one's place.", [added]),
        ]
        if sizes[0] == sizes[1] == sizes[2]:
            text = "row and column are exchanged: i is the row, j the column."
            mistakes.append(Suspicion("transpose", text, [network.w_update(w, layer, j, i, 7.0)]))
        received = call(w_update, w=w, layer_id=layer, i=i, j=j, new_param=7.0)
        compare_layers("the weights", received, network.w_update(w, *place, 7.0), mistakes)


def _check_b_update(b_update: Callable) -> None:
    _, _, b = _network([2, 3, 2])
    whole = [np.full_like(b[0], 7.0), b[1]]
    mistakes = [
        Suspicion("value", "nothing was replaced.", [b]),
        Suspicion("value", "all biases of the layer were replaced. Replace the one in row i.", [whole]),
    ]
    received = call(b_update, b=b, layer_id=0, i=2, new_param=7.0)
    compare_layers("the biases", received, network.b_update(b, 0, 2, 7.0), mistakes)


def _check_estimator(gradient_estimator: Callable) -> None:
    for sizes in ([2, 2, 2], [2, 3, 1]):
        X, y, w, b = _problem(sizes)
        w_pds, b_pds = gradients.gradient_estimator(X, y, w, b)
        mistakes = [
            Suspicion(
                "sign",
                "every slope has the wrong sign. It is the cost after the change minus the cost before.",
                _scaled((w_pds, b_pds), -1),
            ),
            Suspicion("missing bias", "the slopes along the biases are all 0. Change them too.", (w_pds, _zeros(b))),
            Suspicion("value", "all slopes are 0.", (_zeros(w), _zeros(b)), 1e-12),
            Suspicion(
                "value", "these are differences of the cost. Divide by eps.", _scaled((w_pds, b_pds), 1e-4), 1e-9
            ),
        ]
        if sizes[1] == sizes[2]:
            text = "rows and columns of w_pds are exchanged."
            mistakes.append(Suspicion("transpose", text, ([array.T for array in w_pds], b_pds)))
        received = call(gradient_estimator, X=X, y=y, w=w, b=b)
        # Another eps is right too, and so are central differences: they differ by less than this.
        compare_parameters(("w_pds", "b_pds"), received, (w_pds, b_pds), mistakes, tolerance=1e-5)


def _check_step(one_step_gd: Callable) -> None:
    for sizes in ([2, 2, 2], [2, 3, 1]):
        X, y, w, b = _problem(sizes)
        new_w, new_b = descent.one_step_gd(X, y, w, b, _RATE)
        slopes = gradients.backpropagation(X, y, w, b)
        late_b = descent.one_step_gd(X, y, new_w, b, _RATE)[1]
        mistakes = [
            Suspicion("missing bias", "the biases did not move. They take a step too.", (new_w, b)),
            Suspicion("sign", "this step goes uphill. Subtract the slopes.", descent.one_step_gd(X, y, w, b, -_RATE)),
            Suspicion("value", "the learning rate is missing.", descent.one_step_gd(X, y, w, b, 1.0)),
            Suspicion("value", "these are steps without the place they start from.", _scaled(slopes, -_RATE)),
            Suspicion("value", "b was changed by slopes at the new w. Find all slopes first.", (new_w, late_b)),
            Suspicion("value", "nothing moved.", (w, b)),
        ]
        received = call(one_step_gd, X=X, y=y, w=w, b=b, lr=_RATE)
        compare_parameters(("new_w", "new_b"), received, (new_w, new_b), mistakes, tolerance=1e-4)


def _check_descent(GD: Callable) -> None:
    X, y, w, b = _problem([2, 3, 1])

    def after(epoch: int, lr: float = _RATE) -> tuple[list, list]:
        return descent.GD(X, y, w, b, epoch, lr, show=False, progress=False)

    unbiased = w
    for _ in range(20):
        unbiased, _ = descent.one_step_gd(X, y, unbiased, b, _RATE)
    mistakes = [
        Suspicion("sign", "it goes uphill. Subtract the slopes.", after(20, -_RATE)),
        Suspicion("missing bias", "the biases did not move. They take steps too.", (unbiased, b)),
        Suspicion("value", "this is one step. Take `epoch` steps, each from where the last one led.", after(1)),
        Suspicion("value", "there is one step too few.", after(19)),
        Suspicion("value", "there is one step too many.", after(21)),
        Suspicion("value", "nothing moved.", (w, b)),
    ]
    received = call(GD, X=X, y=y, w=w, b=b, epoch=20, lr=_RATE)
    compare_parameters(("w", "b"), received, after(20), mistakes, tolerance=1e-4)


def _network(sizes: list[int]) -> tuple[np.ndarray, list, list]:
    """Inputs, one example per column, and parameters of a network."""
    w, b = network.nn_parameter_maker(sizes, seed=8)
    return np.random.default_rng(9).normal(size=(sizes[0], 7)), w, b


def _problem(sizes: list[int]) -> tuple[np.ndarray, np.ndarray, list, list]:
    """Examples and answers in rows, and parameters of a network."""
    inp, w, b = _network(sizes)
    y = np.random.default_rng(10).integers(0, 2, size=(7, sizes[-1])).astype(np.float64)
    return inp.T.copy(), y, w, b


def _wrong_passes(inp: np.ndarray, w: list, b: list) -> list[Suspicion]:
    """The outputs of forward passes with typical mistakes."""

    def wrong(combine: Callable, squeeze: Callable = neurons.sigmoid, last: Callable | None = None) -> np.ndarray:
        a = inp
        for k, (weight, bias) in enumerate(zip(w, b, strict=True)):
            a = (last if last and k == len(w) - 1 else squeeze)(combine(weight, a, bias))
        return a

    def right(weight: np.ndarray, a: np.ndarray, bias: np.ndarray) -> np.ndarray:
        return weight @ a + bias

    def same(z: np.ndarray) -> np.ndarray:
        return z

    found = [
        Suspicion("missing bias", "b[k] is not added.", wrong(lambda weight, a, bias: weight @ a)),
        Suspicion("sign", "b[k] is subtracted. Add it.", wrong(lambda weight, a, bias: weight @ a - bias)),
        Suspicion("sign", "this is sigmoid(-z).", wrong(right, lambda z: neurons.sigmoid(-z))),
        Suspicion("value", "the sigmoid is missing.", wrong(right, same)),
        Suspicion("value", "the sigmoid of the last layer is missing.", wrong(right, last=same)),
    ]
    if all(weight.shape == w[0].shape[::-1] for weight in w):
        found.append(
            Suspicion(
                "transpose",
                "w[k] is transposed. It stands as it is: w[k] a[k].",
                wrong(lambda weight, a, bias: weight.T @ a + bias),
            )
        )
        first = network.forward_pass(inp, w[:1], b[:1])
        found.append(Suspicion("value", "these are the outputs of the first layer. Go on with them.", first))
    return found


def _scaled(parameters: tuple, factor: float) -> tuple[list, list]:
    return tuple([factor * array for array in arrays] for arrays in parameters)


def _zeros(arrays: list) -> list[np.ndarray]:
    return [np.zeros_like(array) for array in arrays]
