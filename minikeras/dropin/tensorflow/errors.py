"""What `tf.errors` has of what Keras scripts catch; minikeras raises its own, which are Python's."""

__all__ = ["InvalidArgumentError", "OpError", "OutOfRangeError", "ResourceExhaustedError", "UnimplementedError"]

OpError = Exception
InvalidArgumentError = ValueError
OutOfRangeError = StopIteration
ResourceExhaustedError = MemoryError
UnimplementedError = NotImplementedError
