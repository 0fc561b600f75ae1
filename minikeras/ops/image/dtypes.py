"""The dtypes in which images are computed, and the way back to integers."""

from ...engine.dtypes import dtype_of, is_float
from ...typing import Tensor
from ..conversion import cast
from ..extrema import clip
from ..reinterpreting import saturate_cast
from ..rounding import round


def computable(x: Tensor) -> Tensor:
    """Returns float32 and float64 unchanged, all else as float32: BLAS has no products of shorter dtypes.

    Example:
        >>> computable(np.uint8([1])).dtype
        dtype('float32')
    """
    return x if dtype_of(x) in ("float32", "float64") else cast(x, "float32")


def restored(x: Tensor, dtype: str) -> Tensor:
    """Converts values to a dtype; for integers they are rounded, and clipped to its limits.

    Example:
        >>> restored(np.float32([-3, 2.5, 300]), "uint8")
        array([  0,   2, 255], dtype=uint8)
    """
    if dtype_of(x) == dtype:
        return x
    if is_float(dtype):
        return cast(x, dtype)
    if dtype == "bool":
        return cast(clip(x, 0, 1), dtype)
    return saturate_cast(round(x), dtype)
