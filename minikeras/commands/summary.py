"""The command `minikeras summary`: what is in a file of a model or of weights."""

import io
import json
import os
from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

from ..engine.naming import printable
from ..errors import MinikerasError, reason
from ..saving import archive, hdf5
from ..saving.hdf5_texts import read_texts
from ..saving.json_text import MOST_BYTES, read_json
from ..saving.keras_format import CONFIG, METADATA, WEIGHTS
from ..saving.source import Source
from ..saving.weights_format import checked
from .running import MODEL_FILES, UsageError, loaded, run


class _Array(NamedTuple):
    """An array in a file."""

    path: str
    shape: tuple[int, ...]
    dtype: str


def summary(path: str, custom: str | None = None, trust: bool = False, weights: bool = False) -> int:
    """Prints the format of a file, who wrote it, the layers, and the weights.

    A file whose classes are unknown is described from its config, without creating the model.

    Args:
        path: A `.keras`, `.h5` or `.weights.h5` file.
        custom: A Python file with classes and functions that the model uses.
        trust: Whether to load lambdas, which can run any code.
        weights: Whether to list the arrays of a model, too.

    Returns:
        The exit status: 0, 1 if the file cannot be read, 2 if the arguments are wrong.
    """

    def work() -> None:
        if not path.endswith(MODEL_FILES):
            raise UsageError(f"{path}: expected a file that ends in {', '.join(MODEL_FILES)} or .weights.h5.")
        described = _of_archive(path) if path.endswith(".keras") else _of_hdf5(path)
        for line in described.lines:
            print(printable(line))
        is_shown = described.config is not None and _print_model(path, described.config, custom, trust)
        if weights or not is_shown:
            _print_arrays(described.arrays)

    return run("summary", work)


class _Described(NamedTuple):
    """What is known of a file without creating a model.

    Attributes:
        lines: About the whole file.
        config: The config of the model; None if there is none.
        arrays: The arrays in it.
    """

    lines: list[str]
    config: dict | None
    arrays: list[_Array]


def _of_archive(path: str) -> _Described:
    source = Source(path)
    with archive.opened(path, source) as members:
        metadata = read_json(members.read(METADATA, 1 << 20), source, METADATA)
        config = read_json(members.read(CONFIG, MOST_BYTES), source, CONFIG)
        weights = members.read(WEIGHTS)
    inner = source.within(WEIGHTS)
    with hdf5.open_image(io.BytesIO(weights), inner) as file:
        arrays = _arrays_of(file, inner)
    own = metadata.get("minikeras_version")
    writer = f"minikeras {own}, in the format of Keras" if own else "Keras"
    lines = [
        f"{path}: a model, {os.path.getsize(path):,} bytes",
        f"Written by {writer} {metadata.get('keras_version', '(unknown version)')}, "
        f"{metadata.get('date_saved', 'at an unknown time')}",
    ]
    return _Described(lines, config, arrays)


def _of_hdf5(path: str) -> _Described:
    source = Source(path)
    content = source.content()
    data = checked(content, source)
    by_minikeras = len(data) < len(content)  # it has the checksum
    with hdf5.open_image(io.BytesIO(data), source) as file:
        arrays = _arrays_of(file, source)

        def text(name: str) -> str | None:
            owner = file
            if read_texts(file, name, data, source) is None and hdf5.has(file, "model_weights"):
                owner = hdf5.find_group(file, "model_weights", source)
            return next(iter(read_texts(owner, name, data, source) or []), None)

        config, training = text("model_config"), text("training_config")
        version, backend = text("keras_version"), text("backend")
    kind = "a model" if config is not None else "weights"
    writer = "minikeras" if by_minikeras else "Keras" if version else "an unknown program"
    told = f" {version}" if version and not by_minikeras else f", in the format of Keras {version}" if version else ""
    lines = [
        f"{path}: {kind}, {len(content):,} bytes",
        f"Written by {writer}{told}{f' on {backend}' if backend and not by_minikeras else ''}",
    ]
    if training is not None:
        lines.append("Compiled: it has an optimizer, losses or metrics")
    return _Described(lines, None if config is None else read_json(config, source, "model_config"), arrays)


def _arrays_of(file: Any, source: Source) -> list[_Array]:
    """Returns the arrays of an HDF5 file, without reading them or following links."""
    import h5py

    found: list[_Array] = []

    def note(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found.append(_Array(name, tuple(item.shape or ()), str(item.dtype)))

    with source.reading():
        file.visititems(note)
    return found


def _print_model(path: str, config: dict, custom: str | None, trust: bool) -> bool:
    """Prints the layers; from the config alone if the model cannot be created. Returns whether it could."""
    try:
        model = loaded(path, custom, trust)
    except UsageError:
        raise
    except MinikerasError as error:
        print(printable(f"\nThe model cannot be created: {reason(error)}\n"))
        for line in _outline(config, 0):
            print(printable(line))
        return False
    print()
    model.summary(expand_nested=True, show_trainable=True)
    return True


def _outline(config: Any, depth: int) -> Iterator[str]:
    """Yields a line for each layer of a config, nested models indented."""
    settings = config.get("config") if isinstance(config, dict) else None
    layers = settings.get("layers") if isinstance(settings, dict) else settings
    if depth > 20:
        return
    if isinstance(config, dict):
        name = settings.get("name") if isinstance(settings, dict) else None
        yield f"{'  ' * depth}{config.get('class_name', '?')} {json.dumps(name or config.get('name'))}"
    for layer in layers if isinstance(layers, list) else []:
        yield from _outline(layer, depth + 1)


def _print_arrays(arrays: list[_Array]) -> None:
    from tabulate import tabulate

    rows = [(printable(own.path), str(own.shape), own.dtype, f"{prod(own.shape):,}") for own in arrays]
    alignment = {"colalign": ("left", "left", "left", "right")} if rows else {}  # tabulate 0.9 aligns no empty table
    print(tabulate(rows, ("array", "shape", "dtype", "size"), **alignment))
    state = [own for own in arrays if own.path.split("/")[0] in ("optimizer", "optimizer_weights")]
    total, slots = (sum(prod(own.shape) for own in group) for group in (arrays, state))
    of_optimizer = f", {slots:,} of them of the optimizer" if slots else ""
    print(f"{len(arrays)} arrays, {total:,} numbers{of_optimizer}")
