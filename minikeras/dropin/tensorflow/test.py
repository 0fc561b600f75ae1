"""`tf.test`, as far as Keras scripts use it."""

__all__ = ["gpu_device_name", "is_built_with_cuda", "is_gpu_available"]


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: object = None) -> bool:
    """Returns False: minikeras does not use GPUs."""
    return False


def is_built_with_cuda() -> bool:
    """Returns False: minikeras does not use GPUs."""
    return False


def gpu_device_name() -> str:
    """Returns an empty string: minikeras does not use GPUs."""
    return ""
