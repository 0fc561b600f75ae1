"""Namespaces whose parts are imported on first use."""

import importlib
import inspect
import pathlib
import pickle
import subprocess
import sys
from types import ModuleType

import pytest

import minikeras
from minikeras import lazy

ROOT = pathlib.Path(__file__).parent.parent
# It stays as it is however many names the tables have.
MODULES_OF_THE_IMPORT = {"minikeras", "minikeras.lazy", "minikeras.tracebacks"}


def run(code):
    """Runs code in a fresh process and returns the lines that it prints."""
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return result.stdout.splitlines()


def loaded_by(code):
    """The modules of minikeras that are loaded after some code."""
    return set(run(f"{code}\nimport sys\nfor each in sys.modules:\n    if each.startswith('minikeras'): print(each)"))


def test_the_import_of_minikeras_imports_none_of_its_packages():
    assert loaded_by("import minikeras") == MODULES_OF_THE_IMPORT


def test_a_namespace_alone_imports_nothing():
    assert loaded_by("from minikeras import layers, losses, ops") == MODULES_OF_THE_IMPORT | {
        "minikeras.layers",
        "minikeras.losses",
        "minikeras.ops",
    }


def test_a_layer_imports_what_it_needs():
    loaded = loaded_by("from minikeras import layers\nlayers.Dense")
    files = {each for each in loaded if each.startswith("minikeras.layers.") and each.count(".") > 2}
    quantization = [f"quantization.{name}" for name in ("base", "calibrated", "float8", "kernel")]
    assert files == {f"minikeras.layers.core.{name}" for name in ("dense", "lora", "quantization", *quantization)}
    assert not {"gptq", "quantization_config"} & {each.rpartition(".")[2] for each in loaded}
    assert {"minikeras.ops", "minikeras.ops.products"} & loaded == {"minikeras.ops"}  # ops come when they are called
    for package in ("callbacks", "compiler", "models", "optimizers", "saving", "training", "utils"):
        assert f"minikeras.{package}" not in loaded, package


def test_a_model_imports_the_optimizer_that_it_is_compiled_with():
    loaded = loaded_by(
        "import minikeras\n"
        "model = minikeras.Sequential([minikeras.Input((4,)), minikeras.layers.Dense(1, 'relu')])\n"
        "model.compile('sgd', 'mse', metrics=['mae'])"
    )
    assert "minikeras.optimizers.sgd" in loaded and "minikeras.optimizers.adagrad" not in loaded
    assert "minikeras.layers.core.embedding" not in loaded
    assert "minikeras.metrics.iou" not in loaded


NAMESPACES = sorted(
    {name for name in minikeras.__all__ if hasattr(getattr(minikeras, name), "__path__")} - {"from_scratch"}
) + ["optimizers.schedules", "preprocessing.image"]


@pytest.mark.parametrize("path", ["", *NAMESPACES])
def test_names_are_there_listed_and_kept(path):
    namespace = lazy.namespace(path)
    assert set(namespace.__all__) <= set(dir(namespace))
    for name in namespace.__all__:
        value = getattr(namespace, name)
        assert vars(namespace)[name] is value  # the second time without `__getattr__`
        # `data.AUTOTUNE` is a number.
        assert inspect.isclass(value) or callable(value) or isinstance(value, (ModuleType, int)), name


@pytest.mark.parametrize("path", NAMESPACES)
def test_star_imports(path):
    names = {}
    exec(f"from minikeras.{path} import *", names)
    assert set(names) - {"__builtins__"} == set(lazy.namespace(path).__all__)


def test_completion_shows_public_names_only():
    assert [name for name in dir(minikeras.layers) if not name.startswith("__")] == minikeras.layers.__all__


def test_a_name_that_is_not_there():
    minikeras.config.enable_traceback_filtering()
    assert not hasattr(minikeras.layers, "Dence")
    with pytest.raises(AttributeError, match="module 'minikeras.layers' has no attribute 'Dence'") as caught:
        minikeras.layers.Dence  # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("Dence", minikeras.layers)  # from which Python guesses "Dense"
    assert [entry.name for entry in caught.traceback] == ["test_a_name_that_is_not_there"]
    with pytest.raises(ImportError, match="cannot import name 'Dence'"):
        from minikeras.layers import Dence  # noqa: F401


def test_names_of_python_are_not_looked_for_among_those_of_old_keras():
    assert loaded_by("from minikeras import losses\nhasattr(losses, '__wrapped__')") == MODULES_OF_THE_IMPORT | {
        "minikeras.losses"
    }


