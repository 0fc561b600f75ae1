"""What is outside minikeras says so when it is made."""

import pytest

from minikeras.callbacks import OrbaxCheckpoint
from minikeras.errors import NotSupportedError


def test_is_refused():
    with pytest.raises(NotSupportedError, match="OrbaxCheckpoint saves with Orbax, a library for JAX"):
        OrbaxCheckpoint("folder", max_to_keep=3)
