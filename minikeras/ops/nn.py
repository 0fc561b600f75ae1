"""Activations and crossentropies of neural networks."""

from collections.abc import Callable
from functools import partial

import numpy as np

from .. import config
from ..engine.dispatch import apply, operand, with_gradient
from ..engine.dtypes import dtype_of, standardize_dtype
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.tensor import Tensor
from ..errors import ArgumentError, NotSupportedError, ShapeError, brief, warn_user
from .core import as_float, cast, normalize_axes, shape
from .elementwise import absolute, add, clip, exp, log, log1p, maximum, multiply, negative, sigmoid, subtract
from .reduction import max, sum
from .shaping import expand_dims, moveaxis, squeeze

_FEW = 2048  # elements
_CACHED = 1 << 19  # bytes: what stays in a processor's cache between two uses


def _bind_relu(arrays: list, out: np.ndarray) -> Callable[[], object]:
    # numpy compares two arrays several times faster than an array with a number.
    zeros = np.zeros(out.shape if out.nbytes <= _CACHED else (), out.dtype)
    return partial(np.maximum, arrays[0], zeros, out=out)


def _slope_kernel(y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return _bind_slope([y], np.empty_like(y) if out is None else out)()


def _bind_slope(arrays: list, out: np.ndarray) -> Callable[[], np.ndarray]:
    # For values that are not negative both give 1 where they are positive, else 0: `sign` is the faster one for few.
    if out.size <= _FEW:
        return partial(np.sign, arrays[0], out)
    return partial(np.greater, arrays[0], np.zeros((), out.dtype), out)


_RELU_SLOPE = Primitive(
    "relu_slope",
    _slope_kernel,
    bind=_bind_slope,
    shape=lambda y: (y.shape, y.dtype),
    has_out=True,
    elementwise=True,
)
_RELU = Primitive(
    "relu",
    lambda x: np.maximum(x, np.zeros((), x.dtype)),
    bind=_bind_relu,
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: multiply(g, apply(_RELU_SLOPE, y)),),
    has_out=True,
    elementwise=True,
)


@op("nn.Relu")
def relu(x: object) -> object:
    """Returns each element if it is positive, else 0.

    `max(x, 0)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> relu([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """
    return apply(_RELU, x)


def _shifted(x: object, axis: int) -> object:
    return subtract(x, max(x, axis=axis, keepdims=True))


@op("nn.Softmax", settings="axis")
def softmax(x: object, axis: int = -1) -> object:
    """Turns scores along an axis into probabilities.

    `e^x_i / sum_j e^x_j`

    Args:
        x: Scores of any shape.
        axis: The axis whose probabilities add up to 1; or several, None for all of them.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> softmax([0.0, 0.0])
        array([0.5, 0.5], dtype=float32)
    """

    def forward(x: object) -> object:
        weights = exp(_shifted(x, axis))
        return weights / sum(weights, axis=axis, keepdims=True)

    def vjp(g: object, y: object, x: object) -> list:
        gy = multiply(g, y)
        return [subtract(gy, multiply(y, sum(gy, axis=axis, keepdims=True)))]

    x = as_float(x)
    if 0 in shape(x):
        return x
    if isinstance(axis, int) and -len(shape(x)) <= axis < len(shape(x)) and shape(x)[axis] == 1:
        warn_user(
            f"`softmax` over an axis of size 1 is always 1: x.shape={shape(x)}, axis={axis}. Use `sigmoid` for the "
            "probability of a yes.",
            UserWarning,
        )
    y = with_gradient((x,), forward, vjp)
    if isinstance(y, Tensor):
        y.trace.logits[y] = ("softmax", operand(x), normalize_axes(axis, len(shape(x))))
    return y


@op("nn.LogSoftmax", settings="axis")
def log_softmax(x: object, axis: int = -1) -> object:
    """Returns the logarithm of `softmax`, without its rounding to 0.

    `x_i - ln sum_j e^x_j`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> log_softmax([0.0, 0.0])
        array([-0.6931472, -0.6931472], dtype=float32)
    """

    def forward(x: object) -> object:
        shifted = _shifted(x, axis)
        return subtract(shifted, log(sum(exp(shifted), axis=axis, keepdims=True)))

    def vjp(g: object, y: object, x: object) -> list:
        return [subtract(g, multiply(softmax(x, axis), sum(g, axis=axis, keepdims=True)))]

    x = as_float(x)
    return x if 0 in shape(x) else with_gradient((x,), forward, vjp)


