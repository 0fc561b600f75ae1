"""The losses given to `compile`, resolved once to a flat list: one entry per loss, with its output, weight and name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .. import losses, ops
from ..engine import tree
from ..engine.trace import paused_tracing
from ..errors import ArgumentError, StateError, brief
from ..losses import Loss
from ..losses.wrapper import LossFunctionWrapper
from ..metrics import Mean
from ..metrics.resolve import resolve_accuracy
from .label_checks import check_label_values
from .matching import (
    OutputLayout,
    is_nested,
    leaves,
    match_labels,
    match_leaves,
    match_losses,
    match_sample_weights,
)


@dataclass(frozen=True, slots=True)
class WeightedLoss:
    """A loss as passed to `compile`.

    Attributes:
        loss: A loss, or a name that depends on shapes.
        weight: The coefficient in the total loss; None for 1.
    """

    loss: Any
    weight: float | None = None


class LossSpec(NamedTuple):
    """The losses as they were given to `compile`, checked.

    Attributes:
        losses: `WeightedLoss`es, nested as the user nested the losses; None for an output without a loss.
        weights: The coefficients by name of the output, if they were given in a dict.
        names: The names of the outputs that were known to `compile`; the logs are named after these.
    """

    losses: Any
    weights: dict
    names: Sequence[str] | None

    @property
    def flat(self) -> list[WeightedLoss]:
        """The losses in the order of the spec."""
        return [given for _, given in leaves(self.losses) if given is not None]


class LossEntry(NamedTuple):
    """The loss of one output; an output may have several.

    Attributes:
        output: The index of the output, of its labels and of its sample weights.
        loss: The loss.
        weight: The coefficient in the total loss; None for 1.
        name: What the logs call it, without "_loss".
    """

    output: int
    loss: Loss
    weight: float | None
    name: str


def loss_spec(loss: object, weights: object = None, names: Sequence[str] | None = None) -> LossSpec:
    """Returns the validated losses passed to `compile`.

    Args:
        loss: A loss by name, function or object: one for all outputs, nested as they are, or in a dict by their names.
        weights: The coefficients of the losses, nested likewise; None for 1.
        names: The names of the outputs, as far as they are known.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If there are not as many weights as losses.
    """
    loss, weights = _mapped(_as_loss, loss), _mapped(_as_weight, weights)
    by_name = weights if isinstance(weights, dict) else {}
    # The weights of one loss shared by all outputs may be given by names that are not known yet.
    is_shared = isinstance(weights, dict) and not is_nested(loss)
    return LossSpec(_weighted(loss, None if is_shared else weights, names), by_name, names)


def assign_losses(spec: LossSpec, layout: OutputLayout) -> list[tuple[int, tuple, WeightedLoss]]:
    """Returns the losses with the index and path of the output that each is for.

    Raises:
        ArgumentError: If a loss or a weight is for an output that does not exist.
    """
    given = spec.losses
    layout.check_keys("loss_weights", spec.weights, ArgumentError)
    if isinstance(given, WeightedLoss) and spec.weights:
        given = _weighted_by_name(given.loss, spec.weights, layout)
    if isinstance(given, list) and len(given) > 1 and not layout.is_nested:
        raise ArgumentError(f"`loss` has {len(given)} entries, but the model has one output. Give one loss.")
    if isinstance(given, dict) and not isinstance(layout.structure, dict):
        given = _in_output_order(given, layout)
    return match_losses(given, layout.structure)


def resolve_losses(spec: LossSpec, layout: OutputLayout, y_true: Any, y_pred: Any) -> list[LossEntry]:
    """Returns the losses of a model once its outputs and labels are known; computes nothing.

    Args:
        spec: What `compile` was given.
        layout: The outputs, with all names that labels may be given by.
        y_true: The labels, or symbolic values of their shapes.
        y_pred: The outputs, or symbolic values of their shapes.

    Raises:
        ArgumentError: If there is a loss for an output that does not exist.
        DataError: If labels and outputs have different structures.
        StateError: If labels are missing.
    """
    assigned = assign_losses(spec, layout)
    labels = match_labels(y_true, layout, sorted({index for index, _, _ in assigned}), "y")
    log_names = OutputLayout(y_pred, spec.names).names
    outputs, entries = tree.flatten(y_pred), []
    for index, path, given in assigned:
        _require(labels, index, layout)
        loss = given.loss
        if isinstance(loss, str):
            loss = _wrapped(resolve_accuracy(labels[index].shape, outputs[index].shape, loss))
        entries.append(LossEntry(index, loss, given.weight, _name(log_names, index, path, loss)))
    return entries


class CompiledLoss:
    """The total loss of a model: the weighted sum of the losses given to `compile`.

    Args:
        loss: One loss for all outputs, or nested as the outputs are, or in a dict by their names.
        weights: The coefficients of the losses, nested likewise; None for 1.
        names: The names of the outputs, as far as they are known.

    Attributes:
        output_names: The names of the outputs, which a model may only know when it is built; None if they have none.
        checked: Symbolic outputs by signature of the data that was already checked against the losses.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If there are not as many weights as losses.
    """

    def __init__(self, loss: object, weights: object = None, names: Sequence[str] | None = None):
        self._spec = loss_spec(loss, weights, names)
        self._has_losses = bool(self._spec.flat)
        self.output_names = names
        self.checked: dict = {}
        self._entries: list[LossEntry] = []
        self._structure: Any = ()  # of the outputs that the entries are for; of no outputs yet
        self._trackers: list[Mean] = []

    def __bool__(self) -> bool:
        return self._has_losses

    @property
    def metrics(self) -> list[Mean]:
        """The means of the single losses, if there are several."""
        return list(self._trackers)

    @property
    def objects(self) -> list:
        """The losses as they were given; a name that depends on shapes is still a name."""
        return [given.loss for given in self._spec.flat]

    def __call__(self, y_true: object, y_pred: object, sample_weight: object = None) -> object:
        """Returns the weighted sum of the losses of a batch, a scalar.

        Raises:
            ArgumentError: If losses, labels and outputs do not go together.
        """
        self.use(self.resolve(y_true, y_pred), y_pred)
        total = None
        for index, (entry, *values) in enumerate(self.arguments(self._entries, y_true, y_pred, sample_weight)):
            value = entry.loss(*values)
            if self._trackers:
                self._trackers[index].update_state(ops.stop_gradient(value), sample_weight=values[1].shape[0])
            value = value if entry.weight is None else ops.multiply(value, entry.weight)
            total = value if total is None else ops.add(total, value)
        return total

    def check_outputs(self, outputs: object) -> None:
        """Refuses losses for outputs that the model does not have.

        Raises:
            ArgumentError: If there is one.
        """
        assign_losses(self._spec, OutputLayout(outputs, self.output_names))

    def resolve(self, y_true: object, y_pred: object) -> list[LossEntry]:
        """Returns the entries for outputs and labels: those in use if the outputs are nested as they were before."""
        if self._structure == tree.structure_key(y_pred):
            return self._entries
        return resolve_losses(self._spec, OutputLayout(y_pred, self.output_names), y_true, y_pred)

    def use(self, entries: list[LossEntry], y_pred: object) -> None:
        """Sets the entries of the model, each with a separate mean if there are several.

        Those for outputs nested in the same way stay in use once they are.
        """
        structure = tree.structure_key(y_pred)
        if self._structure == structure:
            return
        self._entries, self._structure = entries, structure
        with paused_tracing():
            self._trackers = [Mean(name=f"{entry.name}_loss") for entry in entries] if len(entries) > 1 else []

    def arguments(
        self, entries: list[LossEntry], y_true: object, y_pred: object, sample_weight: object = None
    ) -> Iterator[tuple]:
        """Yields each entry with the labels, the output and the sample weights to call its loss with.

        Raises:
            DataError: If labels or weights cannot be assigned to the outputs.
            StateError: If labels are missing.
        """
        layout = OutputLayout(y_pred, self.output_names)
        used = sorted({entry.output for entry in entries})
        labels, outputs = match_labels(y_true, layout, used, "y"), tree.flatten(y_pred)
        weights = match_sample_weights(sample_weight, layout, [entry.output for entry in entries])
        for entry in entries:
            index = entry.output
            _require(labels, index, layout)
            yield entry, labels[index], outputs[index], weights[index]

    def check_labels(self, y: object, outputs: object) -> None:
        """Refuses labels whose values do not go with the losses and the outputs.

        Args:
            y: The labels.
            outputs: Symbolic outputs of the model; None for a size that is free.

        Raises:
            DataError: If they do not fit together.
        """
        if y is None or outputs is None:
            return
        for entry, labels, output, _ in self.arguments(self.resolve(y, outputs), y, outputs):
            check_label_values(entry.loss, labels, tuple(output.shape))

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields what a step depends on, by name."""
        yield "losses", tuple(self.objects)
        yield "weights of losses", tuple(given.weight for given in self._spec.flat)


