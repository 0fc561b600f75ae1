"""The `TensorBoard` callback, which needs the package tensorboard but not TensorFlow."""

import os
from contextlib import ExitStack
from time import perf_counter
from typing import Any

import numpy as np

from minikeras import config
from minikeras.argument_checks import check_bool, check_count, is_int
from minikeras.callbacks.arguments import check_path, require_package, takes_old_arguments
from minikeras.callbacks.callback import Callback
from minikeras.callbacks.event_file import EventFile
from minikeras.callbacks.learning_rates import rate_logs
from minikeras.callbacks.logs import Logs, python_logs
from minikeras.callbacks.states import entries
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError, brief, warn_legacy, warn_user
from minikeras.layers import Embedding
from minikeras.saving.atomic import write_file, writing

# As in Keras, all embeddings have the name of the first layer in a checkpoint.
_EMBEDDING_NAME = "layer_with_weights-0/embeddings/.ATTRIBUTES/VARIABLE_VALUE"


def _take_old_arguments(board: "TensorBoard", kwargs: dict) -> None:
    """Handles the arguments of Keras 2; those for removed features are refused.

    Raises:
        NotSupportedError: If histograms of gradients or embeddings of selected layers are requested.
        ArgumentTypeError: If an argument is unknown.
    """
    where = type(board).__name__
    for name, value in kwargs.items():
        if name not in ("batch_size", "write_grads", "embeddings_layer_names", "embeddings_data"):
            raise ArgumentTypeError(f"{where}: unknown argument. Received: {name}={brief(value)}")
        if name in ("write_grads", "embeddings_layer_names") and value:
            raise NotSupportedError(
                f"{where}: Keras 3 removed `{name}`, and minikeras does not have it. Received: {name}={brief(value)}"
            )
        if name == "embeddings_data" and value is not None:
            raise NotSupportedError(
                f"{where}: minikeras writes the weights of embeddings, not their outputs for data. "
                f"Received: {name} of type {type(value).__name__}"
            )
        warn_legacy(f"`{where}({name}={value!r})`", "nothing: it has no effect")


