"""Reading and writing backups of a training.

A backup is a `.weights.h5` file, which Keras and `load_weights` can read. The rest of the state is in an additional
group.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minikeras.callbacks.states import States
from minikeras.engine.replica_values import totals
from minikeras.engine.replicas import current, is_first
from minikeras.errors import warn_user
from minikeras.layers.core.lora import LoRA
from minikeras.random.seed_generator import global_seed_state, set_global_seed_state
from minikeras.saving import weights_format
from minikeras.saving.atomic import write_file
from minikeras.saving.hdf5 import find_dataset, find_group, has, open_image, read_array
from minikeras.saving.source import Source
from minikeras.saving.state import state_image

_GROUP = "minikeras_training"


@dataclass(frozen=True)
class Position:
    """The position in a training.

    Args:
        epoch: The index of the epoch to resume, from 0.
        batches: The number of completed batches in it.
    """

    epoch: int
    batches: int


@dataclass(frozen=True)
class RandomState:
    """The states of the global random generators of numpy, which shuffles the data, and of Python.

    Args:
        numpy: The state of `np.random`: name, 624 integers, position, and a cached normal number.
        python: The state of `random`.
    """

    numpy: tuple
    python: tuple

    @classmethod
    def now(cls) -> "RandomState":
        """Returns the current state.

        Example:
            >>> state = RandomState.now()
            >>> first = np.random.rand()
            >>> state.restore()
            >>> np.random.rand() == first
            True
        """
        import random

        return cls(np.random.get_state(), random.getstate())

    def restore(self) -> None:
        """Restores this state."""
        import random

        np.random.set_state(self.numpy)
        random.setstate(self.python)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the state as arrays."""
        name, keys, position, has_gauss, gauss = self.numpy
        version, words, second = self.python
        return {
            "numpy_keys": np.asarray(keys, "uint32"),
            "numpy_rest": np.array([position, has_gauss, gauss], "float64"),
            "python_words": np.asarray(words, "uint64"),
            "python_rest": np.array([version, np.nan if second is None else second], "float64"),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "RandomState":
        """Returns the state from the result of `arrays`."""
        position, has_gauss, gauss = arrays["numpy_rest"].tolist()
        version, second = arrays["python_rest"].tolist()
        words = tuple(arrays["python_words"].tolist())
        return cls(
            ("MT19937", arrays["numpy_keys"], int(position), int(has_gauss), gauss),
            (int(version), words, None if np.isnan(second) else second),
        )


@dataclass
class Progress:
    """The state of a training besides that of its model.

    Args:
        position: The position in the training.
        epoch_start: The random state before the epoch to resume; None if Keras wrote the backup.
        now: The random state when the backup was made.
        seed: The state of the global seed generator; None if it was not used.
        generators: The values of the model's variables that are not in its weights file, such as seed generators.
        metrics: The states of the metrics in the middle of an epoch.
        statistics: The moving averages of each process then, if several share the training.
        callbacks: The states of the callbacks.
        stopped: Whether a callback has stopped the training.
        finished: Whether the training was completed.
    """

    position: Position
    epoch_start: RandomState | None = None
    now: RandomState | None = None
    seed: np.ndarray | None = None
    generators: list[np.ndarray] | None = None
    metrics: list[np.ndarray] = field(default_factory=list)
    statistics: list[np.ndarray] = field(default_factory=list)
    callbacks: States = field(default_factory=States)
    stopped: bool = False
    finished: bool = False

    @classmethod
    def of(cls, model: Any, position: Position, epoch_start: RandomState, callbacks: States) -> "Progress":
        """Returns the current progress of the training of a model."""
        return cls(
            position,
            epoch_start,
            RandomState.now(),
            global_seed_state(),
            [variable.numpy() for variable in _unsaved_variables(model)],
            _metrics_now(model) if position.batches else [],
            _statistics_now(model) if position.batches else [],
            callbacks,
            bool(model.stop_training),
        )

    def restore_model(self, model: Any, path: str) -> None:
        """Restores the weights, the optimizer and the seed generators of a model.

        Args:
            model: The model, built.
            path: The backup file.

        Raises:
            ModelFileError: If they do not match; nothing is changed then.
        """
        variables = _unsaved_variables(model)
        saved = [] if self.generators is None else self.generators
        if self.generators is not None and [a.shape for a in saved] != [tuple(v.shape) for v in variables]:
            raise Source(path, _GROUP).error(
                None,
                f"the model has {len(variables)} variables that no file of weights holds, such as the states of seed "
                f"generators, and {len(saved)} were saved",
            )
        model.load_weights(path)
        for variable, state in zip(variables, saved, strict=self.generators is not None):
            variable.assign(state)
        replicas = current()
        for variable, values in zip(_statistics(model), self.statistics, strict=bool(self.statistics)):
            is_own = replicas is not None and replicas.size == len(values)
            variable.assign(values[replicas.rank] if is_own else np.mean(values, axis=0))

    def restore_random(self, inside_epoch: bool = False) -> None:
        """Restores the global random states.

        Args:
            inside_epoch: Whether the data of the epoch was already shuffled.
        """
        if self.seed is not None:
            set_global_seed_state(self.seed)
        state = self.now if inside_epoch else self.epoch_start
        if state is not None:
            state.restore()

    def restore_metrics(self, model: Any) -> None:
        """Restores the metrics of an epoch.

        Args:
            model: The model.
        """
        if not self.metrics:
            return
        variables = _metric_variables(model)
        if [tuple(variable.shape) for variable in variables] != [array.shape for array in self.metrics]:
            warn_user(
                "BackupAndRestore: the model has other metrics than the one in the backup, so the values of this epoch "
                "are those of its remaining batches.",
                UserWarning,
            )
            return
        for variable, array in zip(variables, self.metrics, strict=True):
            # Sums of several processes: the first one goes on with them.
            variable.assign(array if is_first() or variable.aggregation == "mean" else np.zeros_like(array))


def write_backup(model: Any, path: str, progress: Progress) -> None:
    """Writes the state of a model and of its training atomically.

    Args:
        model: The model.
        path: The file.
        progress: The progress of the training.

    Raises:
        FileWriteError: If the file cannot be written; an existing file is left unchanged.
    """
    _write(path, state_image(model), progress)


def mark_finished(path: str) -> None:
    """Marks a backup as that of a finished training.

    Args:
        path: The file.

    Raises:
        ModelFileError: If it is damaged.
        FileWriteError: If it cannot be written; it is left unchanged then.
    """
    import h5py

    source = Source(path)
    image = io.BytesIO(weights_format.checked(source.content(), source))
    with source.reading(), h5py.File(image, "r+") as file:
        if not has(file, _GROUP):
            return
        file[_GROUP]["flags"][1] = 1
    data = image.getvalue()
    write_file(path, [data, weights_format.checksum(data)])


def _write(path: str, model_image: bytes, progress: Progress) -> None:
    import h5py

    text, data = progress.callbacks.encoded()
    position, start, now = progress.position, progress.epoch_start.arrays(), progress.now.arrays()
    arrays = {
        "position": np.array([position.epoch, position.batches], "int64"),
        "flags": np.array([progress.stopped, progress.finished], "int64"),
        "callbacks": np.frombuffer(text.encode(), "uint8"),
        "callback_arrays": np.frombuffer(data, "uint8"),
        **start,
        **{f"now_{name}": array for name, array in now.items()},
        **({} if progress.seed is None else {"seed": progress.seed}),
    }
    for name, listed in _lists(progress):
        arrays[f"{name}_count"] = np.array([len(listed)], "int64")
        arrays |= {f"{name}_{index}": array for index, array in enumerate(listed)}
    image = io.BytesIO(model_image)
    with h5py.File(image, "r+") as file:
        group = file.create_group(_GROUP)
        for name, array in arrays.items():
            group[name] = array
    whole = image.getvalue()
    write_file(path, [whole, weights_format.checksum(whole)])


def _lists(progress: Progress) -> tuple:
    names = ("generators", "metrics", "statistics")
    return tuple((name, getattr(progress, name)) for name in names)


def read_backup(path: str, metadata_path: str) -> Progress:
    """Reads a backup of minikeras or Keras, except for the state of the model.

    Args:
        path: The backup file.
        metadata_path: The file in which Keras stores the epoch.

    Raises:
        ModelFileError: If a file is damaged.
    """
    source = Source(path)
    data = weights_format.checked(source.content(), source)
    with io.BytesIO(data) as file, open_image(file, source) as image:
        group = find_group(image, _GROUP, source)
        if group is None:
            return Progress(_position_of_keras(metadata_path))
        inside = source.within(_GROUP)
        with inside.reading():
            return _progress(_Arrays(group, inside, len(data)))


class _Arrays(Mapping):
    """The arrays of a group, read on access; their total size is bounded by that of the file."""

    def __init__(self, group: Any, source: Source, most: int):
        self._group, self._source, self._left = group, source, most

    def __getitem__(self, name: str) -> np.ndarray:
        dataset = find_dataset(self._group, name, self._source)
        self._left -= dataset.nbytes
        if self._left < 0:
            raise ValueError("its arrays have more bytes than the file")
        return read_array(self._group, name, self._source)

    def __contains__(self, name: object) -> bool:
        return has(self._group, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._group)

    def __len__(self) -> int:
        return len(self._group)

    def listed(self, name: str) -> list[np.ndarray]:
        """Returns a list of arrays."""
        return [self[f"{name}_{index}"] for index in range(self[f"{name}_count"].item())]


def _progress(found: _Arrays) -> Progress:
    epoch, batches = found["position"].tolist()
    if min(epoch, batches) < 0:
        raise ValueError(f"expected the indices of an epoch and a batch. Received: {epoch} and {batches}")
    rest: dict[str, Any] = {}
    if "callbacks" in found:  # missing in backups of older versions
        stopped, finished = found["flags"].tolist()
        now = {name: found[f"now_{name}"] for name in ("numpy_keys", "numpy_rest", "python_words", "python_rest")}
        states = States.decoded(found["callbacks"].tobytes().decode(), found["callback_arrays"].tobytes())
        rest = {
            "now": RandomState.of_arrays(now),
            "callbacks": states,
            "stopped": bool(stopped),
            "finished": bool(finished),
        }
    return Progress(
        Position(epoch, batches),
        RandomState.of_arrays(found),
        seed=found["seed"] if "seed" in found else None,
        generators=found.listed("generators"),
        metrics=found.listed("metrics"),
        statistics=found.listed("statistics") if "statistics_count" in found else [],
        **rest,
    )


def _position_of_keras(path: str) -> Position:
    import json

    source = Source(path)
    with source.reading():
        return Position(int(json.loads(source.content())["epoch"]), 0)


def _unsaved_variables(model: Any) -> list[Any]:
    """Returns the variables that are not in a weights file: seed generator states, and those merged by LoRA."""
    others = {id(variable) for variable in [*model.weights, *_metric_variables(model)]}
    merged = [each for layer in model._flat_layers() if isinstance(layer, LoRA) for each in layer._merged_variables()]
    return [variable for variable in model.variables if id(variable) not in others] + merged


def _metrics_now(model: Any) -> list[np.ndarray]:
    """Returns the states of the metrics, those of all processes that share the training."""
    replicas, variables = current(), _metric_variables(model)
    if replicas is None:
        return [variable.numpy() for variable in variables]
    return totals(variables, replicas)


def _statistics(model: Any) -> list[Any]:
    """Returns the weights that processes which share a training accumulate on their own rows, until an epoch ends."""
    return [variable for variable in model.non_trainable_weights if variable.dtype.startswith("float")]


def _statistics_now(model: Any) -> list[np.ndarray]:
    """Returns the values of these weights in all processes, stacked; nothing in a single process."""
    replicas = current()
    if replicas is None:
        return []
    found = replicas.group.gather(
        [variable.numpy() for variable in _statistics(model)], "the moving averages of a backup"
    )
    return [np.stack(values) for values in zip(*found, strict=True)]


def _metric_variables(model: Any) -> list[Any]:
    return [variable for metric in model.metrics for variable in metric.variables]
