"""What all convolution layers know of their windows: sizes, strides, padding, dilation and the layout of the inputs."""

from collections.abc import Sequence
from typing import ClassVar

from ...argument_checks import check_sizes, check_string
from ...config import resolved_data_format
from ...errors import ArgumentError, ShapeError, unknown_name
from ...tracebacks import Filtered
from ...typing import Shape


class Windowed(Filtered):
    """The part of a layer that slides windows over spatial axes.

    Attributes:
        rank: How many spatial axes there are.
    """

    rank = 2
    _paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    def _set_windows(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
    ) -> None:
        """Checks and stores the arguments; see `Convolutional`.

        Raises:
            ArgumentError: If one is invalid.
        """
        where = type(self).__name__
        self.kernel_size = check_sizes(where, "kernel_size", kernel_size, self.rank)
        self.strides = check_sizes(where, "strides", strides, self.rank)
        self.dilation_rate = check_sizes(where, "dilation_rate", dilation_rate, self.rank)
        self.padding = check_string(where, "padding", padding).lower()
        if self.padding not in self._paddings:
            raise unknown_name(f"padding of {where}", padding, self._paddings)
        self.data_format = resolved_data_format(where, data_format)

    def _refuse_strides_with_dilation(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ArgumentError(
                f"{type(self).__name__}: strides and dilation cannot both be greater than 1. "
                f"Received: strides={self.strides} and dilation_rate={self.dilation_rate}"
            )

    @property
    def _channel_axis(self) -> int:
        return -1 if self.data_format == "channels_last" else 1

    def _channels(self, input_shape: Shape) -> int:
        """Returns the number of input channels."""
        if len(input_shape) != self.rank + 2:
            raise ShapeError(
                f"{self._where()} expects inputs with {self.rank + 2} axes: batch, {self.rank} spatial, channels. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        channels = input_shape[self._channel_axis]
        if channels is None:
            raise ArgumentError(
                f"{self._where()}: the number of input channels must be known; with "
                f"data_format={self.data_format!r} it is the size of axis {self._channel_axis}. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        return channels
