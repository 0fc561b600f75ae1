"""Cross-correlation of sequences, and correlation coefficients."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .arithmetic import subtract, true_divide
from .common.arguments import as_real, static_shape, wide
from .exponents import sqrt
from .extrema import clip
from .indexing import get_item
from .matrices import diagonal
from .padding import pad
from .products import matmul
from .rearranging import flip
from .reductions import mean
from .shaping import expand_dims, transpose

_MODES = ("valid", "same", "full")


def _rule(x: Spec, template: Spec) -> tuple:
    sizes = x.shape[0], template.shape[0]
    return (None if None in sizes else sizes[0] - sizes[1] + 1,), x.dtype


def _vjp(g: object, y: object, x: object, template: object) -> list:
    overlap = static_shape(template)[0] - 1
    return [apply(_CORRELATE, pad(g, overlap), flip(template)), apply(_CORRELATE, x, g)]


# Only where the template, the shorter one, is inside: all modes are this one, after padding.
_CORRELATE = Primitive("correlate", lambda x, template: np.correlate(x, template, "valid"), shape=_rule, vjps=_vjp)


@specialized
@op("numpy.Correlate", settings="mode")
def correlate(x1: TensorLike, x2: TensorLike, mode: str = "valid") -> Tensor:
    """Returns the cross-correlation of two sequences.

    `y_k = sum_i x1_(i + k) x2_i`

    Args:
        x1: A sequence, shape (n,).
        x2: A sequence, shape (m,).
        mode: "valid": where the shorter one is inside the longer one, `max(n, m) - min(n, m) + 1` values; "full":
            wherever they overlap, `n + m - 1` values; "same": the middle `max(n, m)` values of these.

    Raises:
        ArgumentTypeError: If a sequence is complex.
        ArgumentError: For another mode.
        ShapeError: If a sequence does not have a single axis, or is empty.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> correlate([1.0, 2.0, 3.0], [0.0, 1.0, 0.5], mode="full")
        array([0.5, 2. , 3.5, 3. , 0. ], dtype=float32)
    """
    if mode not in _MODES:
        expected = ", ".join(map(repr, _MODES))
        raise ArgumentError(f"`correlate` expects one of {expected} as `mode`. Received: mode={brief(mode)}")
    x1, x2 = (as_real(each, "correlate") for each in wide(x1, x2))
    shapes = static_shape(x1), static_shape(x2)
    if len(shapes[0]) != 1 or len(shapes[1]) != 1 or (0,) in shapes:
        raise ShapeError(f"`correlate` expects two sequences with elements. Received: shapes {shapes[0]}, {shapes[1]}")
    if shapes == ((None,), (None,)):
        return KerasTensor((None,), dtype_of(x1))  # not the same free size
    is_swapped = shapes[0][0] < shapes[1][0]
    longer, shorter = (x2, x1) if is_swapped else (x1, x2)
    overlap = static_shape(shorter)[0] - 1
    if mode == "full":
        longer = pad(longer, overlap)
    elif mode == "same":
        longer = pad(longer, (overlap - overlap // 2, overlap // 2))
    found = apply(_CORRELATE, longer, shorter)
    return flip(found) if is_swapped else found


@specialized
@op("numpy.Corrcoef")
def corrcoef(x: TensorLike) -> Tensor:
    """Returns the Pearson correlation coefficients of the rows.

    `c_ij / sqrt(c_ii c_jj)`, where c is the covariance matrix

    Args:
        x: One variable in each row, shape (variables, observations), or a single one, shape (observations,).

    Returns:
        The coefficients from -1 to 1, shape (variables, variables), or () for a single variable; NaN for a variable
        that is constant.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ShapeError: If there are more than two axes, or none.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> corrcoef([[1.0, 2.0, 3.0], [6.0, 4.0, 2.0]]).round(4)
        array([[ 1., -1.],
               [-1.,  1.]], dtype=float32)
    """
    x = as_real(wide(x)[0], "corrcoef")
    rank = len(static_shape(x))
    if rank not in (1, 2):
        raise ShapeError(f"`corrcoef` expects one or two axes. Received: shape {static_shape(x)}")
    rows = x if rank == 2 else expand_dims(x, 0)
    away = subtract(rows, mean(rows, -1, keepdims=True))
    products = matmul(away, transpose(away))
    scale = sqrt(diagonal(products))
    found = true_divide(true_divide(products, expand_dims(scale, 1)), expand_dims(scale, 0))
    found = clip(found, -1, 1)
    return found if rank == 2 else get_item(found, (0, 0))
