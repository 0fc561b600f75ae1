from minikeras import Sequential
from minikeras.crosschecking.reference import without_chance
from minikeras.layers import Dense, Dropout, Input
from minikeras.serialization.configs import serialize_keras_object


def test_random_layers_are_switched_off():
    inner = Sequential([Input((2,)), Dropout(0.5, name="inside"), Dense(1)])
    model = Sequential([Input((2,)), Dropout(0.25, name="outside"), Dropout(0.0, name="idle"), inner])
    config, names = without_chance(serialize_keras_object(model))
    assert names == ["outside", "inside"]
    copy = Sequential.from_config(config["config"])
    assert [layer.rate for layer in copy.layers[:2]] == [0, 0] and copy.layers[2].layers[0].rate == 0
    assert model.layers[0].rate == 0.25  # the model itself is as it was
