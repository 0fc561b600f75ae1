"""What Keras offers for every layer and minikeras does not have."""

from ..errors import NotSupportedError, brief
from ..tracebacks import Filtered


class Unsupported(Filtered):
    """The methods of a layer that say that minikeras does not have them."""

    def refuse(self, argument: str, value: object) -> None:
        """Raises if an argument of Keras that minikeras does not offer yet is used."""
        if value is not None:
            raise NotSupportedError(
                f"{type(self).__name__}: `{argument}` is not in minikeras yet, and it is not ignored silently. "
                f"Expected None. Received: {argument}={brief(value)}"
            )

    def add_metric(self, *args: object, **kwargs: object) -> None:
        """Raises: Keras 3 has no such method any more."""
        raise NotSupportedError(
            f"{self._where()}: `add_metric` is not in Keras 3 any more. Give metrics to `compile`, or make one in "
            "`__init__` and call its `update_state` in `call`."
        )

    def quantize(self, *args: object, **kwargs: object) -> None:
        """Raises: minikeras has no quantized layers."""
        raise NotSupportedError(f"{self._where()}: minikeras has no quantized layers, so `quantize` is not possible.")

    quantized_build = quantized_call = quantize

    def rematerialized_call(self, *args: object, **kwargs: object) -> None:
        """Raises: minikeras keeps what the backward pass needs, and computes nothing twice."""
        raise NotSupportedError(f"{self._where()}: minikeras does not rematerialize. Call the layer itself.")
