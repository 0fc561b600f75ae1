"""Methods and arguments of training in Keras 1 and 2, which scripts of that time still use."""

import inspect
import itertools
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import numpy as np

from ..engine import tree
from ..errors import ArgumentTypeError, brief, warn_legacy
from ..tracebacks import Filtered

_LOADING = ("workers", "use_multiprocessing", "max_queue_size")
# What Keras 1 called the arguments of methods with generators.
_OLD = {
    "max_q_size": "max_queue_size",
    "nb_epoch": "epochs",
    "nb_val_samples": "validation_steps",
    "nb_worker": "workers",
    "pickle_safe": "use_multiprocessing",
    "samples_per_epoch": "steps_per_epoch",
    "val_samples": "steps",
}


def takes_old_arguments(method: Callable) -> Callable:
    """Lets a method of training take arguments that only older Keras has; used as a decorator.

    `nb_epoch` is `epochs`. How generators were loaded, `workers` and the like, is today said by the dataset itself.

    Args:
        method: The method.
    """

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        names = inspect.signature(method).parameters
        if "nb_epoch" in kwargs and "epochs" in names:
            if "epochs" in kwargs:
                raise ArgumentTypeError("`nb_epoch` is the older name of `epochs`; give only one of them.")
            warn_legacy(f"`{method.__name__}(nb_epoch=...)`", f"`{method.__name__}(epochs=...)`")
            kwargs["epochs"] = kwargs.pop("nb_epoch")
        for name in _LOADING:
            if name in kwargs and name not in names:
                value = kwargs.pop(name)
                warn_legacy(
                    f"`{method.__name__}({name}={brief(value)})`", f"`keras.utils.PyDataset({name}=...)` for the data"
                )
        return method(self, *args, **kwargs)

    return called


class LegacyTraining(Filtered):
    """The methods of models that Keras 3 does not have any more."""

    def fit_generator(self, generator: Iterable, steps_per_epoch: int | None = None, *args: Any, **kwargs: Any) -> Any:
        """Trains on batches of a generator; today `fit` does it.

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
        """Returns loss and metrics on batches of a generator; today `evaluate` does it."""
        warn_legacy("`model.evaluate_generator(generator, ...)`", "`model.evaluate(generator, ...)`")
        given = {"callbacks": callbacks, **({} if steps is None else {"steps": steps}), **kwargs}
        generator, kwargs = _of_today("evaluate_generator", generator, given)
        return self.evaluate(generator, **{"verbose": 0, **kwargs})

    def predict_generator(
        self, generator: Iterable, steps: int | None = None, callbacks: Any = None, **kwargs: Any
    ) -> Any:
        """Returns the outputs for batches of a generator; today `predict` does it."""
        warn_legacy("`model.predict_generator(generator, ...)`", "`model.predict(generator, ...)`")
        given = {"callbacks": callbacks, **({} if steps is None else {"steps": steps}), **kwargs}
        generator, kwargs = _of_today("predict_generator", generator, given)
        return self.predict(generator, **{"verbose": 0, **kwargs})

    def predict_proba(self, x: Any, batch_size: int | None = None, verbose: int = 0) -> Any:
        """Returns the outputs for inputs; today `predict` does it."""
        warn_legacy("`model.predict_proba(x)`", "`model.predict(x)`")
        return self.predict(x, batch_size=batch_size, verbose=verbose)

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: int = 0) -> np.ndarray:
        """Returns the class numbers for inputs: the place of the greatest output; of one alone, if it is above 0.5."""
        new = "`model.predict(x).argmax(axis=-1)`, or `(model.predict(x) > 0.5).astype('int32')` for one output"
        warn_legacy("`model.predict_classes(x)`", new)
        found = self.predict(x, batch_size=batch_size, verbose=verbose)
        return found.argmax(axis=-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")


def _of_today(method: str, generator: Iterable, given: dict) -> tuple[Iterable, dict]:
    """Returns the generator, and arguments by today's names, without what says how batches are loaded.

    Keras 1 counted examples; where it did, the first batch tells how many of them are in one.
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
    """Returns what yields the same batches as a generator, and the number of examples in the first one."""
    if hasattr(generator, "__getitem__"):
        return generator, len(tree.flatten(generator[0])[0])
    first = next(iter(generator))
    return itertools.chain([first], generator), len(tree.flatten(first)[0])
