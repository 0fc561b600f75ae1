"""Which modules of minikeras stand for those of Keras and TensorFlow."""

import importlib

import pytest

from minikeras.dropin.routes import find_route


@pytest.mark.parametrize(
    ("name", "modules", "today"),
    [
        ("keras", ["dropin.keras", ""], []),
        ("keras.losses", ["losses"], []),
        ("keras.layers", ["layers", "dropin.old_layers"], []),
        ("tensorflow.keras.losses", ["losses"], []),
        ("tensorflow.python.keras.losses", ["losses"], []),
        ("tensorflow.compat.v1.keras.losses", ["losses"], []),
        ("tensorflow.losses", ["losses"], []),
        ("tf_keras.optimizers.schedules", ["optimizers.schedules"], []),
        ("keras.objectives", ["losses"], ["losses"]),
        ("keras.layers.core", ["layers", "dropin.old_layers"], ["layers"]),
        ("keras.engine.network", ["models", "utils"], ["models", "utils"]),
        ("keras.ops.numpy", ["ops"], []),
        ("keras.ops.image", ["ops.image"], []),
        ("keras.src.saving.saving_lib", ["dropin.saving_lib"], []),
        ("keras.wrappers.scikit_learn", ["wrappers.scikit_learn"], []),
        ("tensorflow.nest", ["dropin.tensorflow.nest"], []),
        ("tensorflow.compat.v1", ["dropin.tensorflow.compat.v1"], []),
        ("keras.distribution", ["distribution"], []),
        ("keras.applications.vgg16", ["applications.vgg16"], []),
        ("tensorflow.keras.applications.mobilenet_v2", ["applications.mobilenet_v2"], []),
        ("keras.applications.mobilenetv2", ["applications.mobilenet_v2"], ["applications.mobilenet_v2"]),
    ],
)
def test_routes(name, modules, today):
    route = find_route(name)
    assert route.name == name and list(route.today) == today
    assert list(route.modules) == [f"minikeras.{module}".rstrip(".") for module in modules]
    for module in route.modules:
        importlib.import_module(module)


@pytest.mark.parametrize(
    "name", ["keras.foo", "keras.layers.foo", "keras.src.layers", "tensorflow.lite", "tensorflow.python.foo"]
)
def test_what_nobody_has(name):
    assert find_route(name) is None


def test_public_names():
    assert "Dense" in find_route("keras.layers").public and find_route("tensorflow.nest").public == frozenset()
    assert find_route("keras.engine.network").public >= {"Model", "to_categorical"}


def test_full_names_of_todays_modules():
    assert find_route("keras.engine.network").today_names == ["keras.models", "keras.utils"]
    assert find_route("tensorflow.keras.engine").today_names == [
        "tensorflow.keras.layers",
        "tensorflow.keras.models",
        "tensorflow.keras",
    ]
