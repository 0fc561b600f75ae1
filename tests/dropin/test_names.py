"""The list of the public names of Keras. compat/ compares it with Keras."""

from minikeras.dropin.names import public_names


def test_namespaces():
    names = public_names()
    assert {"", "layers", "optimizers.schedules", "applications.vgg16"} <= set(names)
    assert {"Dense", "Conv2D", "LSTM"} <= names["layers"] and {"Model", "Sequential"} <= names[""]
    assert "CosineDecay" in names["optimizers.schedules"] and "MSE" not in names["layers"]
    assert not any("#" in name or "[" in name for found in names.values() for name in found)


def test_it_is_read_once():
    assert public_names() is public_names()
