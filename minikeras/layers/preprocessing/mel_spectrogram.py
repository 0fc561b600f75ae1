"""The `MelSpectrogram` layer."""

from typing import Any, Unpack

import numpy as np

from ... import ops
from ...argument_checks import as_bool, check_int, check_number
from ...errors import ArgumentError, ShapeError, brief
from ...ops.windows import check_window
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer

_BREAK = 700.0  # Hz: the mel scale is linear below, logarithmic above
_QUALITY = 1127.0


class MelSpectrogram(Layer):
    """Converts sound to its power in bands of the mel scale, over time, in decibels.

    Args:
        fft_length: The length of the transforms, in samples.
        sequence_stride: How many samples each window begins after the one before.
        sequence_length: The length of the windows, in samples; `fft_length` by default.
        window: "hann" or "hamming", the values of the window, or None.
        sampling_rate: The samples per second.
        num_mel_bins: The number of bands.
        min_freq: The lowest frequency, in Hz.
        max_freq: The highest frequency, in Hz; half of the sampling rate by default.
        power_to_db: Whether to convert the power to decibels.
        top_db: The range of decibels below the largest value, at which smaller ones are cut off.
        mag_exp: The exponent of the magnitude: 2 is the power, 1 the energy.
        min_power: The smallest power, below which decibels are cut off.
        ref_power: The power of 0 dB.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/mel_spectrogram/

    Example:
        >>> MelSpectrogram(num_mel_bins=80, sampling_rate=8000, sequence_stride=128)(np.zeros((2, 16000))).shape
        (2, 80, 126)
    """

    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Any = "hann",
        sampling_rate: int = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        where = "MelSpectrogram"
        self.fft_length = check_int(where, "fft_length", fft_length, minimum=1)
        self.sequence_stride = check_int(where, "sequence_stride", sequence_stride, minimum=1)
        length = fft_length if sequence_length is None else sequence_length
        self.sequence_length = check_int(where, "sequence_length", length, minimum=1)
        if self.fft_length < self.sequence_length:
            raise ArgumentError(
                f"{where}: `fft_length` must not be less than `sequence_length`. Received: fft_length={fft_length}, "
                f"sequence_length={sequence_length}"
            )
        if isinstance(window, str):
            check_window(window)
        elif window is not None and np.shape(window) != (self.sequence_length,):
            raise ArgumentError(
                f"{where}: `window` must be a name, None, or {self.sequence_length} values. Received: {brief(window)}"
            )
        self.window = window
        self.sampling_rate = check_number(where, "sampling_rate", sampling_rate, above=0)
        self.num_mel_bins = check_int(where, "num_mel_bins", num_mel_bins, minimum=1)
        self.min_freq = check_number(where, "min_freq", min_freq, minimum=0)
        highest = int(self.sampling_rate / 2) if max_freq is None else max_freq
        self.max_freq = check_number(where, "max_freq", highest, above=self.min_freq)
        self.power_to_db = as_bool(where, "power_to_db", power_to_db)
        self.top_db = check_number(where, "top_db", top_db, minimum=0)
        self.mag_exp = check_number(where, "mag_exp", mag_exp)
        self.min_power = check_number(where, "min_power", min_power, above=0)
        self.ref_power = check_number(where, "ref_power", ref_power)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the spectrogram, shape (batch, bands, time) for sound of shape (batch, samples).

        Raises:
            ShapeError: If the sound has more than two axes, or is too short.
        """
        if len(inputs.shape) not in (1, 2):
            raise ShapeError(
                f"{self._where()}: expected sound of shape (samples,) or (batch, samples). Received: {inputs.shape}"
            )
        dtype = self.compute_dtype if self.compute_dtype == "float64" else "float32"
        real, imaginary = ops.stft(
            ops.cast(inputs, dtype),
            sequence_length=self.sequence_length,
            sequence_stride=self.sequence_stride,
            fft_length=self.fft_length,
            window=self.window,
            center=True,
        )
        magnitude = ops.sqrt(ops.square(real) + ops.square(imaginary))
        weights = self.linear_to_mel_weight_matrix(
            self.num_mel_bins, magnitude.shape[-1], self.sampling_rate, self.min_freq, self.max_freq
        )
        power = ops.tensordot(ops.power(magnitude, self.mag_exp), weights, axes=1)
        result = self._decibels(power) if self.power_to_db else power
        return ops.cast(ops.swapaxes(result, -1, -2), self.compute_dtype)

    def _decibels(self, power: Tensor) -> Tensor:
        reference = 10.0 * float(np.log10(max(abs(self.ref_power), self.min_power)))
        decibels = 10.0 * ops.log10(ops.maximum(power, self.min_power)) - reference
        return ops.maximum(decibels, ops.max(decibels) - self.top_db)

    def linear_to_mel_weight_matrix(
        self,
        num_mel_bins: int = 20,
        num_spectrogram_bins: int = 129,
        sampling_rate: float = 8000,
        lower_edge_hertz: float = 125.0,
        upper_edge_hertz: float = 3800.0,
        dtype: str = "float32",
    ) -> np.ndarray:
        """Returns the matrix that sums the bins of a spectrogram up to bands of the mel scale, triangular ones.

        Args:
            num_mel_bins: The number of bands.
            num_spectrogram_bins: The number of bins of the spectrogram.
            sampling_rate: The samples per second.
            lower_edge_hertz: The lowest frequency of the bands.
            upper_edge_hertz: The highest frequency of the bands.
            dtype: The dtype of the matrix.

        Returns:
            Shape (num_spectrogram_bins, num_mel_bins).

        Example:
            >>> MelSpectrogram().linear_to_mel_weight_matrix(3, 5).round(1)[1:3]
            array([[0.3, 0.7, 0. ],
                   [0. , 0.2, 0.8]], dtype=float32)
        """
        nyquist = np.asarray(sampling_rate, dtype) / np.asarray(2.0, dtype)
        frequencies = np.linspace(0.0, nyquist, num_spectrogram_bins, dtype=dtype)[1:]
        bins = _mel(frequencies)[:, None]
        ends = (_mel(np.asarray(edge, dtype)) for edge in (lower_edge_hertz, upper_edge_hertz))
        edges = np.linspace(*ends, num_mel_bins + 2, dtype=dtype)
        lower, center, upper = edges[:-2], edges[1:-1], edges[2:]
        slopes = np.minimum((bins - lower) / (center - lower), (upper - bins) / (upper - center))
        return np.pad(np.maximum(slopes, np.asarray(0.0, dtype)), [[1, 0], [0, 0]])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns (batch, bands, time)."""
        samples = input_shape[-1]
        times = None if samples is None else (samples + self.sequence_stride + 1) // self.sequence_stride
        return (*input_shape[:-1], self.num_mel_bins, times)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = (
            "fft_length sequence_stride sequence_length window sampling_rate num_mel_bins min_freq max_freq "
            "power_to_db top_db mag_exp min_power ref_power"
        ).split()
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _mel(frequencies: np.ndarray) -> np.ndarray:
    kind = frequencies.dtype.type
    return kind(_QUALITY) * np.log(kind(1.0) + frequencies / kind(_BREAK))
