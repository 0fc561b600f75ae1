"""Inspects and edits weight files without their model."""

import io
import os
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..engine.dtypes import is_real
from ..engine.naming import printable
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..tracebacks import Filtered
from ..utils.paths import checked_path
from . import archive, hdf5, keras_format
from .atomic import write_file
from .hdf5_texts import read_texts
from .json_text import MOST_BYTES, read_json
from .parts import parts_of
from .source import Source
from .weights_format import checked, checksum

_DEEPEST = 64  # nesting depth of groups
_VARS = "vars"


class KerasFileEditor(Filtered):
    """The weights in a file, to inspect, edit, and save to another file.

    Args:
        filepath: A `.keras` or a `.weights.h5` file.

    Raises:
        ArgumentError: If it ends in anything else.
        ModelFileError: If it cannot be read.

    Attributes:
        weights_dict: The arrays by name, in nested dictionaries by object.
        object_metadata: The names of the objects, by path.
        config: The config of the model, if the file has it.
        metadata: The Keras version and the date of saving, if the file has them.

    Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/

    Example:
        >>> import tempfile
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((2,)), layers.Dense(1)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save_weights(f"{folder}/a.weights.h5")
        ...     editor = KerasFileEditor(f"{folder}/a.weights.h5")
        Keras model file '...a.weights.h5'
        >>> editor.rename_object("dense", "first")
        >>> editor.summary()
        Weights structure
          > layers
              └─ first
                  ├─ 0: shape=(2, 1), dtype=float32
                  └─ 1: shape=(1,), dtype=float32
    """

    def __init__(self, filepath: str | os.PathLike):
        self.filepath = checked_path(filepath, "KerasFileEditor")
        self.config: dict | None = None
        self.metadata: dict | None = None
        source = Source(self.filepath)
        if self.filepath.endswith(".keras"):
            with archive.opened(self.filepath, source) as members:
                self.config = read_json(members.read(keras_format.CONFIG, MOST_BYTES), source, keras_format.CONFIG)
                self.metadata = read_json(
                    members.read(keras_format.METADATA, MOST_BYTES), source, keras_format.METADATA
                )
                data = members.read(keras_format.WEIGHTS)
            source = source.within(keras_format.WEIGHTS)
        elif self.filepath.endswith(".weights.h5"):
            data = source.content()
        else:
            raise ArgumentError(
                f"KerasFileEditor: the file must end in '.keras' or '.weights.h5'. Received: {brief(self.filepath)}"
            )
        self.object_metadata: dict[str, dict] = {}
        data = checked(data, source)
        with hdf5.open_image(io.BytesIO(data), source) as image, source.reading():
            self.weights_dict = self._read(image, "", data, source, set())
        _show(f"Keras model file '{self.filepath}'")
        if self.metadata is not None:
            version, date = (self.metadata.get(name) for name in ("keras_version", "date_saved"))
            _show(f"Saved with Keras {version} - date: {date}")

    def _read(self, group: Any, path: str, data: bytes, source: Source, seen: set[int]) -> dict:
        """Returns the contents of a group: the arrays of its `vars`, then its subgroups, without empty ones."""
        if path.count("/") > _DEEPEST:
            raise source.error(None, f"its groups are nested more than {_DEEPEST} deep")
        address = hdf5.address_of(group)
        if address in seen:
            raise source.error(None, "it occurs several times, so the tree may be infinite")
        seen.add(address)
        found: dict[str, Any] = {}
        own = hdf5.find_group(group, _VARS, source)
        if own is not None:
            within = source.within(_VARS)
            found.update((name, hdf5.read_array(own, name, within)) for name in hdf5.Store(own, within))
            name = read_texts(own, "name", data, within)
            if name and found:
                self.object_metadata[path] = {"name": name[0]}
        for name in sorted(hdf5.Store(group, source)):
            if name == _VARS:
                continue
            inner = hdf5.find_group(group, name, source)
            parts = self._read(inner, f"{path}/{name}", data, source.within(name), seen)
            if parts:
                found[name] = parts
        return found

    # ---------------------------------------------------------------- inspecting

    def summary(self) -> None:
        """Prints the objects in the file with the shapes of their weights, as a tree."""
        print("Weights structure")
        for line in _tree(self.weights_dict, "  ", True):
            _show(line)

    def compare(self, reference_model: Any) -> dict:
        """Prints the differences between the file and the weights of a model.

        Args:
            reference_model: The model.

        Returns:
            "status": "success" or "error"; "error_count": the number of differences; "match_count": the number of
            matching weights.
        """
        print("Running comparison")
        expected = _weights_of(reference_model)
        differences, matches = _differences(expected, self.weights_dict, "")
        for line in differences:
            _show(line)
        print("─────────────────────")
        count = sum(not line.startswith(" ") for line in differences)
        if count:
            print(f"Found {count} error{'s' * (count > 1)}: saved file is not compatible with the reference model")
        else:
            print("Comparison successful: saved file is compatible with the reference model")
            print(f"    Found {matches} matching weight{'s' * (matches != 1)}")
        return {"status": "error" if count else "success", "error_count": count, "match_count": matches}

    # ---------------------------------------------------------------- editing

    def rename_object(self, object_name: str, new_name: str) -> None:
        """Renames an object.

        Args:
            object_name: Its name, if it is unique; otherwise its path, such as "layers/dense_2".
            new_name: The new name.

        Raises:
            ArgumentError: If there is no such object or more than one, or the new name is taken or invalid.
        """
        if not isinstance(new_name, str) or "/" in new_name or not new_name:
            raise ArgumentError(f"`rename_object`: expected a string without '/'. Received: {brief(new_name)}")
        holder, name = self._found(object_name)
        if new_name in holder:
            raise ArgumentError(f"`rename_object`: the name {new_name!r} is already taken next to {object_name!r}.")
        holder[new_name] = holder.pop(name)

    def delete_object(self, object_name: str) -> None:
        """Deletes an object.

        Args:
            object_name: Its name, if it is unique; otherwise its path.

        Raises:
            ArgumentError: If there is no such object, or more than one.
        """
        holder, name = self._found(object_name)
        del holder[name]

    def add_object(self, object_path: str, weights: Mapping[str, Any]) -> None:
        """Adds an object.

        Args:
            object_path: Its path, such as "layers/dense_2".
            weights: Its arrays, by name: "0", "1", ...

        Raises:
            ArgumentError: If its parent does not exist.
            ArgumentTypeError: If `weights` is not a dict of arrays.
        """
        weights = _checked_weights("add_object", weights)
        above, _, name = object_path.rpartition("/")
        holder = self.weights_dict
        for part in above.split("/") if above else ():
            holder = holder.get(part) if isinstance(holder, dict) else None
        if not isinstance(holder, dict):
            raise ArgumentError(
                f"`add_object`: path {above!r} not found in the file. It has {list(self.weights_dict)}."
            )
        holder[name] = weights

    def delete_weight(self, object_name: str, weight_name: str) -> None:
        """Deletes a weight of an object.

        Args:
            object_name: The name of the object, if it is unique; otherwise its path.
            weight_name: The name of the weight, such as "0".

        Raises:
            ArgumentError: If there is no such object or weight.
        """
        holder, name = self._found(object_name)
        if weight_name not in holder[name]:
            raise ArgumentError(
                f"`delete_weight`: weight {weight_name!r} not found in object {object_name!r}, which has "
                f"{list(holder[name])}."
            )
        del holder[name][weight_name]

    def add_weights(self, object_name: str, weights: Mapping[str, Any]) -> None:
        """Adds weights to an object, or replaces existing ones.

        Args:
            object_name: The name of the object, if it is unique; otherwise its path.
            weights: Arrays by name: "0", "1", ...

        Raises:
            ArgumentError: If there is no such object, or more than one.
            ArgumentTypeError: If `weights` is not a dict of arrays.
        """
        weights = _checked_weights("add_weights", weights)
        holder, name = self._found(object_name)
        holder[name].update(weights)

    def _found(self, name: str) -> tuple[dict, str]:
        """Returns the dictionary that contains an object, and its key there."""
        if "/" in name:
            above, _, last = name.strip("/").rpartition("/")
            holder: Any = self.weights_dict
            for part in above.split("/"):
                holder = holder.get(part) if isinstance(holder, dict) else None
            if not isinstance(holder, dict) or not isinstance(holder.get(last), dict):
                raise ArgumentError(f"Path {name!r} not found in the file.")
            return holder, last
        found = [holder for holder in _dictionaries(self.weights_dict) if isinstance(holder.get(name), dict)]
        if len(found) != 1:
            count = "does not appear" if not found else "occurs more than once"
            raise ArgumentError(f"Name {name!r} {count} in the file. Pass a full path; `summary()` shows all.")
        return found[0], name

    # ---------------------------------------------------------------- saving

    def save(self, filepath: str | os.PathLike) -> None:
        """Saves the current weights.

        Args:
            filepath: The file, ending in `.weights.h5`.

        Raises:
            ArgumentError: If it ends in anything else.
            FileWriteError: If it cannot be written.
        """
        path = checked_path(filepath, "`KerasFileEditor.save`")
        if not path.endswith(".weights.h5"):
            raise ArgumentError(f"`save`: the file must end in '.weights.h5'. Received: filepath={brief(path)}")

        def fill(group: Any, content: dict, location: str) -> None:
            arrays = {name: value for name, value in content.items() if not isinstance(value, dict)}
            if arrays:
                own = group.create_group(_VARS)
                own.attrs.update(self.object_metadata.get(location, {}))
                for name, value in arrays.items():
                    own.create_dataset(name, data=np.asarray(value))
            for name, value in content.items():
                if isinstance(value, dict) and value:
                    fill(group.create_group(name), value, f"{location}/{name}")

        image = hdf5.image_of(lambda file: fill(file, self.weights_dict, ""))
        write_file(path, [image, checksum(image)])

    def resave_weights(self, filepath: str | os.PathLike) -> None:
        """Saves the current weights; an alias of `save`."""
        self.save(filepath)


