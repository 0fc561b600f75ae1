import math

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.random import SeedGenerator, dropout, shuffle

X = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


class TestDropout:
    def test_values(self):
        y = dropout(X, 0.25, seed=1)
        kept = y != 0
        assert y.dtype == "float32"
        np.testing.assert_array_equal(y[kept], X[kept] / np.float32(0.75))
        assert 0 < kept.sum() < kept.size

    def test_share(self):
        n, rate = 40_000, 0.3
        y = dropout(np.ones(n, "float32"), rate, seed=1)
        assert abs((y == 0).mean() - rate) < 5 * math.sqrt(rate * (1 - rate) / n)

    def test_infinite_values_can_be_dropped(self):
        y = dropout(np.full(100, np.inf, "float32"), 0.5, seed=1)
        assert set(y.tolist()) == {0.0, math.inf}

    def test_rate_0(self):
        generator = SeedGenerator(1)
        np.testing.assert_array_equal(dropout(X, 0.0, seed=generator), X)
        assert generator.state.numpy().tolist() == [1, 0]

    def test_rate_1(self):
        assert not dropout(X, 1.0, seed=1).any()

    def test_scalar(self):
        assert {float(dropout(np.float32(3), 0.5, seed=seed)) for seed in range(10)} == {0.0, 6.0}

    def test_integers_stay_integers(self):
        y = dropout(np.full(50, 3), 0.3, seed=1)
        assert y.dtype == np.int64
        assert set(y.tolist()) == {0, 4}  # 3 / 0.7 = 4.28

    def test_input_is_not_changed(self):
        before = X.copy()
        dropout(X, 0.5, seed=1)
        np.testing.assert_array_equal(X, before)

    @pytest.mark.parametrize("noise_shape", [(4, 1), (None, 1), (1,)])
    def test_noise_shape(self, noise_shape):
        y = dropout(np.ones((4, 3), "float32"), 0.5, noise_shape, seed=2)
        assert y.shape == (4, 3)
        assert (y == y[:, :1]).all()
        assert noise_shape == (1,) or len(set(y[:, 0].tolist())) == 2

    @pytest.mark.parametrize("noise_shape", [(2, 3), (4,), (1, 4, 3)])
    def test_noise_shape_that_does_not_fit(self, noise_shape):
        with pytest.raises(ShapeError, match="noise_shape"):
            dropout(X, 0.5, noise_shape)

    @pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan, "0.5", None])
    def test_bad_rate(self, rate):
        with pytest.raises(ArgumentError, match="rate"):
            dropout(X, rate)

    def test_booleans_are_refused(self):
        with pytest.raises(ArgumentError, match="bool"):
            dropout(np.array([True]), 0.5)

    def test_symbolic(self):
        generator = SeedGenerator(1)
        y = dropout(KerasTensor((None, 3)), 0.5, seed=generator)
        assert (y.shape, y.dtype) == ((None, 3), "float32")
        assert generator.state.numpy().tolist() == [1, 0]

    def test_gradient_has_the_same_mask(self):
        with Trace() as trace:
            x = Tensor(X, trace)
            y = dropout(x, 0.5, seed=3)
            (grad,) = gradients(ops.sum(y * 3), [x])
        grad = np.asarray(grad)
        assert grad.dtype == "float32"
        np.testing.assert_array_equal(grad, np.where(y.array == 0, 0, np.float32(6)))

    def test_replays_with_gradient(self):
        generator, eager = SeedGenerator(5), SeedGenerator(5)

        def step(x):
            y = dropout(x, 0.5, seed=generator)
            return y, gradients(ops.sum(y), [x])[0]

        replayed = Step(step, "dropout")
        for number in range(4):
            x = X + number
            y, grad = replayed(x)
            expected = dropout(x, 0.5, seed=eager)
            np.testing.assert_array_equal(y, expected)
            np.testing.assert_array_equal(grad, np.where(expected == 0, 0, np.float32(2)))


class TestShuffle:
    @pytest.mark.parametrize("axis", [0, 1, -1])
    def test_values_stay_in_their_line(self, axis):
        y = shuffle(X, axis, seed=1)
        np.testing.assert_array_equal(np.sort(y, axis), np.sort(X, axis))
        assert (y != X).any()

    def test_all_orders_are_equally_likely(self):
        n = 6000
        lines = shuffle(np.tile(np.arange(3), (n, 1)), 1, seed=1)
        for order in ([0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]):
            share = (lines == order).all(1).mean()
            assert abs(share - 1 / 6) < 5 * math.sqrt(1 / 6 * 5 / 6 / n)

    def test_input_is_not_changed(self):
        x = np.arange(10)
        shuffle(x, seed=1)
        assert x.tolist() == list(range(10))

    @pytest.mark.parametrize("axis", [2, -3])
    def test_bad_axis(self, axis):
        with pytest.raises(ArgumentError, match=f"Axis {axis}"):
            shuffle(X, axis)

    def test_symbolic(self):
        assert shuffle(KerasTensor((None, 3))).shape == (None, 3)

    @pytest.mark.parametrize("axis", [0, 1])
    def test_gradients(self, axis):
        weights = np.arange(12, dtype="float32").reshape(4, 3)
        with Trace() as trace:
            x, g = Tensor(X, trace), Tensor(weights, trace)
            y = shuffle(x, axis, seed=3)
            (grad,) = gradients(ops.sum(y * g), [x])
            (back,) = gradients(ops.sum(grad * y), [g])
        # Each input takes the weight of the place it went to, and the gradient's gradient goes there again.
        pairs = sorted(zip(X.ravel().tolist(), grad.array.ravel().tolist(), strict=True))
        assert pairs == sorted(zip(y.array.ravel().tolist(), weights.ravel().tolist(), strict=True))
        np.testing.assert_array_equal(back.array, shuffle(y.array, axis, seed=3))
