"""The metrics of a compiled model: names resolved, state made when the first outputs are seen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from .. import metrics as metrics_room
from ..compiler.python_state import has_user_code
from ..compiler.validity import check_keeps_nothing
from ..engine import tree
from ..engine.trace import paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, StateError, add_place, brief
from ..metrics import Metric
from ..metrics.resolve import resolve_accuracy
from .outputs import aligned, aligned_weights, by_name, leaves, names_for, numbered, refuse_unknown, shown


class Made(NamedTuple):
    """A metric of one output.

    Attributes:
        name: What the logs call it.
        metric: The metric.
        output: The number of the output.
        weighted: Whether it is updated with the sample weights.
        named: Whether its name starts with that of the output.
    """

    name: str
    metric: Metric
    output: int
    weighted: bool
    named: bool


class CompiledMetrics:
    """The metrics given to `compile`.

    Args:
        metrics: Names, functions or objects; for several outputs nested as they are, or in a dict by their names.
        weighted_metrics: The same, updated with the sample weights.
        names: The names of the outputs, if they have any.

    Attributes:
        known_names: The names of the outputs, which a model may only know when it is built; None if they have none.

    Raises:
        UnknownNameError: If a name is not known.
    """

    def __init__(self, metrics: object = None, weighted_metrics: object = None, names: Sequence[str] | None = None):
        self._given = {"metrics": metrics, "weighted_metrics": weighted_metrics}
        for argument, given in self._given.items():
            _check_entries(argument, given)
        self._names = names
        self.known_names = names
        self._metrics: list[Made] | None = None
        self._tried: list[Made] | None = None

    # All of them together take the part of one metric in `Model.metrics`, as in Keras.
    name = "compile_metrics"

    @property
    def waits(self) -> bool:
        """Whether there are metrics that could not be made yet."""
        return self._metrics is None and bool(self)

    def __bool__(self) -> bool:
        return any(_entries(given) for given in self._given.values())

    @property
    def metrics(self) -> list[Metric]:
        """The metric objects, once they are made."""
        return [made.metric for made in self._metrics or ()]

    @property
    def given(self) -> list[Metric]:
        """The metric objects that were given as such."""
        return [entry for given in self._given.values() for entry in _entries(given) if isinstance(entry, Metric)]

    @property
    def unnamed(self) -> list[str]:
        """The names that do not start with that of an output: these are the first in what `evaluate` returns."""
        return [made.name for made in self._metrics or () if not made.named]

    @property
    def variables(self) -> list[Variable]:
        """The state of the metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def check(self, y_true: object, y_pred: object, sample_weight: object = None, eager: bool = False) -> None:
        """Raises if a metric cannot be updated with such values; their state stays as it is.

        Args:
            y_true: Labels.
            y_pred: Outputs.
            sample_weight: Weights.
            eager: Whether each step runs in Python. Then metrics may keep state there, and those of the user are not
                tried.

        Raises:
            TraceError: If a metric keeps state in Python, which replayed steps would not change.
        """
        made = self._metrics or self._made(y_true, y_pred)
        for metric, *values in self._updates(made, y_true, y_pred, sample_weight):
            with _named(metric):
                self._try(metric, values, eager)
        self._tried = made  # not yet the metrics of the model: the data may still be refused

    def _try(self, metric: Metric, values: list, eager: bool) -> None:
        users = has_user_code(metric)
        if users and eager:
            return
        update = partial(_tried_update, metric, *values)
        if users:  # other outputs, so that one that keeps them is noticed
            labels, outputs, weights = values[0], np.asarray(values[1]), values[2]
            others = (outputs / 2).astype(outputs.dtype)
            check_keeps_nothing(metric, update, partial(_tried_update, metric, labels, others, weights))
        else:
            update()

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields what a step depends on, by name."""
        yield "metrics", (*self.given, *(made.metric for made in self._metrics or self._tried or ()))

    def settle(self) -> None:
        """Makes the metrics that were tried those of the model before the first step does, to set their state."""
        self._metrics = self._metrics or self._tried

    def update_state(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Takes a batch into account; another name of `update`, that of a metric."""
        self.update(y_true, y_pred, sample_weight)

    def update(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Takes a batch into account."""
        if self._metrics is None:
            with paused_tracing():
                self._metrics = self._tried or self._made(y_true, y_pred)
        for metric, *values in self._updates(self._metrics, y_true, y_pred, sample_weight):
            with _named(metric):
                metric.update_state(*values)

    def result(self) -> dict:
        """Returns the present value of each metric by its name."""
        return {made.name: made.metric.result() for made in self._metrics or ()}

    def reset_state(self) -> None:
        """Sets every metric back to its first state; another name of `reset`, that of a metric."""
        self.reset()

    def reset(self) -> None:
        """Sets every metric back to its first state; those given as objects may come with one from elsewhere."""
        for metric in {id(metric): metric for metric in [*self.metrics, *self.given]}.values():
            metric.reset_state()

    def for_outputs(self, outputs: object) -> list[tuple[int, bool, list]]:
        """Returns the number of each output that has metrics, whether they are weighted, and what was given.

        Raises:
            ArgumentError: If metrics are given for an output that there is not.
        """
        found = []
        for argument, given in self._given.items():
            entries = per_output(argument, given, numbered(outputs), names_for(outputs, self.known_names))
            found += [(number, argument == "weighted_metrics", own) for number, own in entries if own]
        return found

    def _updates(self, made: list[Made], y_true: object, y_pred: object, sample_weight: object) -> Iterator[tuple]:
        """Yields each metric with the labels, outputs and weights to update it with."""
        if not made:
            return
        used = sorted({each.output for each in made})
        names = names_for(y_pred, self.known_names)
        labels, outputs = aligned(y_true, y_pred, names, used, "y"), tree.flatten(y_pred)
        weights = [None] * len(outputs)
        if sample_weight is not None and any(each.weighted for each in made):
            weights = aligned_weights(sample_weight, y_pred, names, used)
        for each in made:
            number = each.output
            yield each.metric, labels[number], outputs[number], weights[number] if each.weighted else None

    def _made(self, y_true: object, y_pred: object) -> list[Made]:
        outputs, found = tree.flatten(y_pred), self.for_outputs(y_pred)
        names, known = names_for(y_pred, self._names), names_for(y_pred, self.known_names)
        labels = aligned(y_true, y_pred, known, sorted({number for number, _, _ in found}), "y")
        prefixes = _prefixes(y_pred, names)
        made: list[Made] = []
        for number, weighted, entries in found:
            if labels[number] is None:
                raise StateError(f"There are labels missing: the metric {entries[0]!r} needs `y`.")
            for entry in entries:
                metric = _as_metric(entry, tuple(labels[number].shape), tuple(outputs[number].shape))
                name = _unique(prefixes[number], metric.name, weighted, [other.name for other in made])
                made.append(Made(name, metric, number, weighted, bool(prefixes[number])))
        return made


@contextmanager
def _named(metric: Metric) -> Iterator[None]:
    """Says which metric it was that could not compute with what it got."""
    try:
        yield
    except StateError as error:
        add_place(error, f"Raised in metric '{metric.name}'.")
        raise


def _tried_update(metric: Metric, *values: object) -> None:
    metric.stateless_update_state([variable.value for variable in metric.variables], *values)


def per_output(argument: str, given: Any, outputs: Any, names: Sequence[str] | None) -> list[tuple[int, list]]:
    """Returns for the outputs, by their numbers, the lists of metrics given for them.

    Args:
        argument: "metrics" or "weighted_metrics", for errors.
        given: Metrics in a list or dict, for each output one, several or None; all of them if there is one output.
        outputs: The numbered outputs.
        names: The names of the outputs, if they have any.

    Raises:
        ArgumentError: If `given` is nested in another way than the outputs.

    Example:
        >>> per_output("metrics", ["mse", ["mae", "acc"]], [0, 1], None)
        [(0, ['mse']), (1, ['mae', 'acc'])]
        >>> per_output("metrics", {"b": "mse"}, [0, 1], ["a", "b"])
        [(0, []), (1, ['mse'])]
    """
    found = leaves(outputs)
    if not _entries(given):
        return []
    if isinstance(given, dict) and "class_name" not in given:
        refuse_unknown(argument, given, outputs, names, ArgumentError)
    if len(found) == 1:
        return [(0, _entries(given))]
    ordered = by_name(given, outputs, names) if isinstance(given, dict) else None
    if ordered is None and isinstance(given, dict) and isinstance(outputs, dict) and set(given) <= set(outputs):
        ordered = [given.get(key) for key in sorted(outputs)]
    elif isinstance(given, (list, tuple)) and len(given) == len(found):
        ordered = list(given)
    if ordered is not None and all(len(path) == 1 for path, _ in found):
        return [(number, _entries(own)) for (_, number), own in zip(found, ordered, strict=True)]
    return [(number, _entries(_at(argument, given, path, outputs, names))) for path, number in found]


def _at(argument: str, given: Any, path: tuple, outputs: Any, names: Sequence[str] | None) -> Any:
    """Returns what was given for a nested output."""
    part, counterpart = given, outputs
    for key in path:
        both_sequences = isinstance(part, (list, tuple)) and isinstance(counterpart, (list, tuple))
        if isinstance(part, dict) and isinstance(counterpart, dict):
            fits = set(part) == set(counterpart)
        else:
            fits = both_sequences and len(part) == len(counterpart)
        if not fits:
            raise ArgumentError(
                f"`{argument}` must be a list with one entry for each of the {len(leaves(outputs))} outputs, a dict "
                f"by their names, or nested as they are: {shown(outputs, names)}. Received: {argument}={brief(given)}"
            )
        part, counterpart = part[key], counterpart[key]
    return part


def _prefixes(outputs: object, names: Sequence[str] | None) -> list[str | None]:
    """Returns the name of each output for the logs; None if it has none, or is alone."""
    found = leaves(outputs)
    if len(found) == 1:
        return [None]
    if isinstance(outputs, dict) and all(len(path) == 1 for path, _ in found):
        return [str(path[0]) for path, _ in found]
    return [None] * len(found) if names is None else list(names)


def _unique(prefix: str | None, name: str, weighted: bool, taken: list[str]) -> str:
    """Returns the name of a metric for the logs, one that is not taken."""
    start = f"{prefix}_" if prefix else ""
    first = start + name
    if first in taken and weighted:
        first = f"{start}weighted_{name}"
    unique, number = first, 1
    while unique in taken:
        unique, number = f"{first}_{number}", number + 1
    return unique


def _check_entries(argument: str, given: object) -> None:
    if given and not isinstance(given, (list, tuple, dict)):
        raise ArgumentTypeError(
            f"`{argument}` must be a list such as ['accuracy']. Received: {argument}={brief(given)}"
        )
    for entry in _entries(given or None):
        if not (isinstance(entry, (str, Metric, dict)) or callable(entry)):
            raise ArgumentError(f"A metric is a name, a function or a Metric. Received: {brief(entry)} in `{argument}`")
        if isinstance(entry, str) and not _is_accuracy(entry):
            metrics_room.get(entry)


def _entries(given: object) -> list:
    """Returns the metrics in nested lists and dicts in one list; the config of a metric is one of them."""
    if isinstance(given, dict) and "class_name" not in given:
        return [entry for key in tree.sorted_keys(given) for entry in _entries(given[key])]
    if isinstance(given, (list, tuple)):
        return [entry for part in given for entry in _entries(part)]
    return [] if given is None else [given]


def _is_accuracy(entry: object) -> bool:
    return isinstance(entry, str) and entry.lower() in ("accuracy", "acc")


def _as_metric(entry: object, y_true_shape: tuple, y_pred_shape: tuple) -> Metric:
    if isinstance(entry, Metric):
        return entry
    if _is_accuracy(entry):
        return resolve_accuracy(y_true_shape, y_pred_shape, entry)
    metric = metrics_room.get(entry)
    if not isinstance(metric, Metric):
        name = entry if isinstance(entry, str) else getattr(metric, "__name__", type(metric).__name__)
        metric = metrics_room.MeanMetricWrapper(metric, name="lambda" if name == "<lambda>" else name)
    elif isinstance(entry, str):
        metric.name = entry  # the history key is the name as the user wrote it
    return metric
