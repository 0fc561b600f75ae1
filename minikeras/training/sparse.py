"""Scipy sparse matrices as data: kept sparse, and converted to dense arrays batch by batch."""

from typing import Any

import numpy as np

from ..errors import warn_user

_LARGE = 1_000_000_000  # bytes of the dense matrix from which on training is warned of as slow


def is_sparse(value: object) -> bool:
    """Tells whether a value is a scipy sparse matrix or array, of any format.

    Example:
        >>> is_sparse(np.zeros((2, 2)))
        False
    """
    return all(hasattr(value, name) for name in ("tocsr", "toarray", "nnz", "shape"))


class SparseRows:
    """The rows of a sparse matrix, with the part of an array's interface that training needs.

    Args:
        matrix: The matrix; it must have two axes.

    Attributes:
        shape: Its shape.
        dtype: The dtype of its elements.
        ndim: 2
    """

    def __init__(self, matrix: Any):
        self._matrix = matrix.tocsr()  # the format for row slicing
        self.shape: tuple[int, int] = tuple(matrix.shape)
        self.dtype = np.dtype(matrix.dtype)
        self.ndim = 2

    @property
    def size(self) -> int:
        """The number of elements, including zeros."""
        return self.shape[0] * self.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | np.ndarray) -> "SparseRows":
        return SparseRows(self._matrix[rows])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._matrix.toarray().astype(self.dtype if dtype is None else dtype, copy=False)

    def astype(self, dtype: Any, copy: bool = True) -> np.ndarray:
        """Returns a dense array of another dtype."""
        return self.__array__(dtype)


def from_sparse(matrix: Any, name: str) -> SparseRows | np.ndarray:
    """Returns a 2D sparse matrix as rows that are densified batch by batch; one of another rank as a dense array.

    Args:
        matrix: The matrix.
        name: What a warning calls it.
    """
    size = int(np.prod(matrix.shape, dtype=np.float64)) * np.dtype(matrix.dtype).itemsize
    if size > _LARGE:
        warn_user(
            f"`{name}` is a sparse matrix of shape {tuple(matrix.shape)}, and batches of it are made dense: in all "
            f"{size / 1e9:.1f} GB in each epoch, most of it zeros. Fewer columns train faster; column indices for an "
            "`Embedding` layer do without the zeros.",
            UserWarning,
        )
    return SparseRows(matrix) if len(matrix.shape) == 2 else matrix.toarray()
