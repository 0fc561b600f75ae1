"""Names of initializers in Keras 1 and 2."""

import pytest

from minikeras import initializers
from minikeras.dropin import old_initializers
from minikeras.errors import LegacyWarning


@pytest.mark.parametrize(
    ("old", "today"), [("normal", "RandomNormal"), ("one", "Ones"), ("uniform", "RandomUniform"), ("zero", "Zeros")]
)
def test_old_names(old, today):
    with pytest.warns(LegacyWarning, match=f"`initializers.{old}` .* `initializers.{today}`") as caught:
        assert getattr(old_initializers, old) is getattr(initializers, today)
    assert caught[0].filename == __file__


def test_other_names():
    assert not hasattr(old_initializers, "nothing")
