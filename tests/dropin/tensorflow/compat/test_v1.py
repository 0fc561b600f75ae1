"""`tf.compat.v1`: settings, seeds and logging of TensorFlow 1."""

import logging

import pytest

from minikeras.dropin.tensorflow.compat import v1
from minikeras.errors import LegacyWarning, NotSupportedError


def test_tensorflow_1():
    with pytest.warns(LegacyWarning, match=r"`tf.random.set_seed`"):
        v1.set_random_seed(1)
    for old in (v1.disable_eager_execution, v1.disable_v2_behavior):
        with pytest.warns(LegacyWarning, match="no replacement"):
            old()
    config = v1.ConfigProto(allow_soft_placement=True)
    config.gpu_options.allow_growth = True
    with pytest.warns(LegacyWarning), v1.Session(config=config) as session:
        with pytest.raises(NotSupportedError, match="no graphs that a session would run"):
            session.run(3)
    v1.logging.set_verbosity(v1.logging.ERROR)
    assert v1.logging.get_verbosity() == logging.ERROR and v1.executing_eagerly() is True


def test_what_has_no_effect():
    assert v1.enable_eager_execution() is None and v1.reset_default_graph() is None
    assert v1.ConfigProto(device_count={"GPU": 0}).device_count == {"GPU": 0}


def test_messages(caplog):
    v1.logging.set_verbosity(v1.logging.INFO)
    v1.logging.info("step %d", 1)
    v1.logging.warn("slow")
    v1.logging.error("failed")
    assert [record.getMessage() for record in caplog.records] == ["step 1", "slow", "failed"]
