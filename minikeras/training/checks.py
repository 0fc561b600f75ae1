"""A trial of loss and metrics before the first step, so that what cannot work is refused while nothing is changed."""

import numpy as np

from ..engine import tree
from ..engine.serialization import is_own
from ..utils import unpack_x_y_sample_weight as unpack
from .data import ArrayData, Batch
from .steps import Steps


def check_step(model: Steps, data: ArrayData, output_shape: tuple | None) -> None:
    """Refuses labels and weights that do not go with the loss, the metrics and the outputs of a model.

    The values of the labels are looked at each time. Loss and metrics are computed once for each shape of a
    batch, on outputs that are all 0.5; the state of the metrics stays as it is. What a model overrides is not tried.

    Args:
        model: The compiled model.
        data: `(x, y, sample_weight)` to train or evaluate with.
        output_shape: The shape of the outputs; None if only the model itself can tell, which then is run.

    Raises:
        ArgumentError: If they do not fit together.
        StateError: If labels or the loss are missing.
    """
    if _overrides(model, "train_step") or _overrides(model, "test_step"):
        return
    loss = model._compiled_loss
    batch = data.first()
    trial = (batch.key, output_shape, tuple(map(id, model._flat_layers())))
    tried = trial in loss.trials
    if tried:
        output_shape, outputs = loss.trials[trial], None
    elif output_shape is None:
        outputs = model._outputs(_parts(batch)[0], training=False)
        output_shape = outputs.shape if isinstance(outputs, np.ndarray) else None
    else:
        outputs = np.full((batch.size, *output_shape[1:]), 0.5, model.compute_dtype)
    if not _overrides(model, "compute_loss"):
        loss.check_labels(data.structure[1], output_shape)
    if not tried:
        _try(model, batch, outputs)
        loss.trials[trial] = output_shape


def may_add_losses(model: Steps) -> bool:
    """Tells whether layers may add losses of their own: those of minikeras only do if they have a regularizer."""
    for layer in (model, *model._flat_layers()):
        regularizers = [value for name, value in vars(layer).items() if name.endswith("_regularizer")]
        if not is_own(type(layer)) or any(value is not None for value in regularizers):
            return True
    return False


def _try(model: Steps, batch: Batch, outputs: object) -> None:
    _, y, sample_weight = _parts(batch)
    with np.errstate(all="ignore"):
        if not _overrides(model, "compute_loss"):
            model.compute_loss(y=y, y_pred=outputs, sample_weight=sample_weight)
        if not _overrides(model, "compute_metrics"):
            model._compiled_metrics.check(y, outputs, sample_weight)


def _overrides(model: Steps, method: str) -> bool:
    return getattr(type(model), method) is not getattr(Steps, method)


def _parts(batch: Batch) -> tuple:
    return unpack(tree.pack_like(batch.structure, batch.arrays()))
