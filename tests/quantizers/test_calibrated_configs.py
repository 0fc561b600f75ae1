"""The configs of GPTQ and AWQ."""

import pytest

from minikeras import layers, quantizers
from minikeras.errors import ArgumentError
from minikeras.quantizers import AWQConfig, GPTQConfig

KINDS = pytest.mark.parametrize("kind", [GPTQConfig, AWQConfig])


@KINDS
def test_round_trip_without_data(kind):
    config = kind(["a"], "a tokenizer", num_samples=3, sequence_length=5, group_size=-1)
    again = quantizers.deserialize(quantizers.serialize(config))
    assert again.get_config() == config.get_config() and again.num_samples == 3
    assert (config.dataset, config.tokenizer) == (["a"], "a tokenizer") and again.dataset is again.tokenizer is None
    assert again.dtype_policy_string() == f"{kind.__name__[:-6].lower()}/4/-1"


@KINDS
def test_layers_are_not_in_the_config(kind):
    structure = {"pre_block_layers": [layers.Dense(1)], "sequential_blocks": [layers.Dense(1)]}
    config = kind(["a"], None, quantization_layer_structure=structure)
    assert config.quantization_layer_structure is structure
    assert config.get_config()["quantization_layer_structure"] is None
    named = {"pre_block_layers": [], "sequential_blocks": ["block"]}
    config = kind(["a"], None, quantization_layer_structure=named)
    assert config.get_config()["quantization_layer_structure"] == named


@KINDS
@pytest.mark.parametrize(
    "arguments",
    [{"weight_bits": 5}, {"num_samples": 0}, {"sequence_length": 0}, {"group_size": 0}, {"group_size": -2}],
    ids=str,
)
def test_refused(kind, arguments):
    (name,) = arguments
    with pytest.raises(ArgumentError, match=f"{kind.__name__}: `{name}`"):
        kind(["a"], None, **arguments)


def test_refused_of_one_kind():
    with pytest.raises(ArgumentError, match=r"GPTQConfig: `hessian_damping`.*\[0, 1\]"):
        GPTQConfig(["a"], None, hessian_damping=1.5)
    with pytest.raises(ArgumentError, match="AWQConfig: `num_grid_points`"):
        AWQConfig(["a"], None, num_grid_points=0)
    with pytest.raises(ArgumentError, match=r"AWQConfig: `weight_bits` must be one of \(4,\)"):
        AWQConfig(["a"], None, weight_bits=8)
    assert GPTQConfig(["a"], None, weight_bits=8).weight_bits == 8
