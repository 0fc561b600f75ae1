"""JAX as a contender of the workload "ops": it trains no networks here, since Keras on JAX does."""

from typing import Any

from .workloads import Data, MissingError, Network


class Side:
    """JAX as a contender."""

    def __init__(self, data: Data):
        import jax  # noqa: F401 - loaded here, so that what is measured later does not hold the import

    def start(self, network: Network) -> Any:
        """Has no networks."""
        raise MissingError("written for the workload ops only")

    def tracing(self, network: Network) -> float:
        """Has no networks."""
        raise MissingError("written for the workload ops only")
