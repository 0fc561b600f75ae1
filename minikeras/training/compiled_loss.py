"""The losses of a compiled model: told apart by output, checked when compiling and against the data before training."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from .. import losses, ops
from ..engine import tree
from ..engine.trace import paused_tracing
from ..errors import ArgumentError, DataError, StateError, brief
from ..losses import Loss
from ..losses.functions import takes_class_numbers
from ..losses.functions.checks import check_integers
from ..losses.wrapper import LossFunctionWrapper
from ..metrics import Mean
from ..metrics.resolve import resolve_accuracy
from .outputs import (
    aligned,
    aligned_weights,
    by_name,
    is_nested,
    leaves,
    names_for,
    numbered,
    placed,
    refuse_unknown,
    shown,
)


class Given:
    """What the user gave for one output, or for all.

    Args:
        loss: A loss, or a name that depends on shapes.
        weight: What the loss is multiplied with; None for 1.
    """

    def __init__(self, loss: Any, weight: float | None):
        self.loss, self.weight = loss, weight


class Entry(NamedTuple):
    """The loss of one output; an output may have several.

    Attributes:
        output: The number of the output.
        loss: The loss.
        weight: What it is multiplied with; None for 1.
        name: What the logs call it, without "_loss".
    """

    output: int
    loss: Any
    weight: float | None
    name: str


class CompiledLoss:
    """The losses given to `compile` by name, function or object, for one output or several.

    Args:
        loss: What the user gave: one for all outputs, or nested as the outputs are, or in a dict by their names.
        weights: What the losses are multiplied with, nested likewise; None for 1.
        names: The names of the outputs, if they have any.

    Attributes:
        trials: The outputs with which the loss was tried, by what they were tried for.
        known_names: The names of the outputs, which a model may only know when it is built; None if they have none.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If there are not as many weights as losses.
    """

    def __init__(self, loss: object, weights: object = None, names: Sequence[str] | None = None):
        self._names = names
        self.known_names = names
        loss, weights = _mapped(_as_loss, loss), _mapped(_as_weight, weights)
        self._weights = weights if isinstance(weights, dict) else {}
        # One loss for all outputs may be weighted by their names, which are perhaps not known yet.
        self._shares_loss = isinstance(weights, dict) and not is_nested(loss)
        self._given = _paired(loss, None if self._shares_loss else weights, names)
        self._entries: list[Entry] = []
        self._entries_for: Any = None
        self._trackers: list[Mean] = []
        self._tried: tuple | None = None
        self._tracks = True
        self.trials: dict = {}

    def __bool__(self) -> bool:
        return any(given is not None for _, given in leaves(self._given))

    @property
    def metrics(self) -> list[Mean]:
        """The means of the single losses, if there are several."""
        return list(self._trackers)

    def __call__(self, y_true: object, y_pred: object, sample_weight: object = None) -> object:
        """Returns the weighted sum of the losses of a batch, one number.

        Raises:
            ArgumentError: If losses, labels and outputs do not go together.
        """
        entries, y_true, weights = self.match(y_true, y_pred, sample_weight)
        outputs = tree.flatten(y_pred)
        total = None
        for index, (number, loss, weight, _) in enumerate(entries):
            value = loss(y_true[number], outputs[number], weights[number])
            if self._tracks and self._trackers:
                count = outputs[number].shape[0]
                self._trackers[index].update_state(ops.stop_gradient(value), sample_weight=count)
            value = value if weight is None else ops.multiply(value, weight)
            total = value if total is None else ops.add(total, value)
        return total

    def match(self, y_true: object, y_pred: object, sample_weight: object = None) -> tuple[list[Entry], list, list]:
        """Returns the losses, and labels and weights by the number of the output, having computed nothing.

        Raises:
            ArgumentError: If losses, labels and outputs do not go together.
        """
        entries, labels = self._resolved(y_pred, y_true, adopts=self._tracks)
        numbers = [entry.output for entry in entries]
        return entries, labels, aligned_weights(sample_weight, y_pred, names_for(y_pred, self.known_names), numbers)

    @property
    def objects(self) -> list:
        """The losses as they were given; a name that depends on shapes is still one."""
        return [given.loss for _, given in leaves(self._given) if given is not None]

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields what a step depends on, by name."""
        yield "losses", tuple(self.objects)
        yield "weights of losses", tuple(each.weight for _, each in leaves(self._given) if each is not None)

    def settle(self) -> None:
        """Makes the losses that were tried those of the model before the first step does, to set their means."""
        if self._tried is not None and self._tried[0] != self._entries_for:
            self._entries_for, self._entries = self._tried
            self._trackers = _trackers(self._entries)

    @contextmanager
    def untracked(self) -> Iterator[None]:
        """Computes losses without taking them into their means: the data may still be refused."""
        self._tracks = False
        try:
            yield
        finally:
            self._tracks = True

    def entries(self, outputs: object) -> list[tuple[int, tuple, Given]]:
        """Returns number and path of the output of each loss.

        Raises:
            ArgumentError: If a loss is for an output that there is not.
        """
        given, names = self._given, names_for(outputs, self.known_names)
        refuse_unknown("loss_weights", self._weights, outputs, names, ArgumentError)
        if self._shares_loss and given is not None:
            given = self._weighted_by_name(given, outputs, names)
        if isinstance(given, list) and len(given) > 1 and not is_nested(outputs):
            raise ArgumentError(f"`loss` has {len(given)} entries, but the model has one output. Give one loss.")
        if isinstance(given, dict) and not isinstance(outputs, dict):
            ordered = by_name(given, outputs, names)
            alone = len(given) == 1 and not is_nested(outputs)
            if names is not None and (ordered is None or set(given) != set(names)):
                raise ArgumentError(
                    f"`loss` must have the names of the outputs as keys, {list(names)}. "
                    f"Received: keys {list(given)}. Give None for an output without a loss."
                )
            if ordered is None and not alone:
                raise ArgumentError(
                    f"`loss` is a dict with the keys {list(given)}, but the outputs of the model have no names: "
                    f"{shown(outputs)}. Give the losses in a list, in the order of the outputs."
                )
            given = list(given.values()) if ordered is None else ordered
        return placed(given, numbered(outputs))

    def _weighted_by_name(self, given: Given, outputs: object, names: Sequence[str] | None) -> Any:
        """Returns one loss for each output, with the weight that was given by the name of the output."""
        if isinstance(outputs, dict):
            return {key: Given(given.loss, self._weights.get(key)) for key in outputs}
        weights = by_name(self._weights, outputs, names)
        if weights is None and is_nested(outputs):
            raise ArgumentError(
                f"`loss_weights` is a dict with the keys {list(self._weights)}, but the outputs of the model have no "
                f"names: {shown(outputs)}. Give losses and weights in lists, in the order of the outputs."
            )
        return [Given(given.loss, weight) for weight in weights or self._weights.values()]

    def check_labels(self, y: object, outputs: object) -> None:
        """Refuses labels that do not go with the loss and the model, before anything is trained.

        Args:
            y: The labels.
            outputs: Symbolic outputs of the model; None for a size that is free.

        Raises:
            DataError: If they do not fit together.
        """
        if y is None or outputs is None:
            return
        entries, labels = self._resolved(outputs, y, adopts=False)
        symbols = tree.flatten(outputs)
        for entry in entries:
            _check_labels(entry.loss, labels[entry.output], tuple(symbols[entry.output].shape))

    def _resolved(self, outputs: object, y_true: object, adopts: bool) -> tuple[list[Entry], list]:
        """Returns the losses, and the labels in the order of the outputs."""
        found, names = self.entries(outputs), names_for(outputs, self._names)
        known = names_for(outputs, self.known_names)
        labels = aligned(y_true, outputs, known, sorted({number for number, _, _ in found}), "y")
        for number, path, _ in found:
            if labels[number] is None:
                raise StateError(
                    f"There are labels missing: the loss of output {_name(known, number, path)!r} needs `y`."
                )
        key = tree.structure_key(outputs)
        if self._entries_for == key:
            return self._entries, labels
        symbols = tree.flatten(outputs)
        entries = []
        for number, path, given in found:
            loss = given.loss
            if isinstance(loss, str):
                loss = _wrapped(resolve_accuracy(labels[number].shape, symbols[number].shape, loss))
            entries.append(Entry(number, loss, given.weight, _name(names, number, path, loss)))
        self._tried = key, entries  # not yet those of the model: the data may still be refused
        if adopts:
            self.settle()
        return entries, labels


