"""HDF5 files of arrays: written as Keras writes them, read without following any links.

HDF5 files can contain links to other files, external data, arrays far larger than the file, and objects. Weight files
have none of these, so they are refused before anything is read.
"""

import sys
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, BinaryIO

import numpy as np

from ..engine.dtypes import is_numeric, standardize_dtype
from .source import Source

_HARMLESS_FILTERS = frozenset({1, 2, 3})  # deflate, shuffle, fletcher32: built in, no plugins from disk
_LARGEST_RATIO = 100  # compression ratio of an array
_MANY_BYTES = 1 << 24  # arrays up to this size may have a higher ratio


def open_image(file: BinaryIO, source: Source) -> Any:
    """Opens an HDF5 file for reading.

    Args:
        file: The open file, which must stay open.
        source: Its origin, for error messages.

    Raises:
        ImportError: If h5py is not installed.
        ModelFileError: If it is not an HDF5 file.
    """
    h5py = _required_h5py()
    with source.reading():
        source.limit_arrays(file.seek(0, 2))
        return h5py.File(file, "r")


def image_of(fill: Any) -> bytes:
    """Returns the bytes of a new HDF5 file, built in memory.

    Args:
        fill: `fill(file)` writes its content.

    Raises:
        ImportError: If h5py is not installed.
    """
    h5py = _required_h5py()
    with h5py.File("image", "w", driver="core", backing_store=False) as file:
        fill(file)
        file.flush()
        return file.id.get_file_image()


def _required_h5py() -> Any:
    """Returns h5py; raises an ImportError that says what to do where it is missing, as on a fresh page of Pyodide."""
    try:
        import h5py
    except ImportError as error:
        install = "await micropip.install('h5py')" if sys.platform == "emscripten" else "pip install h5py"
        raise ImportError(
            "'.keras' and '.h5' files are written and read with the package h5py, which is not installed: "
            f"`{install}`. Without it, keep `model.to_json()` and the weights alone: `np.savez('weights.npz', "
            "*model.get_weights())`, and later `model.set_weights(list(np.load('weights.npz').values()))`."
        ) from error
    return h5py


def paths_of_arrays(file: Any, group: str) -> list[str]:
    """Returns the paths of objects whose arrays are in a subgroup of the given name: "a" for "a/vars/0" and "vars".

    Args:
        file: The open file.
        group: The name of the group.
    """
    import h5py

    found: dict[str, None] = {}

    def note(name: str, item: Any) -> None:
        path = name.rpartition("/")[0]
        if isinstance(item, h5py.Dataset) and (path == group or path.endswith(f"/{group}")):
            found[path[: -len(group)].rstrip("/")] = None

    file.visititems(note)  # does not follow links, so it cannot loop
    return list(found)


def find_group(parent: Any, path: str, source: Source) -> Any:
    """Returns the group at a path; None if there is none.

    Args:
        parent: The file or the group.
        path: The names of nested groups, joined by slashes.
        source: The origin of the parent, for error messages.

    Raises:
        ModelFileError: If something along the path is not a group, or is a link.
    """
    import h5py

    found, member = parent, ""
    for name in path.split("/"):
        member = f"{member}/{name}" if member else name
        with source.reading(member):
            found = _linked(found, name)
            if found is None:
                return None
            if not isinstance(found, h5py.Group):
                raise source.error(member, "expected a group")
    return found


def address_of(found: Any) -> int:
    """Returns the address of an object in the file, which identifies it under any name."""
    import h5py

    return h5py.h5o.get_info(found.id).addr


def has(group: Any, name: str) -> bool:
    """Returns whether a group has a member of that name, even if it is a dangling link."""
    # `name in group` would follow an external link and open the file it points to.
    return group.id.links.exists(name.encode())


def find_dataset(group: Any, name: str, source: Source) -> Any:
    """Returns a dataset, validated but not read.

    Args:
        group: The group.
        name: Its path in the group.
        source: The origin of the group, for error messages.

    Raises:
        ModelFileError: If it is missing, not numeric, or not stored in the file.
    """
    return _found(group, name, source)[0]


