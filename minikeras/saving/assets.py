"""The files that layers write beside their weights, such as vocabularies: members of the archive, below `assets/`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .archive import Archive
from .parts import parts_of
from .source import Source

_FOLDER = "assets/"


def written_assets(model: Any) -> dict[str, bytes]:
    """Returns what the layers of a model write with `save_assets`, by the name of the member.

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
        for place, _, names in sorted(os.walk(folder)):
            inside = os.path.relpath(place, folder).replace(os.sep, "/")
            for name in sorted(names):
                with open(os.path.join(place, name), "rb") as file:
                    members[_FOLDER + os.path.normpath(f"{inside}/{name}").replace(os.sep, "/")] = file.read()
    return members


@contextmanager
def read_assets(model: Any, members: Archive, source: Source) -> Iterator[str | None]:
    """Writes the files of layers into a new folder, which is there for a `with` block; None if no layer reads any.

    Args:
        model: The model.
        members: The archive; the names of its members are checked already.
        source: Where it is.

    Raises:
        ModelFileError: If one of them cannot be read.
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
                place = os.path.join(folder, *name[len(_FOLDER) :].split("/"))
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "xb") as file:
                    file.write(data)
        yield folder