def _name(names: Sequence[str] | None, number: int, path: tuple, loss: object = None) -> str:
    """Returns what the logs call a loss: the keys of its output; instead of an index, the name of the output."""
    own = names[number] if names is not None else getattr(loss, "name", None) or str(number)
    if not path or isinstance(path[-1], int):
        path = (*path[:-1], own)
    return "/".join(map(str, path))


def _trackers(entries: list[Entry]) -> list[Mean]:
    if len(entries) < 2:
        return []
    with paused_tracing():
        return [Mean(name=f"{entry.name}_loss") for entry in entries]


def _as_loss(loss: object) -> object:
    if loss is None or isinstance(loss, Loss):
        return loss
    if isinstance(loss, str) and loss.lower() in ("crossentropy", "ce"):
        return loss
    return _wrapped(losses.get(loss), loss if isinstance(loss, str) else None)


def _wrapped(loss: Any, name: str | None = None) -> Loss:
    return loss if isinstance(loss, Loss) else LossFunctionWrapper(loss, name=name or getattr(loss, "__name__", None))


def _as_weight(weight: object) -> object:
    if weight is not None and (isinstance(weight, bool) or not isinstance(weight, (int, float, np.number))):
        raise ArgumentError(f"`loss_weights` must be a number for each output. Received: {brief(weight)}")
    return weight if weight is None else float(weight)


