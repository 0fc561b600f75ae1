"""Adapts the data given to `fit`, `evaluate` and `predict` to one of two forms: arrays, or a stream of batches."""

from ..engine import tree
from ..errors import ArgumentError, DataError, warn_user
from ..utils.py_dataset import PyDataset
from .arguments import triple
from .arrays import as_arrays, dense, split
from .data import DATA_NAMES, ArrayData
from .sample_weights import class_indices, class_weights_to_samples, warn_of_absent
from .shared_data import stream_source
from .sparse import SparseRows, is_sparse
from .stream import PyDatasetSource, StreamData

_INFINITE = -1  # the cardinality of an infinite dataset, here and in `tf.data`
_VALIDATION_NAMES = tuple(f"validation {name}" for name in DATA_NAMES)


def is_stream(x: object) -> bool:
    """Tells whether data comes batch by batch: from a `PyDataset`, a generator, or another iterable but an array.

    Example:
        >>> is_stream(batch for batch in []), is_stream([1.0, 2.0]), is_stream(np.zeros(2))
        (True, False, False)
    """
    if isinstance(x, PyDataset):
        return True
    if is_sparse(x) or isinstance(x, (SparseRows, type)):
        return False
    if isinstance(x, (str, bytes, list, tuple, dict)) or hasattr(x, "__array__"):
        return hasattr(x, "__next__")
    return hasattr(x, "__iter__")


def adapted(
    data: tuple,
    batch_size: int | None,
    steps: int | None,
    class_weight: dict | None = None,
    names: tuple[str, ...] = DATA_NAMES,
) -> ArrayData | StreamData:
    """Returns the checked data to train, evaluate or predict with.

    Args:
        data: `(x, y, sample_weight)`, or `(x,)`.
        batch_size: The number of examples in a batch; a stream has its own.
        steps: The number of steps that was requested.
        class_weight: The weight of the examples of each class, by class index.
        names: What errors call the parts.

    Raises:
        DataError: If the data cannot be used.
        ArgumentError: If class weights cannot be used.
    """
    names, weights = names[: len(data)], data[2] if len(data) == 3 else None
    if class_weight is not None and weights is not None:
        raise ArgumentError("`class_weight` and `sample_weight` cannot both be given. Multiply them yourself.")
    if is_stream(data[0]):
        return _stream(data, batch_size, class_weight, names, steps)
    arrays = ArrayData(data, names, batch_size, steps=steps)
    if class_weight is not None:
        labels = tree.single(dense(arrays.structure[1]))
        weights = class_weights_to_samples(labels, class_weight)
        warn_of_absent(set(map(int, class_weight)) - set(class_indices(labels).tolist()), "the data")
        arrays = ArrayData((*arrays.structure[:2], weights), (*names[:2], "class_weight"), batch_size, steps=steps)
    return arrays


def single_batch(data: tuple, class_weight: dict | None = None) -> ArrayData:
    """Returns the checked data of one batch.

    Args:
        data: `(x, y, sample_weight)`.
        class_weight: The weight of the examples of each class, by class index.

    Raises:
        DataError: If the data cannot be used.
        ArgumentError: If class weights cannot be used.
    """
    if class_weight is None:
        return ArrayData(data, DATA_NAMES, whole=True)
    x, y, weights = data
    if weights is not None:
        raise ArgumentError("`class_weight` and `sample_weight` cannot both be given.")
    weights = class_weights_to_samples(tree.single(dense(as_arrays(y, "y"))), class_weight)
    return ArrayData((x, y, weights), (*DATA_NAMES[:2], "class_weight"), whole=True)


def training_data(
    data: tuple,
    batch_size: int | None,
    steps: int | None,
    class_weight: dict | None,
    fraction: float,
    validation_data: object,
    validation_batch_size: int | None,
    validation_steps: int | None,
) -> tuple[ArrayData | StreamData, ArrayData | StreamData | None]:
    """Returns the checked training data, and the validation data if there is any.

    Args:
        data: `(x, y, sample_weight)`.
        batch_size: See `fit`, as the others.
        steps: `steps_per_epoch`.
        class_weight: The weight of the examples of each class, by class index.
        fraction: The fraction of the examples to validate on instead of training on them.
        validation_data: `(x, y)`, `(x, y, sample_weight)`, or a stream of such batches.
        validation_batch_size: `batch_size` by default.
        validation_steps: The number of batches to validate on.

    Raises:
        DataError: If the arrays cannot be used.
        ArgumentError: If an argument has an impossible value.
    """
    if validation_data is not None:
        train = adapted(data, batch_size, steps, class_weight)
        rest = (validation_data, None, None) if is_stream(validation_data) else triple(validation_data)
        if validation_batch_size is None and not is_stream(rest[0]):
            validation_batch_size = batch_size
        return train, adapted(rest, validation_batch_size, validation_steps, None, _VALIDATION_NAMES)
    if not fraction:
        return adapted(data, batch_size, steps, class_weight), None
    if is_stream(data[0]):
        raise ArgumentError(
            "`validation_split` needs arrays, to split off their last examples. Received: a "
            f"{type(data[0]).__name__}. Give `validation_data` instead."
        )
    if class_weight is not None and data[2] is not None:
        raise ArgumentError("`class_weight` and `sample_weight` cannot both be given. Multiply them yourself.")
    kept, rest = split(ArrayData(data, DATA_NAMES).structure, fraction)
    size = batch_size if validation_batch_size is None else validation_batch_size
    validation = adapted(rest, size, validation_steps, None, _VALIDATION_NAMES)
    return adapted(kept, batch_size, steps, class_weight), validation


def _stream(
    data: tuple, batch_size: int | None, class_weight: dict | None, names: tuple[str, ...], steps: int | None
) -> StreamData:
    kind = type(data[0]).__name__
    if steps is None and hasattr(data[0], "cardinality") and int(data[0].cardinality()) == _INFINITE:
        raise DataError(
            f"`{names[0]}` is a {kind} without end, so that one pass never ends. Pass the number of steps "
            "(`steps_per_epoch`, `validation_steps` or `steps`), or leave out `repeat()`."
        )
    for name, part in zip(names[1:], data[1:], strict=True):
        if part is not None:
            raise DataError(
                f"`{name}` must not be given if `{names[0]}` is a {kind}: its batches hold it, as in `(x, y)` or "
                "`(x, y, sample_weight)`."
            )
    if batch_size is not None:
        warn_user(f"`batch_size` has no effect: the batches are those of the {kind}.", UserWarning)
    source = PyDatasetSource(data[0]) if isinstance(data[0], PyDataset) else stream_source(data[0])
    return StreamData(source, names, class_weight)
