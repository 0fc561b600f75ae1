"""Strings in attributes of HDF5 files, parsed from the bytes."""

import io
import struct

import h5py
import numpy as np
import pytest

from minikeras.errors import ModelFileError
from minikeras.saving.hdf5 import image_of
from minikeras.saving.hdf5_texts import read_texts
from minikeras.saving.source import Source

ATTRIBUTES = {
    "text": "config",
    "long": "x" * 60_000,
    "unicode": "Schlüssel 鍵",
    "nothing": "",
    "list": ["a", "bc", "", "d" * 300],
    "bytes": np.array([b"kernel", b"bias"]),
    "one": np.bytes_(b"fixed"),
    "empty list": [],
}


def fill(file):
    group = file.create_group("group")
    for owner in (file, group):
        for name, value in ATTRIBUTES.items():
            owner.attrs[name] = value


DATA = image_of(fill)


def read(name, data=DATA, path="/"):
    with h5py.File(io.BytesIO(data), "r") as file:
        return read_texts(file[path], name, data, Source("a.h5"))


@pytest.mark.parametrize("path", ["/", "group"])
@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("text", ["config"]),
        ("long", ["x" * 60_000]),
        ("unicode", ["Schlüssel 鍵"]),
        ("nothing", [""]),
        ("list", ["a", "bc", "", "d" * 300]),
        ("bytes", ["kernel", "bias"]),
        ("one", ["fixed"]),
        ("empty list", []),
        ("absent", None),
    ],
)
def test_reading(path, name, texts):
    assert read(name, path=path) == texts


def test_what_is_no_text():
    data = image_of(lambda file: file.attrs.update(number=3.0, matrix=np.array([[b"a"]])))
    with pytest.raises(ModelFileError, match="in 'number': expected strings"):
        read("number", data)
    with pytest.raises(ModelFileError, match="in 'matrix': expected a string or a list of strings"):
        read("matrix", data)


def test_a_text_that_claims_to_be_longer_than_the_file():
    data = image_of(lambda file: file.attrs.update(text="config"))
    # The reference to the string: its length, then the address of the heap and the index in it.
    with h5py.File(io.BytesIO(data), "r"):
        heap = data.index(b"GCOL\x01")
    position = data.index(struct.pack("<IQI", 6, heap, 1))
    for length, message in ((7_000, "a string exceeds the data"), (1 << 31, "much larger than the file")):
        damaged = data[:position] + struct.pack("<I", length) + data[position + 4 :]
        with pytest.raises(ModelFileError, match=f"in 'text': .*{message}"):
            read("text", damaged)


def test_a_heap_that_is_not_there():
    data = image_of(lambda file: file.attrs.update(text="config"))
    with pytest.raises(ModelFileError, match="in 'text': it is corrupt"):
        read("text", data.replace(b"GCOL", b"GCOX"))


def test_newer_forms_of_hdf5_are_refused():
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver="latest") as file:
        file.attrs["text"] = "config"
    with pytest.raises(ModelFileError, match="a newer HDF5 version than Keras writes"):
        read("text", buffer.getvalue())
