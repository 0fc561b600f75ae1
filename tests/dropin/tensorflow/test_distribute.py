"""`tf.distribute`: strategies of a single device."""

import pytest

from minikeras.dropin.tensorflow import distribute
from minikeras.errors import ArgumentError, NotSupportedError


def test_strategies():
    strategy = distribute.MirroredStrategy()
    with strategy.scope() as entered:
        assert entered is strategy and strategy.run(max, args=(1, 2)) == 2
    assert strategy.reduce(distribute.ReduceOp.SUM, 3) == 3 and distribute.get_strategy().num_replicas_in_sync == 1
    assert strategy.experimental_distribute_dataset([1]) == [1] and strategy.experimental_local_results(1) == (1,)
    assert not distribute.has_strategy() and distribute.OneDeviceStrategy("/cpu:0").num_replicas_in_sync == 1
    for devices in (["/gpu:0"], ["/cpu:0", "/cpu:1"]):
        with pytest.raises(ArgumentError, match="only uses the CPU"):
            distribute.MirroredStrategy(devices)
    with pytest.raises(ValueError, match="no TPU"):
        distribute.cluster_resolver.TPUClusterResolver()
    with pytest.raises(NotSupportedError):
        strategy.reduce(distribute.ReduceOp.SUM, 3, axis=0)
