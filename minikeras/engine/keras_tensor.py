"""A symbolic value: shape and dtype without numbers. Models are built from it."""

from ..errors import StateError
from .dtypes import standardize_dtype
from .naming import unique_name
from .operators import Operators


class KerasTensor(Operators):
    """A value that is only known by its shape and dtype.

    Args:
        shape: The sizes of the axes; None for a size that is free, such as the batch.
        dtype: The type of the elements.
        name: Its name; made automatically if None.

    Source: https://keras.io/api/models/model_training_apis/

    Example:
        >>> KerasTensor((None, 3), name="x")
        <KerasTensor shape=(None, 3), dtype=float32, sparse=False, ragged=False, name=x>
    """

    def __init__(self, shape: tuple[int | None, ...], dtype: object = "float32", name: str | None = None):
        self.shape = tuple(shape)
        self.dtype = standardize_dtype(dtype)
        self.name = name or unique_name("keras_tensor")

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse=False, ragged=False, name={self.name}>"

    def read(self) -> None:
        """Raises: there is no value to compute with."""
        raise StateError(f"{self!r} is symbolic: it has a shape but no numbers to compute with here.")

    def __array__(self, dtype=None, copy=None):
        raise StateError(
            f"{self!r} is symbolic: it has a shape but no numbers, so it cannot become a numpy array. "
            "Use a function of `minikeras.ops`, or call the model on data."
        )

    def __bool__(self) -> bool:
        raise StateError(f"{self!r} is symbolic and has no truth value. Use `minikeras.ops.where` instead of `if`.")

    # Iterating would never end on a free axis, and `in` would compare symbols.
    def __iter__(self):
        raise StateError(f"{self!r} is symbolic and cannot be iterated over.")
