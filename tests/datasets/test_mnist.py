import hashlib
import pathlib
import socket
import struct
import warnings
import zipfile

import numpy as np
import pytest

import minikeras.datasets
from minikeras.datasets import mnist
from minikeras.errors import ArgumentError, ArgumentTypeError

BUNDLED = pathlib.Path(mnist._BUNDLED_FILE)
NAMES = ("x_train", "y_train", "x_test", "y_test")
# MD5 of the uncompressed original files train-images-idx3-ubyte, train-labels-idx1-ubyte,
# t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, as published with many copies of MNIST.
ORIGINAL_MD5 = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was tried")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The path of the cached file, in a Keras folder of its own."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets" / "mnist.npz"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """The bundled data in an archive that is not compressed, which loads ten times as fast."""
    path = tmp_path_factory.mktemp("stored") / "mnist.npz"
    with np.load(mnist._BUNDLED_FILE, allow_pickle=False) as file:
        np.savez(path, **file)
    return path


@pytest.fixture
def arrays(stored, monkeypatch):
    """The bundled arrays, and the fast archive in the place of the bundled one."""
    monkeypatch.setattr(mnist, "_BUNDLED_FILE", str(stored))
    with np.load(stored, allow_pickle=False) as file:
        return dict(file)


def flat(data):
    (x_train, y_train), (x_test, y_test) = data
    return dict(zip(NAMES, (x_train, y_train, x_test, y_test), strict=True))


def assert_same(data, arrays):
    for name, array in flat(data).items():
        np.testing.assert_array_equal(array, arrays[name])


def assert_refused(cache, arrays, reason):
    """The file is named in one warning, the bundled copy is returned, and the file stays as it is."""
    before = cache.read_bytes() if cache.is_file() else None
    with pytest.warns(UserWarning, match=reason) as record:
        data = mnist.load_data()
    assert len(record) == 1
    assert str(cache) in str(record[0].message)
    assert record[0].filename == __file__  # the warning points at the caller
    assert_same(data, arrays)
    assert (cache.read_bytes() if cache.is_file() else None) == before


def rewrite(arrays, **changed):
    return {**arrays, **changed}


def test_public_names():
    names = "boston_housing california_housing cifar10 cifar100 fashion_mnist imdb mnist reuters"
    assert " ".join(minikeras.datasets.__all__) == names
    assert mnist.__all__ == ["load_data"]


def test_bundled_copy_holds_the_four_original_files(cache):
    for name, array in flat(mnist.load_data()).items():
        header = struct.pack(">I", 0x0800 + array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
        assert hashlib.md5(header + array.tobytes()).hexdigest() == ORIGINAL_MD5[name]


def test_shapes_types_and_ownership(cache):
    data = flat(mnist.load_data())
    assert {name: array.shape for name, array in data.items()} == {
        "x_train": (60000, 28, 28),
        "y_train": (60000,),
        "x_test": (10000, 28, 28),
        "y_test": (10000,),
    }
    for array in data.values():
        assert array.dtype == np.uint8
        assert array.flags.c_contiguous and array.flags.writeable
    data["y_test"][:] = 0  # what the user does to the arrays must not reach the next caller
    assert mnist.load_data()[1][1].any()


def test_no_cache_means_no_file_and_no_folder_made(tmp_path, monkeypatch, arrays):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "absent"))
    assert_same(mnist.load_data(), arrays)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_archive_written_anew_counts(cache, arrays, monkeypatch, save):
    save(cache, extra=np.arange(3), **dict(reversed(arrays.items())))
    monkeypatch.setattr(mnist, "_BUNDLED_FILE", "not needed")
    assert_same(mnist.load_data(), arrays)


def test_fortran_order_counts(cache, arrays, monkeypatch):
    np.savez(cache, **rewrite(arrays, x_test=np.asfortranarray(arrays["x_test"])))
    monkeypatch.setattr(mnist, "_BUNDLED_FILE", "not needed")
    data = mnist.load_data()
    assert_same(data, arrays)
    assert data[1][0].flags.c_contiguous


def test_home_folder_without_the_variable(tmp_path, monkeypatch, arrays):
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    folder = tmp_path / ".keras" / "datasets"
    folder.mkdir(parents=True)
    (folder / "mnist.npz").write_bytes(b"damaged")
    assert_refused(folder / "mnist.npz", arrays, "not a zip file")


def test_tilde_in_the_variable(tmp_path, monkeypatch, arrays):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", "~")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"damaged")
    assert_refused(tmp_path / "datasets" / "mnist.npz", arrays, "not a zip file")


def test_other_file_name(cache, arrays):
    other = cache.with_name("other.npz")
    other.write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="other.npz"):
        assert_same(mnist.load_data("other.npz"), arrays)
    with pytest.warns(UserWarning, match="other.npz"):
        mnist.load_data(path=pathlib.Path("other.npz"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mnist.load_data("")  # as in Keras, the default name


@pytest.mark.parametrize("path", ["/tmp/mnist.npz", "folder/mnist.npz", "../mnist.npz", "folder/"])
def test_path_with_folders_is_refused(path):
    with pytest.raises(ArgumentError, match="without folders.*KERAS_HOME"):
        mnist.load_data(path)


@pytest.mark.parametrize("path", [None, 3, b"mnist.npz", ["mnist.npz"]])
def test_path_of_wrong_type_is_refused(path):
    with pytest.raises(ArgumentTypeError, match="must be a file name"):
        mnist.load_data(path)


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"PK\x03\x04" + bytes(100)])
def test_not_an_archive(cache, arrays, content):
    cache.write_bytes(content)
    assert_refused(cache, arrays, "BadZipFile")


def test_truncated(cache, arrays):
    cache.write_bytes(BUNDLED.read_bytes()[:3_000_000])
    assert_refused(cache, arrays, "BadZipFile")


def test_flipped_bits_in_the_archive(cache, arrays):
    content = bytearray(BUNDLED.read_bytes())
    content[5_000_000] ^= 0xFF
    cache.write_bytes(content)
    assert_refused(cache, arrays, "BadZipFile|zlib.error|error:")


def test_plain_npy_file(cache, arrays):
    with open(cache, "wb") as file:
        np.save(file, arrays["y_test"])
    assert_refused(cache, arrays, "BadZipFile")


def test_missing_array(cache, arrays):
    np.savez(cache, **{name: array for name, array in arrays.items() if name != "y_test"})
    assert_refused(cache, arrays, "KeyError.*y_test")


def test_pickle_is_not_run(cache, arrays, tmp_path):
    class Payload:
        def __reduce__(self):
            return (pathlib.Path.touch, (tmp_path / "was_run",))

    np.savez(cache, **rewrite(arrays, x_train=np.array([Payload()], dtype=object)))
    assert_refused(cache, arrays, "allow_pickle=False")
    assert not (tmp_path / "was_run").exists()


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        (
            "x_train",
            lambda x: x[:-1],
            r"'x_train' to be uint8 of shape \(60000, 28, 28\), found uint8 of shape \(59999",
        ),
        ("x_test", lambda x: x.reshape(10000, 784), r"found uint8 of shape \(10000, 784\)"),
        ("y_train", lambda x: x.astype("int64"), r"'y_train' to be uint8 of shape \(60000,\), found int64"),
        ("y_test", lambda x: x[::-1], "values of 'y_test' are not the original"),
        ("x_train", lambda x: x ^ 1, "values of 'x_train' are not the original"),
    ],
)
def test_wrong_content(cache, arrays, name, change, reason):
    np.savez(cache, **rewrite(arrays, **{name: change(arrays[name])}))
    assert_refused(cache, arrays, reason)


def test_header_that_promises_too_much(cache, arrays):
    with zipfile.ZipFile(cache, "w") as archive, archive.open("x_train.npy", "w") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 28, 28)})
    assert_refused(cache, arrays, "Error")


def test_directory_in_place_of_the_file(cache, arrays):
    cache.mkdir()
    assert_refused(cache, arrays, "FileReadError: Expected a regular file")


def test_unreadable_file(cache, arrays, monkeypatch):
    # A file without read permission would still open for root, so the refusal is made by hand.
    real = zipfile.ZipFile

    def refuse(path, *args, **kwargs):
        if getattr(path, "name", path) == str(cache):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *args, **kwargs)

    cache.write_bytes(b"something")
    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    assert_refused(cache, arrays, "PermissionError")


def test_file_in_place_of_the_folder(tmp_path, monkeypatch, arrays):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").write_bytes(b"")
    assert_same(mnist.load_data(), arrays)


def test_damaged_bundled_copy_is_an_error(cache, tmp_path, monkeypatch):
    damaged = tmp_path / "bundled.npz"
    damaged.write_bytes(b"")
    monkeypatch.setattr(mnist, "_BUNDLED_FILE", str(damaged))
    with pytest.raises(zipfile.BadZipFile):
        mnist.load_data()
