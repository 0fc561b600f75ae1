"""Arrays cut into batches."""

import numpy as np
import pytest

from minikeras.engine import tree
from minikeras.errors import DataError
from minikeras.training.data import ArrayData, Outputs, is_scattered
from minikeras.training.epochs import Epochs

X = np.arange(14.0).reshape(7, 2)
Y = np.arange(7)
NAMES = ("x", "y", "sample_weight")


def data(x=X, y=Y, weights=None, **options):
    return ArrayData((x, y, weights), NAMES, **options)


def test_batches():
    source = data(batch_size=3)
    batches = list(source.batches())
    assert (source.steps, source.size, [batch.size for batch in batches]) == (3, 7, [3, 3, 1])
    x, y = batches[2].arrays()
    assert x.tolist() == [[12, 13]] and y.tolist() == [6]
    assert (x.dtype, y.dtype) == ("float32", "int64")  # floats become `floatx`, class indices stay
    assert data().batch_size == 32 and data(whole=True).batch_size == 7


def test_writing_equals_copying():
    for shuffle in (False, True, "batch"):
        for batch in data(batch_size=3).batches(shuffle):
            copies = batch.arrays()
            places = [np.full_like(copy, -1) for copy in copies]
            batch.write(places)
            for place, copy in zip(places, copies, strict=True):
                np.testing.assert_array_equal(place, copy)


def test_shuffling():
    np.random.seed(0)
    source = data(batch_size=3)
    orders = [np.concatenate([b.arrays()[1] for b in source.batches(True)]).tolist() for _ in range(2)]
    assert orders[0] != orders[1] and all(sorted(order) == list(range(7)) for order in orders)
    for batch in source.batches(True):  # rows of x and y stay together
        x, y = batch.arrays()
        np.testing.assert_array_equal(x[:, 0], 2 * y)
    whole = [b.arrays()[1].tolist() for b in source.batches("batch")]
    assert [sorted(batch) for batch in whole] == [[0, 1, 2], [3, 4, 5], [6]] and whole[0] + whole[1] != list(range(6))


def test_signatures_tell_the_shapes_apart():
    first, second, last = data(batch_size=3).batches()
    assert first.key == second.key != last.key
    assert data(y=Y.astype("int32"), batch_size=3).key(3) != first.key


def test_epochs_with_a_number_of_steps_go_on_where_the_last_ended():
    def seen(epochs):
        return [batch.arrays()[1].tolist() for batch in epochs.next()]

    epochs = Epochs(data(batch_size=3), False, 2)
    assert seen(epochs) == [[0, 1, 2], [3, 4, 5]]
    with pytest.warns(UserWarning, match="expected 2 steps, but the pass over the data ends after 1"):
        assert seen(epochs) == [[6]]
    assert seen(epochs) == [[0, 1, 2], [3, 4, 5]]
    epochs = Epochs(data(batch_size=2), False, 2)
    assert [seen(epochs) for _ in range(3)] == [[[0, 1], [2, 3]], [[4, 5], [6]], [[0, 1], [2, 3]]]
    assert Epochs(data(batch_size=3), False, None).steps == 3


def test_nested_data_and_lists():
    source = ArrayData(({"a": X, "b": [X, Y]}, None, None), NAMES, 3)
    assert [array.shape for array in source.arrays] == [(7, 2), (7, 2), (7,)]
    assert tree.structure_key(source.structure) == (
        "tuple",
        ("dict", ("a", "*"), ("b", ("list", "*", "*"))),
        None,
        None,
    )
    assert data(X.tolist(), Y.tolist()).arrays[0].shape == (7, 2)
    with pytest.raises(DataError, match=r"`x\['b'\]\[1\]` must be numeric"):
        ArrayData(({"b": [X, X.astype(complex)]}, None, None), NAMES)


def test_refused():
    with pytest.raises(DataError, match="Received: x: 7, y: 6, sample_weight: 5"):
        data(y=Y[:6], weights=np.ones(5))
    with pytest.raises(DataError, match="There is no data: `x` is None"):
        data(x=None)
    with pytest.raises(DataError, match="must yield whole batches"):
        data(x=(row for row in X))


def test_outputs():
    outputs = Outputs(3)
    buffer = np.zeros((2, 2), "float32")
    outputs.add({"a": buffer}, 2)
    buffer[:] = 5
    outputs.add({"a": buffer[:1]}, 1)
    assert outputs.joined()["a"].tolist() == [[0, 0], [0, 0], [5, 5]]


def test_rows_are_gathered_from_arrays_of_every_order():
    import tracemalloc

    base = np.random.default_rng(0).random((40_000, 2, 60), dtype="float32")  # 19 MB
    expected = np.ascontiguousarray(base[:, 0])
    wide = np.concatenate([expected, expected], axis=1)
    scattered = np.asfortranarray(expected)
    arrays = {
        "strided": base[:, 0],
        "columns": wide[:, 60:],
        "backwards": expected[::-1][::-1][:, ::-1][:, ::-1],
        "every other row": np.repeat(expected, 2, axis=0)[::2],
        "Fortran": scattered,
        "float64": expected.astype("float64"),
    }
    assert [name for name, array in arrays.items() if is_scattered(array)] == ["Fortran"]
    for name, array in arrays.items():
        for shuffle in (True, False, "batch"):
            data = ArrayData((array,), ("x",), 32)
            np.random.seed(0)
            order = {True: np.random.permutation(40_000), False: np.arange(40_000)}.get(shuffle)
            np.random.seed(0)
            tracemalloc.start()
            start = 0
            for batch in data.batches(shuffle):
                (found,) = batch.arrays()
                if order is not None:
                    np.testing.assert_array_equal(found, expected[order[start : start + 32]])
                else:
                    np.testing.assert_array_equal(np.sort(found, axis=0), np.sort(expected[start : start + 32], axis=0))
                start += 32
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            # Two blocks of 32 batches; data in Fortran order is copied once, as its rows lie all over it.
            assert peak < (14e6 if name == "Fortran" else 5e6), (name, shuffle)


def test_files_in_fortran_order(tmp_path):
    expected = np.arange(300.0, dtype="float32").reshape(60, 5)
    file = np.memmap(tmp_path / "x", "float32", "w+", shape=(60, 5), order="F")
    file[:] = expected
    data = ArrayData((np.memmap(tmp_path / "x", "float32", "r", shape=(60, 5), order="F"),), ("x",), 8)
    np.random.seed(0)
    order = np.random.permutation(60)
    np.random.seed(0)
    found = np.concatenate([batch.arrays()[0] for batch in data.batches(True)])
    np.testing.assert_array_equal(found, expected[order])
    assert data.mapped and isinstance(data.arrays[0], np.memmap)
