"""Muon on steps worked by hand."""

import numpy as np
import pytest

from minikeras import Variable
from minikeras.engine.naming import name_scope
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.optimizers import Muon
from tests.helpers import run_optimizer_test

PLAIN = {"weight_decay": None, "adam_weight_decay": None, "rms_rate": None, "nesterov": False}


def after(start, gradients, **options):
    variable = Variable(np.float32(start))
    optimizer = Muon(**{"learning_rate": 1.0, **PLAIN, **options})
    for gradient in gradients:
        optimizer.apply([np.float32(gradient)], [variable])
    return variable.numpy()


def test_without_iterations_it_is_normalized_momentum():
    # |g| = 5. Step 2: m = 0.5 (3, 0, 0, 4) + (-1.5, 0, 0, 0) = (0, 0, 0, 2), of length 2.
    gradients = [[[3.0, 0.0], [0.0, 4.0]], [[-1.5, 0.0], [0.0, 0.0]]]
    weights = after(np.zeros((2, 2)), gradients, ns_steps=0, momentum=0.5)
    np.testing.assert_allclose(weights, [[-0.6, 0.0], [0.0, -1.8]], rtol=1e-6)


def test_nesterov_looks_ahead():
    # m = g, x = g + 0.5 m = 1.5 g, of the same direction; in step 2 m = (0, 2), x = (-1.5, 0) + 0.5 m = (-1.5, 1).
    gradients = [[[3.0, 4.0]], [[-1.5, 0.0]]]
    weights = after(np.zeros((1, 2)), gradients, ns_steps=0, momentum=0.5, nesterov=True)
    length = 3.25**0.5
    np.testing.assert_allclose(weights, [[-0.6 + 1.5 / length, -0.8 - 1 / length]], rtol=1e-6)


def test_one_iteration():
    # Singular values go from s to a s + b s^3 + c s^5: 0.6 to 0.6 + 2 * 0.216 + 3 * 0.07776, 0.8 likewise.
    ends = [s + 2 * s**3 + 3 * s**5 for s in (0.6, 0.8)]
    options = {"ns_steps": 1, "muon_a": 1.0, "muon_b": 2.0, "muon_c": 3.0}
    weights = after(np.zeros((2, 2)), [[[0.0, 3.0], [4.0, 0.0]]], **options)
    np.testing.assert_allclose(weights, [[0.0, -ends[0]], [-ends[1], 0.0]], rtol=1e-5, atol=1e-7)


def test_high_matrices_are_as_wide_ones():
    gradient = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    high, wide = after(np.zeros((5, 3)), [gradient]), after(np.zeros((3, 5)), [gradient.T])
    np.testing.assert_allclose(high, wide.T, rtol=1e-5, atol=1e-6)
    # The iterations with the usual factors bring all singular values near 1.
    assert np.all(np.abs(np.linalg.svd(high, compute_uv=False) - 1) < 0.35)


def test_moves_grow_with_the_size_of_the_matrix():
    # sqrt(max(1, 4)) * 0.5 = 1
    weights = after(np.zeros((1, 4)), [[[3.0, 0.0, 0.0, 4.0]]], ns_steps=0, rms_rate=0.5)
    np.testing.assert_allclose(weights, [[-0.6, 0.0, 0.0, -0.8]], rtol=1e-6)


def test_adam_has_the_other_variables():
    with name_scope("net"):
        variables = [
            Variable(np.ones(shape, "float32"), name=name)
            for name, shape in [("kernel", (2, 2)), ("bias", (2,)), ("Embeddings", (2, 2)), ("output", (2, 2))]
        ]
    optimizer = Muon(0.5, exclude_layers=["^net/out"], adam_lr_ratio=0.5, name="muon", **PLAIN)
    optimizer.apply([np.ones(each.shape, "float32") for each in variables], variables)
    assert [each.path for each in optimizer.variables[2:]] == [
        "muon/net_kernel_momentum",
        *("muon/net_bias_momentum", "muon/net_bias_velocity"),
        *("muon/net_Embeddings_momentum", "muon/net_Embeddings_velocity"),
        *("muon/net_output_momentum", "muon/net_output_velocity"),
    ]
    for variable in variables[1:]:  # Adam's first move is as long as its learning rate
        np.testing.assert_allclose(variable.numpy(), 0.75, rtol=1e-5)
    other = Muon(exclude_embeddings=False)
    other.build(variables[2:3])
    assert len(other.variables) == 3


def test_both_kinds_have_their_own_weight_decay():
    variables = [Variable(np.full(shape, 4.0, "float32"), name="w") for shape in ((1, 1), (1,), (1,))]
    optimizer = Muon(1.0, weight_decay=0.25, adam_weight_decay=0.5)
    optimizer.exclude_from_weight_decay(variables[2:])
    optimizer.apply([np.zeros(each.shape, "float32") for each in variables], variables)
    assert [variable.numpy().item() for variable in variables] == [3.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"adam_beta_1": 1.5}, ArgumentError),
        ({"momentum": -0.5}, ArgumentError),
        ({"epsilon": -1.0}, ArgumentError),
        ({"muon_a": None}, ArgumentTypeError),
        ({"rms_rate": "0.2"}, ArgumentTypeError),
        ({"ns_steps": -1}, ArgumentError),
        ({"ns_steps": 2.5}, ArgumentError),
        ({"nesterov": "no"}, ArgumentTypeError),
        ({"exclude_layers": "output"}, ArgumentTypeError),
        ({"exclude_layers": [3]}, ArgumentTypeError),
    ],
)
def test_bad_arguments(options, error):
    with pytest.raises(error, match=f"Muon: `{next(iter(options))}` must be"):
        Muon(**options)


def test_what_holds_for_all():
    run_optimizer_test(Muon, 0.3)


def test_orthogonalizing_stacks_of_matrices():
    # Those of Keras 3.15.1.
    x = np.float32([[[3, 0], [0, 4], [0, 0]], [[1, 2], [3, 4], [5, 6]]])
    expected = [
        [[0.9119174, 0.0], [0.0, 0.7211177], [0.0, 0.0]],
        [[-0.2626961, 0.5331380], [0.2469191, 0.5487725], [0.7565343, 0.5644069]],
    ]
    optimizer = Muon(rms_rate=0.5)
    np.testing.assert_allclose(optimizer.zeropower_via_newtonschulz5(x, 2), expected, rtol=1e-4, atol=1e-6)
    assert optimizer.transpose_last_axis(np.ones((2, 3, 4))).shape == (2, 4, 3)
    assert float(optimizer.lr_adjust(np.ones((4, 9), "float32"))[0, 0]) == 1.5  # sqrt(9) * 0.5
    with pytest.raises(ShapeError, match="at least 2 axes"):
        optimizer.zeropower_via_newtonschulz5(np.float32([1.0, 2.0]), 2)


def test_parts_of_the_update_can_be_overridden():
    class Halved(Muon):
        def zeropower_via_newtonschulz5(self, x, steps):
            return x * steps

        def lr_adjust(self, x):
            return x / 2

    variable = Variable(np.zeros((1, 2), "float32"))
    Halved(1.0, **PLAIN, ns_steps=3).apply([np.float32([[2.0, -4.0]])], [variable])
    assert variable.numpy().tolist() == [[-3.0, 6.0]]
