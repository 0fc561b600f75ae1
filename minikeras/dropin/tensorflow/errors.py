"""`tf.errors` that Keras scripts catch, as the builtin exceptions from which those of minikeras derive."""

__all__ = ["InvalidArgumentError", "OpError", "OutOfRangeError", "ResourceExhaustedError", "UnimplementedError"]

OpError = Exception
InvalidArgumentError = ValueError
OutOfRangeError = StopIteration
ResourceExhaustedError = MemoryError
UnimplementedError = NotImplementedError
