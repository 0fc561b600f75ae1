"""The operations of `keras.ops.linalg`."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from .decompositions import cholesky as cholesky
    from .decompositions import qr as qr
    from .decompositions import svd as svd
    from .determinants import det as det
    from .eigenvalues import eig as eig
    from .eigenvalues import eigh as eigh
    from .elimination import lu_factor as lu_factor
    from .forward_mode import jvp as jvp
    from .least_squares import lstsq as lstsq
    from .least_squares import matrix_rank as matrix_rank
    from .least_squares import pinv as pinv
    from .norms import norm as norm
    from .systems import inv as inv
    from .systems import solve as solve
    from .triangular import cholesky_inverse as cholesky_inverse
    from .triangular import solve_triangular as solve_triangular
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "cholesky": ".decompositions",
            "cholesky_inverse": ".triangular",
            "det": ".determinants",
            "eig": ".eigenvalues",
            "eigh": ".eigenvalues",
            "inv": ".systems",
            "jvp": ".forward_mode",
            "lstsq": ".least_squares",
            "lu_factor": ".elimination",
            "matrix_rank": ".least_squares",
            "norm": ".norms",
            "pinv": ".least_squares",
            "qr": ".decompositions",
            "solve": ".systems",
            "solve_triangular": ".triangular",
            "svd": ".decompositions",
        },
    )
