"""The `RemoteMonitor` callback."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from minikeras.argument_checks import check_bool
from minikeras.callbacks.arguments import require_package
from minikeras.callbacks.callback import Callback
from minikeras.engine.replicas import is_first
from minikeras.errors import ArgumentTypeError, brief, warn_user


class RemoteMonitor(Callback):
    """Posts the logs of every epoch to `root + path`, with the package `requests`.

    If the server cannot be reached, there is a warning, and training continues.

    Args:
        root: The URL of the server, such as "http://localhost:9000".
        path: The path on the server.
        field: The form field of the JSON data.
        headers: Further HTTP headers, by name.
        send_as_json: Whether to send the data as `application/json` instead of a form.

    Raises:
        ImportError: If requests is not installed.
        ArgumentTypeError: If an argument has the wrong type.

    Source: https://keras.io/api/callbacks/remote_monitor/

    Example:
        >>> monitor = RemoteMonitor("http://localhost:8000", path="/epochs", send_as_json=True)
        >>> monitor.root + monitor.path
        'http://localhost:8000/epochs'
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None:
        super().__init__()
        where = type(self).__name__
        for name, value in (("root", root), ("path", path), ("field", field)):
            if not isinstance(value, str):
                raise ArgumentTypeError(f"{where}: expected `{name}` to be a string. Received: {name}={brief(value)}")
        if headers is not None and not isinstance(headers, Mapping):
            raise ArgumentTypeError(
                f"{where}: expected `headers` to be a dict or None. Received: headers={brief(headers)}"
            )
        require_package(where, "requests", "remote")
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = check_bool(where, "send_as_json", send_as_json)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sends the logs.

        Args:
            epoch: Index of the epoch, from 0.
            logs: Values of the epoch.
        """
        if not is_first():
            return
        import json

        import requests

        values = {"epoch": epoch}
        for name, value in (logs or {}).items():
            values[name] = value.item() if isinstance(value, (np.ndarray, np.generic)) else value
        content = {"json": values} if self.send_as_json else {"data": {self.field: json.dumps(values)}}
        try:
            requests.post(self.root + self.path, headers=self.headers, **content)
        except requests.exceptions.RequestException:
            warn_user(f"Could not reach RemoteMonitor root server at {self.root}", UserWarning)
