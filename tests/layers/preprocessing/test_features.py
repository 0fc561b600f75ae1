import numpy as np
import pytest

from minikeras.errors import ArgumentError, UnknownNameError
from minikeras.layers import Rescaling
from minikeras.layers.preprocessing.features import Cross, Feature, TFDIdentity
from minikeras.serialization.configs import deserialize_keras_object, serialize_keras_object


def test_features_have_configs():
    config = serialize_keras_object(Feature("float32", Rescaling(2.0, name="r"), "float"))
    assert config["module"] == "keras.src.layers.preprocessing.feature_space" and config["registered_name"] == "Feature"
    made = deserialize_keras_object(config)
    assert (made.dtype, made.output_mode, made.preprocessor.scale) == ("float32", "float", 2.0)
    with pytest.raises(UnknownNameError, match="output_mode of a feature"):
        Feature("float32", Rescaling(2.0), "text")


def test_crosses():
    cross = Cross(["a", "b"], 3)
    assert cross.name == "a_X_b" and cross.output_mode == "one_hot" and cross.feature_names == ("a", "b")
    made = deserialize_keras_object(serialize_keras_object(cross))
    assert made.get_config() == cross.get_config()
    with pytest.raises(UnknownNameError, match="output_mode of a cross"):
        Cross(["a", "b"], 3, "float")
    with pytest.raises(ArgumentError, match="at least two"):
        Cross(["a"], 3)
    with pytest.raises(ArgumentError, match="crossing_dim"):
        Cross(["a", "b"], 0)


def test_numbers_are_passed_on():
    found = TFDIdentity()(np.array([[1], [2]]))
    assert found.dtype == np.float32 and found.tolist() == [[1], [2]]
