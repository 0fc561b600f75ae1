"""Methods and arguments of Keras's layers that minikeras does not have."""

from ..errors import NotSupportedError, brief
from ..tracebacks import Filtered


class Unsupported(Filtered):
    """The part of `Layer` that refuses what minikeras does not have."""

    def refuse(self, argument: str, value: object) -> None:
        """Raises an error if an argument is used that minikeras does not support yet."""
        if value is not None:
            raise NotSupportedError(
                f"{type(self).__name__}: `{argument}` is not in minikeras yet, and it is not ignored silently. "
                f"Expected None. Received: {argument}={brief(value)}"
            )

    def add_metric(self, *args: object, **kwargs: object) -> None:
        """Raises an error: Keras 3 removed this method."""
        raise NotSupportedError(
            f"{self._where()}: `add_metric` is not in Keras 3 any more. Give metrics to `compile`, or make one in "
            "`__init__` and call its `update_state` in `call`."
        )
