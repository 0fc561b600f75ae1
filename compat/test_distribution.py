"""The names of `distribution` have the parameters and members of Keras's, and refuse what Keras refuses."""

import inspect
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import pytest

import minikeras

NAMES = minikeras.distribution.__all__
CLASSES = [name for name in NAMES if inspect.isclass(getattr(minikeras.distribution, name))]


def parameters(function):
    return [(each.name, each.kind, each.default) for each in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", NAMES)
def test_parameters(name):
    assert parameters(getattr(minikeras.distribution, name)) == parameters(getattr(keras.distribution, name))


def public_members(cls):
    members = {name: inspect.getattr_static(cls, name) for name in dir(cls) if not name.startswith("_")}
    return {
        name: isinstance(value, property) or [each[0] for each in parameters(value)] for name, value in members.items()
    }


@pytest.mark.parametrize("name", CLASSES)
def test_members(name):
    own, others = (public_members(getattr(each.distribution, name)) for each in (minikeras, keras))
    inherited = set(dir(dict)) | {"pop", "update"} if name == "LayoutMap" else set()  # of the abstract mapping
    assert {key: own.get(key) for key in others if key not in inherited} == {
        key: value for key, value in others.items() if key not in inherited
    }


def mesh(library, **options):
    return library.distribution.DeviceMesh(**{"shape": (2,), "axis_names": ["batch"], "devices": ["a", "b"], **options})


def layouts(library, *pairs):
    made = library.distribution.LayoutMap(mesh(library))
    for key, value in pairs:
        made[key] = value
    return made


REFUSED = {
    "no shape": lambda k: mesh(k, shape=()),
    "other names than axes": lambda k: mesh(k, axis_names=["a", "b"]),
    "other devices than the shape says": lambda k: mesh(k, shape=(3,)),
    "an unknown axis": lambda k: k.distribution.TensorLayout(["model"], mesh(k)),
    "another mesh": lambda k: setattr(k.distribution.TensorLayout([None], mesh(k)), "device_mesh", mesh(k)),
    "a key again": lambda k: layouts(k, ("a", (None,)), ("a", (None,))),
    "no layout": lambda k: layouts(k, ("a", 3)),
    "two keys that match": lambda k: layouts(k, ("a.*", (None,)), (".*b", (None,)))["ab"],
    "a key that is not there": lambda k: layouts(k).__delitem__("a"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case):
    with pytest.raises((ValueError, KeyError)) as expected:
        REFUSED[case](keras)
    with pytest.raises(expected.type):
        REFUSED[case](minikeras)


SHOWN = [
    lambda k: repr(mesh(k)),
    lambda k: str(k.distribution.TensorLayout(["batch", None], mesh(k))),
    lambda k: mesh(k).devices.tolist(),
    lambda k: [layouts(k, (".*kernel", (None, "batch")))[key] is None for key in ("a/kernel", "a/bias")],
    lambda k: layouts(k, (".*kernel", (None, "batch")))["a/kernel"].axes,
    lambda k: list(layouts(k, ("b", (None,)), ("a", (None,)))),
    lambda k: k.distribution.distribution(),
]


@pytest.mark.parametrize("case", range(len(SHOWN)))
def test_what_is_the_same(case):
    assert SHOWN[case](minikeras) == SHOWN[case](keras)
