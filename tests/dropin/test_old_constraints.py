"""Names of constraints in Keras 1."""

import pytest

from minikeras import constraints
from minikeras.dropin import old_constraints
from minikeras.errors import LegacyWarning


@pytest.mark.parametrize(
    ("old", "today"),
    [("maxnorm", "MaxNorm"), ("nonneg", "NonNeg"), ("unitnorm", "UnitNorm"), ("unit_norm", "UnitNorm")],
)
def test_old_names(old, today):
    with pytest.warns(LegacyWarning, match=f"`constraints.{old}` .* `constraints.{today}`") as caught:
        assert getattr(old_constraints, old) is getattr(constraints, today)
    assert caught[0].filename == __file__


def test_other_names():
    assert not hasattr(old_constraints, "nothing")
