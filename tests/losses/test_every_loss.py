"""What holds for every loss: gradients, types, replay, weights, masks, configs, and points where formulas break."""

import json

import numpy as np
import pytest

from minikeras import losses, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.masks import set_mask
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.losses.functions import FUNCTIONS as ALL
from minikeras.losses.functions import takes_integer_labels
from minikeras.losses.reduction import REDUCTIONS
from minikeras.losses.wrapper import LossFunctionWrapper
from tests.helpers import check_grads, run_step_test
from tests.losses.cases import CASES, CLASS_OF, FUNCTIONS, IDS, KINDS, data

every = pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
every_function = pytest.mark.parametrize("name", FUNCTIONS)


def function(name, options):
    return lambda y_true, y_pred: getattr(losses, name)(y_true, y_pred, **{**KINDS[name].needed, **options})


def make(which, **options):
    return getattr(losses, CLASS_OF[which])(**options)


def test_every_loss_is_here():
    assert [each.__name__ for each in ALL] == FUNCTIONS
    assert {*FUNCTIONS, *CLASS_OF.values(), "Loss", "get", "serialize", "deserialize"} == set(losses.__all__)


@every
def test_gradients(name, options):
    y_true, y_pred = data(name, options, (3, 4), "float64")
    order = 1 if name == "ctc" else 2  # see ops.ctc_loss
    check_grads(lambda y_pred: function(name, options)(y_true, y_pred), y_pred, order=order)


@every
def test_symbolic_calls_give_the_shape_of_the_loss(name, options):
    y_true, y_pred = data(name, options, (3, 4), "float32")
    symbols = [KerasTensor(value.shape, value.dtype.name) for value in map(np.asarray, (y_true, y_pred))]
    for reduction, shape in (("sum", ()), ("none", np.shape(function(name, options)(y_true, y_pred)))):
        loss = LossFunctionWrapper(function(name, options), reduction=reduction)
        assert loss(*symbols).shape == shape


@pytest.mark.parametrize(
    "name", [name for name in FUNCTIONS if KINDS[name].labels in ("scores", "unit", "probabilities")]
)
def test_gradients_of_labels(name):
    y_true, y_pred = data(name, {}, (3, 4), "float64")
    check_grads(function(name, {}), y_true, y_pred)


def traced(call, y_pred):
    """The value of a loss and the gradient of the predictions."""
    with Trace() as trace:
        source = Tensor(y_pred, trace)
        value = call(source)
        (grad,) = gradients(value, [source])
    return np.asarray(getattr(value, "array", value)), np.asarray(getattr(grad, "array", grad))


@every
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_types(name, options, dtype):
    """Of functions, the predictions decide; a class has its own type."""
    y_true, y_pred = data(name, options, dtype=dtype)
    value, grad = traced(lambda y_pred: function(name, options)(y_true, y_pred), y_pred)
    in_float32 = dtype == "float16" and name in ("ctc", "mean_squared_logarithmic_error")  # as in Keras
    assert value.dtype == function(name, options)(y_true, y_pred).dtype == ("float32" if in_float32 else dtype)
    assert grad.dtype == dtype
    for own in ("float16", "float32", "float64"):
        loss = make(name, dtype=own, **options)
        value, grad = traced(lambda y_pred, loss=loss: loss(y_true, y_pred, np.ones(1)), y_pred)
        assert (loss.dtype, value.dtype, grad.dtype) == (own, own, dtype)


@every_function
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_numbers_of_numpy_do_not_change_the_type(name, dtype):
    """A `np.float64` as argument would make numpy compute in float64."""
    for options in KINDS[name].options:
        options = {key: dtype(value) if type(value) is float else value for key, value in options.items()}
        y_true, y_pred = data(name, options)
        assert function(name, options)(y_true, y_pred).dtype == make(name, **options)(y_true, y_pred).dtype == "float32"


@every
def test_integers_as_predictions(name, options):
    if name in ("circle", "mean_squared_error", "mean_absolute_error"):
        return  # the vectors of one have length 1; the others compute with integers, as in Keras
    y_true, y_pred = data(name, options)
    y_pred = np.rint(y_pred * 3).astype("int32") + (not options.get("from_logits"))
    expected = function(name, options)(y_true, y_pred.astype("float32"))
    result = function(name, options)(y_true, y_pred)
    assert result.dtype == "float32"
    np.testing.assert_array_equal(result, expected)


