"""What `tf.version` has: the version of TensorFlow that Keras 3.15.1 is compared on."""

__all__ = ["VERSION"]

VERSION = "2.21.0"
