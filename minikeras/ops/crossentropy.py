"""Cross-entropy losses, computed from logits wherever these are known."""

from collections.abc import Callable, Sequence

import numpy as np

from .. import config
from ..engine.batch_rules import all_leading
from ..engine.dispatch import apply, with_gradient
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.tensor import Tensor as TracedTensor
from ..errors import ArgumentError, ShapeError
from ..typing import Tensor, TensorLike
from .activations.probabilities import log_softmax, softmax
from .activations.smooth import sigmoid
from .arithmetic import absolute, add, multiply, negative, subtract, true_divide
from .common.arguments import as_float, normalize_axes, normalize_axis, static_shape
from .conversion import cast
from .encoding import one_hot
from .exponents import exp, log, log1p
from .extrema import clip, maximum
from .reductions import sum
from .shaping import expand_dims, moveaxis, squeeze

# Where addresses have 32 bits, as in a browser, numpy converts unsigned indices back to signed ones.
_WRAPS = np.dtype(np.intp).itemsize == 4


def _logits_behind(output: object, activation: str, axis: int | None = None) -> object | None:
    """Returns the logits of a softmax or sigmoid output that was computed in this trace.

    Cross-entropy computed from logits is numerically stable, also for saturated outputs; TensorFlow does the same
    when it finds the activation in its graph.
    """
    if not isinstance(output, TracedTensor):
        return None
    found = output.trace.logits.get(output)
    axes = None if axis is None else normalize_axes(axis, len(static_shape(output)))
    return found[1] if found is not None and found[0] == activation and found[2] == axes else None


