import numpy as np
import pytest

from minikeras.distribution import DeviceMesh, TensorLayout
from minikeras.errors import ArgumentError, NotSupportedError, StateError


def test_a_mesh():
    mesh = DeviceMesh((2,), ["batch"], ["cpu:0", "cpu:1"])
    assert mesh.shape == (2,) and mesh.axis_names == ["batch"] and mesh.devices.tolist() == ["cpu:0", "cpu:1"]
    assert repr(mesh) == str(mesh) == "<DeviceMesh shape=(2,), axis_names=['batch']>"
    assert DeviceMesh((1,), ["batch"]).devices.tolist() == ["cpu:0"]
    assert isinstance(mesh.devices, np.ndarray)


@pytest.mark.parametrize("arguments", [((), []), ((1,), []), ((1,), ["a", "b"]), ((2,), ["a"]), ((3,), ["a"], ["x"])])
def test_what_is_no_mesh(arguments):
    with pytest.raises(ArgumentError, match="DeviceMesh: "):
        DeviceMesh(*arguments)


def test_two_axes_are_refused():
    with pytest.raises(NotSupportedError, match=r"only divides batches. Expected one axis, such as shape=\(8,\)"):
        DeviceMesh((2, 4), ["batch", "model"])
    with pytest.raises(NotSupportedError, match="MPI has none"):
        _ = DeviceMesh((1,), ["batch"]).backend_mesh


def test_a_layout_gets_its_mesh_once():
    mesh, layout = DeviceMesh((1,), ["batch"]), TensorLayout(["batch", None])
    assert layout.axes == ("batch", None) and layout.device_mesh is None
    layout.device_mesh = mesh
    assert layout.device_mesh is mesh
    assert repr(layout) == f"<TensorLayout axes=('batch', None), device_mesh={mesh}>"
    with pytest.raises(StateError, match="the mesh cannot be replaced"):
        layout.device_mesh = mesh
    with pytest.raises(NotSupportedError, match="MPI has none"):
        _ = layout.backend_layout


def test_axes_must_be_those_of_the_mesh():
    with pytest.raises(ArgumentError, match=r"expected axes among \['batch'\], .* Received: \['model'\]"):
        TensorLayout(("model", None), DeviceMesh((1,), ["batch"]))
    layout = TensorLayout(("model", None))
    with pytest.raises(ArgumentError, match="expected axes among"):
        layout.device_mesh = DeviceMesh((1,), ["batch"])
    assert layout.device_mesh is None
