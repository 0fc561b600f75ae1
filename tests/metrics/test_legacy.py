"""Names of Keras 2: accepted with a warning, and not offered."""

import pytest

from minikeras import metrics
from minikeras.errors import LegacyWarning


@pytest.mark.parametrize(
    ("name", "today"),
    [
        *(("mse", "mean_squared_error"), ("MSE", "mean_squared_error"), ("mae", "mean_absolute_error")),
        *(("MAPE", "mean_absolute_percentage_error"), ("msle", "mean_squared_logarithmic_error")),
        *(("kld", "kl_divergence"), ("kullback_leibler_divergence", "kl_divergence"), ("logcosh", "log_cosh")),
    ],
)
def test_functions_of_keras_2(name, today):
    with pytest.warns(LegacyWarning, match=f"`metrics.{name}` is .* an older Keras; write `metrics.{today}`"):
        assert getattr(metrics, name) is getattr(metrics, today)
    assert name not in metrics.__all__


def test_no_other_names():
    with pytest.raises(AttributeError, match="module 'minikeras.metrics' has no attribute 'mes'"):
        metrics.mes  # noqa: B018
