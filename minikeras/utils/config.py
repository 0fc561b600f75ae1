"""Named values, such as the settings of an experiment."""

import json
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import Any

from ..errors import StateError, near_name
from ..tracebacks import Filtered


class Config(Filtered):
    """A dict whose values are attributes, too, and that can be frozen.

    Args:
        **kwargs: The values by name.

    Raises:
        StateError: If a frozen config is changed.

    Source: https://keras.io/api/utils/experiment_management_utils/

    Example:
        >>> config = Config(learning_rate=0.1)
        >>> config.seed = 3
        >>> config["seed"], config.learning_rate, config.to_json()
        (3, 0.1, '{"learning_rate": 0.1, "seed": 3}')
        >>> config.freeze()
        >>> config.seed = 4
        Traceback (most recent call last):
        ...
        minikeras.errors.StateError: The config is frozen, so its values cannot be changed: call `unfreeze` first.
    """

    def __init__(self, **kwargs: Any):
        vars(self).update(_config=kwargs, _frozen=False)

    @property
    def frozen(self) -> bool:
        """Whether the config is frozen."""
        return self._frozen

    def freeze(self) -> None:
        """Lets every change raise an error."""
        vars(self)["_frozen"] = True

    def unfreeze(self) -> None:
        """Allows changes again."""
        vars(self)["_frozen"] = False

    def as_dict(self) -> dict[str, Any]:
        """Returns the values as a new dict."""
        return dict(self._config)

    def to_json(self) -> str:
        """Returns the values as JSON."""
        return json.dumps(self._config)

    def keys(self) -> KeysView[str]:
        """Returns the names."""
        return self._config.keys()

    def values(self) -> ValuesView:
        """Returns the values."""
        return self._config.values()

    def items(self) -> ItemsView[str, Any]:
        """Returns pairs of names and values."""
        return self._config.items()

    def pop(self, *args: Any) -> Any:
        """Removes a value and returns it; takes a name, and what is returned if it is not there."""
        self._check_not_frozen()
        return self._config.pop(*args)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Sets several values, as `dict.update` does."""
        self._check_not_frozen()
        self._config.update(*args, **kwargs)

    def get(self, keyname: str, value: Any = None) -> Any:
        """Returns the value of a name, or another one if it is not there."""
        return self._config.get(keyname, value)

    def _check_not_frozen(self) -> None:
        if self._frozen:
            raise StateError("The config is frozen, so its values cannot be changed: call `unfreeze` first.")

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name) or name in vars(self):
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __getattr__(self, name: str) -> Any:
        values = vars(self).get("_config", {})  # empty while the config is copied or unpickled
        if name in values:
            return values[name]
        near = near_name(name, values)
        raise AttributeError(f"The config has no value {name!r}." + (f" Did you mean {near!r}?" if near else ""))

    def __setitem__(self, key: str, item: Any) -> None:
        self._check_not_frozen()
        self._config[key] = item

    def __getitem__(self, key: str) -> Any:
        return self._config[key]

    def __delitem__(self, key: str) -> None:
        self._check_not_frozen()
        del self._config[key]

    def __contains__(self, item: object) -> bool:
        return item in self._config

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._config))

    def __len__(self) -> int:
        return len(self._config)

    def __repr__(self) -> str:
        return f"<Config {self._config}>"
