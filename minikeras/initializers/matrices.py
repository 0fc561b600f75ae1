"""Identity and orthogonal initializers."""

import math
from functools import partial
from typing import Any

import numpy as np

from ..argument_checks import check_number
from ..compiler.threads.blas_threads import on_one_thread
from ..engine.dtypes import standardize_dtype
from ..engine.immutable_arrays import as_output
from ..errors import ArgumentError, ShapeError, brief
from ..random import SeedGenerator, normal
from ..serialization.configs import is_own
from ..typing import DTypeLike, ShapeLike
from .initializer import Initializer, RandomInitializer


class Identity(Initializer):
    """Initializes a matrix with `gain` times the identity.

    Args:
        gain: The value on the diagonal.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> Identity()((2, 2))
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """

    def __init__(self, gain: float = 1.0):
        self.gain = check_number(type(self).__name__, "gain", gain, finite=False, error=ArgumentError)

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        if np.size(shape) != 2:
            raise ShapeError(f"`Identity` makes matrices. Received: shape={brief(shape)}")
        dtype = standardize_dtype(dtype)
        return as_output((self.gain * np.eye(*shape, dtype=dtype)).astype(dtype, copy=False))

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called, and the call cannot fail."""
        return is_own(type(self)) and np.size(shape) == 2

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"gain": self.gain}


class Orthogonal(RandomInitializer):
    """Initializes a matrix with orthogonal columns of norm `gain`, or rows if it has more columns than rows.

    It is the Q of the QR decomposition of a normal random matrix, with signs such that all orthogonal matrices are
    equally likely. For more than two axes, all but the last are flattened.

    Args:
        gain: The norm of the columns.
        seed: An integer, a `SeedGenerator`, or None for a new seed.

    Source: https://arxiv.org/abs/1312.6120

    Example:
        >>> q = Orthogonal(seed=1)((3, 3))
        >>> bool(np.allclose(q @ q.T, np.eye(3), atol=1e-6))
        True
    """

    def __init__(self, gain: float = 1.0, seed: "int | SeedGenerator | None" = None):
        self.gain = check_number(type(self).__name__, "gain", gain, finite=False, error=ArgumentError)
        super().__init__(seed)

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        if np.size(shape) < 2:
            raise ShapeError(f"`Orthogonal` needs a shape with at least two axes. Received: shape={brief(shape)}")
        dtype = standardize_dtype(dtype)
        rows, columns = math.prod(shape[:-1]), shape[-1]
        high = (max(rows, columns), min(rows, columns))
        # LAPACK has no float16
        matrix = normal(high, dtype="float32" if dtype == "float16" else dtype, seed=self.seed)
        q, r = on_one_thread(partial(np.linalg.qr, matrix))()  # threads would wait for each other at every column
        q *= np.sign(np.diag(r))
        result = self.gain * (q.T if rows < columns else q).reshape(shape)
        return as_output(result.astype(dtype, copy=False))

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called, and the call cannot fail."""
        return super().can_wait(shape) and np.size(shape) >= 2

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "gain": self.gain}
