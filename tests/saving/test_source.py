"""Errors about a file that is read, and limits to its arrays."""

import pytest

from minikeras.errors import ModelFileError, ModelFileMissingError
from minikeras.saving.source import Source

MB = 1 << 20


def test_errors_name_the_file_and_the_member():
    error = Source("a.keras").error("config.json", "it is empty")
    assert type(error) is ModelFileError
    assert str(error) == "The file 'a.keras' cannot be read, in 'config.json': it is empty"
    assert (error.path, error.member, error.reason) == ("a.keras", "config.json", "it is empty")
    assert str(Source("a.keras").error(None, "it is empty")) == "The file 'a.keras' cannot be read: it is empty"


def test_members_inside_of_members():
    inner = Source("a.keras").within("model.weights.h5").within("layers")
    assert inner.error("dense", "no").member == "model.weights.h5/layers/dense"
    assert inner.error(None, "no").member == "model.weights.h5/layers"


def test_reasons_that_are_exceptions():
    source = Source("a.keras")
    assert source.error(None, ValueError("it is bad")).reason == "it is bad"
    assert source.error(None, KeyError("x")).reason == "KeyError: 'x'"
    assert type(source.error(None, FileNotFoundError(2, "none"))) is ModelFileMissingError
    assert len(source.error(None, "x" * 10_000).reason) == 2001


def test_whatever_is_raised_becomes_such_an_error():
    source = Source("a.keras")
    with pytest.raises(ModelFileError, match="in 'b': KeyError: 'x'") as caught, source.reading("b"):
        raise KeyError("x")
    assert isinstance(caught.value.__cause__, KeyError)
    first = source.error("a", "it is empty")
    with pytest.raises(ModelFileError) as caught, source.reading("b"):
        raise first
    assert caught.value is first


def test_content(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"bytes")
    assert Source(path).content() == b"bytes"
    with pytest.raises(ModelFileError):
        Source(tmp_path).content()
    with pytest.raises(ModelFileMissingError):
        Source(tmp_path / "none").content()


def test_arrays_of_a_small_file_may_have_64_mb():
    source = Source("a.h5")
    source.limit_arrays(100)
    source.charge_array("a", 1, 40 * MB)
    source.within("b").charge_array("c", 2, 24 * MB)
    with pytest.raises(ModelFileError, match="in 'd': it has 601 bytes, but the arrays of such a file may have"):
        source.charge_array("d", 3, 601)
    source.charge_array("d", 3, 600)


def test_an_array_has_one_name():
    source = Source("a.h5")
    source.limit_arrays(100)
    source.charge_array("a", 7, 8)
    source.charge_array("a", 7, 8)
    with pytest.raises(ModelFileError, match="in 'b': it is also 'a', but an array must have one name"):
        source.charge_array("b", 7, 8)
