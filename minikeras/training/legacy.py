"""Methods and arguments of training in Keras 0 to 2, accepted with a warning."""

import inspect
import itertools
from collections.abc import Iterable, Mapping
from functools import wraps
from typing import Any

import numpy as np

from ..engine import tree
from ..errors import ArgumentTypeError, NotSupportedError, brief, warn_legacy
from ..tracebacks import Filtered
from ..typing import F

_LOADING = ("workers", "use_multiprocessing", "max_queue_size")
# The names of arguments of the generator methods in Keras 1.
_OLD = {
    "max_q_size": "max_queue_size",
    "nb_epoch": "epochs",
    "nb_val_samples": "validation_steps",
    "nb_worker": "workers",
    "pickle_safe": "use_multiprocessing",
    "samples_per_epoch": "steps_per_epoch",
    "val_samples": "steps",
}


# Arguments of older Keras without effect today if they have one of these values; Ellipsis: any value.
_WITHOUT_EFFECT = {
    "compile": {
        "class_mode": (...,),  # of Keras 0: the meaning of "accuracy" is inferred from the shapes
        "experimental_run_tf_function": (...,),
        "sample_weight_mode": (None, "temporal"),  # per-timestep weights need no mode
        "target_tensors": (None,),
        "distribute": (None,),
        "theano_mode": (None,),
    },
    "train_on_batch": {"reset_metrics": (True,)},
    "test_on_batch": {"reset_metrics": (True,)},
}
# The argument of Keras 0, by method, that adds the accuracy to the results.
_ACCURACY = {
    "fit": "show_accuracy",
    "evaluate": "show_accuracy",
    "train_on_batch": "accuracy",
    "test_on_batch": "accuracy",
}


def takes_old_arguments(method: F) -> F | Any:
    """Decorator with which a training method accepts arguments of older Keras.

    `nb_epoch` is `epochs`. `workers` and the like are now arguments of the `PyDataset` itself.

    Args:
        method: The method.
    """
    names = inspect.signature(method).parameters

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not kwargs.keys() <= names.keys():
            _take_old_arguments(self, method.__name__, names, kwargs)
        return method(self, *args, **kwargs)

    return called


def _take_old_arguments(model: Any, method: str, names: Mapping, kwargs: dict) -> None:
    """Removes arguments of older Keras, or replaces them with their present equivalents."""
    if "nb_epoch" in kwargs and "epochs" in names:
        if "epochs" in kwargs:
            raise ArgumentTypeError("`nb_epoch` is the older name of `epochs`; give only one of them.")
        warn_legacy(f"`{method}(nb_epoch=...)`", f"`{method}(epochs=...)`")
        kwargs["epochs"] = kwargs.pop("nb_epoch")
    for name in _LOADING:
        if name in kwargs and name not in names:
            value = kwargs.pop(name)
            warn_legacy(f"`{method}({name}={value!r})`", f"`keras.utils.PyDataset({name}=...)` for the data")
    for name, accepted in _WITHOUT_EFFECT.get(method, {}).items():
        if name not in kwargs or name in names:
            continue
        value = kwargs.pop(name)
        if ... not in accepted and not any(value is each or value == each for each in accepted):
            raise NotSupportedError(f"`{method}({name}={value!r})` of older Keras is not in minikeras.")
        warn_legacy(f"`{method}({name}={value!r})`", "no replacement: it has no effect")
    if _ACCURACY.get(method) in kwargs:
        name = _ACCURACY[method]
        shown = kwargs.pop(name)
        warn_legacy(f"`{method}({name}={shown!r})`", "`compile(metrics=['accuracy'])`")
        if shown:
            _add_accuracy(model, method)


def _add_accuracy(model: Any, method: str) -> None:
    """Recompiles a model with the accuracy among its metrics, if it is not; the optimizer keeps its state."""
    if not model.compiled:
        return  # the method itself reports that
    arguments = model._compile_arguments
    metrics = arguments["metrics"] or []
    if not isinstance(metrics, list):
        raise NotSupportedError(
            f"`{method}` cannot add the accuracy to metrics that are no list; give it to `compile`. "
            f"Received: metrics={brief(metrics)}"
        )
    if not {"acc", "accuracy"} & {metric for metric in metrics if isinstance(metric, str)}:
        model.compile(**{**arguments, "optimizer": model.optimizer, "metrics": [*metrics, "acc"]})


