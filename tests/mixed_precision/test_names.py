"""`mixed_precision`: the global dtype policy, by its names in Keras 2 and 3."""

from minikeras import DTypePolicy, config, layers, mixed_precision, optimizers


def test_the_global_policy():
    mixed_precision.set_global_policy("mixed_float16")
    assert mixed_precision.global_policy().name == mixed_precision.dtype_policy().name == "mixed_float16"
    assert config.dtype_policy() is mixed_precision.global_policy()
    assert layers.Dense(1).compute_dtype == "float16"


def test_one_object_for_several_names():
    assert mixed_precision.Policy is mixed_precision.DTypePolicy is DTypePolicy
    assert mixed_precision.Policy("float64").compute_dtype == "float64"
    assert mixed_precision.LossScaleOptimizer is optimizers.LossScaleOptimizer
    assert mixed_precision.set_dtype_policy is mixed_precision.set_global_policy is config.set_dtype_policy
