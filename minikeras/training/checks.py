"""A trial of loss and metrics before the first step, so that what cannot work is refused while nothing is changed."""

from functools import partial
from typing import Any

import numpy as np

from ..compiler.python_state import has_user_code
from ..compiler.rollback import unchanged
from ..engine import tree
from ..graph.keras_tensor import KerasTensor
from ..serialization.configs import is_own
from ..utils import unpack_x_y_sample_weight as unpack
from .compiled_loss import CompiledLoss
from .compiled_metrics import CompiledMetrics
from .data import ArrayData, Batch
from .steps import Steps
from .stream import StreamBatch, StreamData


def check_step(model: Steps, data: ArrayData | StreamData, outputs: Any) -> None:
    """Refuses labels and weights that do not go with the loss, the metrics and the outputs of a model.

    The values of the labels are looked at each time. Loss and metrics are computed once for each shape of a
    batch, on outputs that are all 0.5; the state of the metrics stays as it is. What a model overrides is not tried,
    and with `run_eagerly` none of the user's own code.

    Args:
        model: The compiled model.
        data: `(x, y, sample_weight)` to train or evaluate with.
        outputs: Symbolic outputs, nested as the model nests them; None if only the model itself can tell, which
            then is run.

    Raises:
        ArgumentError: If they do not fit together.
        StateError: If labels or the loss are missing.
    """
    if _overrides(model, "train_step") or _overrides(model, "test_step"):
        return
    loss = model._compiled_loss
    batch = data.first()
    trial = (batch.key, _key(outputs), tuple(map(id, model._flat_layers())))
    tried, values = trial in loss.trials, None
    if tried:
        outputs = loss.trials[trial]
    elif outputs is None:
        # Steps that run eagerly run the user's code as often as there are batches, and not once more.
        tries = not (model.run_eagerly and has_user_code(model))
        values = model._outputs(_parts(batch)[0], training=False) if tries else None
        if tries and all(isinstance(value, np.ndarray) for value in tree.flatten(values)):
            outputs = tree.map_structure(lambda value: KerasTensor(value.shape, value.dtype.name), values)
    else:
        values = tree.map_structure(lambda own: np.full((batch.size, *own.shape[1:]), 0.5, own.dtype), outputs)
    if loss and not _overrides(model, "compute_loss"):
        loss.check_labels(data.structure[1], outputs)
        if isinstance(data, StreamData):
            data.check_labels = partial(loss.check_labels, outputs=outputs)
    if not tried:
        if values is not None:
            _try(model, batch, values)
        loss.trials[trial] = outputs


def check_outputs(model: Steps, outputs: Any, loss: CompiledLoss, metrics: CompiledMetrics) -> None:
    """Refuses losses and metrics for outputs that the model does not have, as far as it is known when compiling.

    Args:
        model: The model; what it overrides may nest the outputs in another way.
        outputs: The symbolic outputs; None if they are not known.
        loss: The losses it is to be compiled with.
        metrics: The metrics it is to be compiled with.

    Raises:
        ArgumentError: If there is no such output.
    """
    methods = ("train_step", "test_step", "compute_loss", "compute_metrics")
    if outputs is not None and not any(_overrides(model, method) for method in methods):
        loss.entries(outputs)
        metrics.for_outputs(outputs)


def _key(outputs: Any) -> Any:
    return tree.structure_key(outputs), *((own.shape, own.dtype) for own in tree.flatten(outputs))


def may_add_losses(model: Steps) -> bool:
    """Tells whether layers may add losses of their own.

    Those of minikeras only do if they have a regularizer, or are models that were given symbolic losses.
    """
    for layer in (model, *model._flat_layers()):
        regularizers = [value for name, value in vars(layer).items() if name.endswith("_regularizer")]
        given = getattr(layer, "_graph_with_losses", None)
        if not is_own(type(layer)) or any(value is not None for value in (*regularizers, given)):
            return True
    return False


def _try(model: Steps, batch: Batch | StreamBatch, outputs: object) -> None:
    _, y, sample_weight = _parts(batch)
    loss, eager = model._compiled_loss, model.run_eagerly
    with np.errstate(all="ignore"):
        if not _overrides(model, "compute_loss"):
            if eager and has_user_code(loss):
                loss.match(y, outputs, sample_weight)
            else:
                with loss.untracked(), unchanged(loss.objects):
                    model.compute_loss(y=y, y_pred=outputs, sample_weight=sample_weight)
        if not _overrides(model, "compute_metrics"):
            model._compiled_metrics.check(y, outputs, sample_weight, eager)


def _overrides(model: Steps, method: str) -> bool:
    return getattr(type(model), method) is not getattr(Steps, method)


def _parts(batch: Batch | StreamBatch) -> tuple:
    return unpack(tree.pack_like(batch.structure, batch.arrays()))
