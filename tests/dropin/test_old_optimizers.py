import pytest

from minikeras import optimizers
from minikeras.errors import LegacyWarning


@pytest.mark.parametrize("name", ["Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD"])
def test_names_in_lower_case(installed, name):
    keras = installed("keras")
    with pytest.warns(LegacyWarning, match=f"`optimizers.{name.lower()}` .* `optimizers.{name}`"):
        assert getattr(keras.optimizers, name.lower()) is getattr(optimizers, name)


def test_others_are_not_there(installed):
    keras = installed("keras")
    assert not hasattr(keras.optimizers, "adamw") and not hasattr(keras.optimizers, "momentum")
