"""`tf.test`: there is no GPU."""

from minikeras.dropin.tensorflow import test as tf_test


def test_there_is_no_gpu():
    assert not tf_test.is_gpu_available() and not tf_test.is_built_with_cuda() and tf_test.gpu_device_name() == ""
