import pytest

from minikeras import constraints, ops
from minikeras.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from minikeras.errors import ArgumentTypeError, LegacyWarning, UnknownNameError

NAMES = {
    "Constraint": Constraint,
    "constraint": Constraint,
    "MaxNorm": MaxNorm,
    "max_norm": MaxNorm,
    "MinMaxNorm": MinMaxNorm,
    "min_max_norm": MinMaxNorm,
    "NonNeg": NonNeg,
    "non_neg": NonNeg,
    "UnitNorm": UnitNorm,
    "unit_norm": UnitNorm,
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    assert type(constraints.get(name)) is NAMES[name]


@pytest.mark.parametrize(("old", "new"), [("maxnorm", "max_norm"), ("nonneg", "non_neg"), ("unitnorm", "unit_norm")])
def test_names_in_keras_2(old, new):
    with pytest.warns(LegacyWarning, match=f"{old!r}.*{new!r}") as caught:
        assert type(constraints.get(old)) is NAMES[new]
    assert caught[0].filename == __file__


def test_objects_classes_and_functions():
    constraint = MaxNorm(3)
    assert constraints.get(constraint) is constraint
    assert type(constraints.get(NonNeg)) is NonNeg
    assert constraints.get(None) is None
    assert constraints.get(ops.relu) is ops.relu


@pytest.mark.parametrize("constraint", [MaxNorm(3, 1), MinMaxNorm(1, 2, 0.5), NonNeg(), UnitNorm([0, 1]), Constraint()])
def test_configs(constraint):
    config = constraints.serialize(constraint)
    assert config == {
        "module": "keras.constraints",
        "class_name": type(constraint).__name__,
        "config": constraint.get_config(),
        "registered_name": None,
    }
    for copy in (constraints.deserialize(config), constraints.get(config)):
        assert type(copy) is type(constraint) and copy.get_config() == constraint.get_config()


def test_custom_objects():
    class Mine(MaxNorm):
        pass

    config = {"class_name": "Mine", "config": {"max_value": 3}}
    assert constraints.deserialize(config, {"Mine": Mine}).max_value == 3
    with pytest.raises(UnknownNameError, match="'Mine'"):
        constraints.deserialize(config)


def test_the_base_changes_nothing():
    assert Constraint()([1.0]) == [1.0]


def test_unknown_name():
    with pytest.raises(UnknownNameError, match="Unknown constraint: 'max_nrm'. Did you mean 'max_norm'"):
        constraints.get("max_nrm")


@pytest.mark.parametrize("identifier", [3, ["max_norm"], 2.0])
def test_something_else(identifier):
    with pytest.raises(ArgumentTypeError, match="constraint"):
        constraints.get(identifier)
