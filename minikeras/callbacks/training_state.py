"""How far a training is and what it goes on with, in the same file as the weights.

The file is a `.weights.h5` file, which Keras and `load_weights` read as such. What they do not know is in a group of
its own.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from minikeras.errors import warn_user
from minikeras.random.seed_generator import global_seed_state, set_global_seed_state
from minikeras.saving import weights_format
from minikeras.saving.atomic import write_file
from minikeras.saving.hdf5 import find_group, has, open_image, read_array
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
    def of_arrays(cls, arrays: dict[str, np.ndarray]) -> "RandomState":
        """Returns the state that `arrays` described."""
        place, has_gauss, gauss = arrays["numpy_rest"].tolist()
        version, second = arrays["python_rest"].tolist()
        words = tuple(arrays["python_words"].tolist())
        return cls(
            ("MT19937", arrays["numpy_keys"], int(place), int(has_gauss), gauss),
            (int(version), words, None if np.isnan(second) else second),
        )


@dataclass
class Restored:
    """What was read besides the state of the model.

    Args:
        position: How much of the training is done.
        random: The random state before the epoch; None if Keras wrote the backup.
        seed: The state of the generator behind `seed=None`; None if it was not used.
        metrics: The state of the metrics in the middle of an epoch.
    """

    position: Position
    random: RandomState | None = None
    seed: np.ndarray | None = None
    metrics: list[np.ndarray] | None = None

    def restore_random(self) -> None:
        """Makes the global random numbers go on where those of the training were."""
        if self.seed is not None:
            set_global_seed_state(self.seed)
        if self.random is not None:
            self.random.restore()

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


def write_backup(model: Any, path: str, position: Position, epoch_start: RandomState) -> None:
    """Writes the state of a model and of its training, in one step.

    Args:
        model: The model.
        path: The file.
        position: How much of the training is done.
        epoch_start: The random state before the epoch to go on with.

    Raises:
        FileWriteError: If the file cannot be written; what was there before is unchanged.
    """
    import h5py

    metrics = _metric_variables(model) if position.batches else []
    image = io.BytesIO(state_image(model))
    with h5py.File(image, "r+") as file:
        group = file.create_group(_GROUP)
        group["position"] = np.array([position.epoch, position.batches], "int64")
        seed = global_seed_state()
        for name, array in {**epoch_start.arrays(), **({} if seed is None else {"seed": seed})}.items():
            group[name] = array
        for name, variables in (("generators", _generator_states(model)), ("metrics", metrics)):
            group[f"{name}_count"] = np.array([len(variables)], "int64")
            for index, variable in enumerate(variables):
                group[f"{name}_{index}"] = variable.numpy()
    data = image.getvalue()
    write_file(path, [data, weights_format.checksum(data)])


def read_backup(model: Any, path: str, metadata_path: str) -> Restored:
    """Reads what `write_backup` wrote, or what Keras did; the state of the model is set.

    Args:
        model: The model, built.
        path: The file with the state.
        metadata_path: The file in which Keras keeps the epoch.

    Raises:
        ModelFileError: If a file is damaged or does not fit; then nothing is changed.
    """
    source = Source(path)
    data = weights_format.checked(source.content(), source)
    with io.BytesIO(data) as file, open_image(file, source) as image:
        group = find_group(image, _GROUP, source)
        found = {} if group is None else {name: read_array(group, name, source) for name in group if has(group, name)}
    if not found:
        position = _position_of_keras(metadata_path)
        model.load_weights(path)
        return Restored(position)
    generators, inside = _generator_states(model), source.within(_GROUP)
    with inside.reading():
        epoch, batches = found["position"].tolist()
        states, metrics = _listed(found, "generators"), _listed(found, "metrics")
        restored = Restored(Position(epoch, batches), RandomState.of_arrays(found), found.get("seed"), metrics)
    if len(states) != len(generators):
        raise inside.error(None, f"the model has {len(generators)} seed generators, and {len(states)} were saved")
    model.load_weights(path)
    for variable, state in zip(generators, states, strict=True):
        variable.assign(state)
    return restored


def _listed(found: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    return [found[f"{name}_{index}"] for index in range(found[f"{name}_count"].item())]


def _position_of_keras(path: str) -> Position:
    import json

    source = Source(path)
    with source.reading():
        return Position(int(json.loads(source.content())["epoch"]), 0)


def _generator_states(model: Any) -> list[Any]:
    """The states of the seed generators in a model, which are no weights, and so in no file of weights."""
    others = {id(variable) for variable in [*model.weights, *_metric_variables(model)]}
    return [variable for variable in model.variables if id(variable) not in others]


def _metric_variables(model: Any) -> list[Any]:
    return [variable for metric in model.metrics for variable in metric.variables]
