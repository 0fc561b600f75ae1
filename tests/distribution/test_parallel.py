import pytest

from minikeras import Variable
from minikeras.distribution import DataParallel, DeviceMesh, LayoutMap, ModelParallel
from minikeras.errors import ArgumentError, NotSupportedError


def test_data_parallel():
    parallel = DataParallel()
    assert parallel.device_mesh.devices.tolist() == ["cpu:0"] and parallel.batch_dim_name == "batch"
    assert parallel.num_model_replicas == 1
    assert parallel.get_data_layout((8, 3)).axes == ("batch", None)
    assert parallel.get_variable_layout(Variable([[1.0]])).axes == (None, None)
    assert parallel.get_tensor_layout("a/b") is None
    assert repr(parallel) == "<DataParallel device_mesh=<DeviceMesh shape=(1,), axis_names=['batch']>>"
    mesh = DeviceMesh((1,), ["rows"])
    assert DataParallel(mesh).device_mesh is mesh and DataParallel(mesh).batch_dim_name == "rows"
    assert DataParallel(devices=["cpu:0"]).device_mesh.shape == (1,)


def test_what_is_refused():
    mesh = DeviceMesh((1,), ["batch"])
    with pytest.raises(ArgumentError, match="Received: both"):
        DataParallel(mesh, ["cpu:0"])
    with pytest.raises(ArgumentError, match="expected a DeviceMesh. Received: device_mesh='cpu:0'"):
        DataParallel("cpu:0")
    with pytest.raises(ArgumentError, match="one device for each of the 1 processes. Received: .*mpirun -n 4"):
        DataParallel(devices=["cpu:0", "cpu:1"])


def test_models_are_not_divided():
    layouts = LayoutMap(DeviceMesh((1,), ["batch"]))
    with pytest.raises(NotSupportedError, match="Use DataParallel"):
        ModelParallel(layout_map=layouts, batch_dim_name="batch")
