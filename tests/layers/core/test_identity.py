import numpy as np

from minikeras import layers
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(layers.Identity, (3, 4), (3, 4))


def test_nested_inputs_stay_as_they_are():
    inputs = {"a": layers.Input((2,)), "b": layers.Input((3,), dtype="int32")}
    outputs = layers.Identity()(inputs)
    assert outputs["a"].shape == (None, 2) and outputs["b"].dtype == "int32"
    x = np.array([[1.0, 2.0]], "float32")
    assert layers.Identity()([x, x])[1].tolist() == [[1, 2]]
