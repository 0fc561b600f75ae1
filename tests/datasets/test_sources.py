"""Files of datasets: from the cache or the network, and nothing in them is run."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from minikeras.datasets import sources
from minikeras.datasets.sources import cached_file, cached_folder, npz_arrays, read, unpickled
from minikeras.errors import DownloadError, FileReadError


class Hostile:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch /tmp/minikeras-was-here",)


def test_a_file_in_the_cache_is_used(cache, requests):
    (cache / "x.npz").write_bytes(b"here")
    assert cached_file("x.npz", "http://x.org/x.npz", "0" * 64) == str(cache / "x.npz") and requests == []
    with pytest.raises(DownloadError) as error:
        cached_file("y.npz", "http://x.org/x.npz", "0" * 64)
    text = str(error.value)
    assert all(part in text for part in ("http://x.org/x.npz", f"'{cache}'", "'y.npz'", "no network"))
    assert requests == ["http://x.org/x.npz"] and os.listdir(cache) == ["x.npz"]


def test_a_folder_in_the_cache_is_used(cache, requests):
    with pytest.raises(DownloadError, match=r"under the name 'z_archive'"):
        cached_folder("z", "http://x.org/z.zip", "0" * 64)
    with zipfile.ZipFile(cache / "z_archive", "w") as file:
        file.writestr("a", "1")
    assert cached_folder("z", "http://x.org/z.zip", "0" * 64) == str(cache / "z")
    os.remove(cache / "z_archive")
    assert cached_folder("z", "http://x.org/z.zip", "0" * 64) == str(cache / "z") and len(requests) == 1


def test_downloads_have_the_right_hash(cache, monkeypatch):
    made = []
    monkeypatch.setattr(sources, "get_file", lambda *args, **settings: made.append((args, settings)))
    cached_file("x", "http://x.org/x", "1" * 64)
    cached_folder("y", "http://x.org/y", "2" * 64)
    assert made[0] == (("x", "http://x.org/x"), {"file_hash": "1" * 64, "cache_subdir": "datasets"})
    assert made[1] == (("y", "http://x.org/y"), {"file_hash": "2" * 64, "extract": True})


@pytest.mark.parametrize("order", "CF")
def test_arrays(tmp_path, order):
    numbers = np.asarray(np.arange(6, dtype="float32").reshape(2, 3), order=order)
    lists = np.empty(2, object)
    lists[:] = [[1, 2], [3]]
    np.savez(tmp_path / "a.npz", numbers=numbers, lists=lists, none=np.zeros((0, 3)))
    found, words, none = read(tmp_path / "a.npz", lambda file: npz_arrays(file, ("numbers", "lists", "none")))
    np.testing.assert_array_equal(found, numbers)
    assert found.dtype == np.float32 and found.flags.writeable and none.shape == (0, 3)
    assert words.tolist() == [[1, 2], [3]] and words.dtype == object


def npz(path, member, data):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(member, data)
    return path


def npy(header, data=b""):
    text = repr(header).encode().ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + data


HUGE = npy({"descr": "<f8", "fortran_order": False, "shape": (10**12,)}, b"12345678")
OBJECTS = {"descr": "|O", "fortran_order": False, "shape": (1,)}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"text", "BadZipFile|magic"),
        (HUGE, "which is not the size of an array"),
        (npy(OBJECTS, pickle.dumps(Hostile())), "posix.system|nt.system"),
        (npy(OBJECTS, pickle.dumps([1])), "is not an array"),
        (npy(OBJECTS, b"nonsense"), "UnpicklingError|invalid|pickle"),
        (npy(OBJECTS), "EOFError"),
    ],
)
def test_hostile_and_damaged_arrays(tmp_path, data, text):
    path = npz(tmp_path / "a.npz", "x.npy", data)
    with pytest.raises(FileReadError, match=text) as error:
        read(path, lambda file: npz_arrays(file, ["x"]))
    assert "Delete it, and it will be downloaded again" in str(error.value) and str(path) in str(error.value)
    assert not os.path.exists("/tmp/minikeras-was-here")


def test_damaged_archives(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.arange(1000))
    data = (tmp_path / "a.npz").read_bytes()
    for changed in (data[:500], data[:600] + b"\0\1\2\3" + data[604:], b""):
        (tmp_path / "a.npz").write_bytes(changed)
        with pytest.raises(FileReadError, match="not the expected one, or damaged"):
            read(tmp_path / "a.npz", lambda file: npz_arrays(file, ["x"]))
    np.savez(tmp_path / "a.npz", x=1)
    with pytest.raises(FileReadError, match="y.npy"):
        read(tmp_path / "a.npz", lambda file: npz_arrays(file, ["y"]))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol):
    value = {"data": np.arange(6, dtype="uint8").reshape(2, 3), "names": ["a", b"\xe9"], "big": np.arange(3.0)}
    found = unpickled(io.BytesIO(pickle.dumps(value, protocol)))
    np.testing.assert_array_equal(found["data"], value["data"])
    np.testing.assert_array_equal(found["big"], value["big"])
    assert found["names"] == ["a", b"\xe9"] and found["data"].dtype == np.uint8


def test_pickles_that_would_allocate_anything():
    huge = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I1000000000000\ntS'b'\ntR."
    assert unpickled(io.BytesIO(huge)).shape == (0,)
    with pytest.raises(TypeError):
        unpickled(io.BytesIO(b"cnumpy\nndarray\n((I1000000000000\nttR."))


@pytest.mark.parametrize("name", ["builtins eval", "numpy load", "numpy._core.multiarray scalar", "_codecs decode"])
def test_what_pickles_may_not_refer_to(name):
    module, function = name.split()
    with pytest.raises(pickle.UnpicklingError, match=f"{module}.{function}"):
        unpickled(io.BytesIO(f"c{module}\n{function}\n.".encode()))


def test_other_encodings_and_objects_in_buffers():
    with pytest.raises(pickle.UnpicklingError, match="unexpected encoding"):
        unpickled(io.BytesIO(b"c_codecs\nencode\n(Vabc\nVrot13\ntR."))
    with pytest.raises(pickle.UnpicklingError, match="addresses"):
        sources._array_of_buffer(b"12345678", np.dtype(object), (1,), "C")