def _require(labels: list, index: int, layout: OutputLayout) -> None:
    if labels[index] is None:
        name = _name(layout.names, index, layout.paths[index])
        raise StateError(f"There are labels missing: the loss of output {name!r} needs `y`.")


def _name(names: Sequence[str] | None, index: int, path: tuple, loss: object = None) -> str:
    """Returns what the logs call a loss: the path of its output, which ends in its name instead of its index."""
    own = names[index] if names is not None else getattr(loss, "name", None) or str(index)
    if not path or isinstance(path[-1], int):
        path = (*path[:-1], own)
    return "/".join(map(str, path))


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
    """Returns a structure with a function applied to each leaf; the config of a loss is a leaf, and so is None."""
    if isinstance(structure, dict) and "class_name" not in structure:
        return {key: _mapped(function, structure[key]) for key in structure if tree.sorted_keys(structure)}
    if isinstance(structure, (list, tuple)):
        return [_mapped(function, value) for value in structure]
    return function(structure)


def _weighted(loss: Any, weights: Any, names: Sequence[str] | None) -> Any:
    """Returns the losses, each with its weight, nested as the losses are."""
    if names is not None and isinstance(weights, dict) and isinstance(loss, list) and set(weights) == set(names):
        weights = [weights[name] for name in names]
    elif names is not None and isinstance(weights, list) and isinstance(loss, dict) and set(loss) == set(names):
        weights = dict(zip(names, weights, strict=True)) if len(weights) == len(names) else weights
    flat_loss = [value for _, value in leaves(loss)]
    flat = [None] * len(flat_loss) if weights is None else [value for _, value in leaves(weights)]
    if len(flat) != len(flat_loss):
        raise ArgumentError(
            f"`loss_weights` must hold one number for each loss. Received: {len(flat_loss)} loss(es) and {len(flat)} "
            "weights. Give the losses in a list or dict to weight them one by one."
        )
    numbered = tree.pack_like(_mapped(lambda _: 0, loss), list(range(len(flat))))
    if weights is not None:  # those nested differently count in their order
        flat = match_leaves(weights, numbered, len(flat)) or flat
    pairs = [
        given if given is None else WeightedLoss(given, weight) for given, weight in zip(flat_loss, flat, strict=True)
    ]
    return _mapped(lambda number: pairs[number], numbered)


