"""The parts of TensorFlow that Keras scripts use besides `tf.keras`, a file for each module; see `dropin/routes.py`."""

__all__: list[str] = []
