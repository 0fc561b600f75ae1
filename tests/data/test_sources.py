from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from minikeras.data import TensorSpec
from minikeras.data.sources import Iterated, Selected, Slices, Source, as_array, as_arrays, generated, stack
from minikeras.errors import ArgumentTypeError, DataError


class Pair(NamedTuple):
    x: object
    y: object


def test_slices_are_gathered_at_once():
    source = Slices({"x": np.arange(6).reshape(3, 2), "y": np.arange(3)})
    assert source.size == 3 and list(source.items()) == [0, 1, 2]
    assert source.stacked([2, 0])["x"].tolist() == [[4, 5], [0, 1]] and source.element(1)["y"] == 1
    assert source.spec() == {"x": TensorSpec((2,), "int64"), "y": TensorSpec((), "int64")}
    turned = Selected(source, lambda: iter([2, 1]), 2)
    assert [element["y"] for element in turned.elements()] == [2, 1] and turned.spec() == source.spec()
    assert turned.stacked([2])["y"].tolist() == [2]


def test_specs_are_found_once():
    calls = []
    source = Iterated(lambda: calls.append(1) or iter([np.zeros(2), np.zeros(2)]))
    assert source.spec() is source.spec() and source.spec() == TensorSpec((2,), "float64") and calls == [1]
    assert Iterated(lambda: iter([]), spec=lambda: TensorSpec(())).spec() == TensorSpec(())
    with pytest.raises(NotImplementedError):
        Source().items()


def test_what_becomes_an_array():
    found = as_arrays({"a": ([1, 2], 1.5), "b": Pair("text", [["x", "yz"]]), "c": True})
    assert [found["a"][0].dtype, found["a"][1].dtype, found["c"].dtype] == ["int32", "float32", "bool"]
    assert isinstance(found["b"], Pair) and found["b"].x == "text" and found["b"].y.shape == (1, 2)
    values = np.arange(3.0)
    assert as_array(values) is values and as_array(b"ab").dtype.kind == "S"


def test_frames_keep_their_dtypes():
    """As in `tf.data`; columns of strings have dtypes of their own in pandas."""
    frame = pd.DataFrame({"number": [1, 2], "half": [0.5, 1.5], "name": ["x", "yz"], "is_old": [True, False]})
    frame["kind"] = pd.Categorical(["u", "v"])
    frame["object"] = frame["name"].astype(object)
    found = as_arrays({name: frame[name] for name in frame})
    assert [found[name].dtype for name in ("number", "half", "is_old")] == ["int64", "float64", "bool"]
    for name, texts in {"name": ["x", "yz"], "kind": ["u", "v"], "object": ["x", "yz"]}.items():
        assert found[name].tolist() == texts
    assert as_array(frame[["number"]]).dtype == "int64" and as_array(frame[["half"]]).dtype == "float64"
    assert as_array(frame[["name"]]).tolist() == [["x"], ["yz"]]
    for missing in (pd.Series(["x", None, "y"]), ["x", None, "y"], np.array(["x", None], object)):
        with pytest.raises(ArgumentTypeError, match=r"Received: (nan|None) at \[1\].*`frame.fillna"):
            as_array(missing)


def test_lists_of_arrays():
    """They keep their dtype, as in `tf.data`; numbers of Python have none."""
    assert as_array([np.arange(2), np.arange(2)]).dtype == "int64"
    assert as_array([[np.array(1.0)], [np.array(2.0)]]).dtype == "float64"
    assert as_array([1, np.int64(2)]).dtype == "int32" and as_array([1.5, 2]).dtype == "float32"
    with pytest.raises(DataError, match="rows of one shape"):
        as_array([[1], [1, 2]])


def test_texts_of_any_length():
    """One long text must not make all others as long: their array holds objects, until a batch is made."""
    for texts in (["x" * 10_000] + 1000 * ["y"], np.array([b"x" * 10_000, "y"], object)):
        source = Slices(as_array(texts))
        assert source._arrays.nbytes < 10_000
        assert source.spec() == TensorSpec((), "string")
        element = source.element(1)
        assert element == "y" and element.shape == () and element.dtype.kind == "U"
    assert source.stacked([1, 1]).tolist() == ["y", "y"] and source.stacked([1, 1]).dtype.kind == "U"
    names = Slices(as_arrays({"name": np.array([["a"], ["bc"]], object)}))
    assert names.spec() == {"name": TensorSpec((1,), "string")}
    assert names.stacked([1, 0])["name"].tolist() == [["bc"], ["a"]]
    assert Slices(as_array(np.array([], object))).spec() == TensorSpec((), "string")


def test_stacks():
    assert stack([{"x": np.arange(2)}, {"x": np.arange(2)}])["x"].shape == (2, 2)
    with pytest.raises(DataError, match="component 1 of element 0 has shape"):
        stack([(1, np.zeros(1)), (1, np.zeros(2))])


def test_what_generators_yield():
    assert list(generated(lambda: iter([[1, 2.5]]), ("int32", "float32"), [(), ()])) == [(1, 2.5)]
    assert next(generated(lambda: iter([(1, "a")]), ("float64", "string"), None))[0].dtype == "float64"
    with pytest.raises(DataError, match="element 1 has 2 components, but the signature has 1"):
        list(generated(lambda: iter([1, (1, 2)]), "int32", None))
    with pytest.raises(DataError, match=r"element 1: the generator yielded shapes \[\(2,\)\]"):
        list(generated(lambda: iter([[1], [1, 2]]), "int32", [(1,)]))
