"""`.h5` files, the format of Keras 2: configs are attributes, and each layer has a group of weights."""

import io
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine.scopes import StatelessScope
from ..engine.variable import check_stored
from ..errors import ArgumentError, ModelFileError, warn_user
from ..serialization.configs import serialize_keras_object
from ..serialization.lambdas import SavingScope
from . import hdf5
from .atomic import write_file
from .hdf5_texts import read_texts
from .json_text import read_json
from .keras_format import KERAS_VERSION, model_from
from .legacy_configs import legacy_model, legacy_training, upgraded_model, upgraded_training
from .recurrent_weights import converted
from .source import Source
from .weights_format import checked, checksum

_BACKEND = "numpy"
_LONGEST_ATTRIBUTE = 64512  # bytes: the HDF5 limit for an attribute
_TOP = "top_level_model_weights"


def save(model: Any, path: str | os.PathLike, include_optimizer: bool = True) -> None:
    """Saves a model.

    Args:
        model: The model. A user-defined class is looked up by its class name when the file is loaded.
        path: The file.
        include_optimizer: Whether to save the compile configuration and the optimizer state.

    Raises:
        SerializationError: If the model cannot be serialized.
        FileWriteError: If the file cannot be written.
    """
    import json

    with SavingScope():
        described = serialize_keras_object(model)
    config = legacy_model(described)
    if "layers" not in config["config"] and "build_config" in described:
        config["build_config"] = described["build_config"]  # not written by Keras, which ignores it
    attributes = {"keras_version": KERAS_VERSION, "backend": _BACKEND, "model_config": json.dumps(config)}
    has_optimizer = include_optimizer and model.compiled
    if has_optimizer:
        attributes["training_config"] = json.dumps(legacy_training(model.get_compile_config()))

    def fill(file: Any) -> None:
        for name, value in attributes.items():
            file.attrs[name] = value
        _write_layers(file.create_group("model_weights"), model)
        if has_optimizer:
            _write_arrays(file.create_group("optimizer_weights"), model.optimizer.variables)

    image = hdf5.image_of(fill)
    write_file(path, [image, checksum(image)])


def save_weights(model: Any, path: str | os.PathLike) -> None:
    """Saves only the weights of a model, without the optimizer state.

    Args:
        model: The model.
        path: The file.

    Raises:
        FileWriteError: If the file cannot be written.
    """
    image = hdf5.image_of(lambda file: _write_layers(file, model))
    write_file(path, [image, checksum(image)])


def _write_layers(group: Any, model: Any) -> None:
    names = _distinct([layer.name for layer in model.layers], [_TOP])
    _write_names(group, "layer_names", names)
    group.attrs["backend"] = _BACKEND
    group.attrs["keras_version"] = KERAS_VERSION
    for name, layer in sorted(zip(names, model.layers, strict=True), key=lambda pair: pair[0]):
        _write_arrays(group.create_group(name), _weights_of(layer))
    _write_arrays(group.create_group(_TOP), model._own_variables())


def _write_arrays(group: Any, variables: list) -> None:
    names = _distinct([variable.path for variable in variables])
    _write_names(group, "weight_names", names)
    for name, variable in zip(names, variables, strict=True):
        group.create_dataset(name, data=variable.numpy())


def _distinct(names: list[str], taken: Sequence[str] = ()) -> list[str]:
    """Returns unique HDF5 names: duplicates, and names that are groups of others, get a numeric suffix.

    Readers of the file look up names in the list of names, and match them by order.
    """
    groups = {name[:end] for name in names for end, letter in enumerate(name) if letter == "/"}
    used = {*taken, *groups}
    numbers: dict[str, int] = {}
    found = []
    for name in names:
        own = name
        while own in used or (own != name and own in names):
            numbers[name] = numbers.get(name, 0) + 1
            own = f"{name}_{numbers[name]}"
        used.add(own)
        found.append(own)
    return found


