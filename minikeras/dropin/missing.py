"""Placeholders for names of Keras that minikeras does not have, which raise an error when they are used."""

from collections.abc import Iterable
from typing import Any

from ..errors import MissingNameError, near_name


def nearest(name: str, known: Iterable[str]) -> str:
    """Returns a sentence with the most similar of the known names; an empty string if there is none."""
    close = near_name(name, [candidate for candidate in known if not candidate.startswith("_")])
    return f" The closest available name: `{close}`." if close else ""


class Missing:
    """Placeholder for a class, function or constant of Keras that minikeras does not have.

    It can be imported, and `isinstance` is always False; calling it, subclassing it or reading its attributes raises.

    Args:
        name: Its full name in the script.
        known: The names that exist, of which errors suggest the most similar.
    """

    def __init__(self, name: str, known: Iterable[str]):
        vars(self).update(__name__=name.rpartition(".")[2], _name=name, _known=known)

    def _refusal(self) -> MissingNameError:
        near = nearest(self._name.rpartition(".")[2], self._known)
        return MissingNameError(
            f"`{self._name}` is not in minikeras.{near} To use it, run the script with real Keras: "
            "`pip install keras`, then `python` instead of `minikeras run`."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        raise self._refusal()

    def __mro_entries__(self, bases: tuple) -> tuple:
        raise self._refusal()

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)  # protocols of Python are not a use of the class
        raise self._refusal()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, cls: type) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<{self._name}: not in minikeras>"
