import numpy as np
import pytest

from minikeras import KerasTensor
from minikeras.distribution import DeviceMesh, LayoutMap, TensorLayout, distribute_tensor
from minikeras.errors import ArgumentError, NotSupportedError


def test_layouts_by_path():
    mesh = DeviceMesh((1,), ["batch"])
    layouts = LayoutMap(mesh)
    layouts[".*dense.*kernel"] = (None, "batch")
    layouts["dense/bias"] = own = TensorLayout([None])
    assert layouts["dense_1/kernel"].axes == (None, "batch") and layouts["dense_1/kernel"].device_mesh is mesh
    assert layouts["dense/bias"] is own and own.device_mesh is mesh
    assert layouts["conv/kernel"] is None and layouts.device_mesh is mesh
    assert list(layouts) == [".*dense.*kernel", "dense/bias"] and len(layouts) == 2
    del layouts["dense/bias"]
    assert layouts["dense/bias"] is None
    with pytest.raises(KeyError):
        del layouts["dense/bias"]


def test_what_is_refused():
    layouts = LayoutMap(DeviceMesh((1,), ["batch"]))
    layouts["a.*"] = (None,)
    with pytest.raises(ArgumentError, match=r"the key 'a.\*' exists already"):
        layouts["a.*"] = (None,)
    with pytest.raises(ArgumentError, match="expected a TensorLayout, or a tuple of axes. Received: 3"):
        layouts["b"] = 3
    layouts[".*b"] = (None,)
    with pytest.raises(ArgumentError, match=r"one key to match the path 'ab'. Received: \['a.\*', '.\*b'\]"):
        _ = layouts["ab"]
    with pytest.raises(ArgumentError, match="expected axes among"):
        layouts["c"] = ("model",)
    assert "c" not in list(layouts)


def test_tensors_are_not_divided():
    whole, symbol = np.float32([1, 2]), KerasTensor((2,))
    assert distribute_tensor(whole, TensorLayout([None])).tolist() == [1, 2]
    assert distribute_tensor(whole, TensorLayout(["batch"], DeviceMesh((1,), ["batch"]))).tolist() == [1, 2]
    assert distribute_tensor(symbol, TensorLayout([None])) is symbol
    two = DeviceMesh((2,), ["batch"], ["cpu:0", "cpu:1"])
    for layout in (TensorLayout(["batch"], two), TensorLayout(["batch"])):
        with pytest.raises(NotSupportedError, match="a layout with None for each axis"):
            distribute_tensor(whole, layout)
    with pytest.raises(ArgumentError, match="expected a TensorLayout"):
        distribute_tensor(whole, [None])