class LegacyTraining(Filtered):
    """Methods of models that Keras 3 has removed."""

    def fit_generator(self, generator: Iterable, steps_per_epoch: int | None = None, *args: Any, **kwargs: Any) -> Any:
        """Trains on batches of a generator; now `fit`.

        Args:
            generator: Yields `(x, y)` or `(x, y, sample_weight)`.
            steps_per_epoch: Batches in an epoch.
            *args: `epochs`, `verbose`, `callbacks`, `validation_data`, `validation_steps`, `validation_freq`,
                `class_weight`.
            **kwargs: The same by name, `shuffle`, `initial_epoch`, and the names of Keras 1.
        """
        warn_legacy("`model.fit_generator(generator, ...)`", "`model.fit(generator, ...)`")
        names = "epochs verbose callbacks validation_data validation_steps validation_freq class_weight".split()
        kwargs = {**dict(zip(names, args, strict=False)), **kwargs}
        if steps_per_epoch is not None:
            kwargs["steps_per_epoch"] = steps_per_epoch
        generator, kwargs = _of_today("fit_generator", generator, kwargs)
        return self.fit(generator, **{"verbose": 1, **kwargs})

    def evaluate_generator(
        self, generator: Iterable, steps: int | None = None, callbacks: Any = None, **kwargs: Any
    ) -> Any:
        """Returns loss and metrics on batches of a generator; now `evaluate`."""
        warn_legacy("`model.evaluate_generator(generator, ...)`", "`model.evaluate(generator, ...)`")
        given = {"callbacks": callbacks, **({} if steps is None else {"steps": steps}), **kwargs}
        generator, kwargs = _of_today("evaluate_generator", generator, given)
        return self.evaluate(generator, **{"verbose": 0, **kwargs})

    def predict_generator(
        self, generator: Iterable, steps: int | None = None, callbacks: Any = None, **kwargs: Any
    ) -> Any:
        """Returns the outputs for batches of a generator; now `predict`."""
        warn_legacy("`model.predict_generator(generator, ...)`", "`model.predict(generator, ...)`")
        given = {"callbacks": callbacks, **({} if steps is None else {"steps": steps}), **kwargs}
        generator, kwargs = _of_today("predict_generator", generator, given)
        return self.predict(generator, **{"verbose": 0, **kwargs})

    def reset_states(self) -> None:
        """Resets the states of recurrent layers; now their own `reset_state`."""
        warn_legacy("`model.reset_states()`", "`layer.reset_state()` for each recurrent layer")
        for layer in self._flat_layers():
            if hasattr(layer, "reset_state"):
                layer.reset_state()

    def predict_proba(self, x: Any, batch_size: int | None = None, verbose: int = 0) -> Any:
        """Returns the outputs for inputs; now `predict`."""
        warn_legacy("`model.predict_proba(x)`", "`model.predict(x)`")
        return self.predict(x, batch_size=batch_size, verbose=verbose)

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: int = 0) -> np.ndarray:
        """Returns predicted class indices: the argmax of the outputs, or for a single one whether it exceeds 0.5."""
        new = "`model.predict(x).argmax(axis=-1)`, or `(model.predict(x) > 0.5).astype('int32')` for one output"
        warn_legacy("`model.predict_classes(x)`", new)
        found = self.predict(x, batch_size=batch_size, verbose=verbose)
        return found.argmax(axis=-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")


def _of_today(method: str, generator: Iterable, given: dict) -> tuple[Iterable, dict]:
    """Returns the generator and the arguments by their present names, without those on how batches are loaded.

    Keras 1 counted examples, not batches; the first batch then tells the number of examples per batch.
    """
    named = {}
    for old, value in given.items():
        new = _OLD.get(old, old)
        if new != old:
            warn_legacy(f"`{method}({old}=...)`", f"`{new}=...`")
            if new in given:
                raise ArgumentTypeError(f"`{method}`: `{old}` is the older name of `{new}`; give only one of them.")
        if old in ("samples_per_epoch", "val_samples"):
            generator, size = _batch_size(generator)
            value = max(value // size, 1)
        elif old == "nb_val_samples" and value is not None:
            data, size = _batch_size(given["validation_data"])
            value, named["validation_data"] = max(value // size, 1), data
        if new not in _LOADING:
            named.setdefault(new, value)
    return generator, named


def _batch_size(generator: Any) -> tuple[Any, int]:
    """Returns an iterable of the same batches as a generator, and the number of examples in the first one."""
    if hasattr(generator, "__getitem__"):
        return generator, len(tree.flatten(generator[0])[0])
    first = next(iter(generator))
    return itertools.chain([first], generator), len(tree.flatten(first)[0])
