"""The cross-check of a model in minikeras and in real Keras, layer by layer and step by step."""

from collections.abc import Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Any

import numpy as np

from ..argument_checks import check_int, check_number
from ..engine import tree
from ..errors import DataError, StateError, brief
from ..tracebacks import filtered
from ..training.adapters import is_stream
from .measures import class_name, largest_difference, output_shapes, parameters, relative_difference
from .outputs import outputs_here, outputs_there
from .reference import both_copies, compile_alike, real_keras
from .result import CrossCheck, LayerRow


@filtered
def crosscheck(
    model: Any,
    x: Any = None,
    y: Any = None,
    sample_weight: Any = None,
    batch_size: int = 32,
    steps: int = 10,
    tolerance: float = 1e-4,
    custom_objects: Mapping[str, Any] | None = None,
) -> CrossCheck:
    """Rebuilds a model in real Keras from its config, copies the weights, and compares the two.

    Compared are the output of each layer for one batch and, if the model is compiled and there are labels, some
    training steps on the same batches, from the same optimizer state. The model itself is unchanged. Random layers
    such as `Dropout` are disabled, since no two libraries draw the same random numbers.

    Args:
        model: The model; compiled, for training to be compared.
        x: Inputs, with examples along the first axis; random by default. An iterable of batches `(x, y)` replaces all
            three.
        y: Labels.
        sample_weight: Weights of the examples.
        batch_size: Batch size.
        steps: Number of training steps; the data is repeated as needed.
        tolerance: The largest difference that counts as equal, relative to the largest value of an array.
        custom_objects: Your own classes, written for real Keras, by the names in the config.

    Returns:
        The result, which prints as tables; `.agrees` is True if the two sides are equal.

    Raises:
        NotSupportedError: If real Keras is not installed, or cannot rebuild the model.
        DataError: If the data cannot be used.
        StateError: If the model is not built and there is no data to build it on.

    Source: the config of https://keras.io/api/models/model_saving_apis/
    """
    tolerance = check_number("crosscheck", "tolerance", tolerance, minimum=0)
    batch_size = check_int("crosscheck", "batch_size", batch_size, minimum=1)
    steps = check_int("crosscheck", "steps", steps, minimum=1)
    keras = real_keras()
    batches = _batches(model, x, y, sample_weight, batch_size, steps)
    if not model.built:
        model(batches[0][0], training=False)
    ours, theirs, silenced = both_copies(model, keras, custom_objects)
    found = CrossCheck(model.name, f"Keras {keras.__version__} on {keras.backend.backend()}", float(tolerance))
    if silenced:
        found.notes.append(f"these layers are disabled, since random numbers differ: {', '.join(silenced)}")
    found.layers = _layer_rows(ours, theirs, batches[0][0], found.notes)
    if not model.compiled:
        found.notes.append("the model is not compiled, so training is not compared")
    elif len(batches[0]) < 2:
        found.notes.append("there are no labels, so training is not compared")
    else:
        compile_alike(model, ours, theirs, keras, custom_objects)
        _train(found, ours, theirs, batches)
    return found


def _layer_rows(ours: Any, theirs: Any, x: Any, notes: list[str]) -> list[LayerRow]:
    others = {layer.name: layer for layer in theirs.layers}
    layers = [layer for layer in ours.layers if class_name(layer) != "InputLayer"]
    here: dict = {}
    there: dict = {}
    if ours._graph() is None:
        notes.append("the model is not a graph of layers, so only its output is compared, not that of each layer")
    else:
        here = outputs_here(ours, x)
        there = outputs_there(theirs, x, [layer.name for layer in layers])
    rows = []
    for layer in layers:
        other = others.get(layer.name)
        values = here.get(layer.name), there.get(layer.name)
        shapes, counts = (
            (output_shapes(layer), other and output_shapes(other)),
            (parameters(layer), other and parameters(other)),
        )
        rows.append(LayerRow(layer.name, class_name(layer), shapes, counts, *_apart(*values)))
    results = [np.asarray(part) for part in tree.flatten(ours.predict(x, verbose=0))]
    expected = [np.asarray(part) for part in tree.flatten(theirs.predict(x, verbose=0))]
    shapes, counts = (output_shapes(ours), output_shapes(theirs)), (parameters(ours), parameters(theirs))
    return [*rows, LayerRow("(the model)", class_name(ours), shapes, counts, *_apart(results, expected))]


