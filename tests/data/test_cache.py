import errno
import itertools
import resource
import signal

import numpy as np
import pytest

from minikeras.data import Dataset
from minikeras.errors import FileReadError, FileWriteError, FolderMissingError


def counted(made, count=4):
    return Dataset.range(count).map(lambda v: made.append(int(v)) or {"x": (v, v * 0.5), "y": np.array(["a"])})


@pytest.fixture(params=["memory", "file"])
def name(request, tmp_path):
    return "" if request.param == "memory" else str(tmp_path / "cache")


def test_elements_are_made_once(name):
    made = []
    data = counted(made).cache(name)
    first = list(data.as_numpy_iterator())
    assert made == [0, 1, 2, 3] and first[3]["x"] == (3, 1.5) and first[0]["y"].tolist() == ["a"]
    assert str(list(data.as_numpy_iterator())) == str(first) and made == [0, 1, 2, 3]


def test_an_unfinished_pass_is_not_kept(name, tmp_path):
    made = []
    data = counted(made).cache(name)
    assert len(list(itertools.islice(data, 2))) == 2
    assert len(list(data)) == 4 and made == [0, 1, 0, 1, 2, 3]
    assert [path.name for path in tmp_path.iterdir()] == (["cache"] if name else [])


def test_an_error_leaves_nothing(name, tmp_path):
    fails = [True]
    data = Dataset.range(3).map(lambda v: v if not (fails[0] and v == 2) else fails.missing).cache(name)
    with pytest.raises(AttributeError):
        list(data)
    assert not list(tmp_path.iterdir())
    fails[0] = False
    assert [int(each) for each in data] == [0, 1, 2]


def test_a_file_outlives_the_dataset(tmp_path):
    first = counted([]).cache(tmp_path / "kept")
    expected = list(first.as_numpy_iterator())
    made = []
    again = counted(made).cache(tmp_path / "kept")
    assert str(list(again.as_numpy_iterator())) == str(expected) and made == []


def test_texts_are_written(tmp_path):
    """Also those that are Python objects, in which layers return them."""
    data = Dataset.range(2).map(lambda number: np.array([["a", "bcd"]], object)).cache(tmp_path / "kept")
    assert [text.tolist() for text in data] == [text.tolist() for text in data] == 2 * [[["a", "bcd"]]]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_files_that_cannot_be_written(tmp_path):
    with pytest.raises(FolderMissingError, match=r"Dataset.cache: '.*kept' could not be written: No such file"):
        list(Dataset.range(2).cache(tmp_path / "none" / "kept"))

    # The limit on the size of files stands for a full disk.
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(FileWriteError, match=r"'.*kept' could not be written: File too large") as error:
            list(Dataset.range(100).batch(10).cache(tmp_path / "kept"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert error.value.errno == errno.EFBIG and not list(tmp_path.iterdir())


def test_errors_of_elements_are_not_those_of_the_file(tmp_path):
    data = Dataset.range(2).map(lambda number: open(tmp_path / "none")).cache(tmp_path / "kept")
    with pytest.raises(FileNotFoundError) as error:
        list(data)
    assert not isinstance(error.value, FileWriteError) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("cut", [3, 25, 60, -1])
def test_damaged_files(tmp_path, cut):
    path = tmp_path / "kept"
    list(counted([]).cache(path))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FileReadError, match="was not written by `Dataset.cache`|is damaged"):
        list(counted([]).cache(path))


def test_a_header_that_claims_terabytes_is_refused(tmp_path):
    path = tmp_path / "kept"
    list(Dataset.from_tensors(np.zeros(5)).cache(path))
    data = path.read_bytes()
    assert data.count(b"(5,), }") == 1
    path.write_bytes(data.replace(b"(5,), }             ", b"(5000000000000,), } "))
    with pytest.raises(FileReadError, match="an array is cut off"):
        list(Dataset.from_tensors(np.zeros(5)).cache(path))
