"""Checks loss and metrics against the data before the first step, so that what cannot work changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..compiler.guards.python_state import has_user_code
from ..compiler.guards.rollback import unchanged
from ..compiler.guards.validity import refuse_python_state
from ..engine import tree
from ..engine.dtypes import dtype_name
from ..engine.scopes import StatelessScope
from ..engine.trace import paused_tracing
from ..errors import DataError, ShapeError, TraceError
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import paused_recording
from ..metrics import Metric
from ..serialization.configs import is_own
from ..utils import unpack_x_y_sample_weight as unpack
from .compiled_loss import CompiledLoss, LossEntry
from .compiled_metrics import CompiledMetrics, MetricEntry, naming
from .data import ArrayData, Batch
from .steps import Steps
from .stream import StreamBatch, StreamData


class Resolution(NamedTuple):
    """The losses and metrics that go with a dataset that passed the checks; nothing is changed until `use`.

    Attributes:
        signature: What the checks depend on: the shapes of the data and the outputs, and the layers.
        outputs: Symbolic outputs of the batch; None if they are not known.
        losses: The losses; None if the model computes its loss in its own way.
        metrics: The metrics; None if the model updates them in its own way.
    """

    signature: tuple
    outputs: Any
    losses: list[LossEntry] | None
    metrics: list[MetricEntry] | None

    def use(self, model: Steps) -> None:
        """Sets these losses and metrics as those of the model."""
        if self.losses is not None:
            model._compiled_loss.use(self.losses, self.outputs)
        if self.metrics is not None:
            model._compiled_metrics.use(self.metrics)
        model._compiled_loss.checked[self.signature] = self.outputs


def check_step(model: Steps, data: ArrayData | StreamData, outputs: Any, resolved: list[Resolution]) -> None:
    """Refuses labels and weights that do not go with the loss, the metrics and the outputs of a model.

    The values of the labels are checked each time. Loss and metrics are called once for each shape of a batch, on
    symbolic values. The user's own code may compute in ways that require concrete values: what it raises then, other
    than that shapes do not fit, is left to the first step, which changes nothing if it fails. What a model overrides is
    not called, and with `run_eagerly` none of the user's code.

    Args:
        model: The compiled model.
        data: `(x, y, sample_weight)` to train or evaluate with.
        outputs: Symbolic outputs, nested as the model nests them; None if only the model itself can tell, which
            is then run on the first batch.
        resolved: What was resolved for other datasets of the same call; that of this one is added, unless the data
            was checked before, or the model has steps of its own.

    Raises:
        ArgumentError: If they do not fit together.
        StateError: If labels or the loss are missing.
    """
    if _overrides(model, "train_step") or _overrides(model, "test_step"):
        return
    loss, batch = model._compiled_loss, data.first()
    signature = (batch.key, _key(outputs), tuple(map(id, model._flat_layers())))
    is_known = signature in loss.checked
    if is_known:
        outputs = loss.checked[signature]
    elif outputs is None:
        outputs = _outputs_of_run(model, batch)
    else:
        outputs = tree.map_structure(lambda own: _symbol((batch.size, *own.shape[1:]), own.dtype), outputs)
    if loss and not _overrides(model, "compute_loss"):
        loss.check_labels(data.structure[1], outputs)
        if isinstance(data, StreamData):
            data.check_labels = partial(loss.check_labels, outputs=outputs)
    if not is_known:
        resolved.append(_resolve(model, signature, outputs, batch, resolved[:1]))


def check_outputs(model: Steps, outputs: Any, loss: CompiledLoss, metrics: CompiledMetrics) -> None:
    """Refuses losses and metrics for outputs that the model does not have, as far as outputs are known when compiling.

    Args:
        model: The model; what it overrides may nest the outputs differently.
        outputs: The symbolic outputs; None if they are not known.
        loss: The losses it is to be compiled with.
        metrics: The metrics it is to be compiled with.

    Raises:
        ArgumentError: If there is no such output.
    """
    methods = ("train_step", "test_step", "compute_loss", "compute_metrics")
    if outputs is not None and not any(_overrides(model, method) for method in methods):
        loss.check_outputs(outputs)
        metrics.check_outputs(outputs)


def may_add_losses(model: Steps) -> bool:
    """Returns whether layers may add losses.

    Those of minikeras only do if they have a regularizer, or are models that were given symbolic losses.
    """
    for layer in (model, *model._flat_layers()):
        regularizers = [value for name, value in vars(layer).items() if name.endswith("_regularizer")]
        given = getattr(layer, "_graph_with_losses", None)
        if not is_own(type(layer)) or any(value is not None for value in (*regularizers, given)):
            return True
    return False


def _resolve(
    model: Steps, signature: tuple, outputs: Any, batch: Batch | StreamBatch, earlier: list[Resolution]
) -> Resolution:
    """Resolves losses and metrics and calls them on symbolic values of the shapes of a batch."""
    losses = metrics = None
    _, y, sample_weight = unpack(_symbolic_data(batch))
    if outputs is not None and not _overrides(model, "compute_loss"):
        if y is None or not model._compiled_loss:
            model.compute_loss(y=y, y_pred=outputs)  # says what is missing, if it is
        else:
            losses = checked_losses(model._compiled_loss, y, outputs, sample_weight, model.run_eagerly)
    if outputs is not None and not _overrides(model, "compute_metrics"):
        known = next((each.metrics for each in earlier), None)
        metrics = checked_metrics(model._compiled_metrics, y, outputs, sample_weight, model.run_eagerly, known)
    return Resolution(signature, outputs, losses, metrics)


def checked_losses(
    compiled: CompiledLoss, y_true: Any, y_pred: Any, sample_weight: Any = None, eager: bool = False
) -> list[LossEntry]:
    """Returns the losses for outputs and labels, having called each of them.

    Args:
        compiled: The losses.
        y_true: Symbolic labels.
        y_pred: Symbolic outputs.
        sample_weight: Symbolic sample weights, or None.
        eager: Whether each step runs in Python, so that the user's code is called in the steps alone.

    Raises:
        ArgumentError: If they do not fit together.
    """
    entries = compiled.resolve(y_true, y_pred)
    for entry, *values in compiled.arguments(entries, y_true, y_pred, sample_weight):
        _check_call(entry.loss, entry.loss, values, eager)
    return entries


def checked_metrics(
    compiled: CompiledMetrics,
    y_true: Any,
    y_pred: Any,
    sample_weight: Any = None,
    eager: bool = False,
    known: list[MetricEntry] | None = None,
) -> list[MetricEntry]:
    """Returns the metrics for outputs and labels, each updated once; their state is then restored.

    Args:
        compiled: The metrics.
        y_true: Symbolic labels.
        y_pred: Symbolic outputs.
        sample_weight: Symbolic sample weights, or None.
        eager: Whether each step runs in Python. Then metrics may keep state there, and the user's code is called in
            the steps alone.
        known: The metrics, if they are resolved already.

    Raises:
        ArgumentError: If they do not fit together.
        TraceError: If a metric keeps state in Python, which replayed steps would not change.
    """
    entries = compiled.resolve(y_true, y_pred) if known is None else known
    for metric, *values in compiled.arguments(entries, y_true, y_pred, sample_weight):
        _check_call(metric, metric.update_state, values, eager)
    return entries


def _check_call(called: Any, function: Callable, values: list, eager: bool) -> None:
    """Calls a loss, or updates a metric, with symbolic values."""
    call = partial(function, *values)
    if not has_user_code(called):
        with _stateless(), naming(called) if isinstance(called, Metric) else nullcontext():
            call()
        return
    if eager:  # the user's code runs as often as there are batches, and not once more
        return
    try:
        with _stateless(), unchanged([called]):
            if isinstance(called, Metric):
                refuse_python_state(called, call, partial(function, *map(_twin, values)))
            else:
                call()
    except (DataError, ShapeError, TraceError):
        raise
    except Exception:
        return  # it needs concrete values: the first step shows whether it works


@contextmanager
def _stateless() -> Iterator[None]:
    """Context manager in which calls have no effect on graphs, steps and variables."""
    with paused_tracing(), paused_recording(), StatelessScope():
        yield


def _twin(value: Any) -> Any:
    """Returns another symbolic value of the same shape, so that a metric that keeps one is found."""
    return None if value is None else _symbol(value.shape, value.dtype)


def _symbol(shape: tuple, dtype: str) -> KerasTensor:
    """Returns a symbolic value that takes no automatic name, since those of the user's are numbered."""
    with paused_recording():
        return KerasTensor(shape, dtype)


def _outputs_of_run(model: Steps, batch: Batch | StreamBatch) -> Any:
    """Runs the model on a batch and returns symbolic outputs of the same shapes; None if they are not to be known.

    What the layers assign to variables is dropped, as this is no step.
    """
    if model.run_eagerly and has_user_code(model):
        return None
    x = unpack(tree.pack_like(batch.structure, batch.arrays()))[0]
    values = model._trial_outputs(x)
    if not all(isinstance(value, np.ndarray) for value in tree.flatten(values)):
        return None
    return tree.map_structure(lambda value: _symbol(value.shape, dtype_name(value.dtype)), values)


def _symbolic_data(batch: Batch | StreamBatch) -> Any:
    """Returns symbolic values of the shapes and dtypes of a batch, nested as the batch is."""
    _, *arrays = batch.key
    return tree.pack_like(batch.structure, [_symbol(shape, dtype_name(dtype)) for shape, dtype in arrays])


def _key(outputs: Any) -> Any:
    return tree.structure_key(outputs), *((own.shape, own.dtype) for own in tree.flatten(outputs))


def _overrides(model: Steps, method: str) -> bool:
    return getattr(type(model), method) is not getattr(Steps, method)
