import copy
import json
import pickle

import pytest

from minikeras.errors import StateError
from minikeras.utils import Config


def test_values_are_attributes_and_items():
    config = Config(b=2, a=1)
    config.c = 3
    config["d"] = 4
    assert (config.a, config["c"], config.d, config.get("e", 5), config.get("e")) == (1, 3, 4, 5, None)
    assert list(config) == ["a", "b", "c", "d"] and list(config.keys()) == ["b", "a", "c", "d"] and len(config) == 4
    assert list(config.values()) == [2, 1, 3, 4] and dict(config.items()) == config.as_dict() and "a" in config
    assert json.loads(config.to_json()) == config.as_dict() and repr(Config(a=1)) == "<Config {'a': 1}>"
    del config["a"]
    assert config.pop("b") == 2 and config.pop("b", None) is None and "a" not in config
    config.update({"x": 1}, y=2)
    assert config.as_dict() == {"c": 3, "d": 4, "x": 1, "y": 2}


def test_a_copy_is_independent():
    config = Config(a=[1])
    config.as_dict()["b"] = 2
    assert "b" not in config
    for other in (copy.deepcopy(config), pickle.loads(pickle.dumps(config))):
        other.a.append(2)
        other.c = 3
        assert config.as_dict() == {"a": [1]} and other.as_dict() == {"a": [1, 2], "c": 3}


def test_unknown_names():
    config = Config(learning_rate=1)
    with pytest.raises(AttributeError, match=r"no value 'learning_rat'. Did you mean 'learning_rate'\?"):
        _ = config.learning_rat
    with pytest.raises(KeyError):
        _ = config["x"]
    assert not hasattr(config, "x")


def test_a_frozen_config_keeps_its_values():
    config = Config(a=1)
    config.freeze()
    assert config.frozen
    changes = (
        lambda: setattr(config, "a", 2),
        lambda: config.__setitem__("a", 2),
        lambda: config.__delitem__("a"),
        lambda: config.pop("a"),
        lambda: config.update(a=2),
    )
    for change in changes:
        with pytest.raises(StateError, match="frozen"):
            change()
    assert config.as_dict() == {"a": 1}
    config.unfreeze()
    config.a = 2
    assert config.a == 2 and not config.frozen
    with pytest.raises(AttributeError):
        config.frozen = True
