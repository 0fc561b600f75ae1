"""Products over any axes, arranged as products of matrices, so that gradients are theirs; and norms."""

import math
from collections.abc import Sequence

from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..errors import ArgumentError, NotSupportedError, ShapeError, brief
from .core import as_float, as_value, cast, normalize_axes, promoted, shape
from .elementwise import absolute, multiply, power, sqrt, square
from .linalg import matmul
from .matrices import diagonal
from .reduction import max, min, sum
from .shaping import expand_dims, ravel, reshape, squeeze, transpose

Axes = int | Sequence


def _joined(sizes: Sequence) -> int:
    """Returns the size of several axes as one; -1, which `reshape` finds out, if one of them is free."""
    return -1 if None in sizes else math.prod(sizes)


def _open(sizes: Sequence) -> tuple:
    return tuple(-1 if size is None else size for size in sizes)


@op("numpy.Dot")
def dot(x1: object, x2: object) -> object:
    """Multiplies as `numpy.dot` does: vectors to a number, matrices to a matrix, a number with anything.

    It sums over the last axis of `x1` and the last but one of `x2`, or its only one.

    Args:
        x1: A value of any shape.
        x2: A value of any shape.

    Raises:
        ShapeError: If the sizes of the axes to sum over differ.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(dot([1.0, 2.0], [3.0, 4.0]))
        11.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    if not shape(x1) or not shape(x2):
        return multiply(x1, x2)
    return tensordot(x1, x2, axes=((-1,), (-2 if len(shape(x2)) > 1 else -1,)))


@op("numpy.Inner")
def inner(x1: object, x2: object) -> object:
    """Sums the products over the last axes of both values.

    `y[i, j] = sum_k x1[i, k] * x2[j, k]`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(inner([1.0, 2.0], [3.0, 4.0]))
        11.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    if not shape(x1) or not shape(x2):
        return multiply(x1, x2)
    return tensordot(x1, x2, axes=((-1,), (-1,)))


@op("numpy.Vdot")
def vdot(x1: object, x2: object) -> object:
    """Sums the products of all elements of two values.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(vdot([[1.0, 2.0]], [[3.0], [4.0]]))
        11.0
    """
    return dot(ravel(as_value(x1)), ravel(as_value(x2)))


@op("numpy.Outer")
def outer(x1: object, x2: object) -> object:
    """Multiplies each element of one value with each of another one; both are flattened.

    `y[i, j] = x1[i] * x2[j]`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> outer([1.0, 2.0], [3.0, 4.0])
        array([[3., 4.],
               [6., 8.]], dtype=float32)
    """
    return multiply(expand_dims(ravel(as_value(x1)), 1), expand_dims(ravel(as_value(x2)), 0))


