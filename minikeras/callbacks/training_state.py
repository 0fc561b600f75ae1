"""How far a training is and what it goes on with, in the same file as the weights.

The file is a `.weights.h5` file, which Keras and `load_weights` read as such. What they do not know is in a group of
its own.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minikeras.callbacks.states import States
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
    """How much of a training is done.

    Args:
        epoch: The index of the epoch to go on with, from 0.
        batches: How many batches of it are done.
    """

    epoch: int
    batches: int


@dataclass(frozen=True)
class RandomState:
    """Where the global random numbers are: numpy's, which order the data, and Python's.

    Args:
        numpy: The state of `np.random`: name, 624 integers, position, and a second normal number kept for later.
        python: The state of `random`.
    """

    numpy: tuple
    python: tuple

    @classmethod
    def now(cls) -> "RandomState":
        """Returns the present state.

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
        """Makes this the present state."""
        import random

        np.random.set_state(self.numpy)
        random.setstate(self.python)

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the state as arrays of numbers."""
        name, keys, place, has_gauss, gauss = self.numpy
        version, words, second = self.python
        return {
            "numpy_keys": np.asarray(keys, "uint32"),
            "numpy_rest": np.array([place, has_gauss, gauss], "float64"),
            "python_words": np.asarray(words, "uint64"),
            "python_rest": np.array([version, np.nan if second is None else second], "float64"),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "RandomState":
        """Returns the state that `arrays` described."""
        place, has_gauss, gauss = arrays["numpy_rest"].tolist()
        version, second = arrays["python_rest"].tolist()
        words = tuple(arrays["python_words"].tolist())
        return cls(
            ("MT19937", arrays["numpy_keys"], int(place), int(has_gauss), gauss),
            (int(version), words, None if np.isnan(second) else second),
        )


@dataclass
class Progress:
    """How far a training is, besides the state of its model.

    Args:
        position: How much of the training is done.
        epoch_start: The random state before the epoch to go on with; None if Keras wrote the backup.
        now: The random state when the backup was made.
        seed: The state of the generator behind `seed=None`; None if it was not used.
        generators: The states of the seed generators of the model.
        metrics: The state of the metrics in the middle of an epoch.
        callbacks: The states of the callbacks.
        stopped: Whether a callback had ended the training.
        finished: Whether the training was over, and nothing interrupted.
    """

    position: Position
    epoch_start: RandomState | None = None
    now: RandomState | None = None
    seed: np.ndarray | None = None
    generators: list[np.ndarray] | None = None
    metrics: list[np.ndarray] = field(default_factory=list)
    callbacks: States = field(default_factory=States)
    stopped: bool = False
    finished: bool = False

    @classmethod
    def of(cls, model: Any, position: Position, epoch_start: RandomState, callbacks: States) -> "Progress":
        """Returns the present progress of the training of a model."""
        metrics = _metric_variables(model) if position.batches else []
        return cls(
            position,
            epoch_start,
            RandomState.now(),
            global_seed_state(),
            [variable.numpy() for variable in _unsaved_variables(model)],
            [variable.numpy() for variable in metrics],
            callbacks,
            bool(model.stop_training),
        )

    def restore_model(self, model: Any, path: str) -> None:
        """Restores the weights of a model, its optimizer and its seed generators.

        Args:
            model: The model, built.
            path: The file that this was read from.

        Raises:
            ModelFileError: If they do not fit; then nothing is changed.
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

    def restore_random(self, inside_epoch: bool = False) -> None:
        """Makes the global random numbers go on where those of the training were.

        Args:
            inside_epoch: Whether the order of the data of the epoch was drawn already.
        """
        if self.seed is not None:
            set_global_seed_state(self.seed)
        state = self.now if inside_epoch else self.epoch_start
        if state is not None:
            state.restore()

    def restore_metrics(self, model: Any) -> None:
        """Makes the metrics of an epoch go on.

        Args:
            model: The model that is trained.
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
            variable.assign(array)


def write_backup(model: Any, path: str, progress: Progress) -> None:
    """Writes the state of a model and of its training, in one step.

    Args:
        model: The model.
        path: The file.
        progress: How far the training is.

    Raises:
        FileWriteError: If the file cannot be written; what was there before is unchanged.
    """
    _write(path, state_image(model), progress)


def mark_finished(path: str) -> None:
    """Says in a backup that the training is over.

    Args:
        path: The file.

    Raises:
        ModelFileError: If it is damaged.
        FileWriteError: If it cannot be written; what was there before is unchanged.
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
    for name, listed in (("generators", progress.generators), ("metrics", progress.metrics)):
        arrays[f"{name}_count"] = np.array([len(listed)], "int64")
        arrays |= {f"{name}_{index}": array for index, array in enumerate(listed)}
    image = io.BytesIO(model_image)
    with h5py.File(image, "r+") as file:
        group = file.create_group(_GROUP)
        for name, array in arrays.items():
            group[name] = array
    whole = image.getvalue()
    write_file(path, [whole, weights_format.checksum(whole)])


def read_backup(path: str, metadata_path: str) -> Progress:
    """Reads what `write_backup` wrote, or what Keras did, but for the state of the model.

    Args:
        path: The file with the state.
        metadata_path: The file in which Keras keeps the epoch.

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
    """The arrays of a group, read when they are asked for; all together no more bytes than the file has."""

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
        """Returns the arrays that were written one by one."""
        return [self[f"{name}_{index}"] for index in range(self[f"{name}_count"].item())]


def _progress(found: _Arrays) -> Progress:
    epoch, batches = found["position"].tolist()
    if min(epoch, batches) < 0:
        raise ValueError(f"expected numbers of epochs and batches. Received: {epoch} and {batches}")
    rest: dict[str, Any] = {}
    if "callbacks" in found:  # older versions saved none
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
        **rest,
    )


def _position_of_keras(path: str) -> Position:
    import json

    source = Source(path)
    with source.reading():
        return Position(int(json.loads(source.content())["epoch"]), 0)


def _unsaved_variables(model: Any) -> list[Any]:
    """The variables that no file of weights holds: the states of seed generators, and what is merged by LoRA."""
    others = {id(variable) for variable in [*model.weights, *_metric_variables(model)]}
    merged = [each for layer in model._flat_layers() if isinstance(layer, LoRA) for each in layer._merged_variables()]
    return [variable for variable in model.variables if id(variable) not in others] + merged


def _metric_variables(model: Any) -> list[Any]:
    return [variable for metric in model.metrics for variable in metric.variables]
