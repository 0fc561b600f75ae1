"""The namespace of Keras 2."""

import pytest

from minikeras import optimizers
from minikeras.errors import LegacyWarning, NotSupportedError
from minikeras.optimizers import legacy


@pytest.mark.parametrize("name", ["Adagrad", "Adam", "Ftrl", "RMSprop", "SGD"])
def test_old_names_give_the_optimizers_of_today(name):
    with pytest.warns(LegacyWarning, match=f"`optimizers.legacy.{name}` .* write `optimizers.{name}`"):
        optimizer = getattr(legacy, name)(0.25, name="mine")
    assert type(optimizer) is getattr(optimizers, name)
    assert (float(optimizer.learning_rate), optimizer.name) == (0.25, "mine")


def test_with_old_arguments():
    with pytest.warns(LegacyWarning) as caught:
        assert float(legacy.SGD(lr=0.5).learning_rate) == 0.5
    assert len(caught) == 2


def test_the_old_base_class():
    class Mine(legacy.Optimizer):
        pass

    with pytest.raises(NotSupportedError, match=r"Subclass `optimizers.Optimizer`"):
        Mine("mine")
