"""`tf.compat`: TensorFlow 1 in the names of TensorFlow 2."""
