"""Settings and dtypes."""

from ..config import image_data_format, set_image_data_format
from ..engine.dtypes import is_float, standardize_dtype
from ..errors import ArgumentError, brief, warn_legacy
from ..tracebacks import filtered
from ..typing import DTypeLike

_ORDERINGS = {"th": "channels_first", "tf": "channels_last"}


@filtered
def is_float_dtype(dtype: DTypeLike) -> bool:
    """Returns whether a dtype is a floating-point type.

    Source: https://keras.io/api/utils/backend_utils/

    Example:
        >>> is_float_dtype("float16"), is_float_dtype("int8")
        (True, False)
    """
    return is_float(dtype)


@filtered
def is_int_dtype(dtype: DTypeLike) -> bool:
    """Returns whether a dtype is an integer type.

    Source: https://keras.io/api/utils/backend_utils/

    Example:
        >>> is_int_dtype("uint8"), is_int_dtype("bool")
        (True, False)
    """
    return "int" in standardize_dtype(dtype)


@filtered
def image_dim_ordering() -> str:
    """Returns the image data format by its name in Keras 1: "tf" (channels last) or "th" (channels first).

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names the current spelling
        ...     image_dim_ordering()
        'tf'
    """
    warn_legacy("`K.image_dim_ordering()`", "`keras.config.image_data_format()`")
    return "th" if image_data_format() == "channels_first" else "tf"


@filtered
def set_image_dim_ordering(dim_ordering: str) -> None:
    """Sets the image data format by its name in Keras 1.

    Raises:
        ArgumentError: If it is neither "tf" nor "th".

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):  # it names the current spelling
        ...     set_image_dim_ordering("th")
        >>> image_data_format()
        'channels_first'
    """
    if dim_ordering not in _ORDERINGS:
        raise ArgumentError(f"`K.set_image_dim_ordering` expects 'tf' or 'th'. Received: {brief(dim_ordering)}")
    new = _ORDERINGS[dim_ordering]
    warn_legacy(f"`K.set_image_dim_ordering({dim_ordering!r})`", f"`keras.config.set_image_data_format({new!r})`")
    set_image_data_format(new)
