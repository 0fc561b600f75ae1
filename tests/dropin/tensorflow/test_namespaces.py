"""Small namespaces of TensorFlow: nested structures, strategies, modules, TensorFlow 1, initializers."""

import logging

import numpy as np
import pytest

from minikeras import Variable, initializers, layers, losses, metrics, optimizers
from minikeras.dropin.tensorflow import distribute, initial, nest
from minikeras.dropin.tensorflow.compat import v1
from minikeras.dropin.tensorflow.module import Module
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, NotSupportedError


def test_namespaces_of_keras_in_tensorflow(installed):
    tf = installed("tensorflow")
    assert tf.losses.MeanSquaredError is losses.MeanSquaredError and tf.metrics.Mean is metrics.Mean
    assert tf.losses.mean_squared_error is losses.mean_squared_error
    assert tf.optimizers.Adam is optimizers.Adam and tf.optimizers.schedules.CosineDecay is not None
    assert tf.initializers.GlorotUniform is initializers.GlorotUniform
    assert tf.compat.v1.keras.layers.Dense is layers.Dense and tf.compat.v1.losses.MeanSquaredError is not None
    absent = ["regularizers", "constraints", "activations", "layers", "callbacks", "ConfigProto", "set_random_seed"]
    assert [name for name in absent if hasattr(tf, name)] == []
    tf.get_logger().setLevel("ERROR")
    assert logging.getLogger("tensorflow").level == logging.ERROR


def test_nested_structures():
    assert nest.flatten({"b": 1, "a": [2, (None,)]}) == [2, None, 1] and nest.is_nested(())
    assert nest.map_structure(lambda x, y: x + y, [1, (2,)], [3, (4,)]) == [4, (6,)]
    assert nest.pack_sequence_as([0, {"a": 0}], [1, 2]) == [1, {"a": 2}]
    assert nest.map_structure(lambda x, y: x + y, [1], (2,), check_types=False) == [3]
    nest.assert_same_structure([1], (2,), check_types=False)
    with pytest.raises(ArgumentTypeError):
        nest.assert_same_structure([1], (2,))
    with pytest.raises(ArgumentError):
        nest.assert_same_structure([1], [1, 2])


def test_strategies():
    strategy = distribute.MirroredStrategy()
    with strategy.scope() as entered:
        assert entered is strategy and strategy.run(max, args=(1, 2)) == 2
    assert strategy.reduce(distribute.ReduceOp.SUM, 3) == 3 and distribute.get_strategy().num_replicas_in_sync == 1
    assert strategy.experimental_distribute_dataset([1]) == [1] and strategy.experimental_local_results(1) == (1,)
    assert not distribute.has_strategy() and distribute.OneDeviceStrategy("/cpu:0").num_replicas_in_sync == 1
    for devices in (["/gpu:0"], ["/cpu:0", "/cpu:1"]):
        with pytest.raises(ArgumentError, match="one processor"):
            distribute.MirroredStrategy(devices)
    with pytest.raises(ValueError, match="no TPU"):
        distribute.cluster_resolver.TPUClusterResolver()
    with pytest.raises(NotSupportedError):
        strategy.reduce(distribute.ReduceOp.SUM, 3, axis=0)


def test_modules():
    class Inner(Module):
        def __init__(self):
            super().__init__()
            self.frozen = Variable(1.0, trainable=False)

    class Outer(Module):
        def __init__(self):
            super().__init__(name="outer")
            self.w, self.parts = Variable(2.0), [Inner(), {"dense": layers.Dense(1)}]
            self.again = self.w

    outer = Outer()
    outer.parts[1]["dense"].build((None, 2))
    assert (outer.name, outer.parts[0].name) == ("outer", "inner") and outer.submodules == (outer.parts[0],)
    assert len(outer.variables) == 4 and len(outer.trainable_variables) == 3
    assert outer.non_trainable_variables == (outer.parts[0].frozen,)
    with outer.name_scope:
        assert Variable(1.0, name="v").path == "outer/v"


def test_tensorflow_1():
    with pytest.warns(LegacyWarning, match=r"`tf.random.set_seed`"):
        v1.set_random_seed(1)
    for old in (v1.disable_eager_execution, v1.disable_v2_behavior):
        with pytest.warns(LegacyWarning, match="nothing in its place"):
            old()
    config = v1.ConfigProto(allow_soft_placement=True)
    config.gpu_options.allow_growth = True
    with pytest.warns(LegacyWarning), v1.Session(config=config) as session:
        with pytest.raises(NotSupportedError, match="no graphs that a session would run"):
            session.run(3)
    v1.logging.set_verbosity(v1.logging.ERROR)
    assert v1.logging.get_verbosity() == logging.ERROR and v1.executing_eagerly() is True


def test_initializers():
    assert initial.ones_initializer()((2,)).tolist() == [1, 1]
    assert initial.constant_initializer(3)([2]).dtype == "int32"
    assert initial.constant_initializer([1, 2])((2, 1), "float32").tolist() == [[1], [2]]
    drawn = initial.random_uniform_initializer(minval=2, maxval=3, seed=1)((50,))
    assert 2 <= np.min(drawn) and np.max(drawn) <= 3
    assert initial.random_normal_initializer(seed=1)((3,)).shape == (3,)
