"""`SKLearnClassifier`, `SKLearnRegressor` and `SKLearnTransformer`: models as estimators of scikit-learn.

Their base classes are those of scikit-learn, so it is imported with this module, on the first use of one of them.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

try:
    from sklearn import get_config
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, TransformerMixin
    from sklearn.utils.metadata_routing import MetadataRequest
    from sklearn.utils.multiclass import type_of_target
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as missing:
    raise ImportError(
        "The wrappers for scikit-learn need it, from version 1.6: `pip install minikeras[sklearn]`."
    ) from missing

from ..callbacks import History
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, WrapperError, brief
from ..models import Model, clone_model
from ..tracebacks import Filtered


class SKLearnBase(Filtered, BaseEstimator):
    """The base of the wrappers.

    Args:
        model: A compiled model, or a function that returns one: it is called with `X`, `y` and `model_kwargs`. A model
            is cloned for each `fit`, with new weights, and stays as it is itself.
        warm_start: Whether `fit` continues to train the model of the last `fit`, at first the one that was passed.
        model_kwargs: Keyword arguments of the function.
        fit_kwargs: Keyword arguments of the model's `fit`.

    Attributes:
        model_: The trained model.
        history_: The `History` of the last `fit`.

    Raises:
        ImportError: If scikit-learn is not installed.

    Source: https://keras.io/api/utils/sklearn_wrappers/
    """

    _takes_columns = True  # whether targets may have several columns

    def __init__(
        self,
        model: Model | Callable[..., Model],
        warm_start: bool = False,
        model_kwargs: Mapping[str, Any] | None = None,
        fit_kwargs: Mapping[str, Any] | None = None,
    ):
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags

    def __sklearn_clone__(self) -> Self:
        """Returns a wrapper with the same arguments, that is not trained; `fit` does not change them."""
        copies = [None if each is None else dict(each) for each in (self.model_kwargs, self.fit_kwargs)]
        return type(self)(self.model, self.warm_start, *copies)

    @property
    def epoch_(self) -> int:
        """The number of epochs of the last `fit`; 0 before."""
        return len(self.history_.epoch) if hasattr(self, "history_") else 0

    def set_fit_request(self, **kwargs: bool | str | None) -> Self:
        """Requests arguments of `fit` from scikit-learn's metadata routing.

        Args:
            **kwargs: By the name of an argument, whether it is requested: True, False, None, or the name under which it
                is passed to the estimator around this one.

        Returns:
            The wrapper itself.

        Raises:
            WrapperError: If metadata routing is not enabled.

        Source: https://scikit-learn.org/stable/metadata_routing.html
        """
        if not get_config()["enable_metadata_routing"]:
            raise WrapperError(
                "`set_fit_request` needs metadata routing. Enable it: "
                "`sklearn.set_config(enable_metadata_routing=True)`."
            )
        request: MetadataRequest = self._get_metadata_request()
        for name, alias in kwargs.items():
            request.fit.add_request(param=name, alias=alias)
        self._metadata_request = request
        return self

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Self:  # noqa: N803
        """Trains the model.

        Args:
            X: Shape (examples, features).
            y: Shape (examples,) or, for other models than classifiers, (examples, outputs).
            **kwargs: Arguments of the model's `fit`, which take precedence over `fit_kwargs`.

        Returns:
            The wrapper itself.

        Raises:
            WrapperError: If the model is not compiled.
        """
        # As in Keras, a single column is made a vector, with scikit-learn's warning.
        shape = np.asarray(y).shape
        has_columns = self._takes_columns and len(shape) == 2 and shape[1] > 1
        X, y = validate_data(self, X, y, multi_output=has_columns)  # noqa: N806
        targets, learned = self._encoded(y)
        model = self._model_to_fit(X, targets)
        if not (isinstance(model, Model) and model.compiled and model.loss and model.optimizer):
            raise WrapperError(
                f"{type(self).__name__} needs a compiled model, with a loss and an optimizer. Received: {brief(model)}"
            )
        self.history_: History = model.fit(X, targets, **{**(self.fit_kwargs or {}), **kwargs})
        for name, value in {**learned, "model_": model}.items():
            setattr(self, name, value)
        return self

    def predict(self, X: Any) -> np.ndarray:  # noqa: N803
        """Returns the predictions for inputs.

        Args:
            X: Shape (examples, features).

        Returns:
            An array of the shape that `y` had in `fit`, in its first axis as many as `X`.

        Raises:
            NotFittedError: If the model is not trained (scikit-learn's error).
        """
        return self._decoded(self._outputs(X))

    def _outputs(self, X: Any) -> np.ndarray:  # noqa: N803
        check_is_fitted(self, "model_")
        return self.model_.predict(validate_data(self, X, reset=False))

    def _model_to_fit(self, X: np.ndarray, y: np.ndarray) -> Any:  # noqa: N803
        if self.warm_start and hasattr(self, "model_"):
            return self.model_
        if isinstance(self.model, Model):
            return self.model if self.warm_start else clone_model(self.model)
        if not callable(self.model):
            raise ArgumentTypeError(
                f"{type(self).__name__}: `model` must be a compiled model, or a function of X and y that makes one. "
                f"Received: model={brief(self.model)}"
            )
        return self.model(X=X, y=y, **(self.model_kwargs or {}))

    def _encoded(self, y: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
        """Returns targets as the model is trained with, of two axes, and attributes for `_decoded`."""
        self._checked_type(y)
        return y.reshape(-1, 1) if y.ndim == 1 else y, {"_rank": y.ndim}

    def _decoded(self, outputs: np.ndarray) -> np.ndarray:
        """Returns outputs of the model in the form of the targets."""
        return np.squeeze(outputs, axis=1) if self._rank == 1 and outputs.ndim == 2 else outputs

    def _checked_type(self, y: np.ndarray) -> str:
        """Returns scikit-learn's name for the kind of the targets; refuses unknown ones."""
        kind = type_of_target(y, input_name="y")
        if kind == "unknown":
            raise ArgumentError(f"Unknown label type for y: {brief(y)}")
        return kind


class SKLearnClassifier(ClassifierMixin, SKLearnBase):
    """A model as a classifier of scikit-learn.

    The model is trained on one-hot vectors of the classes, in their sorted order, and needs an output for each.

    Args:
        model: A compiled model, or a function that returns one: it is called with `X`, `y` and `model_kwargs`. A model
            is cloned for each `fit`, with new weights, and stays as it is itself.
        warm_start: Whether `fit` continues to train the model of the last `fit`, at first the one that was passed.
        model_kwargs: Keyword arguments of the function.
        fit_kwargs: Keyword arguments of the model's `fit`.

    Attributes:
        model_: The trained model.
        history_: The `History` of the last `fit`.
        classes_: The classes, sorted.

    Raises:
        ImportError: If scikit-learn is not installed.

    Source: https://keras.io/api/utils/sklearn_wrappers/

    Example:
        >>> from minikeras import Input, Sequential, config, layers
        >>> def build(X, y):
        ...     output = layers.Dense(y.shape[1], activation="softmax", kernel_initializer="zeros")
        ...     model = Sequential([Input((X.shape[1],)), output])
        ...     model.compile("sgd", "categorical_crossentropy")
        ...     return model
        >>> classifier = SKLearnClassifier(build, fit_kwargs={"epochs": 20, "verbose": 0})
        >>> classifier = classifier.fit([[-1.0], [1.0]], ["minus", "plus"])
        >>> config.disable_interactive_logging()  # without progress bars
        >>> classifier.predict([[2.0], [-3.0]]).tolist()
        ['plus', 'minus']
        >>> config.enable_interactive_logging()
    """

    _takes_columns = False

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags

    def decision_function(self, X: Any) -> np.ndarray:  # noqa: N803
        """Returns the outputs of the model: probabilities, or logits if it has no activation at the end.

        Args:
            X: Shape (examples, features).

        Returns:
            Shape (examples, classes).
        """
        return self._outputs(X)

    def _encoded(self, y: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
        kind = self._checked_type(y)
        if kind not in ("binary", "multiclass"):
            raise ArgumentError(f"Only binary and multiclass targets are supported. Received: targets of type {kind}")
        classes, indices = np.unique(y, return_inverse=True)
        if len(classes) == 1:
            raise ArgumentError(
                f"A classifier needs at least two classes to be trained. Received: one class, {classes[0]!r}"
            )
        return np.eye(len(classes))[indices], {"classes_": classes}

    def _decoded(self, outputs: np.ndarray) -> np.ndarray:
        if outputs.ndim != 2 or outputs.shape[1] != len(self.classes_):
            raise ShapeError(
                f"{type(self).__name__}: the model must have one output for each of the {len(self.classes_)} classes. "
                f"Received: outputs of shape {outputs.shape}"
            )
        return self.classes_[outputs.argmax(axis=1)]


class SKLearnRegressor(RegressorMixin, SKLearnBase):
    """A model as a regressor of scikit-learn.

    Args:
        model: A compiled model, or a function that returns one: it is called with `X`, `y` and `model_kwargs`. A model
            is cloned for each `fit`, with new weights, and stays as it is itself.
        warm_start: Whether `fit` continues to train the model of the last `fit`, at first the one that was passed.
        model_kwargs: Keyword arguments of the function.
        fit_kwargs: Keyword arguments of the model's `fit`.

    Attributes:
        model_: The trained model.
        history_: The `History` of the last `fit`.

    Raises:
        ImportError: If scikit-learn is not installed.

    Source: https://keras.io/api/utils/sklearn_wrappers/

    Example:
        >>> from minikeras import Input, Sequential, config, layers
        >>> model = Sequential([Input((1,)), layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile("sgd", "mse")
        >>> regressor = SKLearnRegressor(model, fit_kwargs={"epochs": 1000, "verbose": 0})
        >>> regressor = regressor.fit([[0.0], [1.0]], [1.0, 3.0])
        >>> config.disable_interactive_logging()  # without progress bars
        >>> regressor.predict([[2.0]]).round(1)
        array([5.], dtype=float32)
        >>> config.enable_interactive_logging()
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True
        return tags


class SKLearnTransformer(TransformerMixin, SKLearnBase):
    """A model as a transformer of scikit-learn: a step of a pipeline whose outputs are the features of the next.

    Args:
        model: A compiled model, or a function that returns one: it is called with `X`, `y` and `model_kwargs`. A model
            is cloned for each `fit`, with new weights, and stays as it is itself.
        warm_start: Whether `fit` continues to train the model of the last `fit`, at first the one that was passed.
        model_kwargs: Keyword arguments of the function.
        fit_kwargs: Keyword arguments of the model's `fit`.

    Attributes:
        model_: The trained model.
        history_: The `History` of the last `fit`.

    Raises:
        ImportError: If scikit-learn is not installed.

    Source: https://keras.io/api/utils/sklearn_wrappers/

    Example:
        >>> from minikeras import Input, Sequential, config, layers
        >>> model = Sequential([Input((1,)), layers.Dense(2, kernel_initializer="ones", bias_initializer="ones")])
        >>> model.compile("sgd", "mse")
        >>> transformer = SKLearnTransformer(model, fit_kwargs={"verbose": 0}).fit([[0.0]], [[1.0, 1.0]])
        >>> config.disable_interactive_logging()  # without progress bars
        >>> transformer.transform([[2.0]])
        array([[3., 3.]], dtype=float32)
        >>> config.enable_interactive_logging()
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

    def transform(self, X: Any) -> np.ndarray:  # noqa: N803
        """Returns the outputs of the model for inputs.

        Args:
            X: Shape (examples, features).
        """
        return self._outputs(X)