def _apart(ours: list | None, theirs: list | None) -> tuple[float | None, float | None]:
    if ours is None or theirs is None:
        return None, None
    if [value.shape for value in ours] != [value.shape for value in theirs]:
        return np.inf, np.inf
    relative = max((relative_difference(a, b) for a, b in zip(ours, theirs, strict=True)), default=0.0)
    return largest_difference(ours, theirs), relative


def _train(found: CrossCheck, ours: Any, theirs: Any, batches: list[tuple]) -> None:
    """Trains both copies on the same batches and records the losses and the final weights."""
    for batch in batches:
        losses = []
        for model in (ours, theirs):
            results = model.train_on_batch(*batch, return_dict=True)
            losses.append(float(np.asarray(results["loss"])))
        found.losses.append(tuple(losses))
        found.step_differences.append(relative_difference([losses[0]], [losses[1]]))
    for weight, own, other in zip(ours.weights, ours.get_weights(), theirs.get_weights(), strict=True):
        apart = largest_difference([own], [other])
        found.weights.append((weight.path, apart, relative_difference(own, other)))


# ---------------------------------------------------------------- data


def _batches(model: Any, x: Any, y: Any, sample_weight: Any, batch_size: int, steps: int) -> list[tuple]:
    """Returns the training batches, each `(x,)`, `(x, y)` or `(x, y, sample_weight)`."""
    if x is None:
        return [(_random_inputs(model, batch_size),)]
    if y is None and is_stream(x):
        found = [_as_arrays(batch) for batch in islice(_passes(x), steps)]
        if not found:
            raise DataError(f"`crosscheck`: there are no batches in the data. Received: {brief(x)}")
        return found
    data = tuple(part for part in (x, y, sample_weight) if part is not None)
    if sample_weight is not None and y is None:
        raise DataError("`crosscheck`: `sample_weight` needs labels, too.")
    data = _as_arrays(data)
    sizes = {len(leaf) for leaf in tree.flatten(data)}
    if len(sizes) != 1 or sizes == {0}:
        raise DataError(f"`crosscheck`: all arrays need the same number of examples. Received: {sorted(sizes)}")
    (size,) = sizes
    starts = [start for start in range(0, size, batch_size) if start == 0 or start + batch_size <= size]
    rows = [slice(start, start + batch_size) for start in starts]
    parts = [tree.map_structure(itemgetter(part), data) for part in rows[:steps]]
    return [parts[step % len(parts)] for step in range(steps)]


def _passes(x: Any) -> Iterator:
    count = -1
    while count:
        count = 0
        for batch in x:
            count += 1
            yield batch if isinstance(batch, tuple) else (batch,)


def _as_arrays(data: Any) -> Any:
    def convert(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: convert(value) for key, value in part.items()}
        if isinstance(part, (list, tuple)) and any(hasattr(leaf, "__array__") for leaf in tree.flatten(part)):
            return type(part)(convert(value) for value in part)
        return np.asarray(part)

    return tuple(convert(part) for part in data)


def _random_inputs(model: Any, size: int) -> Any:
    if model._graph() is None:
        raise StateError("`crosscheck`: pass data; only graphs of layers have known input shapes.")
    rng = np.random.default_rng(0)

    def drawn(tensor: Any) -> np.ndarray:
        shape = [size, *(4 if length is None else length for length in tensor.shape[1:])]
        if "int" in tensor.dtype or tensor.dtype == "bool":
            return rng.integers(0, 2, shape).astype(tensor.dtype)
        return rng.normal(size=shape).astype(tensor.dtype)

    return tree.map_structure(drawn, model._graph().inputs_structure)
