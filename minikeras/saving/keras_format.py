"""`.keras` files: a zip archive of the config, the state and the assets of a model."""

import io
import os
from typing import Any

from .. import config as settings
from ..engine.memory_budget import LoadingScope
from ..errors import warn_user
from ..lazy import namespace
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..serialization.lambdas import SavingScope
from ..serialization.shared_objects import SharingScope
from . import archive
from .assets import read_assets, written_assets
from .atomic import write_file
from .json_text import MOST_BYTES, read_json
from .source import Source
from .state import load_state, state_image

KERAS_VERSION = "3.15.1"  # the Keras version of the format
METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"


def save(model: Any, path: str | os.PathLike, include_optimizer: bool = True) -> None:
    """Saves a model.

    Args:
        model: The model.
        path: The file.
        include_optimizer: Whether to save the compile configuration and the optimizer state.

    Raises:
        SerializationError: If the model cannot be serialized.
        FileWriteError: If the file cannot be written.
    """
    if not model.built:
        warn_user(
            f"{model!r} is saved before it is built, so it may have no weights yet. Call it on data first.", UserWarning
        )
    members = {METADATA: _metadata(), CONFIG: _config_text(model, include_optimizer).encode()}
    members[WEIGHTS] = state_image(model, () if include_optimizer else {id(model.optimizer)})
    members |= written_assets(model)
    write_file(path, archive.archive_of(members))


def _metadata() -> bytes:
    import json
    from datetime import datetime

    saved = datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    written = {"keras_version": KERAS_VERSION, "date_saved": saved, "minikeras_version": namespace("").__version__}
    return json.dumps(written).encode()  # Keras ignores what it does not know


def _config_text(model: Any, include_optimizer: bool) -> str:
    import json

    with SavingScope(), SharingScope() as scope:
        config = serialize_keras_object(model)
    if not include_optimizer:
        config.pop("compile_config", None)
    return json.dumps(scope.finished(config))


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
    source = Source(path)
    with archive.opened(path, source) as members:
        read_json(members.read(METADATA, 1 << 20), source, METADATA)
        text, weights = members.read(CONFIG, MOST_BYTES), members.read(WEIGHTS)
        config = read_json(text, source, CONFIG)
        model = model_from(config, len(weights), len(text), source, CONFIG, custom_objects, compile, safe_mode)
        with read_assets(model, members, source) as assets:
            load_state(model, io.BytesIO(weights), source.within(WEIGHTS), assets)
    return model


def load_weights(model: Any, path: str | os.PathLike, skip_mismatch: bool = False) -> None:
    """Loads only the state from a model file.

    Args:
        model: The model to update.
        path: The file.
        skip_mismatch: Whether to skip layers that do not match the file, with a warning.

    Raises:
        ModelFileError: If the file is corrupt or does not match the model.
    """
    source = Source(path)
    with archive.opened(path, source) as members:
        image = io.BytesIO(members.read(WEIGHTS))
    load_state(model, image, source.within(WEIGHTS), skip_mismatch=skip_mismatch, all_of_it=True)


def model_from(
    config: dict,
    weights: int,
    text: int,
    source: Source,
    member: str,
    custom_objects: dict | None,
    compile: bool,
    safe_mode: bool,
) -> Any:
    """Creates a model from its config, with new weights.

    Args:
        config: The config.
        weights: The size of its weights in the file, in bytes.
        text: The size of the config, in bytes.
        source: Its origin, for error messages.
        member: The part of the file.
        custom_objects: The user's own classes and functions, by the names in the config.
        compile: Whether to compile the model with the saved configuration.
        safe_mode: Whether to refuse code in the config.

    Raises:
        ModelFileError: If it is not a valid config of a model, or the model would be far larger than its weights.
    """
    if not compile:
        config = {name: part for name, part in config.items() if name != "compile_config"}
    # A trusted file may also request any amount of memory.
    is_trusted = not safe_mode or not settings.is_deserialization_safe()
    # The slots of a new optimizer are not in the file.
    most = 6 * weights + min(32 * text, 1 << 26) + (1 << 24)
    scope = LoadingScope(None if is_trusted else most, text, has_weights=True)
    with source.reading(member), scope, SharingScope():
        model = deserialize_keras_object(config, custom_objects, safe_mode)
    if not (hasattr(model, "load_weights") or getattr(type(model), "saves_alone", False)):
        raise source.error(member, f"expected the config of a model, found that of {model!r}")
    return model