def _show(line: str) -> None:
    # Names come from the file, and may contain terminal control characters or newlines.
    print(printable(line).replace("\n", "\\n"))


def _checked_weights(method: str, weights: Any) -> dict:
    if not isinstance(weights, Mapping):
        raise ArgumentTypeError(
            f"`{method}`: `weights` must be a dict of arrays, such as {{'0': kernel}}. Received: {brief(weights)}"
        )
    arrays = {str(name): np.asarray(value) for name, value in weights.items()}
    wrong = [name for name, array in arrays.items() if not is_real(array.dtype) or "/" in name]
    if wrong:
        raise ArgumentTypeError(f"`{method}`: weights must be numeric arrays. Received: {wrong} in {brief(weights)}")
    return arrays


def _dictionaries(content: dict) -> Iterator[dict]:
    yield content
    for value in content.values():
        if isinstance(value, dict):
            yield from _dictionaries(value)


def _weights_of(model: Any) -> dict:
    """Returns the arrays that the file of a model would contain, in nested dictionaries by object."""
    found: dict[str, Any] = {}
    for path, part in parts_of(model):
        store: dict[str, Any] = {}
        if hasattr(part, "save_own_variables"):
            part.save_own_variables(store)
        if store:
            holder = found
            for name in path.split("/") if path else ():
                holder = holder.setdefault(name, {})
            holder.update((str(key), np.asarray(value)) for key, value in store.items())
    return found


