import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.dtype_policies import DTypePolicy
from minikeras.engine.masks import set_mask
from minikeras.engine.naming import reset_names
from minikeras.errors import NotSupportedError, ShapeError, UnknownNameError
from minikeras.losses import Loss, MeanSquaredError, SparseCategoricalCrossentropy


class Distance(Loss):
    def call(self, y_true, y_pred):
        assert str(y_true.dtype) == str(y_pred.dtype) == self.dtype
        return ops.sum(ops.absolute(y_true - y_pred), axis=-1)


Y_TRUE, Y_PRED = np.zeros((2, 2), "int64"), np.float32([[1, 2], [0, 5]])  # distances 3 and 5


@pytest.mark.parametrize(
    ("reduction", "weight", "expected"),
    [
        ("sum_over_batch_size", None, 4),
        ("mean", None, 4),
        ("sum", None, 8),
        ("mean_with_sample_weight", None, 4),
        ("none", None, [3, 5]),
        (None, None, [3, 5]),
        ("sum_over_batch_size", [1, 3], 9),
        ("mean", [[1], [3]], 9),
        ("sum", [1, 3], 18),
        ("mean_with_sample_weight", [1, 3], 4.5),
        ("mean_with_sample_weight", [0, 0], 0),
        (None, [1, 3], [3, 15]),
        ("sum", 0.5, 4),
    ],
)
def test_reductions(reduction, weight, expected):
    loss = Distance(reduction=reduction)
    result = loss(Y_TRUE, Y_PRED, sample_weight=weight)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected)


def test_lists_are_arrays():
    np.testing.assert_allclose(Distance()([[0, 0], [0, 0]], ((1, 2), (0, 5))), 4)


def test_nested_structures_reach_call():
    class Pair(Loss):
        def call(self, y_true, y_pred):
            return ops.absolute(y_true["a"] - y_pred["a"]) + ops.absolute(y_true["b"][0] - y_pred["b"][0])

    y_true = {"a": np.float32([1, 2]), "b": [np.float32([0, 0])]}
    y_pred = {"a": np.float32([2, 2]), "b": [np.float32([5, 1])]}
    np.testing.assert_allclose(Pair(reduction=None)(y_true, y_pred), [6, 1])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_dtype(dtype):
    loss = Distance(dtype=dtype)
    assert loss.dtype == dtype
    assert loss(Y_TRUE, Y_PRED, sample_weight=np.ones(2, "float64")).dtype == dtype


def test_dtype_policy():
    class Policy:
        compute_dtype = "float16"

    assert Distance(dtype=Policy()).dtype == "float16"
    assert (
        Distance(dtype=DTypePolicy("float64")).dtype
        == Distance(dtype={"class_name": "DTypePolicy", "config": {"name": "float64"}}).dtype
        == "float64"
    )
    assert Distance(dtype=np.float64).dtype == Distance(dtype=np.dtype("float64")).dtype == "float64"
    assert Distance(dtype=None).dtype == "float32"
    with pytest.raises(UnknownNameError, match="flaot32"):
        Distance(dtype="flaot32")


def test_names():
    reset_names()
    assert [Distance().name, Distance().name, Distance(name="d").name] == ["distance", "distance_1", "d"]


def test_config():
    loss = Distance.from_config(Distance(name="d", reduction="sum").get_config())
    assert loss.get_config() == {"name": "d", "reduction": "sum"}


def test_unknown_reduction():
    with pytest.raises(UnknownNameError, match="'sum_over_batch'.*Did you mean 'sum_over_batch_size'"):
        MeanSquaredError(reduction="sum_over_batch")


def test_call_is_needed():
    with pytest.raises(NotSupportedError, match="Loss 'loss' of class Loss needs a method `call`"):
        Loss(name="loss")(Y_TRUE, Y_PRED)


def test_weights_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"Loss 'distance'.*sample weights have shape \(3,\).*losses shape \(2,\)"):
        Distance(name="distance")(Y_TRUE, Y_PRED, sample_weight=[1, 2, 3])


@pytest.mark.parametrize(
    ("reduction", "weight", "expected"),
    [
        ("sum_over_batch_size", None, 5),
        ("mean", None, 5),
        ("sum", None, 5),
        ("mean_with_sample_weight", None, 5),
        (None, None, [0, 5]),
        ("mean", [1, 3], 15),
        ("sum", [1, 3], 15),
        ("mean_with_sample_weight", [1, 3], 5),
        ("none", [1, 3], [0, 15]),
    ],
)
@pytest.mark.parametrize("of", ["predictions", "losses", "both"])
def test_masks(reduction, weight, expected, of):
    class Masked(Distance):
        def call(self, y_true, y_pred):
            values = super().call(y_true, y_pred)
            if of != "predictions":
                set_mask(values, np.array([False, True]))
            return values

    y_pred = Y_PRED.copy()
    if of != "losses":
        set_mask(y_pred, np.array([of == "both", True]))
    result = Masked(reduction=reduction)(Y_TRUE, y_pred, sample_weight=weight)
    np.testing.assert_allclose(result, expected)
    assert result.dtype == np.float32


def test_masks_of_sequences():
    y_pred = np.float32([[[1], [2], [3]], [[4], [5], [9]]])
    set_mask(y_pred, np.array([[True, True, False], [True, False, False]]))
    loss = MeanSquaredError()
    np.testing.assert_allclose(loss(np.zeros((2, 3, 1)), y_pred), (1 + 4 + 16) / 3, rtol=1e-6)
    weights = [[1, 2, 9], [3, 9, 9]]
    np.testing.assert_allclose(loss(np.zeros((2, 3, 1)), y_pred, weights), (1 + 8 + 48) / 3, rtol=1e-6)


def test_masks_in_a_replayed_step():
    def step(data):
        y_pred, mask = data
        set_mask(y_pred, mask)
        return MeanSquaredError()(np.zeros((3, 1), "float32"), y_pred)

    replayed = Step(step, "masked")
    y_pred = np.float32([[1], [2], [3]])
    for mask, expected in (([1, 1, 0], 2.5), ([0, 1, 1], 6.5), ([0, 0, 0], 0)):
        np.testing.assert_allclose(replayed((y_pred, np.array(mask, "bool"))), expected)
    assert len(replayed.plans()) == 1


def test_masks_that_do_not_fit():
    loss = SparseCategoricalCrossentropy(ignore_class=0, name="s")
    y_pred = np.full((3, 2), 0.5, "float32")
    set_mask(y_pred, np.array([True, False]))
    with pytest.raises(ShapeError, match=r"Loss 's': the mask of the predictions have shape \(2,\)"):
        loss(np.array([0, 1, 1]), y_pred)
