import numpy as np
import pytest

from minikeras.engine.replicas import Replicas
from minikeras.errors import ArgumentError
from minikeras.training.adapters import adapted
from minikeras.training.data import ArrayData
from minikeras.training.shared_data import SharedArrays, SharedStream, check_divisible, rows_of, shared, split_rows
from minikeras.utils import PyDataset
from tests.distribution.groups import Answers, Twins


def arrays(rows, batch_size):
    return ArrayData((np.arange(rows)[:, None], None), ("x", "y"), batch_size)


def parts(rows, batch_size, size, shuffle=False, exact=True):
    """The rows that each process gets in each step, with how many of them count, and those of the whole batch."""
    found = []
    for rank in range(size):
        replicas, own = Replicas(Twins(rank, size)), []
        np.random.seed(0)
        data = SharedArrays(arrays(rows, batch_size), replicas, exact)
        for batch in data.batches(shuffle):
            own.append((batch.arrays()[0][:, 0].tolist(), replicas.rows, replicas.total))
        assert len(own) == data.steps
        found.append(own)
    return found


def test_rows_are_split_as_by_numpy():
    for total in (1, 3, 4, 7, 12):
        for size in (1, 2, 3, 5):
            expected = np.array_split(np.arange(total), size)
            assert [rows_of(total, rank, size) for rank in range(size)] == list(map(len, expected))
            found = [np.arange(total)[part].tolist() for part in split_rows(total, size)]
            assert found == [each.tolist() or [0] for each in expected]


def test_each_process_has_some_rows_of_each_batch():
    assert parts(7, 4, 2) == [
        [([0, 1], 2, 4), ([4, 5], 2, 3)],
        [([2, 3], 2, 4), ([6], 1, 3)],
    ]


def test_without_rows_the_first_stands_in():
    assert parts(5, 4, 2) == [[([0, 1], 2, 4), ([4], 1, 1)], [([2, 3], 2, 4), ([4], 0, 1)]]
    assert parts(1, 4, 2) == [[([0], 1, 1)], [([0], 0, 1)]]


@pytest.mark.parametrize("shuffle", [True, "batch"])
def test_the_order_is_that_of_a_single_process(shuffle):
    np.random.seed(0)
    alone = [batch.arrays()[0][:, 0].tolist() for batch in arrays(23, 6).batches(shuffle)]
    found = parts(23, 6, 3, shuffle)
    joined = [sum((own[step][0][: own[step][1]] for own in found), []) for step in range(len(alone))]
    assert joined == alone


def test_what_cannot_be_shared_evenly():
    with pytest.raises(ArgumentError, match="divisible by their number, 3. Received: batch_size=32. Take 33, or"):
        shared(arrays(100, 32), Replicas(Twins(0, 3)))
    check_divisible(33, Replicas(Twins(0, 3)))
    found = parts(100, 32, 3, exact=False)
    assert [len(own) for own, _, _ in found[0]] == [11, 11, 11, 1] and found[2][3] == ([99], 0, 1)
    # a single batch is split in any case
    assert [own[0][0] for own in parts(5, 32, 2)] == [[0, 1, 2], [3, 4]]


def test_the_data_itself_is_not_copied():
    whole = arrays(8, 4)
    data = SharedArrays(whole, Replicas(Twins(1, 2)))
    assert data.arrays[0] is whole.arrays[0] and data.plans is not whole.plans and whole.size == 8


def stream(batches):
    return adapted((iter([(np.full((rows, 1), rows),) for rows in batches]), None, None), None, None)


def seen(data, replicas, limit=None):
    return [(batch.structure[0][:, 0].tolist(), replicas.rows, replicas.total) for batch in data.batches(limit)]


def test_the_first_process_scatters_a_stream():
    first = Replicas(Twins(0, 2))
    assert seen(SharedStream(stream([3, 1]), first), first) == [([3, 3], 2, 3), ([1], 1, 1)]
    assert [call for call, _ in first.group.calls] == ["scatter"] * 3  # the last one says that there is no more
    piece = (np.array([[3]]), None, None)
    second = Replicas(Answers((piece, 3), (piece, 1), None, rank=1))
    assert seen(SharedStream(stream([9]), second), second) == [([3], 1, 3), ([3], 0, 1)]


def test_streams_of_their_own_end_with_the_shortest():
    own = Replicas(Answers([3, 2], [1, 1], [2, 0]), shares_streams=False)
    data = SharedStream(stream([3, 1, 2, 4]), own)
    assert seen(data, own) == [([3, 3, 3], 3, 5), ([1], 1, 2)]
    assert own.group.calls == [("gather", 3), ("gather", 1), ("gather", 2)]


class Rows(PyDataset):
    def __init__(self):
        super().__init__()
        self.made = []

    def __len__(self):
        return 5

    def __getitem__(self, index):
        self.made.append(index)
        return np.full((2, 1), index), np.zeros((2, 1))


def test_batches_of_a_py_dataset_are_made_in_turn():
    def received(index):
        return (np.array([[index]]), np.zeros((1, 1)), None), 2

    rows = Rows()
    second = Replicas(Answers(*map(received, range(5)), rank=1))
    data = SharedStream(adapted((rows, None, None), None, None), second)
    rows.made.clear()
    data.source.start(False)
    assert [found for found, _, _ in seen(data, second)] == [[0], [1], [2], [3], [4]]
    assert rows.made == [1, 3]
    # with a limit, the next epoch goes on after it
    second.group.answers = [received(index) for index in range(4)]
    rows.made.clear()
    data.source.start(False)
    assert len(seen(data, second, 2)) == 2 and len(seen(data, second, 2)) == 2
    assert rows.made == [1, 3]


def test_whether_there_is_more_is_agreed_on():
    first = SharedStream(stream([1]), Replicas(Twins(0, 2)))
    assert first.source.has_next() and first.source.left is None
    second = SharedStream(stream([1]), Replicas(Answers(False, 3, rank=1)))
    assert not second.source.has_next() and second.source.left == 3
    own = SharedStream(stream([1]), Replicas(Answers([1.0], [5, 2]), shares_streams=False))
    assert not own.source.has_next()  # another one has no more
    assert own.source.left == 2
