import math

import numpy as np
import pytest

from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ShapeError
from minikeras.regularizers import OrthogonalRegularizer
from tests.helpers import check_grads, run_step_test
from tests.regularizers.test_norms import gradient

# The first two rows are at 45 degrees, the others at right angles with both.
X = np.array([[1.0, 0.0, 0.0], [2.0, -2.0, 0.0], [0.0, 0.0, 7.0]], "float32")
EXPECTED = 1.5 * math.sqrt(0.5) / 3


@pytest.mark.parametrize("scale", [1.0, 1e-12, 1e4])
def test_values(scale):
    x = (X * scale).astype("float32")
    for mode, value in (("rows", x), ("columns", x.T)):
        loss = OrthogonalRegularizer(1.5, mode)(value)
        assert loss.shape == () and loss.dtype == "float32"
        np.testing.assert_allclose(loss, EXPECTED, rtol=1e-6)
    np.testing.assert_allclose(OrthogonalRegularizer(1.5)(Variable(x)), EXPECTED, rtol=1e-6)


def test_orthogonal_rows_cost_nothing():
    assert float(OrthogonalRegularizer()(3 * np.eye(4, dtype="float32"))) == 0
    assert float(OrthogonalRegularizer(mode="columns")(3 * np.eye(4, dtype="float32"))) == 0


@pytest.mark.parametrize("shape", [(3, 2), (1, 2), (0, 2), (2, 0)])
def test_zeros_cost_nothing(shape):
    x = np.zeros(shape, "float32")
    assert float(OrthogonalRegularizer()(x)) == 0
    assert gradient(OrthogonalRegularizer(), x).tolist() == x.tolist()


def test_a_single_row_has_no_pairs():
    assert float(OrthogonalRegularizer()([[1.0, 2.0]])) == 0


@pytest.mark.parametrize("mode", ["rows", "columns"])
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_gradients(mode, scale):
    x = np.array([[1.0, 0.3, -0.2], [0.5, -0.7, 0.4], [0.3, 0.9, 0.6]]) * scale
    check_grads(OrthogonalRegularizer(0.3, mode), x, atol=1e-6 / scale)


def test_replayed():
    run_step_test(OrthogonalRegularizer(0.5), X, X + 1, X - 1)


def test_config():
    # Keras keeps the factor as a float32.
    config = OrthogonalRegularizer(0.1, "columns").get_config()
    assert config == {"factor": 0.10000000149011612, "mode": "columns"}
    assert OrthogonalRegularizer.from_config(config).get_config() == config


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4), ()])
def test_only_matrices(shape):
    with pytest.raises(ShapeError, match="`OrthogonalRegularizer` expects a matrix"):
        OrthogonalRegularizer()(np.zeros(shape, "float32"))


@pytest.mark.parametrize("arguments", [{"factor": -1}, {"factor": None}, {"mode": "row"}, {"mode": None}])
def test_bad_arguments(arguments):
    with pytest.raises(ArgumentError, match=f"OrthogonalRegularizer: `{next(iter(arguments))}` must be"):
        OrthogonalRegularizer(**arguments)
