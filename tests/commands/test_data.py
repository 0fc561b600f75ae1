import numpy as np
import pytest

from minikeras import Input
from minikeras.commands.data import check_output, csv_text, read_inputs, write_outputs
from minikeras.commands.running import UsageError
from minikeras.errors import DataError, FileReadError, FileWriteError, ShapeError

ROW = [Input((2,), name="a")]


def csv(folder, text, inputs=ROW):
    (folder / "x.csv").write_text(text, encoding="utf-8")
    return read_inputs("x.csv", inputs).tolist()


def test_tables(folder):
    assert csv(folder, "1,2\n3,4.5\n") == csv(folder, "a,b\n1,2\n\n3,4.5") == [[1, 2], [3, 4.5]]
    assert csv(folder, "\ufeff1,2\r\n") == [[1, 2]]
    assert csv(folder, "1,2,3,4\n", [Input((2, 2))]) == [[[1, 2], [3, 4]]]
    assert csv(folder, "1\n2\n", [Input((), name="a")]) == [1, 2]
    ids = [Input((2,), dtype="int32")]
    csv(folder, "1,2\n", ids)
    assert read_inputs("x.csv", ids).dtype == "int32"
    assert csv(folder, "a word,\n1,2\n", [Input((2,), dtype="string")]) == [["a word", ""], ["1", "2"]]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("1,2\n3\n", "row 2 of the data has 1 values, but the first has 2"),
        ("a,b\n1,2\n3,x\n", "row 2 of the data has 'x', which is not a number"),
        ("1,\n", "row 1 of the data has '', which is not a number"),
        ("", r"expected an array of shape \(n, 2\)"),
        ("a,b\n", r"x.csv has no examples|expected an array"),
        ("1,2,3\n", r"expected an array of shape \(n, 2\) for the input 'a'.*Received: shape \(1, 3\)"),
    ],
)
def test_bad_tables(folder, text, match):
    with pytest.raises((DataError, ShapeError), match=match):
        csv(folder, text)


def test_bytes_that_are_no_text(folder):
    (folder / "x.csv").write_bytes(b"\xff\xfe1")
    with pytest.raises(DataError, match="x.csv cannot be read"):
        read_inputs("x.csv", ROW)


def test_arrays(folder):
    np.save("x.npy", np.arange(6.0, dtype="float32").reshape(3, 2))
    assert read_inputs("x.npy", ROW).tolist() == [[0, 1], [2, 3], [4, 5]]
    for array, match in (
        (np.zeros((3, 3)), r"\(n, 2\).*Received: shape \(3, 3\)"),
        (np.zeros(2), r"Received: shape \(2,\)"),
        (np.zeros((0, 2)), "has no examples"),
        (np.array([["a", "b"]]), "expected numbers for the input 'a'"),
    ):
        np.save("x.npy", array)
        with pytest.raises((DataError, ShapeError), match=match):
            read_inputs("x.npy", ROW)
    np.save("x.npy", np.zeros((2, 7, 3)))
    assert read_inputs("x.npy", [Input((None, 3))]).shape == (2, 7, 3)


def test_hostile_arrays(folder):
    np.save("x.npy", np.array([[object()]]), allow_pickle=True)
    with pytest.raises(DataError, match="x.npy cannot be read"):
        read_inputs("x.npy", ROW)
    np.save("y.npy", np.zeros((1, 2)))
    content = (folder / "y.npy").read_bytes()
    claims = content.replace(b"(1, 2), }" + 9 * b" ", b"(9" + 9 * b"0" + b", 2), }")
    assert len(claims) == len(content) and claims != content
    (folder / "large.npy").write_bytes(claims)
    (folder / "short.npy").write_bytes(content[:-8])
    (folder / "text.npy").write_bytes(b"1,2")
    for name in ("large.npy", "short.npy", "text.npy"):
        with pytest.raises(DataError, match=f"{name} cannot be read"):
            read_inputs(name, ROW)
    (folder / "dir.npy").mkdir()
    with pytest.raises(FileReadError):
        read_inputs("dir.npy", ROW)


def test_several_inputs(folder):
    inputs = [Input((2,), name="a"), Input((1,), name="b")]
    np.savez("x.npz", b=np.ones((3, 1)), a=np.zeros((3, 2)))
    assert [array.shape for array in read_inputs("x.npz", inputs)] == [(3, 2), (3, 1)]
    np.savez("y.npz", a=np.zeros((3, 2)), c=np.ones((3, 1)))
    with pytest.raises(DataError, match=r"expected arrays \['a', 'b'\]. Received: \['a', 'c'\]"):
        read_inputs("y.npz", inputs)
    np.savez("z.npz", a=np.zeros((3, 2)), b=np.ones((4, 1)))
    with pytest.raises(ShapeError, match=r"the arrays have \[3, 4\] examples"):
        read_inputs("z.npz", inputs)
    (folder / "w.npz").write_bytes((folder / "z.npz").read_bytes()[:100])
    with pytest.raises(DataError, match="w.npz cannot be read"):
        read_inputs("w.npz", inputs)
    with pytest.raises(UsageError, match="has 2 inputs.*Pass an .npz file"):
        read_inputs("x.npy", inputs)
    with pytest.raises(UsageError, match="ends in .npy, .npz, .csv"):
        read_inputs("x.txt", ROW)


def test_outputs(folder):
    values = np.array([[[0.5, 1.0]], [[2.0, 1e-8]]], "float32")
    assert csv_text(values) == "0.5,1.0\n2.0,1e-08\n"
    for name in ("y.npy", "y.npz", "y.csv"):
        write_outputs(name, {"out": values})
    assert np.load("y.npy").tolist() == values.tolist() and (folder / "y.csv").read_text() == csv_text(values)
    with np.load("y.npz") as arrays:
        assert arrays.files == ["out"]
    with pytest.raises(FileWriteError):
        write_outputs("none/y.npy", {"out": values})


def test_names_of_outputs():
    check_output("y.npz", 2)
    check_output("y.csv", 1)
    with pytest.raises(UsageError, match="has 2 outputs, which only an .npz"):
        check_output("y.npy", 2)
    with pytest.raises(UsageError, match="ends in .npy, .npz, .csv"):
        check_output("y.txt", 1)
