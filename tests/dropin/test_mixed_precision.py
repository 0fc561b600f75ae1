"""`keras.mixed_precision`: the global dtype policy, by its names in Keras 2 and 3."""

from minikeras import DTypePolicy, config, layers
from minikeras.dropin import mixed_precision


def test_the_global_policy():
    mixed_precision.set_global_policy("mixed_float16")
    assert mixed_precision.global_policy().name == mixed_precision.dtype_policy().name == "mixed_float16"
    assert config.dtype_policy() is mixed_precision.global_policy()
    assert layers.Dense(1).compute_dtype == "float16"


def test_policies(installed):
    module = installed("keras.mixed_precision")
    assert module.Policy is module.DTypePolicy is DTypePolicy
    assert module.Policy("float64").compute_dtype == "float64"
