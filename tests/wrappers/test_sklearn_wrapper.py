"""Models as estimators of scikit-learn: its own checks, pipelines, searches, clones, pickles."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from minikeras import Input, Model, Sequential, config, layers, utils
from minikeras.errors import ArgumentError, ShapeError, StateError, WrapperError
from minikeras.wrappers import SKLearnClassifier, SKLearnRegressor, SKLearnTransformer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
WORDS = np.array(["cat", "dog", "owl"])[np.argmax(X @ RNG.normal(size=(3, 3)), axis=1)]
SILENT = {"verbose": 0}
# Each has the reason that Keras's own list of these checks gives; Keras fails the same ones.
FAILED = {
    "check_classifier_data_not_an_array": "two fits from random weights are compared",
    "check_classifiers_classes": "so short a training may leave classes out",
    "check_classifiers_train": "of two classes there are two decisions; probabilities are no distances",
    "check_fit_idempotent": "two fits from random weights are compared",
    "check_supervised_y_2d": "two fits from random weights are compared",
}


def classifier(X, y, units=8, activation="softmax"):  # noqa: N803
    output = layers.Dense(y.shape[1], activation=activation)
    model = Sequential([Input((X.shape[1],)), layers.Dense(units, activation="tanh"), output])
    model.compile("adam", "categorical_crossentropy")
    model.optimizer.learning_rate = 0.05
    return model


def regressor(X, y):  # noqa: N803
    model = Sequential([Input((X.shape[1],)), layers.Dense(y.shape[1] if y.ndim > 1 else 1)])
    model.compile("sgd", "mse")
    return model


def any_model(X, y, loss, sizes=(10,)):  # noqa: N803
    inputs = hidden = Input((X.shape[1],))
    for size in sizes:
        hidden = layers.Dense(size, activation="relu")(hidden)
    outputs = [layers.Dense(y.shape[1] if y.ndim > 1 else 1, activation="softmax")(hidden)]
    model = Model(inputs, outputs)
    model.compile("rmsprop", loss)
    return model


@pytest.fixture
def _quiet():
    config.disable_interactive_logging()
    yield
    config.enable_interactive_logging()


@pytest.mark.filterwarnings("ignore")  # scikit-learn warns of checks that fail or do not apply
@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize(
    "estimator",
    [
        SKLearnClassifier(
            any_model,
            model_kwargs={"loss": "categorical_crossentropy", "sizes": [20, 20, 20]},
            fit_kwargs={"epochs": 5},
        ),
        SKLearnRegressor(any_model, model_kwargs={"loss": "mse"}),
        SKLearnTransformer(any_model, model_kwargs={"loss": "mse"}),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_checks_of_scikit_learn(estimator):
    utils.set_random_seed(0)
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    expected = FAILED if isinstance(estimator, SKLearnClassifier) else {}
    failed = {each["check_name"]: each["exception"] for each in results if each["status"] == "failed"}
    assert {name: error for name, error in failed.items() if name not in expected} == {}
    assert sum(each["status"] == "passed" for each in results) >= 35


def test_words_as_classes():
    estimator = SKLearnClassifier(classifier, fit_kwargs={"epochs": 40, **SILENT})
    assert estimator.epoch_ == 0 and is_classifier(estimator) and not is_regressor(estimator)
    assert estimator.fit(X, WORDS) is estimator
    assert estimator.classes_.tolist() == ["cat", "dog", "owl"] and estimator.n_features_in_ == 3
    assert estimator.score(X, WORDS) > 0.9 and estimator.epoch_ == 40 == len(estimator.history_.history["loss"])
    scores = estimator.decision_function(X)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)
    assert estimator.predict(X).tolist() == estimator.classes_[scores.argmax(axis=1)].tolist()
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        estimator.fit(X, WORDS[:, None])
    assert estimator.predict(X).shape == (60,)


@pytest.mark.usefixtures("_quiet")
def test_targets_of_several_columns():
    estimator = SKLearnRegressor(regressor, fit_kwargs=SILENT)
    assert estimator.fit(X, X).predict(X).shape == (60, 3)
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        assert estimator.fit(X, X[:, :1]).predict(X).shape == (60,)
    assert estimator.fit(X, X[:, 0]).predict(X).shape == (60,)


def test_targets_that_are_refused():
    estimator = SKLearnClassifier(classifier, fit_kwargs=SILENT)
    with pytest.raises(ArgumentError, match="Only binary and multiclass targets.*type continuous"):
        estimator.fit(X, X[:, 0])
    with pytest.raises(ArgumentError, match="at least two classes"):
        estimator.fit(X, np.ones(60, int))
    with pytest.raises(ArgumentError, match="Unknown label type for y"):
        SKLearnRegressor(regressor, fit_kwargs=SILENT).fit(X, np.array([{}] * 60))
    with pytest.raises(NotFittedError):
        estimator.predict(X)
    narrow = SKLearnClassifier(lambda X, y: regressor(X, y[:, :1]), fit_kwargs=SILENT)  # noqa: N803
    with pytest.raises(ValueError):
        narrow.fit(X, WORDS)
    wide = SKLearnClassifier(classifier, fit_kwargs=SILENT).fit(X, WORDS)
    wide.classes_ = wide.classes_[:2]
    with pytest.raises(ShapeError, match=r"for each of the 2 classes. Received: outputs of shape \(60, 3\)"):
        wide.predict(X)


def test_a_model_that_is_not_compiled():
    with pytest.raises(WrapperError, match="SKLearnRegressor needs a compiled model") as caught:
        SKLearnRegressor(Sequential([Input((3,)), layers.Dense(1)])).fit(X, X[:, 0])
    assert isinstance(caught.value, RuntimeError)
    with pytest.raises(WrapperError, match="Received: 3"):
        SKLearnRegressor(lambda X, y: 3).fit(X, X[:, 0])  # noqa: N803


@pytest.mark.parametrize("wrapper", [SKLearnClassifier, SKLearnRegressor, SKLearnTransformer])
@pytest.mark.parametrize("model", [3, None, "model.keras"])
def test_what_is_no_model(wrapper, model):
    targets = WORDS if wrapper is SKLearnClassifier else X[:, 0]
    with pytest.raises(
        TypeError, match=rf"{wrapper.__name__}: `model` must be a compiled model, or a function .*model="
    ):
        wrapper(model).fit(X, targets)


def test_the_model_is_cloned():
    model = regressor(X, X)
    before = model.get_weights()
    estimator = SKLearnTransformer(model, fit_kwargs=SILENT)
    first = estimator.fit(X, X).model_
    assert first is not model and estimator.fit(X, X).model_ is not first and estimator.model is model
    for ours, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, old)
    assert estimator.transform(X).shape == (60, 3)
    np.testing.assert_array_equal(estimator.transform(X[:2]), estimator.model_.predict(X[:2], verbose=0))


def test_warm_start_goes_on_with_the_same_model():
    model = regressor(X, X[:, :1])
    estimator = SKLearnRegressor(model, warm_start=True, fit_kwargs=SILENT)
    for _ in range(2):
        assert estimator.fit(X, X[:, 0]).model_ is model
    assert int(model.optimizer.iterations) == 4
    made = SKLearnRegressor(regressor, warm_start=True, fit_kwargs=SILENT)
    first = made.fit(X, X[:, 0]).model_
    assert made.fit(X, X[:, 0]).model_ is first and int(first.optimizer.iterations) == 4


def test_arguments_are_not_changed():
    given, of_fit = {"units": 4}, {"epochs": 2, **SILENT}
    estimator = SKLearnClassifier(classifier, model_kwargs=given, fit_kwargs=of_fit)
    estimator.fit(X, WORDS, epochs=3)
    assert estimator.epoch_ == 3 and of_fit == {"epochs": 2, "verbose": 0} and estimator.fit_kwargs is of_fit
    assert estimator.model_.layers[0].units == 4
    copy = clone(estimator)
    assert copy.get_params() == estimator.get_params() and not hasattr(copy, "model_")
    assert copy.model_kwargs is not given
    assert list(copy.get_params()) == ["fit_kwargs", "model", "model_kwargs", "warm_start"]
    assert copy.set_params(model_kwargs={"units": 5}).model_kwargs == {"units": 5}


def test_pipelines_and_searches():
    estimator = SKLearnClassifier(classifier, fit_kwargs={"epochs": 10, **SILENT})
    pipeline = make_pipeline(StandardScaler(), SKLearnTransformer(regressor, fit_kwargs=SILENT), estimator)
    y = np.unique(WORDS, return_inverse=True)[1].astype(float)
    assert set(pipeline.fit(X, y).predict(X)) <= set(y)
    grid = {
        "model_kwargs": [{"units": 2}, {"units": 6}],
        "fit_kwargs": [{"epochs": 1, **SILENT}, {"epochs": 30, **SILENT}],
    }
    search = GridSearchCV(estimator, grid, cv=2).fit(X, WORDS)
    assert search.best_params_["fit_kwargs"]["epochs"] == 30 and search.best_score_ > 0.6
    assert search.best_estimator_.model_.layers[0].units == search.best_params_["model_kwargs"]["units"]
    assert len(cross_val_score(SKLearnRegressor(regressor, fit_kwargs=SILENT), X, X[:, 0], cv=3)) == 3


def test_a_pickled_estimator_predicts_the_same():
    estimator = SKLearnClassifier(classifier, fit_kwargs={"epochs": 2, **SILENT}).fit(X, WORDS)
    copy = pickle.loads(pickle.dumps(estimator))
    np.testing.assert_array_equal(copy.decision_function(X), estimator.decision_function(X))
    assert copy.predict(X).tolist() == estimator.predict(X).tolist()


def test_metadata_routing():
    estimator = SKLearnRegressor(regressor, fit_kwargs=SILENT)
    with pytest.raises(StateError, match="enable_metadata_routing=True"):
        estimator.set_fit_request(sample_weight=True)
    with config_context(enable_metadata_routing=True):
        assert estimator.set_fit_request(sample_weight=True, class_weight="weights") is estimator
        assert estimator.set_fit_request(batch_size=False) is estimator
        requests = {"sample_weight": True, "class_weight": "weights", "batch_size": False}
        assert estimator.get_metadata_routing().fit.requests == requests
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), estimator)
        pipeline.fit(X, X[:, 0], sample_weight=np.zeros(60))
    assert pipeline[-1].history_.history["loss"] == [0.0]


def test_without_scikit_learn():
    script = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import minikeras\n"
        "minikeras.wrappers.scikit_learn.KerasClassifier\n"
        "try:\n"
        "    minikeras.wrappers.SKLearnClassifier\n"
        "except ImportError as error:\n"
        "    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "`pip install minikeras[sklearn]`" in done.stdout and done.stderr == ""
