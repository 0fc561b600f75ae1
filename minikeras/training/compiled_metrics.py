"""The metrics given to `compile`, resolved once to a flat list: one entry per metric, with its output and name."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NamedTuple

from .. import metrics as metrics_package
from ..engine import tree
from ..engine.trace import paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, StateError, add_location, brief
from ..metrics import Metric
from ..metrics.resolve import resolve_accuracy
from .matching import MismatchError, OutputLayout, match, match_labels, match_sample_weights


class MetricEntry(NamedTuple):
    """A metric of one output.

    Attributes:
        name: What the logs call it.
        metric: The metric.
        output: The index of the output, of its labels and of its sample weights.
        weighted: Whether it is updated with the sample weights.
        prefixed: Whether its name starts with that of the output.
    """

    name: str
    metric: Metric
    output: int
    weighted: bool
    prefixed: bool


def assign_metrics(argument: str, given: Any, layout: OutputLayout) -> list[tuple[int, list]]:
    """Returns the index of each output with the list of metrics given for it.

    Args:
        argument: "metrics" or "weighted_metrics", for errors.
        given: Metrics in a list or dict, for each output one, several or None; all of them if there is one output.
        layout: The outputs.

    Raises:
        ArgumentError: If `given` is nested differently from the outputs.

    Example:
        >>> assign_metrics("metrics", ["mse", ["mae", "acc"]], OutputLayout([0, 1]))
        [(0, ['mse']), (1, ['mae', 'acc'])]
        >>> assign_metrics("metrics", {"b": "mse"}, OutputLayout([0, 1], ["a", "b"]))
        [(0, []), (1, ['mse'])]
    """
    if not _flat(given):
        return []
    is_dict = isinstance(given, dict) and "class_name" not in given
    if is_dict:
        layout.check_keys(argument, given, ArgumentError)
    if len(layout) == 1:
        return [(0, _flat(given))]
    if layout.is_flat:
        ordered = layout.by_name(given) if is_dict else None
        if ordered is None and is_dict and isinstance(layout.structure, dict):
            ordered = [given.get(key) for (key,) in layout.paths]
        elif isinstance(given, (list, tuple)) and len(given) == len(layout):
            ordered = list(given)
        if ordered is not None:
            return [(index, _flat(part)) for index, part in enumerate(ordered)]
    try:
        found = match(given, layout.structure, exact=True)
    except MismatchError:
        raise ArgumentError(
            f"`{argument}` must be a list with one entry for each of the {len(layout)} outputs, a dict "
            f"by their names, or nested as they are: {layout!r}. Received: {argument}={brief(given)}"
        ) from None
    return [(index, _flat(part)) for index, _, part in sorted(found, key=itemgetter(0))]


def resolve_metrics(
    spec: dict[str, Any], layout: OutputLayout, log_names: Sequence[str] | None, y_true: Any, y_pred: Any
) -> list[MetricEntry]:
    """Returns the metrics of a model once its outputs and labels are known; updates nothing.

    Args:
        spec: What `compile` was given, by the name of the argument.
        layout: The outputs, with all names that labels may be given by.
        log_names: The names of the outputs that the logs are named after; None if they have none.
        y_true: The labels, or symbolic values of their shapes.
        y_pred: The outputs, or symbolic values of their shapes.

    Raises:
        ArgumentError: If metrics are given for an output that does not exist.
        DataError: If labels and outputs have different structures.
        StateError: If labels are missing.
    """
    assigned = assign_all(spec, layout)
    if not assigned:  # labels of some outputs alone are for the losses
        return []
    labels = match_labels(y_true, layout, sorted({index for index, _, _ in assigned}), "y")
    outputs, prefixes = tree.flatten(y_pred), _prefixes(OutputLayout(y_pred, log_names))
    entries: list[MetricEntry] = []
    for index, weighted, given in assigned:
        if labels[index] is None:
            raise StateError(f"There are labels missing: the metric {given[0]!r} needs `y`.")
        for each in given:
            metric = _as_metric(each, tuple(labels[index].shape), tuple(outputs[index].shape))
            name = _unique(prefixes[index], metric.name, weighted, [entry.name for entry in entries])
            entries.append(MetricEntry(name, metric, index, weighted, bool(prefixes[index])))
    return entries


def assign_all(spec: dict[str, Any], layout: OutputLayout) -> list[tuple[int, bool, list]]:
    """Returns the index of each output that has metrics, whether they are weighted, and the metrics passed.

    Raises:
        ArgumentError: If metrics are given for an output that does not exist.
    """
    return [
        (index, argument == "weighted_metrics", own)
        for argument, given in spec.items()
        for index, own in assign_metrics(argument, given, layout)
        if own
    ]


class CompiledMetrics:
    """The metrics of a model as one object that behaves like a metric.

    Args:
        metrics: Names, functions or objects; for several outputs nested as they are, or in a dict by their names.
        weighted_metrics: The same, updated with the sample weights.
        names: The names of the outputs, as far as they are known.

    Attributes:
        output_names: The names of the outputs, which a model may only know when it is built; None if they have none.

    Raises:
        UnknownNameError: If a name is not known.
    """

    # Together they are one metric in `Model.metrics`, as in Keras.
    name = "compile_metrics"

    def __init__(self, metrics: object = None, weighted_metrics: object = None, names: Sequence[str] | None = None):
        self._spec = {"metrics": metrics, "weighted_metrics": weighted_metrics}
        for argument, given in self._spec.items():
            _check_given(argument, given)
        self._flat = [each for given in self._spec.values() for each in _flat(given)]
        self._log_names = names
        self.output_names = names
        self._entries: list[MetricEntry] | None = None

    def __bool__(self) -> bool:
        return bool(self._flat)

    @property
    def is_resolved(self) -> bool:
        """Whether the metrics exist: names that depend on shapes are resolved when outputs and labels are known."""
        return self._entries is not None

    @property
    def metrics(self) -> list[Metric]:
        """The metric objects, once they are resolved."""
        return [entry.metric for entry in self._entries or ()]

    @property
    def given(self) -> list[Metric]:
        """The metric objects that were given as such."""
        return [each for each in self._flat if isinstance(each, Metric)]

    @property
    def unnamed(self) -> list[str]:
        """The names without the name of an output in front: these come first in what `evaluate` returns."""
        return [entry.name for entry in self._entries or () if not entry.prefixed]

    @property
    def variables(self) -> list[Variable]:
        """The state of the metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def check_outputs(self, outputs: object) -> None:
        """Refuses metrics for outputs that the model does not have.

        Raises:
            ArgumentError: If there is one.
        """
        assign_all(self._spec, OutputLayout(outputs, self.output_names))

    def resolve(self, y_true: object, y_pred: object) -> list[MetricEntry]:
        """Returns the entries in use, or else those for outputs and labels, which are not in use yet."""
        if self._entries is not None:
            return self._entries
        with paused_tracing():
            return resolve_metrics(self._spec, OutputLayout(y_pred, self.output_names), self._log_names, y_true, y_pred)

    def use(self, entries: list[MetricEntry]) -> None:
        """Sets the entries of the model."""
        self._entries = entries

    def arguments(
        self, entries: list[MetricEntry], y_true: object, y_pred: object, sample_weight: object
    ) -> Iterator[tuple]:
        """Yields each metric with the labels, the output and the sample weights to update it with.

        Raises:
            DataError: If labels or weights cannot be assigned to the outputs.
        """
        if not entries:
            return
        used = sorted({entry.output for entry in entries})
        layout = OutputLayout(y_pred, self.output_names)
        labels, outputs = match_labels(y_true, layout, used, "y"), tree.flatten(y_pred)
        weights = [None] * len(outputs)
        if sample_weight is not None and any(entry.weighted for entry in entries):
            weights = match_sample_weights(sample_weight, layout, used)
        for entry in entries:
            index = entry.output
            yield entry.metric, labels[index], outputs[index], weights[index] if entry.weighted else None

    def update(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Updates each metric with a batch."""
        self.use(self.resolve(y_true, y_pred))
        for metric, *values in self.arguments(self._entries, y_true, y_pred, sample_weight):
            with naming(metric):
                metric.update_state(*values)

    def update_state(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Updates each metric with a batch; another name of `update`, that of a metric."""
        self.update(y_true, y_pred, sample_weight)

    def result(self) -> dict:
        """Returns the present value of each metric by its name."""
        return {entry.name: entry.metric.result() for entry in self._entries or ()}

    def reset(self) -> None:
        """Resets every metric; those given as objects may come with state from elsewhere."""
        for metric in {id(metric): metric for metric in [*self.metrics, *self.given]}.values():
            metric.reset_state()

    def reset_state(self) -> None:
        """Resets every metric; another name of `reset`, that of a metric."""
        self.reset()

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields what a step depends on, by name."""
        yield "metrics", (*self.given, *self.metrics)


@contextmanager
def naming(metric: Metric) -> Iterator[None]:
    """Adds the name of the metric to a `StateError` that is raised in its update."""
    try:
        yield
    except StateError as error:
        add_location(error, f"Raised in metric '{metric.name}'.")
        raise


def _prefixes(layout: OutputLayout) -> list[str | None]:
    """Returns the name of each output for the logs; None if it has none, or is the only output."""
    if len(layout) == 1:
        return [None]
    if isinstance(layout.structure, dict) and layout.is_flat:
        return [str(key) for (key,) in layout.paths]
    return [None] * len(layout) if layout.names is None else list(layout.names)


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


def _check_given(argument: str, given: object) -> None:
    if given and not isinstance(given, (list, tuple, dict)):
        raise ArgumentTypeError(
            f"`{argument}` must be a list such as ['accuracy']. Received: {argument}={brief(given)}"
        )
    for each in _flat(given or None):
        if not (isinstance(each, (str, Metric, dict)) or callable(each)):
            raise ArgumentError(f"A metric is a name, a function or a Metric. Received: {brief(each)} in `{argument}`")
        if isinstance(each, str) and not _is_accuracy(each):
            metrics_package.get(each)


def _flat(given: object) -> list:
    """Returns the metrics in nested lists and dicts in one list; the config of a metric is one of them."""
    if isinstance(given, dict) and "class_name" not in given:
        return [each for key in tree.sorted_keys(given) for each in _flat(given[key])]
    if isinstance(given, (list, tuple)):
        return [each for part in given for each in _flat(part)]
    return [] if given is None else [given]


def _is_accuracy(given: object) -> bool:
    return isinstance(given, str) and given.lower() in ("accuracy", "acc")


def _as_metric(given: object, y_true_shape: tuple, y_pred_shape: tuple) -> Metric:
    if isinstance(given, Metric):
        return given
    if _is_accuracy(given):
        return resolve_accuracy(y_true_shape, y_pred_shape, given)
    metric = metrics_package.get(given)
    if not isinstance(metric, Metric):
        name = given if isinstance(given, str) else getattr(metric, "__name__", type(metric).__name__)
        metric = metrics_package.MeanMetricWrapper(metric, name="lambda" if name == "<lambda>" else name)
    elif isinstance(given, str):
        metric.name = given  # the history key is the name as the user wrote it
    return metric
