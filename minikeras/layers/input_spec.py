"""What a layer expects of its input; checked before the layer computes anything."""

from ..errors import ShapeError


class InputSpec:
    """Constraints on the input of a layer; a constraint that is None is not checked.

    Args:
        dtype: The type of the elements.
        shape: The whole shape; None for a free size.
        ndim: The number of axes.
        max_ndim: The largest number of axes.
        min_ndim: The smallest number of axes.
        axes: By axis, the size it must have.

    Source: https://keras.io/api/layers/base_layer/

    Example:
        >>> InputSpec(min_ndim=2, axes={-1: 784}).axes
        {-1: 784}
    """

    def __init__(
        self,
        dtype: str | None = None,
        shape: tuple | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, int | None] | None = None,
    ):
        self.dtype = dtype
        self.shape = None if shape is None else tuple(shape)
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = dict(axes or {})

    def check(self, shape: tuple, dtype: str, where: str) -> None:
        """Raises if an input does not meet the constraints.

        Args:
            shape: The shape of the input.
            dtype: Its dtype.
            where: What the error calls the layer.

        Raises:
            ShapeError: If it does not.
        """
        problem = self._problem(shape, dtype)
        if problem:
            raise ShapeError(f"{where}: expected {problem}, received input of shape {tuple(shape)} and dtype {dtype}.")

    def _problem(self, shape: tuple, dtype: str) -> str | None:
        rank = len(shape)
        if self.ndim is not None and rank != self.ndim:
            return f"{self.ndim} axes"
        if self.min_ndim is not None and rank < self.min_ndim:
            return f"at least {self.min_ndim} axes (did you forget the batch axis?)"
        if self.max_ndim is not None and rank > self.max_ndim:
            return f"at most {self.max_ndim} axes"
        if self.dtype is not None and dtype != self.dtype:
            return f"dtype {self.dtype}"
        for axis, size in self.axes.items():
            if size is not None and shape[axis] not in (size, None):
                name = "last input dimension" if axis in (-1, rank - 1) else f"input dimension {axis} to be"
                return f"{name} {size}"
        if self.shape is not None:
            pairs = zip(self.shape, shape, strict=True)
            if any(expected is not None and size is not None and expected != size for expected, size in pairs):
                return f"shape {self.shape}"
        return None
