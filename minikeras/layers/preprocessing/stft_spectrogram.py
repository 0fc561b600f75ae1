"""The `STFTSpectrogram` layer."""

import math
from typing import Any, Unpack

from ... import config as settings
from ... import ops
from ...argument_checks import as_bool, check_int, check_optional_int
from ...config import resolved_data_format
from ...engine.dtypes import dtype_of
from ...errors import ArgumentError, ArgumentTypeError, brief, unknown_name, warn_user
from ...initializers import STFT
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from ..input_spec import InputSpec

_LONGEST = 2**31  # samples
_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


class STFTSpectrogram(Layer):
    """Converts signals to spectrograms with a convolution whose kernels are a short-time Fourier transform.

    The kernels are weights, and are trained unless `trainable` is False.

    Args:
        mode: "log", "magnitude", "psd" (power spectral density), "real", "imag", "angle" or "stft" (the real, then
            the imaginary part).
        frame_length: The length of the windows, in samples.
        frame_step: How many samples each window begins after the one before; half of the length by default.
        fft_length: The length of the transforms; by default the power of two that is not less than `frame_length`.
        window: The name of a window, its values, or None.
        periodic: Whether the window is periodic; else it is symmetric.
        scaling: "density", "spectrum" or None: by which norm of the window the transform is divided.
        padding: "valid" or "same", as in convolutions.
        expand_dims: Whether frequencies and channels have an axis each; else they share the last one.
        data_format: "channels_last" or "channels_first".
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/stft_spectrogram/

    Example:
        >>> import numpy as np
        >>> STFTSpectrogram(mode="magnitude", frame_length=8)(np.zeros((2, 32, 1), "float32")).shape
        (2, 7, 5)
    """

    def __init__(
        self,
        mode: str = "log",
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: Any = "hann",
        periodic: bool = False,
        scaling: str | None = "density",
        padding: str = "valid",
        expand_dims: bool = False,
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        where = "STFTSpectrogram"
        for name, value, known in (("mode", mode, _MODES), ("padding", padding, ("valid", "same"))):
            if not isinstance(value, str) or value not in known:
                raise unknown_name(f"{name} of {where}", value, known)
        if scaling is not None and (not isinstance(scaling, str) or scaling not in ("density", "spectrum")):
            raise unknown_name(f"scaling of {where}", scaling, ("density", "spectrum"))
        self.mode, self.padding = mode, padding
        self.frame_length = check_int(where, "frame_length", frame_length, minimum=2)
        self.frame_step = check_optional_int(where, "frame_step", frame_step, minimum=1)
        if self.frame_step is not None and self.frame_step > self.frame_length:
            raise ArgumentError(
                f"{where}: `frame_step` must not exceed frame_length={frame_length}. Received: {frame_step}"
            )
        self.fft_length = check_optional_int(where, "fft_length", fft_length, minimum=self.frame_length)
        if self.fft_length is not None and self.fft_length > _LONGEST:
            raise ArgumentError(f"{where}: `fft_length` must be at most {_LONGEST}. Received: {brief(fft_length)}")
        if fft_length is not None and fft_length & -fft_length != fft_length:
            warn_user(f"{where}: `fft_length` is recommended to be a power of two. Received: {fft_length}", UserWarning)
        self._frame_step = self.frame_step or self.frame_length // 2
        self._fft_length = self.fft_length or 2 ** math.ceil(math.log2(self.frame_length))
        self.periodic = as_bool(where, "periodic", periodic)
        STFT("real", window, scaling, self.periodic)  # checks the window
        self.window, self.scaling = window, scaling
        self.expand_dims = as_bool(where, "expand_dims", expand_dims)
        self.data_format = resolved_data_format(where, data_format)
        self.input_spec = InputSpec(ndim=3)

    def build(self, input_shape: Shape) -> None:
        """Creates the kernels, shape (frame_length, 1, fft_length // 2 + 1)."""
        shape = (self.frame_length, 1, self._fft_length // 2 + 1)
        for side, other in (("real", "imag"), ("imag", "real")):
            if self.mode != other:
                kernel = STFT(side, self.window, self.scaling, self.periodic)
                setattr(self, f"{side}_kernel", self.add_weight(name=f"{side}_kernel", shape=shape, initializer=kernel))

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the spectrogram of signals.

        Args:
            inputs: Signals of shape (batch, samples, channels), or (batch, channels, samples) for "channels_first".

        Returns:
            Shape (batch, time, channels * frequencies), or (batch, time, frequencies, channels) with `expand_dims`;
            with "channels_first" the axes of channels precede time.

        Raises:
            ArgumentTypeError: If the signals are not floats.
        """
        dtype = dtype_of(inputs)
        if dtype not in ("float16", "float32", "float64"):
            raise ArgumentTypeError(
                f"{self._where()}: expected signals of float16, float32 or float64. Received: {dtype}"
            )
        real = None if self.mode == "imag" else self._convolved(inputs, self.real_kernel)
        imaginary = None if self.mode == "real" else self._convolved(inputs, self.imag_kernel)
        if real is None or imaginary is None:
            return self._arranged(imaginary if real is None else real)
        if self.mode == "angle":
            return self._arranged(ops.arctan2(imaginary, real))
        if self.mode == "stft":
            return self._arranged(ops.concatenate([real, imaginary], axis=2))
        power = ops.square(real) + ops.square(imaginary)
        if self.mode == "psd":  # one-sided: all frequencies but the first and the last count twice
            return self._arranged(power + ops.pad(power[:, :, 1:-1, :], [[0, 0], [0, 0], [1, 1], [0, 0]]))
        magnitude = self._arranged(ops.sqrt(ops.maximum(power, settings.epsilon())))
        return ops.log(ops.maximum(magnitude, settings.epsilon())) if self.mode == "log" else magnitude

    def _convolved(self, inputs: TensorLike, kernel: Any) -> Tensor:
        """Returns the convolution of each channel, shape (batch, channels, frequencies, time)."""
        last = self.data_format == "channels_last"
        signals = ops.transpose(inputs, (0, 2, 1)) if last else inputs
        batch, channels, samples = ops.shape(signals)
        shape = (batch * channels, samples, 1) if last else (batch * channels, 1, samples)
        outputs = ops.conv(
            ops.reshape(signals, shape),
            ops.cast(kernel, dtype_of(inputs)),
            padding=self.padding,
            strides=self._frame_step,
            data_format=self.data_format,
        )
        outputs = ops.transpose(outputs, (0, 2, 1)) if last else outputs
        _, frequencies, times = ops.shape(outputs)
        return ops.reshape(outputs, (batch, channels, frequencies, times))

    def _arranged(self, outputs: Tensor) -> Tensor:
        """Returns (batch, channels, frequencies, time) in the shape of the output."""
        last = self.data_format == "channels_last"
        if self.expand_dims:
            return ops.transpose(outputs, (0, 3, 2, 1) if last else (0, 1, 3, 2))
        batch, channels, frequencies, times = ops.shape(outputs)
        outputs = ops.reshape(outputs, (batch, channels * frequencies, times))
        return ops.transpose(outputs, (0, 2, 1)) if last else outputs

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the shape of the spectrogram."""
        last = self.data_format == "channels_last"
        batch, samples, channels = input_shape if last else (input_shape[0], input_shape[2], input_shape[1])
        frequencies = (self._fft_length // 2 + 1) * (2 if self.mode == "stft" else 1)
        if samples is None:
            times = None
        elif self.padding == "same":
            times = -(-samples // self._frame_step)
        else:
            times = (samples - self.frame_length) // self._frame_step + 1
        if self.expand_dims:
            return (batch, times, frequencies, channels) if last else (batch, channels, times, frequencies)
        merged = None if channels is None else channels * frequencies
        return (batch, times, merged) if last else (batch, merged, times)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = (
            "mode frame_length frame_step fft_length window periodic scaling padding data_format expand_dims".split()
        )
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
