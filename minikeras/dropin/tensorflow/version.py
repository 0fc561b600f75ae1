"""`tf.version`: the version of TensorFlow that minikeras is compared with."""

__all__ = ["VERSION"]

VERSION = "2.21.0"