def _found(group: Any, name: str, source: Source) -> tuple[Any, np.dtype, tuple]:
    """Returns a dataset with its dtype and shape, which h5py would read from the file each time."""
    import h5py

    above, _, last = name.rpartition("/")
    if above:
        group = find_group(group, above, source)
    with source.reading(name):
        found = None if group is None else _linked(group, last)
        if found is None:
            raise KeyError(name)
        if not isinstance(found, h5py.Dataset):
            raise source.error(name, "expected an array")
        dtype, shape = found.dtype, found.shape
        _check_layout(found, dtype, shape, source, name)
    return found, dtype, shape


def read_array(group: Any, name: str, source: Source) -> np.ndarray:
    """Returns the array at a path in a group.

    Raises:
        ModelFileError: If it is missing, not numeric, or not stored in the file.
    """
    import h5py

    dataset, dtype, shape = _found(group, name, source)
    with source.reading(name):
        is_bfloat16 = dtype == np.dtype("V2") and dataset.attrs.get("dtype") == "bfloat16"
        if not is_numeric(dtype) and not is_bfloat16:
            raise source.error(name, f"expected numeric elements, found dtype {dtype}")
        source.charge_array(name, address_of(dataset), prod(shape) * dtype.itemsize)
        # `dataset[()]` takes twice as long, which matters in files of thousands of small arrays.
        array = np.empty(shape, dtype)
        if array.size:
            dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, array)
        return array.view(standardize_dtype("bfloat16")) if is_bfloat16 else array


def _linked(group: Any, name: str) -> Any:
    """Returns a member of a group, or None; links are refused."""
    import h5py

    links, key = group.id.links, name.encode()
    if not links.exists(key):
        return None
    if links.get_info(key).type != h5py.h5l.TYPE_HARD:
        raise ValueError("it is a link, and links are not followed")
    # `group[name]` queries the mode of the file each time, and dtype and shape on every access.
    found = h5py.h5o.open(group.id, key)
    if isinstance(found, h5py.h5d.DatasetID):
        return h5py.Dataset(found, readonly=True)
    return h5py.Group(found) if isinstance(found, h5py.h5g.GroupID) else found


def _check_layout(dataset: Any, dtype: np.dtype, shape: tuple | None, source: Source, name: str) -> None:
    """Raises an error unless all elements of a dataset are stored in the file and its size is plausible."""
    import h5py

    handle = dataset.id
    if dtype.hasobject:  # variable-length strings and references, too
        raise source.error(name, f"its elements are objects (dtype {dtype}), not numeric")
    plan = handle.get_create_plist()
    if plan.get_external_count() or plan.get_layout() == h5py.h5d.VIRTUAL:
        raise source.error(name, "its elements are in another file, which is not read")
    if shape is None:
        raise source.error(name, "it is empty: it has no shape")
    filters = [plan.get_filter(index)[0] for index in range(plan.get_nfilters())]
    if not _HARMLESS_FILTERS.issuperset(filters):
        raise source.error(name, f"its filters {filters} are not supported")
    declared = prod(map(int, shape)) * dtype.itemsize
    stored = handle.get_storage_size()
    whole = h5py.h5i.get_file_id(handle).get_filesize()
    if stored > whole:
        raise source.error(name, f"it claims {stored:,} bytes in the file, which has {whole:,}")
    most = max(stored * _LARGEST_RATIO, _MANY_BYTES) if filters and stored else stored
    if declared > most:
        raise source.error(name, f"its shape {shape} needs {declared:,} bytes, but the file has {stored:,} of them")


class Store(Mapping):
    """Mapping from which a layer loads its variables: the arrays of a group, read on access.

    Args:
        group: The group; None if there is none.
        source: Its origin, for error messages.
    """

    def __init__(self, group: Any, source: Source):
        self._group, self._source = group, source
        with source.reading():
            self._names = [] if group is None else list(group.keys())

    def __getitem__(self, name: str) -> np.ndarray:
        if self._group is None:
            raise KeyError(name)
        return read_array(self._group, name, self._source)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
