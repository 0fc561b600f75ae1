import numpy as np
import pytest

from minikeras.ops.common import attention_weights as module
from minikeras.ops.common.attention_weights import attention_weights, hidden_keys, logits_gradient, lowest_logit
from tests.helpers import check_grads, run_step_test

RNG = np.random.default_rng(0)
QUERY, KEY = RNG.normal(size=(3, 4, 2, 5)), RNG.normal(size=(3, 6, 2, 5))
BIAS, MASK = RNG.normal(size=(1, 2, 4, 6)), RNG.uniform(size=(3, 1, 4, 6)) > 0.3
MASK[0, 0, 1] = False
PARAMS = {"scale": 0.7, "is_causal": True, "given": "bm"}


def by_definition(bias=BIAS, mask=MASK, causal=True):
    logits = 0.7 * np.einsum("btnd,bsnd->bnts", QUERY, KEY) + bias
    logits = np.where(mask & (np.tri(4, 6, dtype=bool) | (not causal)), logits, lowest_logit("float64"))
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


@pytest.mark.parametrize("block", [1, 24, 48, 10**6])
def test_values_whatever_the_size_of_blocks(block, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", block)
    found = attention_weights(QUERY, KEY, BIAS, MASK, **PARAMS)
    np.testing.assert_allclose(found, by_definition(), rtol=1e-10)
    plain = attention_weights(QUERY, KEY, BIAS, MASK, scale=0.7, is_causal=False, given="")
    np.testing.assert_allclose(plain, by_definition(0, True, False), rtol=1e-10)


@pytest.mark.parametrize("given", ["", "b", "m", "bm"])
def test_gradients(given):
    params = {**PARAMS, "given": given}
    check_grads(lambda q, k, b: attention_weights(q, k, b, MASK, **params) * WEIGHTS, QUERY, KEY, BIAS, order=2)


WEIGHTS = RNG.normal(size=(3, 2, 4, 6))


def test_gradient_of_logits():
    y = by_definition()
    jacobian = np.einsum("...i,ij->...ij", y, np.eye(6)) - np.einsum("...i,...j->...ij", y, y)
    np.testing.assert_allclose(
        logits_gradient(WEIGHTS, y), np.einsum("...ij,...j->...i", jacobian, WEIGHTS), atol=1e-12
    )
    check_grads(logits_gradient, WEIGHTS, y, order=2)


def test_replay():
    data = [[RNG.normal(size=x.shape).astype("float32") for x in (QUERY, KEY)] for _ in range(2)]
    bias = BIAS.astype("float32")
    run_step_test(lambda x: attention_weights(*x, bias, MASK, **PARAMS), *data)


def test_hidden_keys():
    assert np.array_equal(hidden_keys(3, 4), ~np.tri(3, 4, dtype=bool))
    assert np.array_equal(hidden_keys(2, 4, first=1), ~np.tri(3, 4, dtype=bool)[1:])


def test_nothing():
    none = np.zeros((0, 4, 2, 5))
    found = attention_weights(none, none[:, :3], BIAS[..., :3], MASK[:1, ..., :3], scale=1.0, is_causal=False, given="")
    assert found.shape == (0, 2, 4, 3)
