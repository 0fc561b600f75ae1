"""`tf.version`."""

from minikeras.dropin.tensorflow import functions, version


def test_version():
    assert version.VERSION == functions.__version__ == "2.21.0"
