"""Event files for TensorBoard, written with its own package, without TensorFlow."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import numpy as np

from minikeras.engine.replicas import is_first
from minikeras.errors import FileWriteError
from minikeras.saving.atomic import writing

_BUCKETS = 30  # buckets of a histogram, as in TensorFlow
_IMAGES = 3  # the maximum in one summary
_files = count()  # makes the file names of one process unique


class EventFile:
    """An event file, in a directory that is created if necessary.

    Args:
        folder: The directory of the file; TensorBoard shows it as a run.

    Raises:
        FileWriteError: If it cannot be written.

    Source: https://www.tensorflow.org/tensorboard/

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = EventFile(folder)
        ...     file.scalar("loss", 0.5, step=0)
        ...     file.close()
    """

    def __init__(self, folder: str) -> None:
        import os
        import socket
        import time

        from tensorboard.compat.proto.event_pb2 import Event, SourceMetadata
        from tensorboard.summary.writer.record_writer import RecordWriter

        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}.{os.getpid()}.{next(_files)}.v2"
        self._event, self._time = Event, time.time
        self._path = os.path.join(folder, name) if is_first() else os.devnull
        with writing(self._path):
            if is_first():
                os.makedirs(folder, exist_ok=True)
            self._file = open(self._path, "wb")
        self._records = RecordWriter(self._file)
        self._write(file_version="brain.Event:2", source_metadata=SourceMetadata(writer="minikeras.callbacks"))

    def scalar(self, tag: str, value: float, step: int) -> None:
        """Writes a scalar.

        Args:
            tag: The name of the scalar.
            value: The value.
            step: The step.
        """
        from tensorboard.plugins.scalar.summary_v2 import scalar_pb

        self._write(step=step, summary=scalar_pb(tag, value))

    def histogram(self, tag: str, values: np.ndarray, step: int) -> None:
        """Writes a histogram with 30 buckets of equal width.

        Args:
            tag: The name of the histogram.
            values: The values, of any shape.
            step: The step.
        """
        from tensorboard.plugins.histogram.metadata import create_summary_metadata
        from tensorboard.util.tensor_util import make_tensor_proto

        buckets = make_tensor_proto(histogram_buckets(values), dtype=np.float64)
        self._summary(tag, buckets, create_summary_metadata(None, None), step)

    def image(self, tag: str, images: np.ndarray, step: int) -> None:
        """Writes images, at most three.

        Args:
            tag: The name of the images.
            images: Floats in [0, 1], shape `(images, height, width, channels)` with 1, 3 or 4 channels.
            step: The step.
        """
        from tensorboard.plugins.image.metadata import create_summary_metadata
        from tensorboard.util.tensor_util import make_tensor_proto

        _, height, width, _ = images.shape
        # Rounded as in TensorFlow.
        bytes_of = np.clip(images[:_IMAGES].astype("float32") * np.float32(255.5), 0, 255).astype("uint8")
        parts = [str(width).encode(), str(height).encode(), *map(_png, bytes_of)]
        tensor = make_tensor_proto(np.array(parts, dtype=object))
        self._summary(tag, tensor, create_summary_metadata(None, None), step)

    def model_graph(self, tag: str, config: str) -> None:
        """Writes the graph of a model's layers.

        Args:
            tag: The name of the graph.
            config: The config of the model as JSON.
        """
        from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
        from tensorboard.plugins.graph.metadata import PLUGIN_NAME_KERAS_MODEL
        from tensorboard.util.tensor_util import make_tensor_proto

        plugin = SummaryMetadata.PluginData(plugin_name=PLUGIN_NAME_KERAS_MODEL, content=b"1")
        tensor = make_tensor_proto(np.array(config.encode(), dtype=object))
        self._summary(tag, tensor, SummaryMetadata(plugin_data=plugin), step=0)

    def _summary(self, tag: str, tensor: Any, metadata: Any, step: int) -> None:
        from tensorboard.compat.proto.summary_pb2 import Summary

        summary = Summary()
        summary.value.add(tag=tag, tensor=tensor, metadata=metadata)
        self._write(step=step, summary=summary)

    def _write(self, **fields: Any) -> None:
        record = self._event(wall_time=self._time(), **fields).SerializeToString()
        with self._writing():
            self._records.write(record)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with writing(self._path):
                yield
        except FileWriteError:
            with suppress(OSError):  # the first error is the one to report
                self._file.close()
            raise

    def flush(self) -> None:
        """Flushes buffered data to the operating system.

        Raises:
            FileWriteError: If it cannot be written; the file is then closed.
        """
        with self._writing():
            self._records.flush()

    def close(self) -> None:
        """Closes the file; a second call has no effect.

        Raises:
            FileWriteError: If the last data cannot be written.
        """
        with self._writing():
            self._file.close()


def histogram_buckets(values: np.ndarray, count: int = _BUCKETS) -> np.ndarray:
    """Returns a histogram with buckets of equal width.

    Args:
        values: Numbers, of any shape.
        count: The number of buckets.

    Returns:
        An array of shape `(count, 3)`: left edge, right edge and count of each bucket. Equal values are all in
        the last bucket; if there are none, everything is 0.

    Example:
        >>> histogram_buckets(np.array([0.0, 1.0, 2.0, 4.0]), count=2).tolist()
        [[0.0, 2.0, 2.0], [2.0, 4.0, 2.0]]
    """
    values = np.asarray(values, "float64").reshape(-1)
    if values.size == 0:
        return np.zeros((count, 3))
    low, high = values.min(), values.max()
    edges = np.linspace(low, high, count + 1)
    if low == high:
        amounts = np.zeros(count)
        amounts[-1] = values.size
    else:
        # With the rounding of TensorFlow, so that values at an edge fall into the same bucket.
        buckets = np.floor((values - low) / ((high - low) / count)).astype("int64")
        amounts = np.bincount(np.minimum(buckets, count - 1), minlength=count)
    return np.stack([edges[:-1], edges[1:], amounts], axis=1)


def _png(image: np.ndarray) -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(file, format="png")
    return file.getvalue()
