"""The base of the spatial dropout layers."""

from typing import Any

from ... import dtype_policies
from ...config import resolved_data_format
from ...typing import DTypePolicyLike
from ..input_spec import InputSpec
from .dropout import Dropout


class SpatialDropout(Dropout):
    """The base of layers that drop whole channels.

    Args:
        rate: The fraction of channels to drop, in [0, 1].
        data_format: "channels_last" or "channels_first".
        seed: An integer, for reproducible draws.
        name: The layer's name.
        dtype: The dtype of the computations and weights, or a dtype policy.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/regularization_layers/, Tompson et al. 2014, https://arxiv.org/abs/1411.4280
    """

    rank = 1  # how many spatial axes there are

    def __init__(
        self,
        rate: float,
        data_format: str | None = "channels_last",
        seed: int | None = None,
        name: str | None = None,
        dtype: DTypePolicyLike = None,
    ):
        spatial = (1,) * self.rank
        self.data_format = resolved_data_format(type(self).__name__, data_format)
        last = self.data_format == "channels_last"
        super().__init__(rate, (None, *spatial, None) if last else (None, None, *spatial), seed, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        dtype = dtype_policies.serialize(self.dtype_policy) if self.dtype != self.compute_dtype else self.dtype
        config = {"rate": self.rate, "seed": self.seed, "name": self.name, "dtype": dtype}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}
