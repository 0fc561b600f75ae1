"""Datasets of the windows of a time series."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..argument_checks import bad_argument, check_int, check_optional_int
from ..data.dataset import Dataset
from ..data.sources import Source, as_array
from ..data.specs import TensorSpec
from ..errors import ArgumentError
from ..tracebacks import filtered
from .folders import check_format

_WHERE = "timeseries_dataset_from_array"


@filtered
def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: str = "tf",
) -> Dataset:
    """Makes a dataset of the windows of a time series.

    Window k has the time steps `k * sequence_stride + i * sampling_rate` from `start_index` on, for i below
    `sequence_length`; its target is that of its first time step. Windows are gathered when they are read.

    Args:
        data: An array whose first axis is time.
        targets: A target for each time step that a window can start with; None: the dataset has no targets.
        sequence_length: The number of time steps of a window.
        sequence_stride: How far the starts of windows are apart, in time steps.
        sampling_rate: How far the time steps of a window are apart.
        batch_size: Windows a batch; None: no batches.
        shuffle: Whether to shuffle the windows, once and anew in each pass.
        seed: Same seed, same orders.
        start_index: The first time step that is used.
        end_index: The first time step that is not used any more.
        format: "tf", for compatibility; "grain" is refused.

    Returns:
        A dataset of windows of shape (batch, sequence_length, ...), or of pairs of windows and targets.

    Raises:
        ArgumentError: If an argument is out of range.

    Source: https://keras.io/api/data_loading/timeseries/

    Example:
        >>> numbers = np.arange(5)
        >>> windows = timeseries_dataset_from_array(numbers, numbers[2:], sequence_length=2)
        >>> [(inputs.tolist(), targets.tolist()) for inputs, targets in windows]
        [([[0, 1], [1, 2], [2, 3]], [2, 3, 4])]
    """
    series = as_array(data)
    if series.ndim == 0:
        raise bad_argument(_WHERE, "data", data, "an array whose first axis is time")
    length = check_int(_WHERE, "sequence_length", sequence_length, 1)
    stride = _below(len(series), "sequence_stride", check_int(_WHERE, "sequence_stride", sequence_stride, 1))
    rate = _below(len(series), "sampling_rate", check_int(_WHERE, "sampling_rate", sampling_rate, 1))
    check_optional_int(_WHERE, "batch_size", batch_size, 1)
    check_optional_int(_WHERE, "seed", seed, 0)
    check_format(_WHERE, format)
    start, end = _range(len(series), start_index, end_index)
    series = series[start:end]
    count = len(series) - (length - 1) * rate
    labels = None
    if targets is not None:
        labels = as_array(targets)[start:end]
        count = min(count, len(labels))
    starts = np.arange(0, max(count, 0), stride)
    if shuffle:
        seed = int(np.random.randint(1e6)) if seed is None else seed
        np.random.RandomState(seed).shuffle(starts)
    dataset = Dataset(Windows(series, labels, starts, np.arange(length) * rate))
    if shuffle and len(starts):
        dataset = dataset.shuffle(1024 if batch_size is None else batch_size * 8, seed)
    return (dataset if batch_size is None else dataset.batch(batch_size)).prefetch()


class Windows(Source):
    """The windows of a time series.

    Args:
        series: The series.
        labels: The target of the window that starts with each time step, or None.
        starts: The first time steps of the windows.
        offsets: The other ones, relative to the first.
    """

    def __init__(self, series: np.ndarray, labels: np.ndarray | None, starts: np.ndarray, offsets: np.ndarray):
        self._series, self._labels, self._starts, self._offsets = series, labels, starts, offsets
        self.size = len(starts)

    def items(self) -> Iterator:
        return iter(self._starts.tolist())

    def element(self, item: int) -> Any:
        window = self._series[item + self._offsets]
        return window if self._labels is None else (window, self._labels[item])

    def stacked(self, items: list) -> Any:
        windows = self._series[np.array(items)[:, None] + self._offsets]
        return windows if self._labels is None else (windows, self._labels[items])

    def spec(self) -> Any:
        windows = TensorSpec((len(self._offsets), *self._series.shape[1:]), self._series.dtype)
        return windows if self._labels is None else (windows, TensorSpec(self._labels.shape[1:], self._labels.dtype))


def _below(total: int, name: str, value: int) -> int:
    if value >= total:
        raise bad_argument(_WHERE, name, value, f"lower than the length of the data, {total}")
    return value


def _range(total: int, start_index: Any, end_index: Any) -> tuple[int, int]:
    start = check_optional_int(_WHERE, "start_index", start_index, 0) or 0
    end = check_optional_int(_WHERE, "end_index", end_index, 0) or total  # 0 is the end, as in Keras
    if start and start >= total:
        _below(total, "start_index", start)
    if end_index and end >= total:
        _below(total, "end_index", end)
    if end <= start and total:
        raise ArgumentError(f"{_WHERE}: `end_index` must be higher than `start_index`. Received: {end} and {start}")
    return start, end
