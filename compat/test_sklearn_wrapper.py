"""The wrappers for scikit-learn: with the same weights the same predictions and scores, and the same refusals."""

import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

import minikeras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3)).astype("float32")
WORDS = np.array(["cat", "dog", "owl"])[np.argmax(X, axis=1)]
SILENT = {"verbose": 0, "shuffle": False}


@pytest.fixture(autouse=True)
def _quiet():
    for k in (keras, minikeras):
        k.config.disable_interactive_logging()
    yield
    for k in (keras, minikeras):
        k.config.enable_interactive_logging()


def builder(k, loss, activation=None):
    def build(X, y, units=5):  # noqa: N803
        outputs = k.layers.Dense(y.shape[1], activation, kernel_initializer="ones")
        model = k.Sequential([k.Input((X.shape[1],)), k.layers.Dense(units, kernel_initializer="ones"), outputs])
        rng = np.random.default_rng(1)
        model.set_weights([rng.normal(size=weight.shape) * 0.3 for weight in model.get_weights()])
        model.compile(k.optimizers.SGD(0.05), loss)
        return model

    return build


def classifier(k, **options):
    build = builder(k, "categorical_crossentropy", "softmax")
    return k.wrappers.SKLearnClassifier(build, fit_kwargs={"epochs": 8, **SILENT}, **options)


def regressor(k):
    return k.wrappers.SKLearnRegressor(builder(k, "mse"), fit_kwargs={"epochs": 3, **SILENT})


def transformer(k):
    return k.wrappers.SKLearnTransformer(builder(k, "mse"), fit_kwargs=SILENT)


RUNS = {
    "decisions": lambda k: classifier(k).fit(X, WORDS).decision_function(X),
    "score": lambda k: classifier(k).fit(X, WORDS).score(X, WORDS),
    "other units": lambda k: classifier(k, model_kwargs={"units": 2}).fit(X, WORDS).decision_function(X),
    "numbers": lambda k: classifier(k).fit(X, X[:, 0] > 0).decision_function(X),
    "regression": lambda k: regressor(k).fit(X, X[:, 0]).predict(X),
    "scores": lambda k: cross_val_score(k.wrappers.SKLearnRegressor(builder(k, "mse")), X, X[:, 0], cv=2),
    "features": lambda k: transformer(k).fit(X, X[:, 0]).transform(X),
    "epochs of fit": lambda k: regressor(k).fit(X, X[:, 0], epochs=1).predict(X),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_same_numbers(name):
    theirs, ours = (np.asarray(RUNS[name](k)) for k in (keras, minikeras))
    assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)  # float32 steps


def test_the_same_classes():
    fitted = [classifier(k).fit(X, WORDS) for k in (keras, minikeras)]
    assert fitted[0].predict(X).tolist() == fitted[1].predict(X).tolist()
    assert fitted[0].classes_.tolist() == fitted[1].classes_.tolist()
    assert fitted[0].get_params().keys() == fitted[1].get_params().keys() == clone(fitted[1]).get_params().keys()
    assert fitted[0].history_.history.keys() == fitted[1].history_.history.keys()


REFUSED = [
    lambda k: classifier(k).predict(X),
    lambda k: classifier(k).fit(X, X[:, 0]),
    lambda k: classifier(k).fit(X, np.ones(40)),
    lambda k: k.wrappers.SKLearnRegressor(k.Sequential([k.Input((3,)), k.layers.Dense(1)])).fit(X, X[:, 0]),
    lambda k: regressor(k).fit(X, X[:3, 0]),
    lambda k: regressor(k).fit(X, X[:, 0]).predict(X[:, :2]),
    lambda k: regressor(k).set_fit_request(sample_weight=True),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_keras_refuses(number):
    with pytest.raises(Exception) as theirs:
        REFUSED[number](keras)
    with pytest.raises(Exception) as ours:
        REFUSED[number](minikeras)
    assert isinstance(ours.value, type(theirs.value))
