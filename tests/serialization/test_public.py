"""Which classes and functions of minikeras configs may name."""

import subprocess
import sys

import pytest

from minikeras import Model, constraints, initializers, layers, lazy, losses, metrics, optimizers
from minikeras.serialization import public


@pytest.mark.parametrize(
    ("namespace", "name", "found"),
    [
        ("keras", "Layer", layers.Layer),
        ("keras", "Model", Model),
        ("keras.models.functional", "Functional", Model),
        ("keras.layers", "Dense", layers.Dense),
        ("keras.constraints", "non_neg", constraints.NonNeg),
        ("keras.initializers", "glorot_uniform", initializers.GlorotUniform),
        ("keras.losses", "hinge", losses.hinge),
        ("keras.metrics", "binary_accuracy", metrics.binary_accuracy),
        ("keras.optimizers.schedules", "CosineDecay", optimizers.schedules.CosineDecay),
    ],
)
def test_what_is_found(namespace, name, found):
    assert public.find(namespace, name) is found
    assert name in public.names(namespace)


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        ("keras", "layers"),  # a module
        ("keras", "name_scope"),  # a class without `from_config`
        ("keras", "__version__"),
        ("keras.layers", "Input"),  # a function
        ("keras.layers", "base"),  # a file
        ("keras.losses", "get"),
        ("keras.losses", "MSE"),  # of Keras 2; it would warn
        ("keras.models.functional", "Model"),
        ("keras.models.functional", "Sequential"),
        ("keras.utils", "Progbar"),  # of a namespace that has nothing for configs
        ("os", "system"),
    ],
)
def test_what_is_not_found(namespace, name):
    assert public.find(namespace, name) is None
    assert namespace not in public.NAMESPACES or name not in public.names(namespace)


def test_classes_are_at_home_in_the_first_namespace():
    assert public.home(layers.Layer) == "keras" and public.home(layers.Dense) == "keras.layers"
    assert public.home(losses.MeanSquaredError) == "keras.losses"
    assert public.home(metrics.MeanSquaredError) == "keras.metrics"
    assert public.home(initializers.Identity) == "keras.initializers"
    assert public.home(layers.Identity) == "keras.layers"

    class Dense(layers.Dense):
        pass

    assert public.home(Dense) is None and public.home(dict) is None


def test_paths_for_lookups():
    classes, functions = public.class_paths("losses", left_out=["Loss"]), public.function_paths("losses")
    assert "losses.CTC" in classes and "losses.Loss" not in classes and "losses.ctc" not in classes
    assert "losses.ctc" in functions and not {"losses.get", "losses.serialize", "losses.CTC"} & set(functions)
    assert len(classes) + len(functions) == len(losses.__all__) - 4
    for path in (*classes, *functions):
        namespace, _, name = path.rpartition(".")
        assert getattr(lazy.namespace(namespace), name).__name__ == name


def test_nothing_is_imported_to_list_paths():
    code = """
import sys
from minikeras.serialization import public
public.class_paths("layers"), public.function_paths("losses")
print(*[each for each in sys.modules if each.startswith(("minikeras.layers.", "minikeras.losses."))])
public.find("keras.layers", "Dense")
print("minikeras.layers.core.dense" in sys.modules, "minikeras.layers.core.embedding" in sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == ["", "True False"]
