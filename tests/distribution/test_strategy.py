import pytest

from minikeras.distribution import DataParallel, distribution, set_distribution
from minikeras.distribution.strategy import Distribution
from minikeras.engine.replicas import current
from minikeras.errors import ArgumentError, NotSupportedError


def test_the_current_distribution():
    assert distribution() is None
    parallel = DataParallel()
    set_distribution(parallel)
    try:
        assert distribution() is parallel and current() is None  # there is one process
    finally:
        set_distribution(None)
    with parallel.scope():
        assert distribution() is parallel
        with pytest.raises(ArgumentError, match="expected a distribution, such as DataParallel"):
            set_distribution("data")
        assert distribution() is parallel
    assert distribution() is None


def test_what_subclasses_define():
    base = Distribution(DataParallel().device_mesh)
    for use in (
        lambda: base.num_model_replicas,
        lambda: base.get_data_layout((3,)),
        lambda: base.get_variable_layout(None),
        lambda: base.get_tensor_layout("a"),
    ):
        with pytest.raises(NotSupportedError, match="Distribution must define"):
            use()


class Two:
    rank, size = 1, 2


def test_processes_and_their_datasets():
    alone = DataParallel()
    assert (alone.num_processes, alone.data_shard_id, alone.auto_shard_dataset) == (1, 0, True)
    assert alone.distribute_dataset([1]) == alone.distribute_tf_dataset([1]) == [1]
    second = DataParallel()
    second._group = Two()
    assert (second.num_processes, second.data_shard_id) == (2, 1)
    with pytest.raises(NotSupportedError, match="Pass it to them"):
        second.distribute_dataset([1])
    second.auto_shard_dataset = False
    assert second.distribute_dataset([1]) == [1]


def test_streams_of_their_own():
    second = DataParallel(auto_shard_dataset=False)
    second._group = Two()
    with second.scope():
        assert (current().rank, current().size, current().shares_streams) == (1, 2, False)
        second.auto_shard_dataset = True
        assert current().shares_streams
    assert current() is None