class TensorBoard(Callback):
    """Writes losses, metrics, learning rates, weights and the graph of the model for TensorBoard.

    View them with `tensorboard --logdir=logs`. Training is written to the subdirectory `train` of `log_dir`, validation
    and evaluation to `validation`.

    Args:
        log_dir: The directory.
        histogram_freq: The number of epochs between histograms of the weights; 0: never.
        write_graph: Whether to write the layers of a `Sequential` or functional model. The ops of a step are not
            written, as they are not a TensorFlow graph.
        write_images: Whether to write the weights as images along with the histograms.
        write_steps_per_second: Whether to write the number of steps per second.
        update_freq: "epoch", "batch" or a number of batches: how often losses and metrics are written.
        profile_batch: Only 0, as there is no TensorFlow profiler.
        embeddings_freq: The number of epochs between checkpoints for the projector; 0: never.
        embeddings_metadata: The metadata file of the embeddings, or a dict of files by layer name.

    Raises:
        ImportError: If tensorboard is not installed.
        NotSupportedError: If profiling is requested.
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If an argument has the wrong value.

    Source: https://keras.io/api/callbacks/tensorboard/

    Example:
        >>> TensorBoard("logs", update_freq="batch").update_freq
        1
    """

    @takes_old_arguments(_take_old_arguments)
    def __init__(
        self,
        log_dir: Any = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: int | str = "epoch",
        profile_batch: Any = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: str | dict[str, str] | None = None,
    ) -> None:
        super().__init__()
        where = type(self).__name__
        self.log_dir = check_path(where, "log_dir", log_dir)
        self.histogram_freq = check_count(where, "histogram_freq", histogram_freq, 1)
        self.write_graph = check_bool(where, "write_graph", write_graph)
        self.write_images = check_bool(where, "write_images", write_images)
        self.write_steps_per_second = check_bool(where, "write_steps_per_second", write_steps_per_second)
        self.update_freq = _update_freq(where, update_freq)
        _refuse_profile(where, profile_batch)
        self.embeddings_freq = check_count(where, "embeddings_freq", embeddings_freq, 1)
        if not isinstance(embeddings_metadata, (str, dict, type(None))):
            raise ArgumentTypeError(
                f"{where}: expected `embeddings_metadata` to be a string, a dict or None. "
                f"Received: {brief(embeddings_metadata)}"
            )
        self.embeddings_metadata = embeddings_metadata
        require_package(where, "tensorboard", "tensorboard")
        self._files: dict[str, EventFile] = {}
        self._global_train_batch = 0
        self._batch_start_time = 0.0
        self._epoch_start: tuple[float, int] = (0.0, 0)

    def _idle_hooks(self) -> tuple:
        return (TensorBoard.on_train_batch_begin, TensorBoard.on_train_batch_end) if self.update_freq == "epoch" else ()

    def _late_hooks(self) -> tuple:
        return (TensorBoard.on_train_batch_end,)

    def _distinction(self) -> tuple[str, ...]:
        return (self.log_dir,)

    def get_state(self) -> dict[str, Any]:
        """Returns the batch counters."""
        return {"global_train_batch": self._global_train_batch}

    def set_state(self, state: dict[str, Any]) -> None:
        """Restores the batch counters after an interruption.

        Args:
            state: What `get_state` returned.

        Raises:
            ArgumentError: If it is invalid.
        """
        (self._global_train_batch,) = entries(type(self).__name__, state, global_train_batch=int)

    def set_model(self, model: Any) -> None:
        """Sets the model, and writes its graph if `write_graph` is set.

        Args:
            model: The model.

        Raises:
            ArgumentError: If `embeddings_metadata` names a layer that is not an `Embedding` of the model.
        """
        super().set_model(model)
        projector = self._projector_config() if self.embeddings_freq else None
        self._close()
        if self.write_graph:
            self._write_layers(self._file("train"))
        if projector is not None:
            path = os.path.join(self.log_dir, "projector_config.pbtxt")
            with writing(path):
                os.makedirs(self.log_dir, exist_ok=True)
                write_file(path, projector.encode())

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Resets the batch counters.

        Args:
            logs: Not used.
        """
        self._global_train_batch = 0
        self._file("train")

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the files.

        Args:
            logs: Not used.
        """
        self._close()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Counts the batch.

        Args:
            batch: Index of the batch, from 0.
            logs: Not used.
        """
        self._global_train_batch += 1
        self._batch_start_time = perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Writes the logs of a batch if they are due.

        Args:
            batch: Index of the batch, from 0.
            logs: Values so far in the epoch, or a function that returns them.
        """
        if self.update_freq == "epoch" or self._global_train_batch % self.update_freq:
            return
        values = python_logs(logs)
        if self.write_steps_per_second:
            values["steps_per_second"] = 1.0 / (perf_counter() - self._batch_start_time)
        for name, value in values.items():
            self._file("train").scalar(f"batch_{name}", value, self._global_train_batch)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Starts measuring the time.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Not used.
        """
        self._epoch_start = perf_counter(), int(self.model.optimizer.iterations)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the logs of an epoch, and the weights if they are due.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.
        """
        if logs:
            self._write_epoch(epoch, logs)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            name = f"keras_embedding.ckpt-{epoch}.weights.h5"
            path = os.path.join(self.log_dir, "train", name)
            with writing(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
            self.model.save_weights(path)
        for file in self._files.values():
            file.flush()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Writes the logs of an evaluation at the current training step.

        Args:
            logs: Values of the evaluation.
        """
        if self.model.optimizer is not None:
            for name, value in (logs or {}).items():
                step = int(self.model.optimizer.iterations)
                self._file("validation").scalar(f"evaluation_{name}_vs_iterations", value, step)

    def _close(self) -> None:
        files, self._files = list(self._files.values()), {}
        with ExitStack() as stack:  # all are closed, even if there is an error
            for file in reversed(files):
                stack.callback(file.close)

    def _file(self, part: str) -> EventFile:
        if part not in self._files:
            self._files[part] = EventFile(os.path.join(self.log_dir, part))
        return self._files[part]

    def _write_epoch(self, epoch: int, logs: dict[str, Any]) -> None:
        training = {name: value for name, value in logs.items() if not name.startswith("val_")}
        training |= rate_logs(self.model.optimizer)
        if self.write_steps_per_second:
            start, steps = self._epoch_start
            training["steps_per_second"] = (int(self.model.optimizer.iterations) - steps) / (perf_counter() - start)
        for name, value in training.items():
            self._file("train").scalar(f"epoch_{name}", value, epoch)
        for name, value in logs.items():
            if name.startswith("val_"):
                self._file("validation").scalar(f"epoch_{name.removeprefix('val_')}", value, epoch)

    def _write_weights(self, epoch: int) -> None:
        file = self._file("train")
        for layer in self.model.layers:
            for weight in layer.weights:
                name, values = weight.path.replace(":", "_"), weight.numpy()
                file.histogram(f"{name}/histogram", values, epoch)
                images = weight_images(values) if self.write_images else None
                if images is not None:
                    file.image(f"{name}/image", images, epoch)

    def _write_layers(self, file: EventFile) -> None:
        if getattr(self.model, "class_name", None) not in ("Functional", "Sequential"):
            return
        try:
            text = self.model.to_json()
        except Exception as error:  # of any class, from a custom layer: training must go on
            warn_user(f"Model failed to serialize as JSON. Ignoring... {error}", UserWarning)
        else:
            file.model_graph("keras", text)

    def _projector_config(self) -> str:
        """Returns the config file of the projector."""
        from google.protobuf import text_format
        from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

        projector = ProjectorConfig()
        files = self.embeddings_metadata
        found = [layer.name for layer in self.model.layers if isinstance(layer, Embedding)]
        for name in found:
            path = files.get(name) if isinstance(files, dict) else files
            projector.embeddings.add(tensor_name=_EMBEDDING_NAME, metadata_path=path)
        unknown = [name for name in files if name not in found] if isinstance(files, dict) else []
        if unknown:
            raise ArgumentError(
                f"TensorBoard: expected `embeddings_metadata` to name Embedding layers of the model: {found}. "
                f"Received: {unknown}"
            )
        return text_format.MessageToString(projector)


def weight_images(values: np.ndarray) -> np.ndarray | None:
    """Returns weights as images.

    Args:
        values: The weights; axes of size 1 are removed.

    Returns:
        Images of shape `(images, height, width, channels)`: a vector as one row; a matrix as one image, wider than
        high; three axes as one image per channel; four axes as several. None for more.

    Example:
        >>> weight_images(np.zeros((5, 3))).shape
        (1, 3, 5, 1)
    """
    values = np.squeeze(values)
    if values.ndim == 1:
        values = values[np.newaxis, :, np.newaxis, np.newaxis]
    elif values.ndim == 2:
        values = (values.T if values.shape[0] > values.shape[1] else values)[np.newaxis, ..., np.newaxis]
    elif values.ndim == 3:
        if config.image_data_format() == "channels_last":
            values = values.transpose(2, 0, 1)
        values = values[..., np.newaxis]
    return values if values.ndim == 4 and values.shape[-1] in (1, 3, 4) else None


def _update_freq(where: str, update_freq: object) -> int | str:
    if isinstance(update_freq, str) and update_freq in ("batch", "epoch"):
        return 1 if update_freq == "batch" else update_freq
    if not is_int(update_freq, minimum=1):
        raise ArgumentError(
            f"{where}: expected `update_freq` to be 'epoch', 'batch' or a number of batches. "
            f"Received: {brief(update_freq)}"
        )
    return int(update_freq)


def _refuse_profile(where: str, profile_batch: object) -> None:
    if profile_batch not in (0, "0", None) and profile_batch not in ((0, 0), [0, 0], "0,0"):
        raise NotSupportedError(
            f"{where}: minikeras cannot profile batches, since the profiler is TensorFlow's. Use profile_batch=0. "
            f"Received: profile_batch={brief(profile_batch)}"
        )
