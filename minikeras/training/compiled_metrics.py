"""The metrics of a compiled model: names resolved, state made when the first outputs are seen."""

from .. import metrics as metrics_room
from ..engine import tree
from ..engine.trace import paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError
from ..metrics import Metric
from ..metrics.resolve import resolve_accuracy


class CompiledMetrics:
    """The metrics given to `compile`.

    Args:
        metrics: Names, functions or objects.
        weighted_metrics: The same, updated with the sample weights.

    Raises:
        UnknownNameError: If a name is not known.
    """

    def __init__(self, metrics: object = None, weighted_metrics: object = None):
        self._given = [(entry, False) for entry in _entries("metrics", metrics)]
        self._given += [(entry, True) for entry in _entries("weighted_metrics", weighted_metrics)]
        for entry, _ in self._given:
            if isinstance(entry, str) and not _is_accuracy(entry):
                metrics_room.get(entry)
        self._metrics: list[tuple[str, Metric, bool]] | None = None
        self._tried: list[tuple[str, Metric, bool]] | None = None

    # All of them together take the part of one metric in `Model.metrics`, as in Keras.
    name = "compile_metrics"

    @property
    def waits(self) -> bool:
        """Whether there are metrics that could not be made yet."""
        return self._metrics is None and bool(self)

    def __bool__(self) -> bool:
        return bool(self._given)

    @property
    def metrics(self) -> list[Metric]:
        """The metric objects, once they are made."""
        return [metric for _, metric, _ in self._metrics or ()]

    @property
    def given(self) -> list[Metric]:
        """The metric objects that were given as such."""
        return [entry for entry, _ in self._given if isinstance(entry, Metric)]

    @property
    def variables(self) -> list[Variable]:
        """The state of the metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def check(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Raises if a metric cannot be updated with such values; their state stays as it is."""
        y_true, sample_weight = tree.single(y_true), tree.single(sample_weight)
        made = self._metrics or self._made(y_true, y_pred)
        for _, metric, weighted in made:
            state = [variable.value for variable in metric.variables]
            metric.stateless_update_state(state, y_true, y_pred, sample_weight if weighted else None)
        self._tried = made  # not yet the metrics of the model: the data may still be refused

    def settle(self) -> None:
        """Makes the metrics that were tried those of the model before the first step does, to set their state."""
        self._metrics = self._metrics or self._tried

    def update_state(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Takes a batch into account; another name of `update`, that of a metric."""
        self.update(y_true, y_pred, sample_weight)

    def update(self, y_true: object, y_pred: object, sample_weight: object = None) -> None:
        """Takes a batch into account."""
        y_true, sample_weight = tree.single(y_true), tree.single(sample_weight)
        if self._metrics is None:
            with paused_tracing():
                self._metrics = self._tried or self._made(y_true, y_pred)
        for _, metric, weighted in self._metrics:
            metric.update_state(y_true, y_pred, sample_weight if weighted else None)

    def result(self) -> dict:
        """Returns the present value of each metric by its name."""
        return {name: metric.result() for name, metric, _ in self._metrics or ()}

    def reset_state(self) -> None:
        """Sets every metric back to its first state; another name of `reset`, that of a metric."""
        self.reset()

    def reset(self) -> None:
        """Sets every metric back to its first state."""
        for metric in self.metrics:
            metric.reset_state()

    def _made(self, y_true: object, y_pred: object) -> list[tuple[str, Metric, bool]]:
        y_true_shape, y_pred_shape = tuple(y_true.shape), tuple(y_pred.shape)
        made = []
        unweighted_names = [_name_of(entry) for entry, weighted in self._given if not weighted]
        for entry, weighted in self._given:
            metric = _as_metric(entry, y_true_shape, y_pred_shape)
            name = metric.name
            if weighted and name in unweighted_names:
                name = f"weighted_{name}"
            taken = [other for other, _, _ in made]
            number = 1
            unique = name
            while unique in taken:
                unique = f"{name}_{number}"
                number += 1
            made.append((unique, metric, weighted))
        return made


def _entries(argument: str, given: object) -> list:
    if given is None:
        return []
    if not isinstance(given, (list, tuple, dict)):
        raise ArgumentTypeError(f"`{argument}` must be a list such as ['accuracy']. Received: {argument}={given!r}")
    entries = list(given.values()) if isinstance(given, dict) else list(given)
    flat = []
    for entry in entries:
        flat.extend(entry if isinstance(entry, (list, tuple)) else [entry])
    if isinstance(given, dict) and len(given) > 1:
        raise NotSupportedError(f"`{argument}` names several outputs; models have one output in minikeras so far.")
    for entry in flat:
        if not (isinstance(entry, (str, Metric, dict)) or callable(entry)):
            raise ArgumentError(f"A metric is a name, a function or a Metric. Received: {entry!r} in `{argument}`")
    return flat


def _is_accuracy(entry: object) -> bool:
    return isinstance(entry, str) and entry.lower() in ("accuracy", "acc")


def _name_of(entry: object) -> str:
    return entry if isinstance(entry, str) else getattr(entry, "name", None) or getattr(entry, "__name__", "")


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
