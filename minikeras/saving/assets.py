"""Assets: files that layers save beside their weights, such as vocabularies, in `assets/` of the archive."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .archive import Archive
from .parts import parts_of
from .source import Source

_FOLDER = "assets/"


def written_assets(model: Any) -> dict[str, bytes]:
    """Returns the files that the layers of a model write with `save_assets`, by the name of the archive member.

    Args:
        model: The model.
    """
    writers = [(path, part) for path, part in parts_of(model) if hasattr(part, "save_assets")]
    if not writers:
        return {}
    import tempfile

    members = {}
    with tempfile.TemporaryDirectory() as folder:
        for path, part in writers:
            own = os.path.join(folder, *path.split("/"))
            os.makedirs(own, exist_ok=True)
            part.save_assets(own)
        for directory, _, names in sorted(os.walk(folder)):
            inside = os.path.relpath(directory, folder).replace(os.sep, "/")
            for name in sorted(names):
                with open(os.path.join(directory, name), "rb") as file:
                    members[_FOLDER + os.path.normpath(f"{inside}/{name}").replace(os.sep, "/")] = file.read()
    return members


@contextmanager
def read_assets(model: Any, members: Archive, source: Source) -> Iterator[str | None]:
    """Context manager that extracts the assets into a temporary folder; it yields None if no layer loads any.

    Args:
        model: The model.
        members: The archive, whose member names are validated already.
        source: Its origin, for error messages.

    Raises:
        ModelFileError: If an asset cannot be read.
    """
    names = [name for name in members.names if name.startswith(_FOLDER) and not name.endswith("/")]
    if not names or not any(hasattr(part, "load_assets") for _, part in parts_of(model)):
        yield None
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            data = members.read(name)
            with source.reading(name):
                path = os.path.join(folder, *name[len(_FOLDER) :].split("/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "xb") as file:
                    file.write(data)
        yield folder
