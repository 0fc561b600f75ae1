import gzip
import zlib

import numpy as np
import pytest

from minikeras.data import CsvDataset, Dataset, TensorSpec, TextLineDataset
from minikeras.errors import ArgumentError, DataError


def rows(dataset):
    return [tuple(np.asarray(part).item() for part in row) for row in dataset.as_numpy_iterator()]


def test_lines(tmp_path):
    text = "one\r\nzwölf\n\nlast".encode()
    (tmp_path / "a").write_bytes(text)
    (tmp_path / "b").write_bytes(gzip.compress(text))
    (tmp_path / "c").write_bytes(zlib.compress(text * 3000))
    expected = ["one", "zwölf", "", "last"]
    assert list(TextLineDataset(tmp_path / "a").as_numpy_iterator()) == expected
    assert list(TextLineDataset(str(tmp_path / "b"), "GZIP").as_numpy_iterator()) == expected
    inflated = list(TextLineDataset(tmp_path / "c", "ZLIB").as_numpy_iterator())
    assert len(inflated) == 9001 and inflated[:5] == ["one", "zwölf", "", "lastone", "zwölf"]
    paths = Dataset.from_tensor_slices([str(tmp_path / "a")] * 2)
    assert list(TextLineDataset(paths).as_numpy_iterator()) == expected * 2
    assert TextLineDataset(tmp_path / "a").element_spec == TensorSpec((), "string")
    with pytest.raises(ArgumentError, match="expected a compression_type of"):
        TextLineDataset(tmp_path / "a", "BZIP")
    with pytest.raises(FileNotFoundError):
        list(TextLineDataset(tmp_path / "none"))


def test_paths_in_elements(tmp_path):
    """As in `files.interleave(TextLineDataset)`; on TensorFlow strings are bytes."""
    for name in "ab":
        (tmp_path / name).write_text(f"{name}1\n{name}2\n")
    found = Dataset.list_files(str(tmp_path / "*"), shuffle=False)
    assert list(found.interleave(TextLineDataset, cycle_length=2).as_numpy_iterator()) == ["a1", "b1", "a2", "b2"]
    path = str(tmp_path / "a")
    for given in (np.array(path), np.str_(path), path.encode(), [path.encode()], np.array([path], object)):
        assert list(TextLineDataset(given).as_numpy_iterator()) == ["a1", "a2"]
        assert rows(CsvDataset(given, ["string"])) == [("a1",), ("a2",)]
    assert found.flat_map(lambda path: CsvDataset(path, ["string"])).element_spec == (TensorSpec((), "string"),)


def test_lines_that_are_not_utf8(tmp_path):
    (tmp_path / "a").write_bytes(b"good\nb\xffd\n")
    with pytest.raises(DataError, match=r"line 2 of '.*a' is not UTF-8"):
        list(TextLineDataset(tmp_path / "a"))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('id,size,name\n1,2.5,"a, b"\n2,NA,c\n')
    return path


def test_rows(table):
    data = CsvDataset(table, [np.int64, -1.0, "?"], header=True, na_value="NA")
    assert rows(data) == [(1, 2.5, "a, b"), (2, -1.0, "c")]
    assert data.element_spec == (TensorSpec((), "int64"), TensorSpec(()), TensorSpec((), "string"))
    assert rows(CsvDataset([table, table], ["int32"], header=True, select_cols=[0])) == [(1,), (2,), (1,), (2,)]
    assert rows(CsvDataset(table, ["int32", "?"], header=True, exclude_cols=[1])) == [(1, "a, b"), (2, "c")]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"record_defaults": ["int32", "?"]}, r"line 2 of .*: expected 2 fields. Received: 3"),
        ({"record_defaults": ["int32", "float32", "?"]}, r"line 3 of .*: column 1 is no float32. Received: 'NA'"),
        ({"record_defaults": ["int32", "float32", "?"], "na_value": "NA"}, "line 3 of .*: column 1 is empty"),
        ({"record_defaults": ["int32"], "select_cols": [7]}, "there is no column 7. Received: 3 fields"),
    ],
)
def test_rows_that_do_not_fit(table, settings, message):
    with pytest.raises(DataError, match=message):
        rows(CsvDataset(table, header=True, **settings))


def test_arguments(table):
    with pytest.raises(ArgumentError, match="`select_cols` or `exclude_cols`, not both"):
        CsvDataset(table, ["int32"], select_cols=[0], exclude_cols=[1])
    with pytest.raises(ArgumentError, match="as many `select_cols` as `record_defaults`. Received: 2 and 1"):
        CsvDataset(table, ["int32"], select_cols=[0, 1])


def test_matching_files(tmp_path):
    for name in ("b.txt", "a.txt", "c.png"):
        (tmp_path / name).touch()
    (tmp_path / "d.txt").mkdir()
    data = Dataset.list_files(str(tmp_path / "*.txt"), shuffle=False)
    assert list(data.as_numpy_iterator()) == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    both = Dataset.list_files([str(tmp_path / "*.png"), str(tmp_path / "b*")], seed=1)
    assert sorted(both.as_numpy_iterator()) == [str(tmp_path / "b.txt"), str(tmp_path / "c.png")]
    with pytest.raises(DataError, match="list_files: no file matches"):
        Dataset.list_files(str(tmp_path / "*.jpg"))
