import pytest

from minikeras import losses
from minikeras.errors import LegacyWarning
from minikeras.losses.legacy import NAMES, attribute


@pytest.mark.parametrize(("name", "today"), [*NAMES.items(), ("MSE", "mean_squared_error"), ("kld", "kl_divergence")])
def test_attributes(name, today):
    with pytest.warns(LegacyWarning, match=f"`losses.{name}` .* write `losses.{today}`") as caught:
        function = getattr(losses, name)
    assert function is getattr(losses, today)
    assert caught[0].filename == __file__


def test_reductions():
    with pytest.warns(LegacyWarning, match="`losses.Reduction`"):
        reduction = losses.Reduction
    assert losses.MeanSquaredError(reduction=reduction.SUM).reduction == "sum"
    assert losses.MeanSquaredError(reduction=reduction.NONE).reduction == "none"
    with pytest.warns(LegacyWarning, match="reduction 'auto'.*'sum_over_batch_size'"):
        assert losses.MeanSquaredError(reduction=reduction.AUTO).reduction == "sum_over_batch_size"


@pytest.mark.parametrize(("name", "today"), NAMES.items())
def test_strings(name, today):
    with pytest.warns(LegacyWarning, match=f"loss '{name}' .* write '{today}'"):
        assert losses.get(name) is getattr(losses, today)


def test_what_there_never_was():
    with pytest.raises(AttributeError, match="module 'minikeras.losses' has no attribute 'mean_cubed_error'"):
        attribute("mean_cubed_error")
    assert not hasattr(losses, "mean_cubed_error")


def test_they_are_not_listed():
    assert "MSE" not in dir(losses) and "MSE" not in losses.__all__
