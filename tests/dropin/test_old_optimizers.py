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


OTHERS = {
    "initializers": {"normal": "RandomNormal", "uniform": "RandomUniform", "one": "Ones", "zero": "Zeros"},
    "initializations": {"uniform": "RandomUniform"},
    "regularizers": {"l1l2": "L1L2", "activity_l1": "L1", "activity_l2": "L2", "WeightRegularizer": "L1L2"},
    "callbacks.experimental": {"BackupAndRestore": "BackupAndRestore"},
}


@pytest.mark.parametrize(("path", "old", "today"), [(p, o, t) for p, names in OTHERS.items() for o, t in names.items()])
def test_other_names(installed, path, old, today):
    with pytest.warns(LegacyWarning):
        found = getattr(installed(f"keras.{path}"), old)
    made = found("folder") if old == "BackupAndRestore" else found()
    assert type(made).__name__ == today


def test_penalties_of_keras_1(installed):
    keras = installed("keras")
    with pytest.warns(LegacyWarning):
        both, one = keras.regularizers.l1l2(), keras.regularizers.l1l2(l2=0.5)
        none = keras.regularizers.WeightRegularizer(l2=0.5)
    assert (both.l1, both.l2, one.l1, one.l2, none.l1) == (0.01, 0.01, 0.01, 0.5, 0)
