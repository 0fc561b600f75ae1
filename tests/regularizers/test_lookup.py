import pytest

from minikeras import ops, regularizers
from minikeras.errors import ArgumentTypeError, LegacyWarning, NotSupportedError, UnknownNameError
from minikeras.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer

NAMES = {
    "L1": L1,
    "l1": L1,
    "L2": L2,
    "l2": L2,
    "L1L2": L1L2,
    "l1l2": L1L2,
    "OrthogonalRegularizer": OrthogonalRegularizer,
    "orthogonal_regularizer": OrthogonalRegularizer,
    "Regularizer": Regularizer,
    "regularizer": Regularizer,
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    assert type(regularizers.get(name)) is NAMES[name]


def test_the_name_in_keras_2():
    with pytest.warns(LegacyWarning, match=r"'l1_l2'.*L1L2\(l1=0.01, l2=0.01\)") as caught:
        assert regularizers.get("l1_l2").get_config() == {"l1": 0.01, "l2": 0.01}
    assert caught[0].filename == __file__


def test_objects_classes_and_functions():
    l2 = L2(0.5)
    assert regularizers.get(l2) is l2
    assert type(regularizers.get(L2)) is L2
    assert regularizers.get(None) is None
    assert regularizers.get(ops.sum) is ops.sum


@pytest.mark.parametrize("regularizer", [L1(0.5), L2(0.5), L1L2(0.5, 0.25), OrthogonalRegularizer(0.5, "columns")])
def test_configs(regularizer):
    config = regularizers.serialize(regularizer)
    assert config == {
        "module": "keras.regularizers",
        "class_name": type(regularizer).__name__,
        "config": regularizer.get_config(),
        "registered_name": None,
    }
    for copy in (regularizers.deserialize(config), regularizers.get(config)):
        assert type(copy) is type(regularizer) and copy.get_config() == regularizer.get_config()


def test_custom_objects():
    class Mine(L2):
        pass

    config = {"class_name": "Mine", "config": {"l2": 0.5}}
    assert regularizers.deserialize(config, {"Mine": Mine}).l2 == 0.5
    with pytest.raises(UnknownNameError, match="'Mine'"):
        regularizers.deserialize(config)


def test_the_base_costs_nothing_and_has_no_config():
    assert Regularizer()([1.0]) == 0
    with pytest.raises(NotSupportedError, match=r"Regularizer does not define `get_config\(\)`"):
        regularizers.serialize(Regularizer())


def test_unknown_name():
    with pytest.raises(UnknownNameError, match="Unknown regularizer: 'l3'. Known: 'L1'"):
        regularizers.get("l3")


@pytest.mark.parametrize("identifier", [3, ["l1"], 0.01])
def test_something_else(identifier):
    with pytest.raises(ArgumentTypeError, match="regularizer"):
        regularizers.get(identifier)
