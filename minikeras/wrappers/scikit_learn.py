"""`KerasClassifier` and `KerasRegressor` of Keras 2: models with the API of scikit-learn estimators.

They work with and without scikit-learn. For new code, use the package `scikeras`.
"""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import ArgumentError, StateError
from ..models import Model
from ..tracebacks import Filtered
from ..utils import to_categorical

__all__ = ["BaseWrapper", "KerasClassifier", "KerasRegressor"]

_METHODS = ("fit", "predict", "evaluate")


class BaseWrapper(Filtered):
    """The base class of the wrappers.

    Args:
        build_fn: A function that returns a compiled model; None if the subclass has a method `__call__` that does.
        **sk_params: Arguments of that function, and of `fit`, `predict` and `evaluate`.

    Raises:
        ArgumentError: If none of these functions has an argument of that name.
    """

    _estimator_type = ""

    def __init__(self, build_fn: Callable | None = None, **sk_params: Any):
        self.build_fn, self.sk_params = build_fn, sk_params
        self._check_names(sk_params)

    def _builder(self) -> Callable:
        return type(self).__call__.__get__(self) if self.build_fn is None else self.build_fn

    def _check_names(self, params: dict) -> None:
        if self.build_fn is None and not callable(self):
            raise ArgumentError(f"{type(self).__name__} needs `build_fn`, a function that returns a compiled model.")
        functions = [self._builder(), *(getattr(Model, name) for name in _METHODS)]
        known = {name for function in functions for name in inspect.signature(function).parameters} - {"self"}
        takes_all = any(
            parameter.kind is parameter.VAR_KEYWORD
            for parameter in inspect.signature(self._builder()).parameters.values()
        )
        unknown = [name for name in params if name not in known]
        if unknown and not takes_all:
            raise ArgumentError(
                f"{type(self).__name__}: neither the function that builds the model nor `fit`, `predict` and "
                f"`evaluate` have the arguments {unknown}."
            )

    def get_params(self, deep: bool = True) -> dict:
        """Returns the arguments by name."""
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params: Any) -> "BaseWrapper":
        """Sets arguments, and returns the wrapper."""
        self._check_names({name: value for name, value in params.items() if name != "build_fn"})
        self.build_fn = params.pop("build_fn", self.build_fn)
        self.sk_params.update(params)
        return self

    def _fitting(self, function: Callable, **given: Any) -> dict:
        """Returns the arguments that a function accepts, updated with those passed."""
        names = inspect.signature(function).parameters
        return {**{name: value for name, value in self.sk_params.items() if name in names}, **given}

    def fit(self, x: Any, y: Any, **kwargs: Any) -> Any:
        """Builds the model and trains it; returns the history.

        Args:
            x: Inputs, with examples along the first axis.
            y: Targets.
            **kwargs: Arguments of the model's `fit`, which override those of the wrapper.
        """
        builder = self._builder()
        self.model = builder(**self._fitting(builder))
        loss = getattr(self.model.loss, "name", getattr(self.model.loss, "__name__", self.model.loss))
        if loss == "categorical_crossentropy" and np.ndim(y) != 2:
            y = to_categorical(y)
        return self.model.fit(x, y, **self._fitting(Model.fit, **kwargs))

    def _fitted(self) -> Model:
        if not hasattr(self, "model"):
            raise StateError(f"{type(self).__name__} has no model yet: call `fit` first.")
        return self.model

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        classifier = self._estimator_type == "classifier"
        return Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags() if classifier else None,
            regressor_tags=None if classifier else RegressorTags(),
        )


class KerasClassifier(BaseWrapper):
    """A classifier as a scikit-learn estimator.

    Labels may be class labels of any type, or one-hot vectors.

    Args:
        build_fn: See `BaseWrapper`.
        **sk_params: See `BaseWrapper`.

    Source: https://faroit.com/keras-docs/2.0.8/scikit-learn-api/

    Example:
        >>> from minikeras import Sequential, layers
        >>> def build(units=4):
        ...     model = Sequential([layers.Dense(units, "relu"), layers.Dense(1, "sigmoid")])
        ...     model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        ...     return model
        >>> classifier = KerasClassifier(build, epochs=1, verbose=0)
        >>> history = classifier.fit(np.float32([[0.0], [1.0]]), ["no", "yes"])
        >>> classifier.predict_proba(np.float32([[0.0]])).shape
        (1, 2)
    """

    _estimator_type = "classifier"

    def fit(self, x: Any, y: Any, **kwargs: Any) -> Any:
        """Builds the model and trains it; returns the history.

        Args:
            x: Inputs, with examples along the first axis.
            y: A class label for each example, or one-hot vectors.
            **kwargs: Arguments of the model's `fit`.
        """
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        else:
            self.classes_, y = np.unique(y.ravel(), return_inverse=True)
        self.n_classes_ = len(self.classes_)
        return super().fit(x, y, **kwargs)

    def predict_proba(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Returns class probabilities, of shape (examples, classes)."""
        found = self._fitted().predict(x, **self._fitting(Model.predict, **kwargs))
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Returns the predicted class label of each example."""
        found = self._fitted().predict(x, **self._fitting(Model.predict, **kwargs))
        numbers = found.argmax(-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32").ravel()
        return self.classes_[numbers]

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """Returns the accuracy."""
        y = np.asarray(y)
        y = y.argmax(-1) if y.ndim == 2 and y.shape[1] > 1 else y.ravel()
        return float(np.mean(self.predict(x, **kwargs) == y))


class KerasRegressor(BaseWrapper):
    """A regressor as a scikit-learn estimator.

    Args:
        build_fn: See `BaseWrapper`.
        **sk_params: See `BaseWrapper`.

    Source: https://faroit.com/keras-docs/2.0.8/scikit-learn-api/

    Example:
        >>> from minikeras import Sequential, layers
        >>> def build():
        ...     model = Sequential([layers.Dense(1, kernel_initializer="ones")])
        ...     model.compile("sgd", "mse")
        ...     return model
        >>> regressor = KerasRegressor(build, epochs=1, verbose=0)
        >>> history = regressor.fit(np.float32([[1.0], [2.0]]), np.float32([1.0, 2.0]))
        >>> regressor.score(np.float32([[1.0], [3.0]]), np.float32([1.0, 1.0]))
        -2.0
    """

    _estimator_type = "regressor"

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Returns the prediction for each example; a row if the model has several outputs."""
        found = self._fitted().predict(x, **self._fitting(Model.predict, **kwargs))
        return found[:, 0] if found.ndim > 1 and found.shape[1] == 1 else found

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """Returns the negative loss on data, so that higher is better."""
        results = self._fitted().evaluate(x, y, **self._fitting(Model.evaluate, **kwargs))
        return -float(results[0] if isinstance(results, list) else results)