def _one_hot_kernel(x: np.ndarray, num_classes: int, dtype: str, out: np.ndarray | None = None) -> np.ndarray:
    fits = x.dtype.kind in "iu" and num_classes - 1 <= np.iinfo(x.dtype).max
    hits = x[..., None] == np.arange(num_classes, dtype=x.dtype if fits else None)
    if out is None:
        return hits.astype(dtype)
    np.copyto(out, hits)
    return out


_ONE_HOT = Primitive(
    "one_hot",
    _one_hot_kernel,
    shape=lambda x, num_classes, dtype: ((*x.shape, num_classes), dtype),
    has_out=True,
)


@op("nn.OneHot", settings="num_classes axis dtype sparse")
def one_hot(x: object, num_classes: int, axis: int = -1, dtype: object = None, sparse: bool = False) -> object:
    """Turns class numbers into rows that are 1 at the class and 0 elsewhere.

    Args:
        x: Integers of any shape; numbers outside of [0, num_classes) give zeros.
        num_classes: The number of classes.
        axis: Where the new axis goes.
        dtype: The type of the result; `floatx` by default.
        sparse: Only False: minikeras has no sparse tensors.

    Raises:
        ArgumentError: If `num_classes` is no integer, or negative.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> one_hot([1, 0], 2)
        array([[0., 1.],
               [1., 0.]], dtype=float32)
    """
    if sparse:
        raise NotSupportedError(f"`one_hot` has no sparse tensors. Received: sparse={brief(sparse)}")
    count = int(num_classes)
    if count < 0 or isinstance(num_classes, (float, np.floating)):
        raise ArgumentError(f"`one_hot`: `num_classes` must be an integer, at least 0. Received: {brief(num_classes)}")
    y = apply(_ONE_HOT, x, num_classes=count, dtype=standardize_dtype(dtype))
    if axis in (-1, len(shape(y)) - 1):
        return y
    return moveaxis(y, -1, axis)


def _logits_behind(output: object, activation: str, axis: int | None = None) -> object | None:
    """Returns what a softmax or sigmoid was computed from, if this value came from one in this trace.

    Crossentropies are exact when computed from the scores themselves, however sure the network is; TensorFlow
    does the same when it finds the activation in its graph.
    """
    if not isinstance(output, Tensor):
        return None
    found = output.trace.logits.get(output)
    axes = None if axis is None else normalize_axes(axis, len(shape(output)))
    return found[1] if found is not None and found[0] == activation and found[2] == axes else None


