"""Products of vectors, matrices and tensors; all of them reduce to `matmul`."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..engine.batch_rules import SUM, Batching, aligned
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec, broadcast_shapes
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, NotSupportedError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .arithmetic import multiply
from .common.arguments import as_value, normalize_axis, promoted, static_shape
from .common.broadcasting import unbroadcast
from .conversion import cast
from .matrices import diagonal
from .reductions import sum
from .shaping import expand_dims, ravel, reshape, squeeze, swapaxes, transpose


def _matmul_rule(a: Spec, b: Spec) -> tuple:
    batch = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return (*batch, a.shape[-2], b.shape[-1]), a.dtype


def _second_gradient(g: object, y: object, a: object, b: object) -> object:
    if len(b.shape) == 2 and len(a.shape) > 2:
        # One large product over all leading axes is faster than summing a batch of small ones.
        return apply(_SUMMED_MATMUL, a, g)
    return unbroadcast(matmul(swapaxes(a, -1, -2), g), b)


def _rows(x: np.ndarray) -> np.ndarray:
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])  # -1 would not do for no columns


# For two floating-point matrices both call BLAS; `dot` has less overhead, above all as a method. A stack of matrices by
# one matrix is a single product, too.
def _matmul_kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.dtype.kind != "f" or b.ndim != 2:
        return np.matmul(a, b)
    return a.dot(b) if a.ndim == 2 else _rows(a).dot(b).reshape(*a.shape[:-1], b.shape[-1])


def _bind_matmul(arrays: list, out: np.ndarray) -> Callable[[], np.ndarray]:
    a, b = arrays
    if a.dtype.kind != "f" or b.ndim != 2:
        return partial(np.matmul, a, b, out)
    if a.ndim == 2:
        return partial(a.dot, b, out)
    if a.flags.c_contiguous and out.flags.c_contiguous:
        return partial(_rows(a).dot, b, _rows(out))
    return lambda: np.copyto(out, _matmul_kernel(a, b))


def _summed_matmul_kernel(a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.matmul(_rows(a).T, _rows(b), out)


def _bind_summed_matmul(arrays: list, out: np.ndarray) -> Callable[[], np.ndarray]:
    a, b = arrays
    if a.flags.c_contiguous and b.flags.c_contiguous and a.dtype.kind == "f":
        return partial(_rows(a).T.dot, _rows(b), out)
    return lambda: _summed_matmul_kernel(a, b, out)


def _summed_matmul_batch(axes: tuple, a: Spec, b: Spec) -> Batching | None:
    return Batching(tuple(axes), SUM) if tuple(axes) == (0, 0) else None


def _matmul_batch(axes: tuple, a: Spec, b: Spec) -> Batching | None:
    ranks = len(a.shape), len(b.shape)
    if ranks[1] == 2 and axes == (0, None):
        return Batching(axes, 0)
    if ranks == (2, 2) and axes in ((1, 0), (None, 1)):
        return Batching(axes, SUM if axes == (1, 0) else 1)
    batching = aligned(axes, a, b)
    is_stacked = batching is not None and batching.output < max(ranks) - 2  # an axis of the stacks, not of the matrices
    return batching if is_stacked else None


_MATMUL = Primitive(
    "matmul",
    _matmul_kernel,
    bind=_bind_matmul,
    has_out=True,
    shape=_matmul_rule,
    vjps=(lambda g, y, a, b: unbroadcast(matmul(g, swapaxes(b, -1, -2)), a), _second_gradient),
    batch=_matmul_batch,
)
_SUMMED_MATMUL = Primitive(
    "summed_matmul",
    _summed_matmul_kernel,
    bind=_bind_summed_matmul,
    shape=lambda a, b: ((a.shape[-1], b.shape[-1]), a.dtype),
    vjps=(lambda g, y, a, b: matmul(b, swapaxes(g, 0, 1)), lambda g, y, a, b: matmul(a, g)),
    batch=_summed_matmul_batch,
)
Axes = int | Sequence


def _joined(sizes: Sequence) -> int:
    """Returns the size of several axes merged into one; -1, for `reshape` to infer, if one is unknown."""
    return -1 if None in sizes else math.prod(sizes)


def _open(sizes: Sequence) -> tuple:
    return tuple(-1 if size is None else size for size in sizes)


def _accumulated(*values: Tensor) -> list[Tensor]:
    """Returns the factors of a product; as in Keras, int8 by int8 is multiplied and summed in int32."""
    are_small = len(values) == 2 and all(dtype_of(value) == "int8" for value in values)
    return [cast(value, "int32") for value in values] if are_small else list(values)


@specialized
@op("numpy.Matmul")
def matmul(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Matrix product; leading axes broadcast, and vectors act as rows or columns.

    `y[..., i, j] = sum_k x1[..., i, k] * x2[..., k, j]`

    Args:
        x1: Shape (..., n, k) or (k,).
        x2: Shape (..., k, m) or (k,).

    Returns:
        A tensor of shape (..., n, m).

    Raises:
        ShapeError: If the inner sizes differ.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
        array([[11.]], dtype=float32)
    """
    return _matmul(*_accumulated(as_value(x1), as_value(x2)))


