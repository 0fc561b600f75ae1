"""The state of a model in HDF5: a group for each layer and optimizer, with its arrays in a group `vars`."""

import os
from collections.abc import Container
from typing import Any, BinaryIO

import numpy as np

from ..engine.dtypes import is_numeric
from ..engine.scopes import StatelessScope
from ..errors import ArgumentTypeError, ModelFileError, brief, warn_user
from .hdf5 import Store, find_group, has, image_of, open_image, paths_of_arrays
from .parts import CONTAINER, parts_of
from .source import Source

_BESIDE_LAYERS = ("optimizer", "metrics")  # absent from a model that is not compiled
_OLD_LAYERS = "_layer_checkpoint_dependencies"  # "layers" in Keras 2.12


def state_image(model: Any, skipped: Container[int] = ()) -> bytes:
    """Returns the state of a model as the bytes of an HDF5 file.

    Args:
        model: The model.
        skipped: The ids of objects to leave out, with everything in them.
    """

    def fill(file: Any) -> None:
        for path, part in parts_of(model, skipped):
            if hasattr(part, "save_own_variables"):
                _write(file, path, part)

    return image_of(fill)


def _write(file: Any, path: str, part: Any) -> None:
    store: dict[str, Any] = {}
    part.save_own_variables(store)
    name = getattr(part, "name", None)
    if not isinstance(name, str) and not store:
        return
    group = file.create_group(f"{path}/vars" if path else "vars")
    if isinstance(name, str):
        group.attrs["name"] = name
    for key, value in store.items():
        array = np.asarray(value)
        if not is_numeric(array.dtype):
            raise ArgumentTypeError(
                f"{part!r}: `save_own_variables` must store numeric arrays. "
                f"Received: {brief(key)} of dtype {array.dtype}"
            )
        dataset = group.create_dataset(str(key), data=array)
        if array.dtype.name == "bfloat16":  # as Keras; HDF5 has no such type
            dataset.attrs["dtype"] = "bfloat16"


def load_state(
    model: Any,
    file: BinaryIO,
    source: Source,
    assets: str | None = None,
    skip_mismatch: bool = False,
    skipped: Container[int] = (),
    all_of_it: bool = False,
) -> None:
    """Loads the state of a model; the model is unchanged unless all of it can be loaded.

    Args:
        model: The model, built.
        file: The open HDF5 file.
        source: Its origin, for error messages.
        assets: The folder with the assets of layers.
        skip_mismatch: Whether to skip layers that do not match the file, with a warning.
        skipped: The ids of objects whose state is not loaded, with everything in them.
        all_of_it: Whether to refuse a file with weights of layers that the model does not have.

    Raises:
        ModelFileError: If the file does not match the model.
    """
    failed: list[tuple[Any, ModelFileError]] = []
    scopes = []  # keep the new values until everything is read
    with open_image(file, source) as image:
        with source.reading():
            is_old = has(image, _OLD_LAYERS)
        groups: dict[str, Any] = {"": image}
        if all_of_it:
            _check_rest(model, image, source, is_old, skip_mismatch)
        for path, part in parts_of(model, skipped):
            try:
                with StatelessScope() as scope:
                    _load(part, path.replace("layers", _OLD_LAYERS) if is_old else path, groups, source)
                    if assets is not None and hasattr(part, "load_assets"):
                        _load_assets(part, path, assets, source)
                scopes.append(scope)
            except ModelFileError as error:
                if not skip_mismatch:
                    raise
                failed.append((part, error))
    _warn_of(failed)
    for scope in scopes:
        scope.commit()


def _check_rest(model: Any, image: Any, source: Source, is_old: bool, skip_mismatch: bool) -> None:
    """Refuses a file with weights of layers that the model does not have, or warns if mismatches are skipped."""
    paths = [path for path, _ in parts_of(model)]
    known = {path.replace("layers", _OLD_LAYERS) if is_old else path for path in paths}
    with source.reading():
        found = paths_of_arrays(image, "vars")
    more = [path for path in found if path not in known and path.partition("/")[0] not in _BESIDE_LAYERS]
    if not more:
        return
    error = source.error(
        None,
        f"it has weights of {len(more)} object(s) that {model!r} does not have, or not at that path: "
        f"{', '.join(map(repr, more[:5]))}{', ...' if len(more) > 5 else ''}. `skip_mismatch=True` loads the others",
    )
    if not skip_mismatch:
        raise error
    warn_user(f"Weights are skipped. {error}", UserWarning)


def _load(part: Any, path: str, groups: dict[str, Any], source: Source) -> None:
    """Loads the state of one object.

    Args:
        part: The object.
        path: Its path.
        groups: Open groups by path, the file itself under "": thousands of layers may share a parent group.
        source: The origin of the file, for error messages.
    """
    if not hasattr(part, "load_own_variables"):
        return
    member = f"{path}/vars" if path else "vars"
    above, _, name = path.rpartition("/")
    if above not in groups:
        groups[above] = find_group(groups[""], above, source)
    holder = groups[above]
    own = f"{name}/vars" if name else "vars"
    group = None if holder is None else find_group(holder, own, source.within(above))
    if group is None and f"/{CONTAINER}" in path and part.variables:
        warn_user(
            f"{source.path}: there is no state of {part!r}, which is in a nested list. Older versions of Keras did "
            "not save such layers; it keeps its weights.",
            UserWarning,
        )
        return
    with source.reading(member):
        part.load_own_variables(Store(group, source.within(member)))


def _load_assets(part: Any, path: str, assets: str, source: Source) -> None:
    folder = os.path.join(assets, *path.split("/")) if path else assets
    with source.reading(f"assets/{path}"):
        part.load_assets(folder if os.path.isdir(folder) else None)


def _warn_of(failed: list[tuple[Any, ModelFileError]]) -> None:
    if failed:
        reasons = "; ".join(f"{part!r}: {error.reason}" for part, error in failed)
        warn_user(f"{len(failed)} object(s) could not be loaded and keep their weights: {reasons}", UserWarning)
