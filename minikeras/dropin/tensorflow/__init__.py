"""Of TensorFlow what Keras scripts use beside `tf.keras`, a module in each file; see `dropin/routes.py`."""

__all__: list[str] = []
