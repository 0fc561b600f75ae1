import numpy as np
import pytest

from minikeras import losses, metrics, ops
from minikeras.compiler.step import Step, signature
from minikeras.engine import tree
from minikeras.engine.masks import set_mask
from minikeras.engine.replicas import in_step
from minikeras.errors import ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.metrics import Mean, MeanMetricWrapper, Sum
from tests.distribution.groups import Twins, shared
from tests.helpers import run_step_test


class TestSum:
    def test_values(self):
        metric = Sum()
        metric.update_state([1, 3, 5, 7])
        metric.update_state(np.float32([[1, 2], [3, 4]]))
        assert metric.result() == 26
        assert metric.result().dtype == np.float32

    def test_weights(self):
        metric = Sum()
        metric.update_state([1, 3, 5, 7], sample_weight=[1, 1, 0, 0])
        assert metric.result() == 4
        metric.update_state([[1, 2], [3, 4]], sample_weight=[1, 2])  # one weight a row
        assert metric.result() == 4 + 3 + 14

    def test_scalar(self):
        assert Sum()(3.0) == 3


class TestMean:
    def test_over_batches(self):
        metric = Mean()
        assert metric.result() == 0
        metric.update_state([1, 3])
        metric.update_state(8.0)
        assert metric.result() == 4
        assert metric.result().dtype == np.float32

    def test_only_the_first_axis_counts(self):
        metric = Mean()
        metric.update_state(np.float32([[1, 3], [5, 7], [0, 2]]))
        np.testing.assert_array_equal([variable.numpy() for variable in metric.variables], [9, 3])

    @pytest.mark.parametrize(
        ("values", "weights", "expected"),
        [
            ([1, 3, 5, 7], [1, 1, 0, 0], (4, 2)),
            ([[1], [3]], [2, 1], (5, 3)),
            ([1, 3], [[2], [1]], (5, 3)),
            ([[1, 3], [5, 7]], [1, 3], (2 + 18, 4)),
            ([[1, 3], [5, 7]], [[1, 1], [0, 2]], (2 + 7, 2)),
            ([1, 3, 5], 2.0, (6, 2)),
            (2.5, 32, (80, 32)),
            ([1, 3], [1, -1], (-2, 0)),
        ],
    )
    def test_weights(self, values, weights, expected):
        metric = Mean()
        metric.update_state(np.array(values), sample_weight=weights)
        np.testing.assert_allclose([variable.numpy() for variable in metric.variables], expected)
        assert metric.result() == (expected[0] / expected[1] if expected[1] else 0)

    def test_float64_values_do_not_change_the_dtype(self):
        metric = Mean()
        metric.update_state(np.ones(3), sample_weight=np.ones(3))
        assert {variable.dtype for variable in metric.variables} == {"float32"}
        assert Mean(dtype="float64")(np.ones(3)).dtype == np.float64

    @pytest.mark.parametrize("weights", [[1, 2, 3], [[1, 2], [3, 4]]])
    def test_weights_that_do_not_fit(self, weights):
        metric = Mean(name="m")
        with pytest.raises(ShapeError, match=r"Metric 'm'.*\(2,\)"):
            metric.update_state([1, 2], sample_weight=weights)
        assert metric.result() == 0

    def test_weights_for_a_scalar(self):
        with pytest.raises(ShapeError, match=r"shape \(\). Received: sample weights of shape \(2,\)"):
            Mean().update_state(1.0, sample_weight=[1, 2])

    def test_paths(self):
        assert [variable.path for variable in Mean().variables] == ["mean/total", "mean/count"]


def replayed(metric, data):
    step = Step(lambda data: metric.update_state(*data), name="step")
    step(data)
    step(data)
    return step.plan(signature(tree.flatten(data), data)).names


def test_nothing_needless_is_replayed():
    values = np.float32([1, 2, 3])
    assert replayed(Mean(), (values,)) == ["sum", "add x 2"]
    assert replayed(Sum(), (values,)) == ["sum", "add", "assign"]
    assert replayed(Mean(), (values.reshape(3, 1),)) == ["sum", "add x 2"]
    tracked = Mean()
    step = Step(lambda loss: tracked.update_state(loss, sample_weight=32), name="step")
    loss = np.array(2.0, "float32")
    step(loss)
    assert step.plan(signature([loss], loss)).names == ["multiply", "add x 2"]


@pytest.mark.parametrize("metric_class", [Sum, Mean])
@pytest.mark.parametrize("weighted", [False, True])
def test_eager_traced_and_replayed(metric_class, weighted):
    rng = np.random.default_rng(0)
    eager, stepped = metric_class(), metric_class()

    def update(data):
        stepped.update_state(data[0], sample_weight=data[1] if weighted else None)
        return stepped.result()

    step = Step(update, name="step")
    for _ in range(3):
        values, weights = rng.normal(size=(4, 3)).astype("float32"), rng.uniform(size=4).astype("float32")
        eager.update_state(values, sample_weight=weights if weighted else None)
        np.testing.assert_allclose(step((values, weights)), eager.result(), rtol=1e-6)
    np.testing.assert_allclose(stepped.result(), eager.result(), rtol=1e-6)