@every
@pytest.mark.parametrize("weighted", [False, True])
def test_eager_traced_and_replayed(name, options, weighted):
    loss = make(name, **options)

    def step(batch):
        value = loss(batch[0], batch[1], batch[2] if weighted else None)
        return value, gradients(value, [batch[1]])[0]

    batches = [(*data(name, options, seed=seed), np.float32(0.5 + seed)) for seed in range(3)]
    for (value, _), batch in zip(run_step_test(step, *batches), batches, strict=True):
        np.testing.assert_array_equal(value, loss(batch[0], batch[1], batch[2] if weighted else None))


@every_function
def test_lists(name):
    y_true, y_pred = data(name, {})
    expected = function(name, {})(y_true, y_pred)
    np.testing.assert_allclose(function(name, {})(y_true.tolist(), y_pred.tolist()), expected, rtol=1e-6)
    np.testing.assert_allclose(make(name)(y_true.tolist(), y_pred.tolist()), make(name)(y_true, y_pred), rtol=1e-6)


@every
def test_configs(name, options):
    loss = make(name, name="own", reduction="sum", **options)
    config = json.loads(json.dumps(loss.get_config()))
    again = type(loss).from_config(config)
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()
    assert (again.name, again.reduction) == ("own", "sum")
    for restored in (again, losses.deserialize(losses.serialize(loss)), losses.get(losses.serialize(loss))):
        np.testing.assert_array_equal(restored(*data(name, options)), loss(*data(name, options)))


@every_function
def test_arguments_are_attributes(name):
    """Those that Keras has as attributes, and all that a config needs."""
    loss = make(name)
    for key, value in loss.get_config().items():
        assert getattr(loss, key) == value


WITH_EXAMPLES = [name for name in FUNCTIONS if name not in ("dice", "tversky")]  # the others are of all at once


