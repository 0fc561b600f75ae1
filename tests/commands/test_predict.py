import numpy as np
import pytest

import minikeras
from minikeras import layers


@pytest.fixture
def x(folder):
    np.save("x.npy", np.array([[1, 2, 3, 4], [0, 0, 0, 0.5]]))
    (folder / "x.csv").write_text("a,b,c,d\n1,2,3,4\n0,0,0,0.5\n")
    return "x.npy"


@pytest.mark.parametrize("data", ["x.npy", "x.csv"])
@pytest.mark.parametrize("model", ["a.keras", "a.h5"])
def test_outputs_are_printed(command, saved, x, model, data):
    assert command("predict", model, "--x", data) == (0, "20.0\n10.5\n", "")


@pytest.mark.parametrize("name", ["y.npy", "y.csv", "y.npz"])
def test_outputs_are_written(command, saved, x, folder, name):
    assert command("predict", "a.keras", "--x", x, "--output", name, "--batch-size", "1") == (0, "", "")
    path = folder / name
    found = np.loadtxt(path, ndmin=2) if name.endswith("csv") else np.load(path)
    found = found if isinstance(found, np.ndarray) else found["sum"]
    assert found.ravel().tolist() == [20, 10.5]
    status, _, err = command("predict", "a.keras", "--x", x, "--output", name)
    assert status == 2 and f"{name} exists. Pass --overwrite" in err
    assert command("predict", "a.keras", "--x", x, "--output", name, "--overwrite")[0] == 0


def test_several_inputs_and_outputs(command, folder):
    a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b")
    model = minikeras.Model({"first": a, "second": b}, {"sum": layers.Add()([a, b]), "max": layers.Maximum()([a, b])})
    model.save("two.keras")
    np.savez("x.npz", a=[[1.0, 5.0]], b=[[2.0, 3.0]])
    assert command("predict", "two.keras", "--x", "x.npz") == (0, "# sum\n3.0,8.0\n# max\n2.0,5.0\n", "")
    assert command("predict", "two.keras", "--x", "x.npz", "--output", "y.npz")[0] == 0
    with np.load("y.npz") as arrays:
        assert {name: arrays[name].tolist() for name in arrays.files} == {"sum": [[3, 8]], "max": [[2, 5]]}
    status, _, err = command("predict", "two.keras", "--x", "x.npz", "--output", "y.npy")
    assert status == 2 and "has 2 outputs" in err and not (folder / "y.npy").exists()


@pytest.mark.parametrize("keys", [("first", "second"), ("second", "first"), ("zb", "za")])
def test_inputs_by_the_keys_of_a_dict(command, folder, keys):
    """The names of the outputs are the keys of their dict, too."""
    a, b = layers.Input((1,), name="a"), layers.Input((1,), name="b")
    minikeras.Model(dict(zip(keys, (a, b), strict=True)), layers.Subtract()([a, b])).save("two.keras")
    np.savez("x.npz", **dict(zip(keys, ([[5.0]], [[3.0]]), strict=True)))
    assert command("predict", "two.keras", "--x", "x.npz") == (0, "2.0\n", "")
    np.savez("x.npz", b=[[3.0]], a=[[5.0]])  # the names of the inputs
    assert command("predict", "two.keras", "--x", "x.npz") == (0, "2.0\n", "")
    np.savez("x.npz", a=[[3.0]], **{keys[1]: [[5.0]]})
    status, _, err = command("predict", "two.keras", "--x", "x.npz")
    assert status == 1 and f"expected arrays {sorted(keys)}" in err


def test_texts(command, folder):
    lookup = layers.StringLookup(vocabulary=["cat", "dog"])
    minikeras.Sequential([layers.Input((1,), dtype="string"), lookup]).save("words.keras")
    (folder / "x.csv").write_text("dog\nbird\n")
    assert command("predict", "words.keras", "--x", "x.csv") == (0, "2\n0\n", "")


def test_own_classes(command, custom, x):
    status, _, err = command("predict", custom, "--x", x)
    assert status == 1 and "Unknown layer: 'Twice'" in err and "Here: `--custom FILE.PY`" in err
    assert command("predict", custom, "--x", x, "--custom", "own.py")[1] == "2.0,4.0,6.0,8.0\n0.0,0.0,0.0,1.0\n"


@pytest.mark.parametrize(
    ("arguments", "status", "match"),
    [
        (["none.keras", "--x", "x.npy"], 1, "No such file"),
        (["a.keras", "--x", "none.npy"], 1, "none.npy"),
        (["a.keras", "--x", "bad.npy"], 1, "expected an array of shape (n, 4) for the input 'x'"),
        (["a.keras", "--x", "x.txt"], 2, "x.txt: expected a file that ends in .npy, .npz, .csv"),
        (["a.weights.h5", "--x", "x.npy"], 2, "has weights, but no layers"),
        (["a.keras", "--x", "x.npy", "--output", "y.txt"], 2, "y.txt: expected a file that ends in"),
        (["a.keras", "--x", "x.npy", "--output", "none/y.npy"], 1, "there is no folder none"),
        (["damaged.keras", "--x", "x.npy"], 1, "'damaged.keras' cannot be read"),
    ],
)
def test_failures(command, saved, x, folder, arguments, status, match):
    np.save("bad.npy", np.zeros((2, 5)))
    (folder / "damaged.keras").write_bytes((folder / "a.keras").read_bytes()[:-100])
    before = sorted(folder.iterdir())
    found, out, err = command("predict", *arguments)
    assert found == status and out == "" and match in err and sorted(folder.iterdir()) == before