@op("nn.CategoricalCrossentropy", settings="from_logits axis")
def categorical_crossentropy(target: object, output: object, from_logits: bool = False, axis: int = -1) -> object:
    """Returns the crossentropy between class probabilities.

    `-sum_i target_i ln(output_i)`

    Args:
        target: True probabilities, e.g. one-hot labels; shape (..., classes).
        output: Predicted probabilities, or scores; the same shape.
        from_logits: `output` holds scores, not probabilities.
        axis: The axis of the classes.

    Returns:
        One value per example: the shape without the axis.

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
        output = output / sum(output, axis=axis, keepdims=True)
        output = clip(output, config.epsilon(), 1.0 - config.epsilon())
        return negative(sum(target * log(output), axis=axis))

    def forward(target: object, logits: object) -> object:
        return negative(sum(multiply(target, log_softmax(logits, axis)), axis=axis))

    def vjp(g: object, y: object, target: object, logits: object) -> list:
        # As in TensorFlow, the true probabilities are taken to add up to 1.
        g = expand_dims(g, axis)
        return [negative(g * log_softmax(logits, axis)), multiply(subtract(softmax(logits, axis), target), g)]

    return with_gradient((target, logits), forward, vjp)


def _pick_kernel(x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    rows = x.reshape(-1, x.shape[-1])
    try:
        # As unsigned numbers, negative indices are out of range too, and numpy finds both.
        picked = rows[np.arange(len(rows)), indices.reshape(-1).view(np.uint32)]
    except IndexError as error:
        raise ArgumentError(
            f"`sparse_categorical_crossentropy` expects class numbers from 0 to {x.shape[-1] - 1}. "
            f"Received: class numbers from {indices.min()} to {indices.max()}"
        ) from error
    return picked.reshape(indices.shape)


_PICK = Primitive(
    "pick",
    _pick_kernel,
    shape=lambda x, indices: (indices.shape, x.dtype),
    vjps=(lambda g, y, x, i: expand_dims(g, -1) * one_hot(i, x.shape[-1], dtype=dtype_of(g)), None),
)


@op("nn.SparseCategoricalCrossentropy", settings="from_logits axis")
def sparse_categorical_crossentropy(
    target: object, output: object, from_logits: bool = False, axis: int = -1
) -> object:
    """Returns the crossentropy between class numbers and class probabilities.

    `-ln(output[target])`

    Args:
        target: Class numbers, shape (...) or (..., 1).
        output: Predicted probabilities, or scores, of shape (..., classes).
        from_logits: `output` holds scores, not probabilities.
        axis: The axis of the classes.

    Returns:
        One value per example.

    Raises:
        ShapeError: If the shapes do not fit.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    logits = output if from_logits else _logits_behind(output, "softmax", axis)
    output = as_float(output) if logits is None else as_float(logits)
    target = _class_numbers(target, output, axis)
    if normalize_axes(axis, len(shape(output)))[0] != len(shape(output)) - 1:
        output = moveaxis(output, axis, -1)
    if logits is None:
        output = clip(output, config.epsilon(), 1.0 - config.epsilon())
        output = output / sum(output, axis=-1, keepdims=True)
        return negative(apply(_PICK, log(output), target))

    def forward(logits: object) -> object:
        return negative(apply(_PICK, log_softmax(logits, -1), target))

    def vjp(g: object, y: object, logits: object) -> list:
        hot = one_hot(target, shape(logits)[-1], dtype=dtype_of(logits))
        return [multiply(subtract(softmax(logits, -1), hot), expand_dims(g, -1))]

    return with_gradient((output,), forward, vjp)


def _class_numbers(target: object, output: object, axis: int) -> object:
    target = cast(target, "int32")
    classes = list(shape(output))
    del classes[axis]
    sizes = shape(target)
    if len(sizes) == len(classes) + 1 and sizes[-1] == 1:
        target = squeeze(target, -1)
    if len(shape(target)) != len(classes) or not _fits(shape(target), tuple(classes)):
        raise ShapeError(
            "`sparse_categorical_crossentropy` expects one class number per example: for output of shape "
            f"{tuple(shape(output))}, labels of shape {tuple(classes)}. Received labels of shape {tuple(sizes)}. "
            "One-hot labels go with `categorical_crossentropy`."
        )
    return target


def _fits(first: tuple, second: tuple) -> bool:
    return len(first) == len(second) and not [
        pair for pair in zip(first, second, strict=True) if None not in pair and pair[0] != pair[1]
    ]


@op("nn.BinaryCrossentropy", settings="from_logits")
def binary_crossentropy(target: object, output: object, from_logits: bool = False) -> object:
    """Returns the crossentropy between probabilities of yes and no, element by element.

    `-(target ln(output) + (1 - target) ln(1 - output))`

    Args:
        target: True probabilities, of any shape.
        output: Predicted probabilities, or scores; the same shape.
        from_logits: `output` holds scores, not probabilities.

    Returns:
        One value per element.

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
        return negative(add(multiply(target, log(output)), multiply(1.0 - target, log(1.0 - output))))

    def forward(target: object, logits: object) -> object:
        return add(subtract(maximum(logits, 0.0), multiply(logits, target)), log1p(exp(negative(absolute(logits)))))

    def vjp(g: object, y: object, target: object, logits: object) -> list:
        return [negative(g * logits), g * (sigmoid(logits) - target)]

    return with_gradient((target, logits), forward, vjp)


def _same_shape(name: str, target: object, output: object) -> list:
    if not _fits(shape(target), shape(output)):
        raise ShapeError(
            f"`{name}` expects labels and outputs of one shape. Received: target.shape={tuple(shape(target))}, "
            f"output.shape={tuple(shape(output))}"
        )
    dtype = dtype_of(output) if hasattr(output, "dtype") and "float" in dtype_of(output) else None
    return [cast(target, dtype), cast(output, dtype)]
