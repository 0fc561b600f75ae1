from minikeras import data
from minikeras.dropin.tensorflow import specs


def test_they_are_those_of_datasets():
    assert specs.TensorSpec is data.TensorSpec and issubclass(specs.TensorSpec, specs.TypeSpec)