_MODEL, _FILE = "reference model", "saved file"


def _differences(expected: dict, saved: dict, path: str) -> tuple[list[str], int]:
    """Returns descriptions of the differences of two dictionaries of weights, and the number of matching weights."""
    lines, matches = [], 0
    for name in [*expected, *(name for name in saved if name not in expected)]:
        location = f"{path}/{name}"
        if name not in saved:
            lines += _missing(expected[name], location, _MODEL, _FILE)
        elif name not in expected:
            lines += _missing(saved[name], location, _FILE, _MODEL)
        elif isinstance(expected[name], dict) and isinstance(saved[name], dict):
            more, count = _differences(expected[name], saved[name], location)
            lines, matches = lines + more, matches + count
        elif _shape(expected[name]) != _shape(saved[name]):
            lines.append(f"...Weight shape mismatch for {location}")
            lines += [
                f"    In {_MODEL}: shape={_shape(expected[name])}",
                f"    In {_FILE}: shape={_shape(saved[name])}",
            ]
        else:
            matches += 1
    return lines, matches


def _missing(value: Any, location: str, there: str, missing: str) -> list[str]:
    kind = "Object" if isinstance(value, dict) else "Weight"
    lines = [f"...{kind} {location} present in {there}, missing from {missing}"]
    if isinstance(value, dict):
        lines.append(f"    In {there}, {location} contains the following keys: {list(value)}")
    return lines


def _shape(value: Any) -> Any:
    return None if isinstance(value, dict) else np.shape(value)


def _tree(content: dict, prefix: str, is_first: bool) -> Iterator[str]:
    for index, (name, value) in enumerate(content.items()):
        is_last = index == len(content) - 1
        connector = "> " if is_first else "└─ " if is_last else "├─ "
        is_first = False
        if isinstance(value, dict):
            yield f"{prefix}{connector}{name}"
            yield from _tree(value, prefix + ("    " if is_last else "│   "), False)
        else:
            yield f"{prefix}{connector}{name}: shape={np.shape(value)}, dtype={np.asarray(value).dtype}"
