import pytest

from minikeras import losses, metrics
from minikeras.errors import ArgumentTypeError, LegacyWarning, UnknownNameError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", metrics.MeanSquaredError),
        ("MSE", metrics.MeanSquaredError),
        ("mae", metrics.MeanAbsoluteError),
        ("MAE", metrics.MeanAbsoluteError),
        ("bce", metrics.BinaryCrossentropy),
        ("BCE", metrics.BinaryCrossentropy),
        ("accuracy", metrics.Accuracy),
        ("binary_accuracy", metrics.BinaryAccuracy),
        ("categorical_crossentropy", metrics.CategoricalCrossentropy),
        ("SparseCategoricalAccuracy", metrics.SparseCategoricalAccuracy),
        ("mean", metrics.Mean),
        ("sum", metrics.Sum),
    ],
)
def test_names(name, expected):
    assert type(metrics.get(name)) is expected
    assert type(metrics.deserialize(name)) is expected


def test_functions_and_objects_are_returned():
    metric = metrics.Mean()
    assert metrics.get(metric) is metric
    assert metrics.get(metrics.binary_accuracy) is metrics.binary_accuracy
    assert metrics.get(None) is None
    assert type(metrics.get(metrics.Mean)) is metrics.Mean


@pytest.mark.parametrize(
    "metric",
    [
        metrics.Mean(name="m", dtype="float64"),
        metrics.BinaryAccuracy(threshold=0.2),
        metrics.SparseCategoricalCrossentropy(ignore_class=3),
        metrics.MeanMetricWrapper(losses.mean_squared_error, name="w"),
        metrics.MeanMetricWrapper(metrics.binary_accuracy, name="w", threshold=0.1),
    ],
    ids=repr,
)
def test_round_trip(metric):
    again = metrics.deserialize(metrics.serialize(metric))
    assert type(again) is type(metric)
    assert again.get_config() == metric.get_config()
    assert metrics.get(metrics.serialize(metric)).name == metric.name


def test_functions_round_trip():
    for function in (metrics.binary_accuracy, metrics.mean_squared_error):
        assert metrics.deserialize(metrics.serialize(function)) is function


def test_custom_objects():
    def mine(y_true, y_pred):
        return y_pred * 2

    class Mine(metrics.Mean):
        pass

    wrapped = metrics.serialize(metrics.MeanMetricWrapper(mine, name="w"))
    assert metrics.deserialize(wrapped, custom_objects={"mine": mine})([0.0], 3.0) == 6
    assert type(metrics.deserialize(metrics.serialize(Mine()), custom_objects={"Mine": Mine})) is Mine
    with pytest.raises(UnknownNameError, match="'mine'"):
        metrics.deserialize(wrapped)


def test_unknown_name():
    with pytest.raises(UnknownNameError, match="Unknown metric: 'categorical_acuracy'.*'categorical_accuracy'"):
        metrics.get("categorical_acuracy")


def test_wrong_type():
    with pytest.raises(ArgumentTypeError, match="Received: 3 of type int"):
        metrics.get(3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("acc", metrics.Accuracy),
        ("ACC", metrics.Accuracy),
        ("kld", metrics.KLDivergence),
        ("KLD", metrics.KLDivergence),
        ("kullback_leibler_divergence", metrics.KLDivergence),
        ("cosine", metrics.CosineSimilarity),
        ("cosine_proximity", metrics.CosineSimilarity),
        ("logcosh", metrics.LogCoshError),
        ("log_cosh", metrics.LogCoshError),
    ],
)
def test_names_of_keras_2(name, expected):
    with pytest.warns(LegacyWarning, match=f"metric '{name}' is the spelling of an older Keras; write '"):
        assert type(metrics.get(name)) is expected
