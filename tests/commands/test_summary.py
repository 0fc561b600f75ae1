import json
import zipfile

import h5py
import numpy as np
import pytest

import minikeras
from minikeras import layers

from .conftest import linear


def test_a_model(command, saved):
    status, out, err = command("summary", "a.keras")
    lines = out.splitlines()
    assert (status, err) == (0, "") and lines[0].startswith("a.keras: a model, ")
    assert lines[1].startswith(f"Written by minikeras {minikeras.__version__}, in the format of Keras 3.15.1, 20")
    assert "sum (Dense)" in out and "(None, 1)" in out and "Total params: 5" in out and "arrays" not in out


def test_its_weights(command, saved):
    _, out, _ = command("summary", "a.keras", "--weights")
    assert "layers/dense/vars/0" in out and "(4, 1)" in out
    assert "8 arrays, 17 numbers, 12 of them of the optimizer" in out  # 2 weights, each with 2 slots; 2 counters


def test_a_file_of_keras_2(command, saved):
    status, out, _ = command("summary", "a.h5")
    assert status == 0 and "Written by minikeras, in the format of Keras 3.15.1\n" in out
    assert "Compiled: it has an optimizer" in out and "sum (Dense)" in out


def test_weights_alone(command, saved):
    status, out, _ = command("summary", "a.weights.h5")
    assert status == 0 and out.startswith("a.weights.h5: weights, ") and "layers/dense/vars/1" in out


def test_who_wrote_a_file(command, folder):
    linear().save("a.keras")
    with zipfile.ZipFile("a.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["metadata.json"] = json.dumps({"keras_version": "3.1.0", "date_saved": "2024-05-06@07:08:09"}).encode()
    with zipfile.ZipFile("b.keras", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert "\nWritten by Keras 3.1.0, 2024-05-06@07:08:09\n" in command("summary", "b.keras")[1]
    with h5py.File("c.h5", "w") as file:
        file["a"] = np.zeros((2, 3), "float16")
    assert "\nWritten by an unknown program\n" in command("summary", "c.h5")[1]
    with h5py.File("d.h5", "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = "2.12.0", "tensorflow"
    _, out, _ = command("summary", "d.h5")
    assert "\nWritten by Keras 2.12.0 on tensorflow\n" in out and "0 arrays, 0 numbers" in out


def test_classes_that_are_not_there(command, custom):
    status, out, _ = command("summary", custom)
    assert status == 0 and "The model cannot be created: " in out and "--custom FILE.PY" in out
    assert '\nSequential "custom"\n  InputLayer "input_layer' in out and '\n  Twice "twice"\n' in out
    status, out, _ = command("summary", custom, "--custom", "own.py")
    assert status == 0 and "twice (Twice)" in out and "cannot" not in out
    status, _, err = command("summary", custom, "--custom", "none.py")
    assert status == 2 and "--custom: none.py cannot be read" in err


def test_lambdas(command, folder):
    minikeras.Sequential([layers.Input((2,)), layers.Lambda(lambda x: x + 1, name="plus")]).save("a.keras")
    _, out, _ = command("summary", "a.keras")
    assert "--trust" in out and 'Lambda "plus"' in out
    assert "plus (Lambda)" in command("summary", "a.keras", "--trust")[1]


def test_nested_models(command, folder):
    inner = minikeras.Sequential([layers.Input((2,)), layers.Dense(3, name="deep")], name="inner")
    minikeras.Sequential([layers.Input((2,)), inner]).save("a.keras")
    assert "deep (Dense)" in command("summary", "a.keras")[1]


@pytest.mark.parametrize("content", [b"", b"PK\5\6", b"\x89HDF\r\n\x1a\n" + b"\0" * 40, b"text"])
@pytest.mark.parametrize("name", ["a.keras", "a.h5", "a.weights.h5"])
def test_damaged_files(command, folder, name, content):
    (folder / name).write_bytes(content)
    status, out, err = command("summary", name)
    assert status == 1 and out == "" and f"The file '{name}' cannot be read" in err


def test_what_is_not_there(command, folder):
    status, _, err = command("summary", "none.keras")
    assert status == 1 and "No such file" in err
    status, _, err = command("summary", "a.txt")
    assert status == 2 and "ends in .keras, .h5, .hdf5 or .weights.h5" in err
    (folder / "a.keras").mkdir()
    assert command("summary", "a.keras")[0] == 1


def test_names_in_a_file_do_not_reach_the_terminal(command, folder):
    with h5py.File("a.weights.h5", "w") as file:
        file["red \x1b[31m"] = np.zeros(3)
    _, out, _ = command("summary", "a.weights.h5")
    assert "\x1b" not in out and "red \\x1b[31m" in out


def test_links_are_not_followed(command, folder):
    with h5py.File("other.h5", "w") as file:
        file["secret"] = np.zeros(3)
    with h5py.File("a.weights.h5", "w") as file:
        file["out"] = h5py.ExternalLink("other.h5", "secret")
        file["again"] = h5py.SoftLink("/")
    assert "0 arrays" in command("summary", "a.weights.h5")[1]