class TestMeanMetricWrapper:
    def test_function_and_arguments(self):
        metric = MeanMetricWrapper(lambda y_true, y_pred, scale: (y_pred - y_true) * scale, name="d", scale=3)
        metric.update_state(np.float32([0, 0]), np.float32([1, 3]), sample_weight=[3, 1])
        np.testing.assert_allclose(metric.result(), 4.5)

    def test_a_loss_object(self):
        metric = MeanMetricWrapper(losses.MeanSquaredError())
        metric.update_state([[0.0], [0.0]], [[1.0], [3.0]])
        metric.update_state([[0.0]], [[1.0]])
        np.testing.assert_allclose(metric.result(), (5 + 1) / 2)  # a mean of batch means

    def test_ignored_examples(self):
        metric = MeanMetricWrapper(losses.sparse_categorical_crossentropy, ignore_class=0)
        y_true, y_pred = np.array([0, 1]), np.float32([[0.5, 0.5], [0.5, 0.5]])
        metric.update_state(y_true, y_pred)
        np.testing.assert_allclose(metric.result(), np.log(2) / 2, rtol=1e-6)
        metric.reset_state()
        metric.update_state(y_true, y_pred, sample_weight=[1, 1])
        np.testing.assert_allclose(metric.result(), np.log(2), rtol=1e-6)

    def test_config(self):
        metric = MeanMetricWrapper(losses.binary_crossentropy, name="b", from_logits=True)
        config = metric.get_config()
        again = MeanMetricWrapper.from_config(config)
        assert again.get_config() == config
        assert again([[1.0]], [[0.0]]) == pytest.approx(np.log(2))

    def test_config_of_an_unknown_function(self):
        with pytest.raises(UnknownNameError, match="'max'"):
            MeanMetricWrapper.from_config(MeanMetricWrapper(ops.max).get_config())

    def test_not_a_function(self):
        with pytest.raises(ArgumentTypeError, match="expects a function as `fn`.*'mse'"):
            MeanMetricWrapper("mse")


class TestMasks:
    MASK = np.array([[True, False], [True, True]])
    Y, P = np.zeros((2, 2, 1), "float32"), np.float32([[[1], [2]], [[3], [4]]])

    def masked(self, mask=MASK):
        y_pred = self.P.copy()
        set_mask(y_pred, mask)
        return y_pred

    def test_what_is_masked_weighs_nothing(self):
        # squares 1, (4), 9, 16; rows count by their mean weight: (1 + 0) / 2 of 1/2, (9 + 16) / 2 of 1
        metric = metrics.MeanSquaredError()
        np.testing.assert_allclose(metric(self.Y, self.masked()), (1 / 2 + 25 / 2) / (1 / 2 + 1), rtol=1e-6)
        metric.reset_state()
        weights = np.float32([[2, 5], [1, 0]])
        np.testing.assert_allclose(metric(self.Y, self.masked(), weights), (2 / 2 + 9 / 2) / (1 + 1 / 2), rtol=1e-6)
        metric.reset_state()
        assert metric(self.Y, self.masked(np.zeros((2, 2), bool))) == 0

    def test_masks_of_values_matter_with_weights(self):
        for metric, plain, weighted in ((Sum(), 10, 2 * 8), (Mean(), (1.5 + 3.5) / 2, (1 / 2 + 7 / 2) / 1.5)):
            values = self.masked()[..., 0].copy()
            set_mask(values, self.MASK)
            np.testing.assert_allclose(metric(values), plain, rtol=1e-6)
            metric.reset_state()
            np.testing.assert_allclose(metric(values, sample_weight=2.0), weighted, rtol=1e-6)

    def test_masks_are_replayed(self):
        metric = metrics.MeanSquaredError()

        def update(data):
            y_true, y_pred, mask = data
            set_mask(y_pred, mask)
            metric.update_state(y_true, y_pred)
            return metric.result()

        masks = [self.MASK, ~self.MASK, np.ones((2, 2), bool)]
        data = [(self.Y, self.P * number, mask) for number, mask in enumerate(masks, 1)]
        first, *_ = run_step_test(update, *data, variables=metric.variables)
        np.testing.assert_allclose(first, 13 / 1.5, rtol=1e-6)

    def test_a_mask_that_does_not_fit(self):
        with pytest.raises(ShapeError, match="sample weights have shape"):
            metrics.MeanSquaredError().update_state(self.Y, self.masked(np.ones((2, 3), bool)))


def test_means_of_parts_of_a_batch_are_weighted_by_their_rows():
    metric = Mean()

    def step(values):
        metric.update_state(ops.sum(values))  # one number, as a loss is
        metric.update_state(values)
        metric.update_state(ops.sum(values), sample_weight=2)
        return metric.total.value, metric.count.value

    with shared(Twins()) as replicas:
        replicas.set_rows(1, 4)
        found = Step(in_step("train", step), "test")(np.float32([3, 5]))
        assert [float(each) for each in found] == [8 / 4 + 8 + 2 * 8, 1 / 4 + 2 + 2]
