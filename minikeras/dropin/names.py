"""The public names of Keras, to tell names that minikeras lacks from names that do not exist."""

import os
from functools import cache


@cache
def public_names() -> dict[str, frozenset[str]]:
    """Returns the public names of Keras 3.15.1 and of `tf.keras`, by namespace, such as "" and "layers"."""
    found: dict[str, set[str]] = {}
    path = ""
    with open(os.path.join(os.path.dirname(__file__), "names.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("["):
                path = line.strip("[]\n").removeprefix("keras")
            elif not line.startswith("#"):
                found.setdefault(path, set()).update(line.split())
    return {path: frozenset(names) for path, names in found.items()}
