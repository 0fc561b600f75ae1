"""The `STFT` initializer."""

from typing import Any, Self

import numpy as np

from ..argument_checks import bad_argument
from ..engine.dtypes import is_real, standardize_dtype
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief, unknown_name
from ..ops.windows import check_window, window
from ..serialization.configs import deserialize_keras_object
from ..typing import DTypeLike, ShapeLike, TensorLike
from .initializer import Initializer


class STFT(Initializer):
    """Initializes the kernel of a 1D convolution as a short-time Fourier transform.

    `kernel[t, 0, f] = window[t] cos(-2 pi t f / n) / norm(window)`, with sin for the imaginary part; the kernel
    has the shape (frame length, 1, n / 2 + 1).

    Args:
        side: `"real"` or `"imag"`: the part of the complex spectrum.
        window: The name of a window without parameters, such as `"hann"` or `"hamming"`; its values; or None for no
            window.
        scaling: The norm by which the window is divided: `"density"`, the L2 norm; `"spectrum"`, the L1 norm; None
            for no scaling.
        periodic: Whether the window is periodic; else it is symmetric.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> STFT(window=None)((2, 1, 2))[:, 0]
        array([[ 1.,  1.],
               [ 1., -1.]], dtype=float32)
    """

    def __init__(
        self, side: str = "real", window: TensorLike = "hann", scaling: str | None = "density", periodic: bool = False
    ):
        if side not in ("real", "imag"):
            raise unknown_name("side of `STFT`", side, ("imag", "real"))
        if scaling not in ("density", "spectrum", None):
            raise unknown_name("scaling of `STFT`", scaling, ("density", "spectrum"))
        if not isinstance(periodic, bool):
            raise bad_argument("STFT", "periodic", periodic, "True or False", ArgumentTypeError)
        if isinstance(window, str):
            check_window(window)
        elif window is not None and (np.ndim(window) != 1 or not is_real(np.asarray(window).dtype)):
            raise ArgumentError(
                f"`STFT` expects `window` to be a name, a vector, or None. Received: window={brief(window)}"
            )
        self.side = side
        self.window = window
        self.scaling = scaling
        self.periodic = periodic

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        dtype = standardize_dtype(dtype)
        if np.ndim(shape) != 1 or len(shape) != 3 or shape[1] != 1 or shape[2] < 2:
            raise ShapeError(
                "`STFT` makes kernels of shape (frame length, 1, frequencies), with 2 frequencies or more. "
                f"Received: shape={brief(shape)}"
            )
        if dtype[:5] != "float":
            raise ArgumentError(f"`STFT` makes kernels of floats. Received: dtype={brief(dtype)}")
        length, _, frequencies = shape
        positions = np.arange(length, dtype=dtype)[:, None, None]
        turns = np.arange(frequencies, dtype=dtype) / (2 * (frequencies - 1))
        # Computed in the given dtype, as in Keras, where pi is `arccos(-1)`.
        angles = (-2 * positions * turns) * np.arccos(np.array(-1, dtype))
        kernel = np.cos(angles) if self.side == "real" else np.sin(angles)
        if self.window is None:
            return kernel
        values = self._window_values(length, dtype)[:, None, None]
        kernel = kernel * values
        if self.scaling == "density":
            kernel = kernel / np.sqrt(np.sum(np.square(values)))
        elif self.scaling == "spectrum":
            kernel = kernel / np.sum(abs(values))
        return kernel

    def _window_values(self, length: int, dtype: str) -> np.ndarray:
        if isinstance(self.window, str):
            return window(self.window, length, self.periodic).astype(dtype)
        values = np.asarray(self.window, dtype)
        if len(values) != length:
            raise ShapeError(f"`STFT` has a window of {len(values)} values; the kernel has frames of length {length}.")
        return values

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"side": self.side, "window": self.window, "periodic": self.periodic, "scaling": self.scaling}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates an initializer from its config."""
        if isinstance(config.get("window"), dict):
            config = {**config, "window": deserialize_keras_object(config["window"])}
        return super().from_config(config)
