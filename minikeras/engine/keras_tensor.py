"""A symbolic value: shape and dtype without numbers. Models are built from it."""

from collections.abc import Callable
from typing import Any

from ..errors import NotSupportedError, StateError, brief
from .dtypes import standardize_dtype
from .loading import take_memory
from .naming import unique_name
from .operation import KerasHistory, is_recording, record
from .operators import Operators
from .registry import Symbolic


class KerasTensor(Symbolic, Operators):
    """A value that is only known by its shape and dtype.

    Args:
        shape: The sizes of the axes; None for a size that is free, such as the batch.
        dtype: The type of the elements.
        sparse: Only False: minikeras has no sparse tensors.
        ragged: Only False: minikeras has no ragged tensors.
        record_history: Only True: operations on it are always noted in the graph.
        name: Its name; made automatically if None.

    Raises:
        NotSupportedError: For a sparse or a ragged tensor.

    Source: https://keras.io/api/models/model_training_apis/

    Example:
        >>> KerasTensor((None, 3), name="x")
        <KerasTensor shape=(None, 3), dtype=float32, sparse=False, ragged=False, name=x>
    """

    _keras_history: KerasHistory | None = None
    _keras_mask: "KerasTensor | None" = None

    def __init__(
        self,
        shape: tuple[int | None, ...],
        dtype: object = "float32",
        sparse: bool = False,
        ragged: bool = False,
        record_history: bool = True,
        name: str | None = None,
    ):
        for argument, given, only in (
            ("sparse", sparse, False),
            ("ragged", ragged, False),
            ("record_history", record_history, True),
        ):
            if bool(given) is not only:
                raise NotSupportedError(
                    f"KerasTensor: `{argument}` can only be {only}. Received: {argument}={brief(given)}"
                )
        # Models in models can call each other so often that a short config never ends: each call costs something.
        take_memory(8192, "A symbolic value")
        self.shape = tuple(shape)
        self.dtype = standardize_dtype(dtype)
        self.sparse = self.ragged = False
        # What is made inside of an operation is numbered only if it comes out of it.
        self.name = name or (unique_name("keras_tensor") if is_recording() else None)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def twin(self) -> "KerasTensor":
        """Returns another symbolic value of this shape and dtype."""
        return KerasTensor(self.shape, self.dtype)

    def take_over(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Notes the call of an op on this value in the graph, and returns its symbolic outputs."""
        return record(function, args, kwargs)

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
