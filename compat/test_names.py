"""Coverage by namespace: all of Keras is walked, the counts are right, and nothing has a name that Keras has not."""

from types import ModuleType

import keras
import pytest

import minikeras
from compat import names

ALL = dict(names.namespaces(keras))
VOCABULARY = {
    *("activations", "constraints", "initializers", "losses", "metrics", "regularizers"),
    *("optimizers", "optimizers.legacy", "optimizers.schedules"),
}
OFFERED = [path for path in ALL if names.find(minikeras, path) is not None]


def module(path, **contents):
    made = ModuleType(path)
    for name, value in contents.items():
        setattr(made, name, value)
    return made


def test_every_public_namespace_of_keras_is_walked():
    assert len(ALL) == 66  # of 3.15.1
    assert {"", "activations", "applications.resnet", "ops.image", "optimizers.schedules", "utils.legacy"} <= set(ALL)
    assert not any("src" in path.split(".") for path in ALL)


def test_counts():
    reference = module("k", One=1, two=2, _private=3)
    reference.inner = module("k.inner", three=3, four=4, five=5)
    reference.src = module("k.src", hidden=1)
    reference.other = module("elsewhere", six=6)
    ours = module("m", One=1, two="not listed", __all__=["One", "extra", "inner", "room"], extra=1, __version__="0")
    ours.inner = module("m.inner", four=4, unlisted=0)
    ours.room = module("m.room")
    assert names.name_rows(reference, ours) == [
        ("keras", 1, 2, "two", "extra, room"),
        ("inner", 1, 3, "five, three", ""),
        ("in all", 2, 5, "3 names", "extra, room"),
    ]


def test_a_namespace_that_is_not_there():
    reference = module("k", **{f"name_{number}": number for number in range(9)})
    reference.inner = module("k.inner", one=1)
    rows = names.name_rows(reference, module("m", inner="not a module"))
    shown = ", ".join(f"name_{number}" for number in range(6))
    assert rows[0] == ("keras", 0, 9, f"{shown} and 3 more", "")
    assert rows[1] == ("inner", 0, 1, "one", "")


def test_the_rows_of_minikeras():
    rows = names.name_rows(keras)
    assert [row[0] for row in rows] == ["keras", *list(ALL)[1:], names.TOTAL]
    for path, offered, total, missing, _ in rows[:-1]:
        assert 0 <= offered <= total and (missing == "") == (offered == total), path
        assert total == len(names.public_names(ALL["" if path == "keras" else path]))
    assert rows[-1][1:3] == (sum(row[1] for row in rows[:-1]), sum(row[2] for row in rows[:-1]))
    complete = {row[0] for row in rows if row[1] == row[2] > 0}
    assert VOCABULARY | {"random"} <= complete


@pytest.mark.parametrize("path", OFFERED)
def test_nothing_is_offered_that_keras_has_not(path):
    unknown = names.unknown_names(names.find(minikeras, path), ALL[path])
    assert unknown == sorted(names.EXTRAS.get(path, {}))


def test_namespaces_say_what_they_offer():
    without = [path for path in OFFERED if not hasattr(names.find(minikeras, path), "__all__")]
    assert [path for path in without if hasattr(names.find(minikeras, path), "__path__")] == []


def test_the_extras_have_reasons():
    assert set(names.EXTRAS) <= set(OFFERED)
    assert all(reason for extras in names.EXTRAS.values() for reason in extras.values())


def test_main(capsys):
    names.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["namespace", "offered", "in", "Keras", "missing", "not", "in", "Keras"]
    assert len(lines) == 2 + len(ALL) + 1 and lines[-1].startswith("in all")