@op("nn.CategoricalCrossentropy", settings="from_logits axis")
def categorical_crossentropy(
    target: TensorLike, output: TensorLike, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Categorical cross-entropy between target and output distributions.

    `-sum_i target_i ln(output_i)`

    Args:
        target: Target probabilities, for example one-hot labels; shape (..., classes).
        output: Predicted probabilities or logits, of the same shape.
        from_logits: Whether `output` contains logits.
        axis: The axis of the classes.

    Returns:
        The loss of each sample: the shape without the class axis.

    Raises:
        ShapeError: If the shapes differ.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    target, output = _same_shape("categorical_crossentropy", target, output)
    logits = output if from_logits else _logits_behind(output, "softmax", axis)
    if logits is None:
        output = true_divide(output, sum(output, axis=axis, keepdims=True))
        output = clip(output, config.epsilon(), 1.0 - config.epsilon())
        return negative(sum(multiply(target, log(output)), axis=axis))

    def forward(target: object, logits: object) -> object:
        return negative(sum(multiply(target, log_softmax(logits, axis)), axis=axis))

    def vjp(g: object, y: object, target: object, logits: object) -> list:
        # As in TensorFlow, the target probabilities are assumed to sum to 1.
        g = expand_dims(g, axis)
        return [negative(g * log_softmax(logits, axis)), multiply(subtract(softmax(logits, axis), target), g)]

    return with_gradient((target, logits), forward, vjp)


def _pick_kernel(x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    out = np.empty(indices.shape, x.dtype)
    _bind_pick((x, indices), out)()
    return out


def _bind_pick(arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
    x, indices = arrays
    if not all(array.flags.c_contiguous for array in (x, indices, out)):  # reshaping would copy what they hold now
        return lambda: np.copyto(out, _pick_kernel(np.ascontiguousarray(x), np.ascontiguousarray(indices)))
    # Viewed as unsigned, negative indices are out of bounds too, so that numpy reports both.
    rows, columns, picked = x.reshape(out.size, x.shape[-1]), indices.reshape(-1).view(np.uint32), out.reshape(-1)
    numbers = np.arange(len(rows))

    def call() -> None:
        try:
            if _WRAPS and columns.size and columns.max() >= x.shape[-1]:
                raise IndexError
            picked[...] = rows[numbers, columns]
        except IndexError as error:
            raise ArgumentError(
                f"`sparse_categorical_crossentropy` expects class indices from 0 to {x.shape[-1] - 1}. "
                f"Received: class indices from {indices.min()} to {indices.max()}"
            ) from error

    return call


_PICK = Primitive(
    "pick",
    _pick_kernel,
    bind=_bind_pick,
    shape=lambda x, indices: (indices.shape, x.dtype),
    vjps=(lambda g, y, x, i: expand_dims(g, -1) * one_hot(i, x.shape[-1], dtype=dtype_of(g)), None),
    batch=all_leading,
)


@op("nn.SparseCategoricalCrossentropy", settings="from_logits axis")
def sparse_categorical_crossentropy(
    target: TensorLike, output: TensorLike, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Categorical cross-entropy with integer targets.

    `-ln(output[target])`

    Args:
        target: Class indices, shape (...) or (..., 1).
        output: Predicted probabilities or logits, shape (..., classes).
        from_logits: Whether `output` contains logits.
        axis: The axis of the classes.

    Returns:
        The loss of each sample.

    Raises:
        ShapeError: If the shapes are incompatible.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    logits = output if from_logits else _logits_behind(output, "softmax", axis)
    output = as_float(output) if logits is None else as_float(logits)
    target = _class_numbers(target, output, axis)
    if normalize_axis(axis, len(static_shape(output))) != len(static_shape(output)) - 1:
        output = moveaxis(output, axis, -1)
    if logits is None:
        output = clip(output, config.epsilon(), 1.0 - config.epsilon())
        output = true_divide(output, sum(output, axis=-1, keepdims=True))
        return negative(apply(_PICK, log(output), target))

    def forward(logits: object) -> object:
        return negative(apply(_PICK, log_softmax(logits, -1), target))

    def vjp(g: object, y: object, logits: object) -> list:
        hot = one_hot(target, static_shape(logits)[-1], dtype=dtype_of(logits))
        return [multiply(subtract(softmax(logits, -1), hot), expand_dims(g, -1))]

    return with_gradient((output,), forward, vjp)


def _class_numbers(target: object, output: object, axis: int) -> object:
    target = cast(target, "int32")
    classes = list(static_shape(output))
    del classes[normalize_axis(axis, len(classes))]
    sizes = static_shape(target)
    if len(sizes) == len(classes) + 1 and sizes[-1] == 1:
        target = squeeze(target, -1)
    if len(static_shape(target)) != len(classes) or not _fits(static_shape(target), tuple(classes)):
        raise ShapeError(
            "`sparse_categorical_crossentropy` expects one class index per sample: for output of shape "
            f"{tuple(static_shape(output))}, labels of shape {tuple(classes)}. "
            f"Received labels of shape {tuple(sizes)}. Use `categorical_crossentropy` for one-hot labels."
        )
    return target


def _fits(first: tuple, second: tuple) -> bool:
    return len(first) == len(second) and not [
        pair for pair in zip(first, second, strict=True) if None not in pair and pair[0] != pair[1]
    ]


@op("nn.BinaryCrossentropy", settings="from_logits")
def binary_crossentropy(target: TensorLike, output: TensorLike, from_logits: bool = False) -> Tensor:
    """Binary cross-entropy, element by element.

    `-(target ln(output) + (1 - target) ln(1 - output))`

    Args:
        target: Target probabilities, of any shape.
        output: Predicted probabilities or logits, of the same shape.
        from_logits: Whether `output` contains logits.

    Returns:
        The loss of each element.

    Raises:
        ShapeError: If the shapes differ.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> binary_crossentropy([1.0], [0.5])
        array([0.6931472], dtype=float32)
    """
    target, output = _same_shape("binary_crossentropy", target, output)
    logits = output if from_logits else _logits_behind(output, "sigmoid")
    if logits is None:
        output = clip(output, config.epsilon(), 1.0 - config.epsilon())
        # Not by operators, which on arrays are numpy's own: of bfloat16 and a float they make float32.
        absent = multiply(subtract(1.0, target), log(subtract(1.0, output)))
        return negative(add(multiply(target, log(output)), absent))

    def forward(target: object, logits: object) -> object:
        return add(subtract(maximum(logits, 0.0), multiply(logits, target)), log1p(exp(negative(absolute(logits)))))

    def vjp(g: object, y: object, target: object, logits: object) -> list:
        return [negative(g * logits), g * (sigmoid(logits) - target)]

    return with_gradient((target, logits), forward, vjp)


def _same_shape(name: str, target: object, output: object) -> list:
    if not _fits(static_shape(target), static_shape(output)):
        raise ShapeError(
            f"`{name}` expects labels and outputs of the same shape. "
            f"Received: target.shape={tuple(static_shape(target))}, output.shape={tuple(static_shape(output))}"
        )
    dtype = dtype_of(output) if hasattr(output, "dtype") and "float" in dtype_of(output) else None
    return [cast(target, dtype), cast(output, dtype)]