@op("numpy.Tensordot", settings="axes")
def tensordot(x1: object, x2: object, axes: Axes = 2) -> object:
    """Sums products over pairs of axes.

    Args:
        x1: A value.
        x2: A value.
        axes: A number n: the last n axes of `x1` and the first n of `x2`. Or a pair: the axes of `x1`, and those of
            `x2` in the same order; each a number or a sequence.

    Returns:
        A value with the other axes of `x1`, then those of `x2`.

    Raises:
        ShapeError: If the axes do not fit together.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(tensordot([[1.0, 2.0]], [[3.0, 4.0]], axes=2))
        11.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    first, second = shape(x1), shape(x2)
    if isinstance(axes, int):
        if not (0 <= axes <= len(first) and axes <= len(second)):
            raise ShapeError(f"`tensordot`: there are no {axes} axes to sum over in {first} and {second}.")
        axes = (range(len(first) - axes, len(first)), range(axes))
    left, right = (
        [normalize_axes(axis, len(sizes))[0] for axis in (chosen if hasattr(chosen, "__iter__") else [chosen])]
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
    return reshape(matmul(rows, columns), _open([*(first[a] for a in free), *(second[a] for a in other)]))


@op("linalg.Norm", settings="ord axis keepdims")
def norm(x: object, ord: object = None, axis: Axes | None = None, keepdims: bool = False) -> object:
    """Returns the norm of vectors or matrices.

    Args:
        x: A value of any shape.
        ord: Which norm. Of vectors: 2 (the default), 1, any other number, `inf`, `-inf` or 0 (how many elements are
            not 0). Of matrices: "fro" (the default), 1, -1, `inf` or `-inf`.
        axis: The axis of vectors, or the two of matrices. None: all elements as one vector, if `ord` is None too;
            else all axes of a value that has one or two.
        keepdims: Keep the axes, with size 1.

    Raises:
        ArgumentError: If there is no such norm.
        NotSupportedError: For norms of matrices that need their singular values.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> print(norm([3.0, 4.0]))
        5.0
    """
    x = as_float(x)
    rank = len(shape(x))
    axes = tuple(range(rank)) if axis is None else tuple(axis) if hasattr(axis, "__iter__") else (axis,)
    if ord is None or (ord == 2 and len(axes) == 1) or (ord == "fro" and len(axes) == 2):
        return sqrt(sum(square(x), axes, keepdims))
    if len(axes) == 1:
        return _vector_norm(x, ord, axes, keepdims)
    if len(axes) != 2:
        raise ArgumentError(
            f"`norm` with an `ord` expects one or two axes. Received: ord={brief(ord)}, axis={brief(axis)}"
        )
    if ord in (2, -2, "nuc"):
        raise NotSupportedError(f"`norm` of matrices needs singular values for ord={ord!r}: minikeras has none yet.")
    if ord not in (1, -1, math.inf, -math.inf):
        raise ArgumentError(f"`norm` of matrices expects ord 'fro', 1, -1, inf or -inf. Received: ord={brief(ord)}")
    rows, columns = (normalize_axes(place, rank)[0] for place in axes)
    adds, others = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = sum(absolute(x), adds, True)
    found = (max if ord > 0 else min)(sums, others, True)
    return found if keepdims else squeeze(found, (rows, columns))


def _vector_norm(x: object, ord: object, axes: tuple, keepdims: bool) -> object:
    if isinstance(ord, str):
        raise ArgumentError(f"`norm` of vectors expects a number as `ord`. Received: ord={brief(ord)}")
    if ord in (math.inf, -math.inf):
        return (max if ord > 0 else min)(absolute(x), axes, keepdims)
    if ord == 0:
        return sum(cast(x != 0, dtype_of(x)), axes, keepdims)
    if ord == 1:
        return sum(absolute(x), axes, keepdims)
    return power(sum(power(absolute(x), ord), axes, keepdims), 1.0 / ord)


# ---------------------------------------------------------------- einsum


@op("numpy.Einsum", settings="subscripts")
def einsum(subscripts: str, *operands: object, **kwargs: object) -> object:
    """Sums products of values over axes that are named by letters.

    Operands are multiplied from the left to the right, each time as a product of matrices.

    Args:
        subscripts: The letters of the axes of each operand, and after `->` those of the result. Without `->` the
            result has the letters that occur once, in alphabetical order. `...` stands for any further axes.
        *operands: The values.
        **kwargs: None: minikeras has no options here.

    Raises:
        ArgumentError: If the subscripts do not go with the operands.
        ShapeError: If axes of one letter have different sizes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> einsum("ij,jk->ik", [[1.0, 2.0]], [[3.0], [4.0]])
        array([[11.]], dtype=float32)
    """
    if kwargs:
        raise NotSupportedError(f"`einsum` has no options. Received: {', '.join(sorted(kwargs))}")
    values = promoted(*map(as_value, operands))
    inputs, output = _parsed(subscripts, [len(shape(value)) for value in values])
    sizes = _sizes(subscripts, inputs, values)
    terms = [_without_repeats(value, letters) for value, letters in zip(values, inputs, strict=True)]
    value, letters = terms[0]
    for number, (other, other_letters) in enumerate(terms[1:], 2):
        kept = output + "".join(letters for _, letters in terms[number:])
        value, letters = _contracted(value, letters, other, other_letters, kept, sizes)
    value, letters = _summed(value, letters, output)
    return cast(transpose(value, [letters.index(letter) for letter in output]), dtype_of(values[0]))


def _parsed(subscripts: str, ranks: list[int]) -> tuple[list[str], str]:
    """Returns one letter for each axis of each operand, and of the result; Greek ones for `...`."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    parts = left.split(",")
    if len(parts) != len(ranks):
        raise ArgumentError(f"`einsum`: {subscripts!r} has {len(parts)} operands. Received: {len(ranks)}")
    named = [part.replace("...", "", 1) for part in parts]
    for part, letters, rank in zip(parts, named, ranks, strict=True):
        fits = len(letters) <= rank if "..." in part else len(letters) == rank
        if not fits or (letters and not (letters.isascii() and letters.isalpha())):
            raise ArgumentError(
                f"`einsum`: the subscripts {part!r} do not go with an operand of {rank} axes. "
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
        raise ArgumentError(f"`einsum`: the result has letters once that an operand has. Received: {brief(subscripts)}")
    return inputs, output


def _sizes(subscripts: str, inputs: list[str], values: list) -> dict[str, int | None]:
    sizes: dict[str, int | None] = {}
    for letters, value in zip(inputs, values, strict=True):
        for letter, size in zip(letters, shape(value), strict=True):
            known = sizes.get(letter)
            if known is not None and size is not None and known != size:
                raise ShapeError(
                    f"`einsum` {subscripts!r}: axis {letter!r} has size {known} in one operand and {size} in another. "
                    f"Received shapes: {[shape(each) for each in values]}"
                )
            sizes[letter] = size if known is None else known
    return sizes


def _without_repeats(value: object, letters: str) -> tuple[object, str]:
    """Takes the diagonal for each letter that an operand has twice."""
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
    """Multiplies two operands and sums over the letters that nobody needs any more."""
    a, a_letters = _summed(a, a_letters, kept + b_letters)
    b, b_letters = _summed(b, b_letters, kept + a_letters)
    common = [letter for letter in a_letters if letter in b_letters]
    batch = [letter for letter in common if letter in kept]
    inside = [letter for letter in common if letter not in kept]
    rows = [letter for letter in a_letters if letter not in common]
    columns = [letter for letter in b_letters if letter not in common]
    if inside:
        left = _arranged(a, a_letters, batch, rows, inside, sizes)
        right = _arranged(b, b_letters, batch, inside, columns, sizes)
        product = matmul(left, right)
    else:
        left = _spread(a, a_letters, [*batch, *rows], len(columns))
        right = _spread(b, b_letters, [*batch, *columns], 0, len(batch), len(rows))
        product = multiply(left, right)
    letters = [*batch, *rows, *columns]
    return reshape(product, _open([sizes[letter] for letter in letters])), "".join(letters)


def _arranged(value: object, letters: str, batch: list, rows: list, columns: list, sizes: dict) -> object:
    """Returns an operand as a stack of matrices."""
    value = transpose(value, [letters.index(letter) for letter in [*batch, *rows, *columns]])
    groups = [batch, rows, columns] if batch else [rows, columns]
    return reshape(value, tuple(_joined([sizes[letter] for letter in group]) for group in groups))


def _spread(value: object, letters: str, order: list, after: int, place: int = 0, before: int = 0) -> object:
    """Returns an operand with its axes in order, and axes of size 1 where the other operand has some."""
    value = transpose(value, [letters.index(letter) for letter in order])
    new = [*range(place, place + before), *range(len(order), len(order) + after)]
    return expand_dims(value, new) if new else value