def _weighted_by_name(loss: Any, weights: dict, layout: OutputLayout) -> Any:
    """Returns one loss for each output, with the weight given by the name of the output."""
    if isinstance(layout.structure, dict):
        return {key: WeightedLoss(loss, weights.get(key)) for key in layout.structure}
    ordered = layout.by_name(weights)
    if ordered is None and layout.is_nested:
        raise ArgumentError(
            f"`loss_weights` is a dict with the keys {list(weights)}, but the outputs of the model have no "
            f"names: {OutputLayout(layout.structure)!r}. Give losses and weights in lists, in the order of the outputs."
        )
    return [WeightedLoss(loss, weight) for weight in ordered or weights.values()]


def _in_output_order(given: dict, layout: OutputLayout) -> list:
    """Returns losses that were given in a dict for outputs that are in none."""
    ordered = layout.by_name(given)
    if layout.names is not None and (ordered is None or set(given) != set(layout.names)):
        raise ArgumentError(
            f"`loss` must have the names of the outputs as keys, {list(layout.names)}. "
            f"Received: keys {list(given)}. Give None for an output without a loss."
        )
    if ordered is not None:
        return ordered
    if len(given) == 1 and not layout.is_nested:
        return list(given.values())
    raise ArgumentError(
        f"`loss` is a dict with the keys {list(given)}, but the outputs of the model have no names: "
        f"{OutputLayout(layout.structure)!r}. Give the losses in a list, in the order of the outputs."
    )
