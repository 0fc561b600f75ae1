"""Names of regularizers in Keras 1, with their defaults of that time."""

import pytest

from minikeras import regularizers
from minikeras.dropin import old_regularizers
from minikeras.errors import LegacyWarning


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("ActivityRegularizer", "L1L2"),
        ("WeightRegularizer", "L1L2"),
        ("activity_l1", "L1"),
        ("activity_l1l2", "L1L2"),
        ("activity_l2", "L2"),
        ("l1l2", "L1L2"),
    ],
)
def test_old_names(old, today):
    with pytest.warns(LegacyWarning, match=f"`regularizers.{old}` .* `regularizers.{today}`"):
        found = getattr(old_regularizers, old)
    assert type(found()) is getattr(regularizers, today)


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
def test_defaults():
    both = old_regularizers.l1l2()
    assert (both.l1, both.l2) == (0.01, 0.01)
    assert old_regularizers.WeightRegularizer(l2=0.5).l1 == 0 and old_regularizers.activity_l1(0.25).l1 == 0.25


def test_other_names():
    assert not hasattr(old_regularizers, "nothing")
