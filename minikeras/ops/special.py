"""Special functions."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..typing import Tensor, TensorLike
from .arithmetic import negative
from .common.arguments import promoted
from .exponents import exp, square

# Rational approximations of erf(x) / x in x^2 for |x| < 1, and of erfc(x) e^(x^2) for 1 <= x < 8, highest
# power first. S. L. Moshier, Cephes Mathematical Library, ndtr.c.
_ERF_TOP = (9.60497373987051638749e0, 9.00260197203842689217e1, 2.23200534594684319226e3,
            7.00332514112805075473e3, 5.55923013010394962768e4)  # fmt: skip
_ERF_BOTTOM = (1.0, 3.35617141647503099647e1, 5.21357949780152679795e2, 4.59432382970980127987e3,
               2.26290000613890934246e4, 4.92673942608635921086e4)  # fmt: skip
_ERFC_TOP = (2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0,
             4.86371970985681366614e1, 1.96520832956077098242e2, 5.26445194995477358631e2,
             9.34528527171957607540e2, 1.02755188689515710272e3, 5.57535335369399327526e2)  # fmt: skip
_ERFC_BOTTOM = (1.0, 1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2,
                9.75708501743205489753e2, 1.82390916687909736289e3, 2.24633760818710981792e3,
                1.65666309194161350182e3, 5.57535340817727675546e2)  # fmt: skip
_ERF_IS_ONE = 6.0  # erf(x) rounds to 1 from here on, also in float64


def _polynomial(coefficients: tuple[float, ...], x: np.ndarray) -> np.ndarray:
    result = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        result *= x
        result += coefficient
    return result


def _erf_kernel(x: np.ndarray) -> np.ndarray:
    if x.dtype == np.float16:  # which cannot represent the coefficients
        return _erf_kernel(x.astype(np.float32)).astype(x.dtype)
    small = np.clip(x, -1, 1)
    squared = small * small
    near = small * (_polynomial(_ERF_TOP, squared) / _polynomial(_ERF_BOTTOM, squared))
    size = np.clip(np.abs(x), 1, _ERF_IS_ONE)
    far = 1 - np.exp(-size * size) * (_polynomial(_ERFC_TOP, size) / _polynomial(_ERFC_BOTTOM, size))
    return np.where(np.abs(x) < 1, near, np.copysign(far, x)).astype(x.dtype, copy=False)


_ERF = Primitive(
    "erf",
    _erf_kernel,
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: g * (2 / math.sqrt(math.pi)) * exp(negative(square(x))),),
    elementwise=True,
)


@op("math.Erf")
def erf(x: TensorLike) -> Tensor:
    """Returns the error function of each element.

    `2 / sqrt(pi) * integral of e^(-t^2) from 0 to x`

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(erf(1.0))
        0.8427008
    """
    return apply(_ERF, *promoted(x, to_float=True))