def _matmul(x1: TensorLike, x2: TensorLike) -> Tensor:
    x1, x2 = promoted(x1, x2)
    first, second = static_shape(x1), static_shape(x2)
    if not first or not second:
        raise ShapeError(f"`matmul` expects tensors with at least one axis. Received shapes {first} and {second}.")
    inner = (first[-1], second[-2] if len(second) > 1 else second[0])
    if None not in inner and inner[0] != inner[1]:
        raise ShapeError(f"`matmul`: the inner sizes {inner[0]} and {inner[1]} of {first} and {second} must be equal.")
    left = expand_dims(x1, 0) if len(first) == 1 else x1
    right = expand_dims(x2, -1) if len(second) == 1 else x2
    result = apply(_MATMUL, left, right)
    result = squeeze(result, -1) if len(second) == 1 else result
    return squeeze(result, -2 if len(second) > 1 else -1) if len(first) == 1 else result


@specialized
@op("numpy.Dot")
def dot(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Dot product of two tensors.

    It sums over the last axis of `x1` and the second-to-last axis of `x2` (its only axis, if it is a vector); a scalar
    multiplies.

    Args:
        x1: Input tensor, of any shape.
        x2: Input tensor, of any shape.

    Raises:
        ShapeError: If the sizes of the contracted axes differ.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(dot([1.0, 2.0], [3.0, 4.0]))
        11.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    if not static_shape(x1) or not static_shape(x2):
        return multiply(x1, x2)
    return tensordot(x1, x2, axes=((-1,), (-2 if len(static_shape(x2)) > 1 else -1,)))


@specialized
@op("numpy.Inner")
def inner(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Inner product: the sum of products over the last axes.

    `y[i, j] = sum_k x1[i, k] * x2[j, k]`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(inner([1.0, 2.0], [3.0, 4.0]))
        11.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    if not static_shape(x1) or not static_shape(x2):
        return multiply(x1, x2)
    return tensordot(x1, x2, axes=((-1,), (-1,)))


@specialized
@op("numpy.Vdot")
def vdot(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Dot product of the flattened inputs.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(vdot([[1.0, 2.0]], [[3.0], [4.0]]))
        11.0
    """
    return dot(ravel(as_value(x1)), ravel(as_value(x2)))


@specialized
@op("numpy.Outer")
def outer(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Outer product of the flattened inputs.

    `y[i, j] = x1[i] * x2[j]`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> outer([1.0, 2.0], [3.0, 4.0])
        array([[3., 4.],
               [6., 8.]], dtype=float32)
    """
    return multiply(expand_dims(ravel(as_value(x1)), 1), expand_dims(ravel(as_value(x2)), 0))


@specialized
@op("numpy.Tensordot", settings="axes")
def tensordot(x1: TensorLike, x2: TensorLike, axes: Axes = 2) -> Tensor:
    """Tensor contraction over the given axes.

    Args:
        x1: First input tensor.
        x2: Second input tensor.
        axes: An integer n: the last n axes of `x1` and the first n of `x2`. Or a pair: the axes of `x1` and the axes
            of `x2`, in the same order; each an integer or a sequence.

    Returns:
        A tensor with the remaining axes of `x1`, followed by those of `x2`.

    Raises:
        ShapeError: If the axes are incompatible.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(tensordot([[1.0, 2.0]], [[3.0, 4.0]], axes=2))
        11.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    first, second = static_shape(x1), static_shape(x2)
    if isinstance(axes, int):
        if not (0 <= axes <= len(first) and axes <= len(second)):
            raise ShapeError(f"`tensordot`: there are no {axes} axes to sum over in {first} and {second}.")
        axes = (range(len(first) - axes, len(first)), range(axes))
    left, right = (
        [normalize_axis(axis, len(sizes)) for axis in (chosen if hasattr(chosen, "__iter__") else [chosen])]
        for chosen, sizes in zip(axes, (first, second), strict=True)
    )
    pairs = [(first[a], second[b]) for a, b in zip(left, right, strict=False)]
    if len(left) != len(right) or any(None not in pair and pair[0] != pair[1] for pair in pairs):
        raise ShapeError(f"`tensordot`: the axes {left} of {first} and {right} of {second} do not fit together.")
    free = [axis for axis in range(len(first)) if axis not in left]
    other = [axis for axis in range(len(second)) if axis not in right]
    inside = _joined([first[axis] for axis in left])
    rows = reshape(transpose(x1, [*free, *left]), (_joined([first[axis] for axis in free]), inside))
    columns = reshape(transpose(x2, [*right, *other]), (inside, _joined([second[axis] for axis in other])))
    return reshape(_matmul(rows, columns), _open([*(first[a] for a in free), *(second[a] for a in other)]))


@specialized
@op("numpy.Einsum", settings="subscripts")
def einsum(subscripts: str, *operands: TensorLike, **kwargs: Any) -> Tensor:
    """Evaluates the Einstein summation convention.

    Operands are contracted from left to right, each time as a matrix product.

    Args:
        subscripts: Axis labels of each operand and, after `->`, of the result. Without `->` the result has the labels
            that occur once, in alphabetical order. `...` matches any further axes.
        *operands: The input tensors.
        **kwargs: Not supported.

    Raises:
        ArgumentError: If the subscripts do not match the operands.
        ShapeError: If axes with the same label have different sizes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> einsum("ij,jk->ik", [[1.0, 2.0]], [[3.0], [4.0]])
        array([[11.]], dtype=float32)
    """
    if kwargs:
        raise NotSupportedError(f"`einsum` has no options. Received: {', '.join(sorted(kwargs))}")
    values = promoted(*_accumulated(*map(as_value, operands)))
    inputs, output = _parsed(subscripts, [len(static_shape(value)) for value in values])
    sizes = _sizes(subscripts, inputs, values)
    terms = [_without_repeats(value, letters) for value, letters in zip(values, inputs, strict=True)]
    value, letters = terms[0]
    for number, (other, other_letters) in enumerate(terms[1:], 2):
        kept = output + "".join(letters for _, letters in terms[number:])
        value, letters = _contracted(value, letters, other, other_letters, kept, sizes)
    value, letters = _summed(value, letters, output)
    return cast(transpose(value, [letters.index(letter) for letter in output]), dtype_of(values[0]))


def _parsed(subscripts: str, ranks: list[int]) -> tuple[list[str], str]:
    """Returns one label for each axis of each operand and of the result; Greek letters for `...`."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    parts = left.split(",")
    if len(parts) != len(ranks):
        raise ArgumentError(f"`einsum`: {subscripts!r} has {len(parts)} operands. Received: {len(ranks)}")
    named = [part.replace("...", "", 1) for part in parts]
    for part, letters, rank in zip(parts, named, ranks, strict=True):
        fits = len(letters) <= rank if "..." in part else len(letters) == rank
        if not fits or (letters and not (letters.isascii() and letters.isalpha())):
            raise ArgumentError(
                f"`einsum`: the subscripts {part!r} do not match an operand with {rank} axes. "
                f"Received: {brief(subscripts)}"
            )
    extra = [rank - len(letters) for letters, rank in zip(named, ranks, strict=True)]
    most = sorted(extra)[-1]
    spare = "".join(chr(ord("\u0391") + number) for number in range(most))
    inputs = [part.replace("...", spare[most - more :]) for part, more in zip(parts, extra, strict=True)]
    if not arrow:
        letters = "".join(named)
        right = "..." + "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    output = right.replace("...", spare)
    if len(set(output)) != len(output) or not set(output) <= set("".join(inputs)):
        raise ArgumentError(
            f"`einsum`: the labels of the result must be distinct labels of operands. Received: {brief(subscripts)}"
        )
    return inputs, output


def _sizes(subscripts: str, inputs: list[str], values: list) -> dict[str, int | None]:
    sizes: dict[str, int | None] = {}
    for letters, value in zip(inputs, values, strict=True):
        for letter, size in zip(letters, static_shape(value), strict=True):
            known = sizes.get(letter)
            if known is not None and size is not None and known != size:
                raise ShapeError(
                    f"`einsum` {subscripts!r}: axis {letter!r} has size {known} in one operand and {size} in another. "
                    f"Received shapes: {[static_shape(each) for each in values]}"
                )
            sizes[letter] = size if known is None else known
    return sizes


def _without_repeats(value: object, letters: str) -> tuple[object, str]:
    """Takes the diagonal for each label that an operand repeats."""
    for letter in sorted(set(letters)):
        while letters.count(letter) > 1:
            first = letters.index(letter)
            second = letters.index(letter, first + 1)
            value = diagonal(value, axis1=first, axis2=second)
            letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + letter
    return value, letters


def _summed(value: object, letters: str, kept: str) -> tuple[object, str]:
    axes = [axis for axis, letter in enumerate(letters) if letter not in kept]
    return (sum(value, axis=axes) if axes else value), "".join(letter for letter in letters if letter in kept)


def _contracted(a: object, a_letters: str, b: object, b_letters: str, kept: str, sizes: dict) -> tuple[object, str]:
    """Multiplies two operands and sums over the labels that are not needed any more."""
    a, a_letters = _summed(a, a_letters, kept + b_letters)
    b, b_letters = _summed(b, b_letters, kept + a_letters)
    common = [letter for letter in a_letters if letter in b_letters]
    batch = [letter for letter in common if letter in kept]
    inside = [letter for letter in common if letter not in kept]
    rows = [letter for letter in a_letters if letter not in common]
    columns = [letter for letter in b_letters if letter not in common]
    if inside:
        stays = not batch and len(rows) > 1  # a stack of matrices: its axes need not be merged
        left = _arranged(a, a_letters, batch, rows, inside, sizes, stays)
        right = _arranged(b, b_letters, batch, inside, columns, sizes)
        product = _matmul(left, right)
    else:
        left = _with_axes(a, a_letters, [*batch, *rows], len(columns))
        right = _with_axes(b, b_letters, [*batch, *columns], 0, len(batch), len(rows))
        product = multiply(left, right)
    letters = [*batch, *rows, *columns]
    return reshape(product, _open([sizes[letter] for letter in letters])), "".join(letters)


def _arranged(
    value: object, letters: str, batch: list, rows: list, columns: list, sizes: dict, is_stack: bool = False
) -> object:
    """Returns an operand as a batch of matrices, or as a stack of them with all axes of the rows."""
    value = transpose(value, [letters.index(letter) for letter in [*batch, *rows, *columns]])
    groups = [batch, rows, columns] if batch else [rows, columns]
    if is_stack:
        groups = [*([letter] for letter in rows), columns]
    return reshape(value, tuple(_joined([sizes[letter] for letter in group]) for group in groups))


def _with_axes(value: object, letters: str, order: list, after: int, start: int = 0, before: int = 0) -> object:
    """Returns an operand with its axes in order, and axes of size 1 where only the other operand has axes."""
    value = transpose(value, [letters.index(letter) for letter in order])
    new = [*range(start, start + before), *range(len(order), len(order) + after)]
    return expand_dims(value, new) if new else value
