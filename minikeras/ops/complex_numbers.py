"""Complex numbers: their parts, angles and conjugates, and pairs of reals as complex numbers.

As in JAX, the gradient of a real function with respect to `x + iy` is `df/dx - i df/dy`: the rules of functions that
are complex-differentiable are those of real ones.
"""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of, part_of
from ..engine.primitive import Primitive, broadcast_shapes
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import DTypeError, ShapeError
from ..typing import Tensor, TensorLike
from .arithmetic import multiply, negative
from .common.arguments import as_float, as_value, promoted, static_shape
from .common.broadcasting import unbroadcast
from .common.elementwise import unary
from .conversion import cast, convert_to_tensor
from .creation import zeros_like
from .joining import stack
from .trigonometry import arctan2, cos, sin


def _complex_of(name: str) -> str:
    """Returns the complex dtype whose parts have a floating-point dtype; complex64 for those below float32."""
    return "complex128" if name == "float64" else "complex64"


def _complex_kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    result = np.empty(np.broadcast_shapes(a.shape, b.shape), _complex_of(a.dtype.name))
    result.real, result.imag = a, b
    return result


_REAL = Primitive(
    "real",
    lambda x: x.real.copy(),
    shape=lambda x: (x.shape, part_of(x.dtype)),
    vjps=(lambda g, y, x: apply(_COMPLEX, g, zeros_like(g)),),
)
_IMAG = Primitive(
    "imag",
    lambda x: x.imag.copy(),
    shape=lambda x: (x.shape, part_of(x.dtype)),
    vjps=(lambda g, y, x: apply(_COMPLEX, zeros_like(g), negative(g)),),
)
_CONJUGATE = unary("conjugate", np.conjugate, lambda g, y, x: conjugate(g))
_COMPLEX = Primitive(
    "complex",
    _complex_kernel,
    shape=lambda a, b: (broadcast_shapes(a.shape, b.shape), _complex_of(a.dtype)),
    vjps=(
        lambda g, y, a, b: unbroadcast(cast(real(g), dtype_of(a)), a),
        lambda g, y, a, b: unbroadcast(cast(negative(imag(g)), dtype_of(b)), b),
    ),
)
_ISREAL = unary("isreal", lambda x, out=None: np.equal(x.imag, 0, out=out), None, "bool")


def _is_complex(x: TensorLike) -> bool:
    return dtype_of(x) in COMPLEX


@op("numpy.Real")
def real(x: TensorLike) -> Tensor:
    """Returns the real part of each element; values that are not complex are returned unchanged.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(real(1 + 2j))
        1.0
    """
    x = as_value(x)
    return apply(_REAL, x) if _is_complex(x) else convert_to_tensor(x)


@op("numpy.Imag")
def imag(x: TensorLike) -> Tensor:
    """Returns the imaginary part of each element, 0 for values that are not complex.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(imag(1 + 2j))
        2.0
    """
    x = as_value(x)
    return apply(_IMAG, x) if _is_complex(x) else zeros_like(x)


@op("numpy.Conjugate")
def conjugate(x: TensorLike) -> Tensor:
    """Returns the complex conjugate of each element: the imaginary part changes its sign.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(conjugate(1 + 2j))
        (1-2j)
    """
    x = as_value(x)
    return apply(_CONJUGATE, x) if _is_complex(x) else convert_to_tensor(x)


@op("numpy.Conjugate")
def conj(x: TensorLike) -> Tensor:
    """Returns the complex conjugate of each element; alias of `conjugate`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(conj(1 + 2j))
        (1-2j)
    """
    return conjugate(x)


@specialized
@op("numpy.Angle")
def angle(x: TensorLike) -> Tensor:
    """Returns the angle of each element in the complex plane, in radians, from -pi to pi.

    `arctan2(imag(x), real(x))`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(angle(1j))
        1.5707964
    """
    x = as_float(x)
    return arctan2(imag(x), real(x))


@op("numpy.Isreal")
def isreal(x: TensorLike) -> Tensor:
    """Returns whether the imaginary part of each element is 0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> isreal([1 + 1j, 1 + 0j])
        array([False,  True])
    """
    return apply(_ISREAL, x)


@op("nn.Polar")
def polar(abs_: TensorLike, angle: TensorLike) -> Tensor:
    """Returns complex numbers from their absolute values and angles.

    `abs_ * cos(angle) + i abs_ * sin(angle)`

    Args:
        abs_: The absolute values.
        angle: The angles, in radians.

    Returns:
        The numbers as complex128 if one of the arguments is float64, else as complex64.

    Raises:
        DTypeError: If an argument is complex.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> print(polar(2.0, 0.0))
        (2+0j)
    """
    abs_, angle = promoted(as_value(abs_), as_value(angle), to_float=True)
    if _is_complex(abs_):
        raise DTypeError(
            "`polar` expects real absolute values and angles; take `ops.abs` and `ops.angle` of complex numbers. "
            f"Received: arguments whose common dtype is {dtype_of(abs_)}"
        )
    return apply(_COMPLEX, multiply(abs_, cos(angle)), multiply(abs_, sin(angle)))


@op("math.ViewAsComplex")
def view_as_complex(x: TensorLike) -> Tensor:
    """Returns pairs of real numbers, along the last axis, as complex numbers.

    Args:
        x: Real and imaginary parts, of shape (..., 2).

    Returns:
        Complex numbers of shape (...): complex128 for float64, else complex64.

    Raises:
        ShapeError: If the size of the last axis is not 2.
        DTypeError: If the numbers are complex already.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> view_as_complex([[1.0, 2.0], [3.0, 4.0]])
        array([1.+2.j, 3.+4.j], dtype=complex64)
    """
    x = as_float(x)
    shape = static_shape(x)
    if not shape or shape[-1] not in (2, None):
        raise ShapeError(
            "`view_as_complex` expects a last axis of size 2: the real and the imaginary part. "
            f"Received: a tensor of shape {shape}"
        )
    if _is_complex(x):
        raise DTypeError(f"`view_as_complex` expects real numbers. Received: a tensor of dtype {dtype_of(x)}")
    return apply(_COMPLEX, x[..., 0], x[..., 1])


@op("math.ViewAsReal")
def view_as_real(x: TensorLike) -> Tensor:
    """Returns complex numbers as pairs of real ones, along a new last axis.

    Args:
        x: Numbers of any shape; the imaginary part of those that are not complex is 0.

    Returns:
        Their real and imaginary parts, of shape (..., 2).

    Source: https://keras.io/api/ops/core/

    Example:
        >>> view_as_real([1 + 2j, 3 + 4j])
        array([[1., 2.],
               [3., 4.]], dtype=float32)
    """
    x = as_value(x)
    return stack([real(x), imag(x)], axis=-1)
