"""Labels that numpy would broadcast with the outputs are refused, not trained on; ranks are fitted as in Keras."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses, metrics, ops
from minikeras.errors import MinikerasError, ShapeError
from minikeras.optimizers import SGD

LOSSES = (
    "mse mae mape msle huber log_cosh poisson hinge squared_hinge categorical_hinge kl_divergence cosine_similarity "
    "dice tversky binary_crossentropy binary_focal_crossentropy"
).split()
METRICS = ["mae", "mse", "mape", "msle", "cosine_similarity", "binary_accuracy", "hinge", "poisson", "Precision", "AUC"]
METRICS += ["RootMeanSquaredError", "LogCoshError", "KLDivergence", "R2Score", "PearsonCorrelation", "accuracy"]
WRONG = [(4, (8, 1)), (1, (8, 4)), (1, (8, 3, 1)), (4, (8, 3)), (4, (8,)), (4, (8, 1, 1))]


def made(units, loss="mse", **options):
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(units, activation="sigmoid")])
    model.compile(SGD(0.1), loss, **options)
    return model


X = np.random.default_rng(0).random((8, 3), dtype="float32")


def refused(model, y):
    before = [weight.tobytes() for weight in model.get_weights()]
    batches = (batch for batch in [(X, y)])
    for call in (
        lambda: model.fit(X, y, verbose=0),
        lambda: model.evaluate(X, y, verbose=0),
        lambda: model.train_on_batch(X, y),
        lambda: model.test_on_batch(X, y),
        lambda: model.fit(batches, verbose=0),
    ):
        with pytest.raises(MinikerasError, match="shape") as caught:
            call()
        assert isinstance(caught.value, ValueError)
    assert [weight.tobytes() for weight in model.get_weights()] == before


@pytest.mark.parametrize("loss", LOSSES)
def test_losses(loss):
    for units, shape in WRONG:
        refused(made(units, loss), np.ones(shape, "float32"))
    for units, shape in ((1, (8,)), (4, (8, 4, 1)), (1, (8, 1))):
        assert np.isfinite(made(units, loss).train_on_batch(X, np.full(shape, 0.5)))


@pytest.mark.parametrize("metric", METRICS)
def test_metrics(metric):
    own = lambda y_true, y_pred: ops.mean(y_pred, axis=-1)  # noqa: E731
    for units, shape in ((4, (8, 1)), (1, (8, 4)), (4, (8, 3))):
        if metric != "accuracy" or shape[1] != 1:  # there it is the accuracy of class indices
            name = metric if metric[0].islower() else getattr(metrics, metric)()
            refused(made(units, own, metrics=[name]), np.ones(shape, "float32"))


def test_a_batch_of_one_is_refused_like_the_others():
    with pytest.raises(ShapeError, match=r"`mean_squared_error`: the labels have shape \(1, 1\) and the predictions"):
        losses.mean_squared_error(np.ones((1, 1)), np.ones((1, 4)))
    refused(made(4), np.ones((8, 1)))


def test_a_single_number_goes_with_all_predictions():
    assert float(losses.MeanSquaredError()(1.0, np.zeros((2, 3)))) == 1.0
    assert losses.mean_absolute_error(0.0, np.full((2, 3), 2.0)).tolist() == [2.0, 2.0]


def test_functions_of_the_users_own_may_broadcast():
    quantiles = np.float32([0.25, 0.5, 0.75])

    def pinball(y_true, y_pred):
        error = y_true - y_pred
        return ops.mean(ops.maximum(quantiles * error, (quantiles - 1) * error), axis=-1)

    assert np.isfinite(made(3, pinball, metrics=[pinball]).train_on_batch(X, np.ones((8, 1)))).all()


def test_pairs_of_all_examples_are_warned_of():
    minikeras.utils.clear_session()  # the first loss of its class has its name

    class Own(losses.Loss):
        def call(self, y_true, y_pred):
            return ops.square(y_true - y_pred)

    def own(y_true, y_pred):
        return ops.square(y_true - y_pred)

    with pytest.warns(UserWarning, match=r"Loss 'own': labels of shape \(8,\) and predictions of shape \(8, 1\) were"):
        made(1, Own()).train_on_batch(X, np.ones(8))
    made(1, Own()).train_on_batch(X, np.ones((8, 1)))
    made(1, own).train_on_batch(X, np.ones(8))  # whose ranks are fitted
    with pytest.warns(UserWarning, match=r"Metric 'own': labels of shape"):
        made(1, "mse", metrics=[own]).train_on_batch(X, np.ones(8))


def test_weights_that_are_more_than_the_losses():
    loss = losses.MeanSquaredError()
    y = np.zeros((4, 3))
    with pytest.raises(ShapeError, match="each loss would be counted with several weights"):
        loss(y, y + 1, sample_weight=np.ones((4, 4)))
    with pytest.raises(ShapeError, match="each loss would be counted with several weights"):
        made(3).train_on_batch(X[:4], y, np.ones((4, 4)))
    assert float(loss(y, y + 1, sample_weight=np.float32([[1], [1], [0], [0]]))) == 0.5
    assert float(loss(y, y + 1, sample_weight=3.0)) == 3.0
