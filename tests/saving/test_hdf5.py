"""HDF5 files of arrays: written, read, and what is refused in them."""

import io
import sys

import h5py
import numpy as np
import pytest

from minikeras.errors import ModelFileError
from minikeras.saving.hdf5 import (
    Store,
    address_of,
    find_dataset,
    find_group,
    has,
    image_of,
    open_image,
    paths_of_arrays,
    read_array,
)
from minikeras.saving.source import Source

SOURCE = Source("a.h5")


def opened(fill):
    """A file that `fill` has written, open for reading."""
    return open_image(io.BytesIO(image_of(fill)), SOURCE)


def plain(file):
    file.create_dataset("a", data=np.float32([1, 2]))
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", data=np.int64([[1], [2]]))
    group.create_dataset("1", data=np.float64(3.5))
    file["same"] = file["a"]


def test_there_and_back():
    with opened(plain) as file:
        array = read_array(file, "a", SOURCE)
        assert array.dtype == np.float32 and array.tolist() == [1, 2]
        array = read_array(file, "layers/dense/vars/0", SOURCE)
        assert array.dtype == np.int64 and array.tolist() == [[1], [2]]
        scalar = read_array(find_group(file, "layers/dense/vars", SOURCE), "1", SOURCE)
        assert scalar.shape == () and scalar == 3.5


def test_no_hdf5_file():
    with pytest.raises(ModelFileError, match="The file 'a.h5' cannot be read"):
        open_image(io.BytesIO(b"text"), SOURCE)


def test_groups():
    with opened(plain) as file:
        assert find_group(file, "layers/dense", SOURCE).name == "/layers/dense"
        assert find_group(file, "layers/none/vars", SOURCE) is None
        with pytest.raises(ModelFileError, match="in 'a': expected a group"):
            find_group(file, "a/b", SOURCE)
        with pytest.raises(ModelFileError, match="in 'layers': expected an array"):
            find_dataset(file, "layers", SOURCE)
        with pytest.raises(ModelFileError, match="in 'none': KeyError"):
            find_dataset(file, "none", SOURCE)


def test_addresses():
    with opened(plain) as file:
        assert address_of(file["a"]) == address_of(file["same"]) != address_of(file["layers"])


def test_paths_of_arrays():
    with opened(plain) as file:
        assert paths_of_arrays(file, "vars") == ["layers/dense"] and paths_of_arrays(file, "ars") == []


def links(file):
    plain(file)
    file["soft"] = h5py.SoftLink("/a")
    file["external"] = h5py.ExternalLink("/etc/other.h5", "/a")
    file["dangling"] = h5py.SoftLink("/nowhere")


@pytest.mark.parametrize("name", ["soft", "external", "dangling"])
def test_links_are_not_followed(name):
    with opened(links) as file:
        assert has(file, name) and not has(file, "none")
        for find in (find_group, find_dataset, read_array):
            with pytest.raises(ModelFileError, match=f"in '{name}': it is a link, and links are not followed"):
                find(file, name, SOURCE)


def unusual(file):
    file.create_dataset("texts", data=["a", "b"])
    file.create_dataset("letters", data=np.array([b"a"]))
    file.create_dataset("empty", data=h5py.Empty("float32"))
    file.create_dataset("unwritten", shape=(1000, 1000), dtype="float32")
    file.create_dataset("external", shape=(2,), dtype="float32", external=[("other.bin", 0, 8)])
    layout = h5py.VirtualLayout(shape=(2,), dtype="float32")
    layout[:] = h5py.VirtualSource("other.h5", "a", shape=(2,))
    file.create_virtual_dataset("virtual", layout)
    file.create_dataset("packed", data=np.zeros(100_000, "float32"), compression="gzip", shuffle=True)
    file.create_dataset("lzf", data=np.zeros(100, "float32"), compression="lzf")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("texts", "its elements are objects"),
        ("letters", "expected numeric elements, found dtype"),
        ("empty", "it has no shape"),
        ("unwritten", "needs 4,000,000 bytes, but the file has 0 of them"),
        ("external", "its elements are in another file"),
        ("virtual", "its elements are in another file"),
        ("lzf", "its filters .* are not supported"),
    ],
)
def test_arrays_that_are_refused(name, message):
    with opened(unusual) as file, pytest.raises(ModelFileError, match=f"in '{name}': .*{message}"):
        read_array(file, name, SOURCE)


def test_compressed_arrays():
    with opened(unusual) as file:
        assert not read_array(file, "packed", SOURCE).any()


def test_stores():
    with opened(plain) as file:
        store = Store(find_group(file, "layers/dense/vars", SOURCE), SOURCE)
        assert list(store) == ["0", "1"] and len(store) == 2 and "1" in store
        assert store["0"].tolist() == [[1], [2]]
    nothing = Store(None, SOURCE)
    assert len(nothing) == 0 and list(nothing) == []
    with pytest.raises(KeyError):
        nothing["0"]


@pytest.mark.parametrize(("platform", "how"), [("linux", "`pip install h5py`"), ("emscripten", "micropip.install")])
def test_without_h5py_errors_say_what_to_do(platform, how, monkeypatch):
    image = image_of(lambda file: None)
    monkeypatch.setitem(sys.modules, "h5py", None)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(ImportError, match=f"h5py, which is not installed: .*{how}"):
        image_of(pytest.fail)
    with pytest.raises(ImportError, match=how):
        open_image(io.BytesIO(image), SOURCE)
