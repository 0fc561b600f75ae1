"""The public names of Keras, to tell what minikeras does not have from what nobody has."""

import os
from functools import cache


@cache
def public_names() -> dict[str, frozenset[str]]:
    """Returns the public names of Keras 3.15.1 and of its twin in TensorFlow, by namespace: "" and "layers", say."""
    found: dict[str, set[str]] = {}
    path = ""
    with open(os.path.join(os.path.dirname(__file__), "names.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("["):
                path = line.strip("[]\n").removeprefix("keras")
            elif not line.startswith("#"):
                found.setdefault(path, set()).update(line.split())
    return {path: frozenset(names) for path, names in found.items()}