def _write_names(group: Any, attribute: str, names: list[str]) -> None:
    """Writes a list of names to one attribute, or to several numbered ones if it exceeds the limit."""
    encoded = [name.encode() for name in names]
    size = max(map(len, encoded), default=1)
    most = max(1, _LONGEST_ATTRIBUTE // size)
    if len(encoded) <= most:
        group.attrs[attribute] = encoded
        return
    for number, start in enumerate(range(0, len(encoded), most)):
        group.attrs[f"{attribute}{number}"] = encoded[start : start + most]


def _weights_of(layer: Any) -> list:
    return [*layer.trainable_weights, *layer.non_trainable_weights]


# ---------------------------------------------------------------- loading


def load(
    path: str | os.PathLike, custom_objects: dict | None = None, compile: bool = True, safe_mode: bool = True
) -> Any:
    """Loads a model.

    Args:
        path: The file.
        custom_objects: The user's own classes and functions, by the names in the config.
        compile: Whether to compile the model with the saved configuration.
        safe_mode: Whether to refuse code in the config.

    Raises:
        ModelFileError: If the file is corrupt, malicious, or does not contain a model.
    """
    source, data = _read(path)
    with hdf5.open_image(io.BytesIO(data), source) as file:
        config = _json_attribute(file, "model_config", data, source)
        if config is None:
            raise source.error("model_config", "there is no such attribute: the file has only weights, or no model")
        with source.reading("model_config"):
            config = upgraded_model(config)
        training = _json_attribute(file, "training_config", data, source) if compile else None
        if training is not None:
            with source.reading("training_config"):
                config["compile_config"] = upgraded_training(training)
        size = len(data)
        model = model_from(config, size, size, source, "model_config", custom_objects, compile, safe_mode)
        groups = _Groups(file, data, source, "model_weights")
        _assign(_in_order(model, groups), source, False, _flipped(model, groups))
        if training is not None and hdf5.has(file, "optimizer_weights"):
            _load_optimizer(model.optimizer, _Groups(file, data, source, "optimizer_weights"))
    return model


def load_weights(model: Any, path: str | os.PathLike, skip_mismatch: bool = False, by_name: bool = False) -> None:
    """Loads only the weights of a model.

    Args:
        model: The model to update.
        path: The file of a model, or of its weights.
        skip_mismatch: Whether to skip mismatched weights, with a warning.
        by_name: Whether to match layers by name, skipping those without a counterpart, instead of by order.

    Raises:
        ModelFileError: If the file is corrupt or does not match the model, whose weights are then unchanged.
    """
    source, data = _read(path)
    with hdf5.open_image(io.BytesIO(data), source) as file:
        with source.reading():
            is_model = hdf5.has(file, "model_weights") and read_texts(file, "layer_names", data, source) is None
        groups = _Groups(file, data, source, "model_weights" if is_model else "")
        pairs = _by_name(model, groups, skip_mismatch) if by_name else _in_order(model, groups)
        _assign(pairs, source, skip_mismatch, _flipped(model, groups))


def _read(path: str | os.PathLike) -> tuple[Source, bytes]:
    source = Source(path)
    return source, checked(source.content(), source)


def _json_attribute(file: Any, name: str, data: bytes, source: Source) -> dict | None:
    texts = read_texts(file, name, data, source)
    return None if texts is None else read_json(texts[0] if texts else "", source, name)


class _Groups:
    """The groups of weights in a file, by layer.

    Args:
        file: The open file.
        data: Its bytes.
        source: Its origin, for error messages.
        path: The group that contains them; the file itself if empty.
    """

    def __init__(self, file: Any, data: bytes, source: Source, path: str):
        self._data = data
        self.source = source.within(path) if path else source
        self._group = hdf5.find_group(file, path, source) if path else file
        if self._group is None:
            raise source.error(path, "there is no such group")

    def backend(self) -> str | None:
        """Returns the name of the backend on which Keras wrote the weights."""
        return next(iter(read_texts(self._group, "backend", self._data, self.source) or []), None)

    def layers(self) -> list[str]:
        """Returns the names of the layers, in order."""
        return self._names(self._group, "layer_names")

    def arrays(self, layer: str) -> list[np.ndarray] | None:
        """Returns the weights of a layer, or None if it has no group; the weights of the group itself for ""."""
        group = hdf5.find_group(self._group, layer, self.source) if layer else self._group
        if group is None:
            return None
        source = self.source.within(layer) if layer else self.source
        return [hdf5.read_array(group, name, source) for name in self._names(group, "weight_names")]

    def _names(self, group: Any, attribute: str) -> list[str]:
        found = read_texts(group, attribute, self._data, self.source)
        if found is None:
            found = []
            for number in range(10000):
                part = read_texts(group, f"{attribute}{number}", self._data, self.source)
                if part is None:
                    break
                found += part
        if len(set(found)) < len(found):
            raise self.source.error(attribute, "it has a duplicate name")
        return found


def _in_order(model: Any, groups: _Groups) -> list[tuple[str, list, list]]:
    """Returns the layers with weights, matched by order: a name for errors, the variables, the arrays."""
    layers = [layer for layer in model.layers if _weights_of(layer)]
    saved = [(name, groups.arrays(name)) for name in groups.layers()]
    saved = [(name, arrays) for name, arrays in saved if arrays]
    if len(saved) != len(layers):
        raise groups.source.error(
            "layer_names", f"the model has {len(layers)} layers with weights, but the file has {len(saved)}"
        )
    named = zip(layers, saved, strict=True)
    pairs = [(name, _weights_of(layer), converted(layer, arrays)) for layer, (name, arrays) in named]
    top = groups.arrays(_TOP)
    return pairs + ([] if top is None else [(_TOP, model._own_variables(), top)])


def _by_name(model: Any, groups: _Groups, skip_mismatch: bool) -> list[tuple[str, list, list]]:
    layers = {layer.name: layer for layer in reversed(model.layers)}  # the first one with each name
    named = [(name, layers[name], groups.arrays(name) or []) for name in groups.layers() if name in layers]
    pairs = [(name, _weights_of(layer), converted(layer, arrays)) for name, layer, arrays in named]
    top = groups.arrays(_TOP)
    if top:
        pairs.append((_TOP, model._own_variables(), top))
    return pairs


def _flipped(model: Any, groups: _Groups) -> dict[int, tuple[int, ...]]:
    """Returns the axes along which kernels are stored in reverse, by the id of the variable.

    Theano convolves where all other backends correlate; Keras 2 flipped the kernels of such files, too.
    """
    if groups.backend() != "theano":
        return {}
    layers = [each for each in model._flat_layers() if hasattr(each, "convolution_op")]
    return {
        id(weight): tuple(range(layer.rank))
        for layer in layers
        for weight in _weights_of(layer)
        if weight.name == "kernel" and not hasattr(layer, "depth_multiplier")  # Keras 2 left depthwise ones as they are
    }


def _assign(
    pairs: list[tuple[str, list, list]], source: Source, skip_mismatch: bool, flipped: dict[int, tuple[int, ...]]
) -> None:
    updates = StatelessScope()
    for name, variables, arrays in pairs:
        if len(variables) != len(arrays):
            error = source.error(name, f"the layer has {len(variables)} weights, but the file has {len(arrays)}")
            _skip_or_raise(error, skip_mismatch)
            continue
        for variable, array in zip(variables, arrays, strict=True):
            try:
                with source.reading(name), updates:
                    checked_array = check_stored(variable, array, name)
                    axes = flipped.get(id(variable), ())
                    variable.assign(np.flip(checked_array, axes) if axes else checked_array)
            except ModelFileError as error:
                _skip_or_raise(error, skip_mismatch)
    updates.commit()


def _skip_or_raise(error: ModelFileError, skip_mismatch: bool) -> None:
    if not skip_mismatch:
        raise error
    warn_user(f"Weights are skipped and keep their values. {error}", UserWarning)


def _load_optimizer(optimizer: Any, groups: _Groups) -> None:
    """Loads the state of an optimizer; as in Keras, a mismatch is skipped, since that of Keras 2 differs."""
    arrays = groups.arrays("")
    try:
        optimizer.load_own_variables({str(index): array for index, array in enumerate(arrays or [])})
    except (ArgumentError, TypeError) as error:
        warn_user(
            f"The optimizer state in '{groups.source.path}' does not match and is not loaded. {error}", UserWarning
        )