@pytest.mark.parametrize("name", WITH_EXAMPLES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_weights(name, reduction):
    y_true, y_pred = data(name, {})
    values = function(name, {})(y_true, y_pred)
    weights = np.random.default_rng(1).uniform(0.5, 2, values.shape).astype("float32")
    divisor = {"sum_over_batch_size": 5, "mean": 5, "mean_with_sample_weight": weights.sum()}.get(reduction, 1)
    if name == "circle" and reduction in ("sum_over_batch_size", "mean"):
        divisor = (values > 0).sum()  # those with nothing to compare do not count
    expected = values * weights if reduction in (None, "none") else (values * weights).sum() / divisor
    if name == "circle" and reduction == "mean_with_sample_weight":
        expected = (values * weights).sum() / weights[values > 0].sum()
    result = make(name, reduction=reduction)(y_true, y_pred, sample_weight=weights)
    np.testing.assert_allclose(result, expected, rtol=1e-5)


MASK = np.array([True, False, True, True, False])


@pytest.mark.parametrize("name", WITH_EXAMPLES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
def test_masks_of_predictions(name, reduction, weighted):
    """What is masked does not count, and no gradient flows there."""
    y_true, y_pred = data(name, {})
    values = function(name, {})(y_true, y_pred)
    weights = np.float32([1, 2, 3, 4, 5]) if weighted else np.ones(5, "float32")
    counted = weights * MASK * (values > 0 if name == "circle" else 1)
    expected = values * counted
    if reduction in ("sum_over_batch_size", "mean"):
        expected = expected.sum() / np.count_nonzero(counted)
    elif reduction == "mean_with_sample_weight":
        expected = expected.sum() / counted.sum()
    elif reduction == "sum":
        expected = expected.sum()

    def call(y_pred):
        set_mask(y_pred, MASK)
        return make(name, reduction=reduction)(y_true, y_pred, weights if weighted else None)

    value, grad = traced(call, y_pred)
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    np.testing.assert_allclose(call(y_pred.copy()), expected, rtol=1e-5)
    if name != "circle":  # in which every example is compared with the others
        assert not grad[~MASK].any() and grad[MASK].any()


@every_function
def test_all_masked(name):
    y_true, y_pred = data(name, {})

    def call(y_pred, reduction):
        set_mask(y_pred, np.zeros(5, "bool"))
        return make(name, reduction=reduction)(y_true, y_pred)

    for reduction in REDUCTIONS:
        value, grad = traced(lambda y_pred, reduction=reduction: call(y_pred, reduction), y_pred)
        assert not value.any() and not grad.any()


@every
def test_no_examples(name, options):
    if options.get("axis", -1) != -1 or "ignore_class" in options:
        return  # over the examples there is no mean; ignore_class: below
    y_true, y_pred = data(name, options, (0, 4))
    for reduction in REDUCTIONS:
        value, grad = traced(lambda y_pred, r=reduction: make(name, reduction=r, **options)(y_true, y_pred), y_pred)
        assert grad.shape == y_pred.shape
        if name not in ("dice", "tversky"):
            assert value.shape == (0,)  # as in Keras, whatever the reduction


@pytest.mark.parametrize("ignore_class", [2, -1])
def test_no_examples_that_count(ignore_class):
    y_pred = data("sparse_categorical_crossentropy", {})[1]
    loss = losses.SparseCategoricalCrossentropy(ignore_class=ignore_class)
    for rows in (5, 0):
        value, grad = traced(lambda y_pred, n=rows: loss(np.full(n, ignore_class), y_pred), y_pred[:rows])
        assert not value.any() and not grad.any() and grad.shape == (rows, 4)


BIG = np.float32([[1e4, 0, -1e4, 1], [-1e4, 1e4, 0, 0], [0, 0, 0, 0], [1e4, 1e4, 1e4, 1e4], [-1, 1, -1, 1]])
SURE = np.float32([[1, 0, 0, 0], [0, 1, 0, 0], [0.25] * 4, [0, 0, 0.5, 0.5], [0, 0, 0, 1]])


def awkward(name, options):
    """Labels and predictions at zeros, ties, ends and far out."""
    kind = KINDS[name]
    y_true = data(name, options, (5, 4))[0]
    predictions = "scores" if options.get("from_logits") else kind.predictions
    y_pred = {"scores": BIG, "unit": SURE, "probabilities": SURE}.get(predictions)
    if predictions == "vectors":
        y_pred = np.float32([[1, 0, 0, 0], [1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    if predictions == "speech":
        y_pred = np.stack([BIG[:, [i, 0, 1, 2, 3, i]].T[:, [0, 1, 2, 3]] for i in (0, 1, 2, 3, 0)])
    if kind.labels == "scores":
        y_true = np.float32([[1e4, 0, 1e4, 1], [0, 0, 0, 0], [0, 1e-9, -1e4, 1], [1e4] * 4, [1, -1, -1, 1]])
    return y_true, y_pred


@every
def test_awkward_points(name, options):
    y_true, y_pred = awkward(name, options)
    if options.get("gamma") == 0.5:
        y_pred = np.clip(y_pred, 1e-6, 1 - 1e-6)  # its power of 0 has an infinite slope
    values, grad = traced(lambda y_pred: function(name, options)(y_true, y_pred), y_pred)
    assert not np.isnan(values).any() and not np.isnan(grad).any()
    infinite = name == "categorical_generalized_cross_entropy"  # the slope of a root at 0
    assert np.isfinite(values).all() and (infinite or np.isfinite(grad).all())
    value, grad = traced(lambda y_pred: make(name, **options)(y_true, y_pred), y_pred)
    assert np.isfinite(value) and not np.isnan(grad).any()


@every_function
def test_class_numbers_stay_whole(name):
    """Numbers that float32 does not hold are still told apart."""
    if not takes_integer_labels(getattr(losses, name)) or name != "circle":
        return
    vectors = data(name, {})[1]
    labels = np.array([2**24, 2**24 + 1, 2**24, 5, 5])
    np.testing.assert_array_equal(make(name)(labels, vectors), make(name)(np.array([0, 1, 0, 2, 2]), vectors))


@every_function
def test_wrong_shapes(name):
    y_true, y_pred = data(name, {})
    wrong = y_true[:3] if KINDS[name].labels in ("numbers", "numbers_of_rows", "texts") else y_true[:, :3]
    with pytest.raises(ValueError, match=rf"`{name}`|`{name}_loss`") as caught:
        function(name, {})(wrong, y_pred)
    assert str(wrong.shape) in str(caught.value)


def test_losses_of_one_number_are_weighted_as_a_whole():
    for cls in (losses.Dice, losses.Tversky):
        y_true, y_pred = data("dice", {})
        np.testing.assert_allclose(cls()(y_true, y_pred, sample_weight=2.0), 2 * cls()(y_true, y_pred), rtol=1e-6)


def test_a_sum_of_losses_has_the_sum_of_gradients():
    y_true, y_pred = data("huber", {})
    parts = [losses.Huber(), losses.LogCosh()]
    total = traced(lambda y_pred: ops.add(*(loss(y_true, y_pred) for loss in parts)), y_pred)[1]
    np.testing.assert_allclose(
        total, sum(traced(lambda y_pred, loss=loss: loss(y_true, y_pred), y_pred)[1] for loss in parts), rtol=1e-6
    )