def test_usual_ways_to_import():
    import minikeras as keras
    from minikeras.layers import Dense
    from minikeras.layers.core import dense

    assert keras.layers.Dense is Dense is dense.Dense is minikeras.layers.Dense
    assert pickle.loads(pickle.dumps(Dense)) is Dense
    assert inspect.getsourcefile(Dense).endswith("dense.py")
    assert minikeras.optimizers.schedules.ExponentialDecay.__name__ == "ExponentialDecay"


@pytest.mark.parametrize(
    ("first", "public"),
    [
        ("minikeras.layers.activations.relu", "minikeras.activations.relu"),
        ("minikeras.layers.merging.add", "minikeras.layers.add"),
        ("minikeras.ops.slicing", "minikeras.ops.slice"),
        ("minikeras.constraints.non_negative", "minikeras.constraints.non_neg"),
        ("minikeras.random.values", "minikeras.random.shuffle"),
    ],
)
def test_a_file_that_was_imported_before_does_not_stand_in_for_a_public_name(first, public):
    assert run(f"import {first}\nimport minikeras\nprint(callable({public}))") == ["True"]
    assert run(f"import minikeras\n{public}\nimport {first}\nprint(callable({public}))") == ["True"]


def test_second_names():
    assert minikeras.constraints.max_norm is minikeras.constraints.MaxNorm
    assert minikeras.utils.Sequence is minikeras.utils.PyDataset


def test_reload():
    dense = minikeras.layers.Dense
    for module in (minikeras.layers, minikeras):
        assert importlib.reload(module) is module
    assert minikeras.layers.Dense is dense


def test_threads_that_import_at_once():
    code = """
import sys, threading
import minikeras

sys.setswitchinterval(1e-5)
start, errors = threading.Barrier(12), []

def use(number):
    names = ("layers", "Sequential", "ops", "losses", "optimizers", "metrics")
    try:
        start.wait()
        for each in names[number % 6 :] + names[: number % 6]:
            value = getattr(minikeras, each)
            for name in getattr(value, "__all__", [])[:: 1 if number % 2 else -1]:
                getattr(value, name)
    except BaseException as error:
        errors.append(error)

threads = [threading.Thread(target=use, args=(number,)) for number in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(errors)
"""
    assert run(code) == ["[]"]


def test_an_operator_imports_its_op():
    lines = run(
        "import sys, minikeras\n"
        "value = minikeras.Variable([1.0, 2.0])\n"
        "print('minikeras.ops.products' in sys.modules)\n"
        "print(value + 1, value @ value)\n"
        "print('minikeras.ops.products' in sys.modules)"
    )
    assert lines == ["False", "[2. 3.] 5.0", "True"]


def test_configs_import_the_class_that_they_name():
    config = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": None}
    lines = run(
        "import sys\n"
        "from minikeras.saving import deserialize_keras_object\n"
        "print('minikeras.layers' in sys.modules)\n"
        f"print(deserialize_keras_object({config!r}).units)"
    )
    assert lines == ["False", "3"]


def test_a_policy_is_found_without_its_package():
    assert run("from minikeras import config\nprint(config.dtype_policy())") == ['<DTypePolicy "float32">']


def test_a_variable_finds_its_initializer():
    assert run("import minikeras\nprint(minikeras.Variable('ones', shape=(2,)).numpy())") == ["[1. 1.]"]


@pytest.fixture
def package(monkeypatch):
    """A namespace of this test, with modules of its own."""
    namespace = ModuleType("namespace_of_this_test")
    namespace.__path__ = []
    part = ModuleType("namespace_of_this_test.part")
    part.thing, part.attribute = object(), "legacy {}".format
    monkeypatch.setitem(sys.modules, namespace.__name__, namespace)
    monkeypatch.setitem(sys.modules, part.__name__, part)
    return namespace, part


def test_sources_in_a_table(package):
    namespace, part = package
    table = {"thing": ".part", "part": ".", "second": ".part:thing", "absent": ".part:nothing"}
    getattribute, directory, names = lazy.attach(namespace.__name__, table)
    assert names == ["absent", "part", "second", "thing"]
    assert (getattribute("thing"), getattribute("part"), getattribute("second")) == (part.thing, part, part.thing)
    assert namespace.second is part.thing
    assert set(directory()) >= {*names, "__name__"}
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        getattribute("absent")
    with pytest.raises(AttributeError, match="'namespace_of_this_test' has no attribute 'other'"):
        getattribute("other")


def test_names_of_old_keras(package):
    namespace, _ = package
    getattribute, _, names = lazy.attach(namespace.__name__, {"thing": ".part"}, legacy=".part")
    assert getattribute("old") == "legacy old" and names == ["thing"]
    assert "old" not in vars(namespace)  # so that each use of it warns
    with pytest.raises(AttributeError):
        getattribute("_old")
