import numpy as np
import pytest

from minikeras.data import Dataset
from minikeras.data.parts import parts_of


def second(total):
    """The rows of the second of two processes."""
    return slice(-(-total // 2), total) if total > 1 else slice(0, 1)


def test_each_process_makes_its_elements_alone():
    made = []

    def square(x):
        made.append(int(x))
        return {"x": x, "square": x * x}

    data = Dataset.from_tensor_slices(np.arange(7)).map(square).map(lambda each: (each["x"], each["square"])).batch(4)
    expected = [[part.tolist() for part in batch] for batch in data]
    parts = parts_of(data, second)
    made.clear()
    found = [([part.tolist() for part in piece], total) for piece, total in parts]
    assert found == [([[2, 3], [4, 9]], 4), ([[6], [36]], 3)] and made == [2, 3, 6]
    assert [[part[second(4)] for part in expected[0]], [part[2:] for part in expected[1]]] == [
        each for each, _ in found
    ]
    assert len(parts) == 2 and len(list(parts)) == 2  # again


def test_the_order_is_that_of_the_dataset():
    def dataset():
        return Dataset.from_tensor_slices(np.arange(20)).shuffle(20, seed=1).take(11).map(lambda x: -x, 2)

    expected = [batch.tolist() for batch in dataset().batch(4, drop_remainder=True)]
    parts = parts_of(dataset().batch(4, drop_remainder=True).prefetch(2), second)
    assert [piece.tolist() for piece, _ in parts] == [batch[2:] for batch in expected]


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset.from_tensor_slices(np.arange(4)),
        Dataset.from_tensor_slices(np.arange(4)).batch(2).map(lambda x: x),
        Dataset.from_tensor_slices(np.arange(4)).batch(2).repeat(2),
        Dataset.from_tensor_slices(np.arange(4)).map(lambda x: x).shuffle(4).batch(2),
        Dataset.from_generator(lambda: iter([1, 2])).batch(2),
        Dataset.range(4).batch(2),
    ],
    ids=["no batches", "mapped batches", "repeated batches", "mapped, then shuffled", "a generator", "no slices"],
)
def test_others_would_be_loaded_in_full(dataset):
    assert parts_of(dataset, second) is None


def test_an_unknown_number_of_batches():
    data = Dataset.from_tensor_slices(np.arange(4))
    assert len(parts_of(data.batch(3), second)) == 2
    endless = data.repeat().batch(3)
    with pytest.raises(TypeError, match="is not known"):
        len(parts_of(endless, second))