def _mapped(function: Any, structure: object) -> Any:
    """Returns a structure with a function applied to each leaf; a config is one, and so is None."""
    if isinstance(structure, dict) and "class_name" not in structure:
        return {key: _mapped(function, structure[key]) for key in structure if tree.sorted_keys(structure)}
    if isinstance(structure, (list, tuple)):
        return [_mapped(function, value) for value in structure]
    return function(structure)


def _paired(loss: Any, weights: Any, names: Sequence[str] | None) -> Any:
    """Returns the losses, each with its weight, nested as the losses are."""
    if names is not None and isinstance(weights, dict) and isinstance(loss, list) and set(weights) == set(names):
        weights = [weights[name] for name in names]
    elif names is not None and isinstance(weights, list) and isinstance(loss, dict) and set(loss) == set(names):
        weights = dict(zip(names, weights, strict=True)) if len(weights) == len(names) else weights
    found = leaves(loss)
    flat = [((), None)] * len(found) if weights is None else leaves(weights)
    if len(flat) != len(found):
        raise ArgumentError(
            f"`loss_weights` must hold one number for each loss. Received: {len(found)} loss(es) and {len(flat)} "
            "weights. Give the losses in a list or dict to weight them one by one."
        )
    by_path = dict(flat)
    if weights is None or set(by_path) != {path for path, _ in found}:
        by_path = {path: weight for (path, _), (_, weight) in zip(found, flat, strict=True)}

    def pair(part: Any, path: tuple) -> Any:
        if isinstance(part, dict):
            return {key: pair(value, (*path, key)) for key, value in part.items()}
        if isinstance(part, list):
            return [pair(value, (*path, index)) for index, value in enumerate(part)]
        return None if part is None else Given(part, by_path[path])

    return pair(loss, ())


def _check_labels(loss: object, y: object, output_shape: tuple) -> None:
    name = getattr(getattr(loss, "fn", None), "__name__", "")
    if not isinstance(y, np.ndarray):
        return
    if name in ("sparse_categorical_crossentropy", "categorical_generalized_cross_entropy"):
        _check_class_numbers(name, loss, y, output_shape)
    elif name == "categorical_crossentropy":
        _check_one_hot(y, output_shape)
    elif name == "binary_crossentropy":
        _check_probabilities(y)
    if takes_class_numbers(getattr(loss, "fn", None)):
        check_integers(f"Loss '{name}'", y, DataError)


def _check_class_numbers(name: str, loss: object, y: np.ndarray, output_shape: tuple) -> None:
    classes = output_shape[-1]
    if y.shape[1:] not in (output_shape[1:-1], (*output_shape[1:-1], 1)) and None not in output_shape[1:]:
        raise DataError(
            f"Loss '{name}' expects one class number per example: labels of shape "
            f"{('batch', *output_shape[1:-1])}. Received: y of shape {y.shape}. "
            "For one-hot labels use 'categorical_crossentropy', or `y.argmax(-1)`."
        )
    settings = getattr(loss, "get_config", dict)()
    if settings.get("axis", -1) != -1 or classes is None:
        return
    found = y[y != settings["ignore_class"]] if settings.get("ignore_class") is not None else y
    low, high = (found.min(), found.max()) if found.size else (0, 0)
    if not (0 <= low and high < classes):
        raise DataError(
            f"Loss '{name}' expects class numbers from 0 to {classes - 1}, as the model has {classes} outputs. "
            f"Received: labels from {low} to {high}."
        )


def _check_one_hot(y: np.ndarray, output_shape: tuple) -> None:
    expected = output_shape[1:]
    if len(y.shape) != len(output_shape) or any(a not in (b, None) for a, b in zip(expected, y.shape[1:], strict=True)):
        raise DataError(
            f"Loss 'categorical_crossentropy' expects one-hot labels of shape {('batch', *expected)}. Received: y of "
            f"shape {y.shape}. For class numbers use 'sparse_categorical_crossentropy', or "
            f"`minikeras.utils.to_categorical(y, {expected[-1]})`."
        )


def _check_probabilities(y: np.ndarray) -> None:
    if y.dtype.kind in "iu" and y.size and (y.min() < 0 or y.max() > 1):
        raise DataError(
            f"Loss 'binary_crossentropy' expects labels 0 and 1. Received: whole numbers from {y.min()} to {y.max()}."
        )
