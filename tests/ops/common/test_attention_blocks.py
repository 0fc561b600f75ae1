import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.ops.attention import attend
from minikeras.ops.common import attention_blocks as module
from tests.helpers import check_grads, run_step_test

RNG = np.random.default_rng(0)
QUERY, KEY, VALUE = (RNG.normal(size=shape) for shape in ((2, 5, 2, 3), (2, 6, 2, 3), (2, 6, 2, 4)))
BIASES = [RNG.normal(size=shape) for shape in ((2, 2, 5, 6), (1, 2, 1, 6), (5, 1), (2, 1, 5, 6), (1, 1, 1, 1))]
MASK = RNG.uniform(size=(2, 1, 5, 6)) > 0.3
MASK[0, 0, 3] = False
OPTIONS = [
    {},
    {"is_causal": True},
    {"mask": MASK},
    {"mask": MASK[0, 0], "is_causal": True},
    *({"bias": bias} for bias in BIASES),
    {"bias": BIASES[0], "mask": MASK, "is_causal": True, "scale": 0.3},
]


@pytest.fixture(autouse=True, params=[1, 13, 10**6], ids="logits={}".format)
def _size_of_blocks(request, monkeypatch):
    monkeypatch.setattr(module, "_LOGITS", request.param)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: " ".join(options))
def test_same_values_and_gradients_as_at_once(options):
    found = []
    for in_blocks in (False, True):
        with Trace() as trace:
            names = ["bias"] if "bias" in options else []
            inputs = [Tensor(x, trace) for x in (QUERY, KEY, VALUE, *(options[name] for name in names))]
            y = attend(*inputs[:3], **{**options, **dict(zip(names, inputs[3:], strict=True))}, in_blocks=in_blocks)
            slopes = gradients(ops.sum(ops.sin(y)), inputs)
            found.append([y.array, *(slope.array for slope in slopes)])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("options", [OPTIONS[0], OPTIONS[3], OPTIONS[5], OPTIONS[-1]], ids=lambda each: " ".join(each))
def test_gradients_to_second_order(options):
    has_bias = "bias" in options
    others = {name: value for name, value in options.items() if name != "bias"}

    def attended(*inputs):
        return ops.sin(attend(*inputs[:3], *inputs[3:], **others, in_blocks=True))

    check_grads(attended, QUERY, KEY, VALUE, *([options["bias"]] if has_bias else []), order=2)


def test_replay():
    data = [[RNG.normal(size=x.shape).astype("float32") for x in (QUERY, KEY, VALUE)] for _ in range(2)]

    def step(inputs):
        y = attend(*inputs, is_causal=True, in_blocks=True)
        return gradients(ops.sum(ops.square(y)), inputs)

    run_step_test(step, *data)
    run_step_test(lambda inputs: attend(*inputs, is_causal=True, in_blocks=True), *data)


def test_low_precision():
    half = [x.astype("float16") for x in (QUERY, KEY, VALUE)]
    found = attend(*half, in_blocks=True)
    assert found.dtype == "float16"
    np.testing.assert_allclose(found, attend(QUERY, KEY, VALUE), atol=3e-3)


def test_nothing():
    assert attend(QUERY[:, :0], KEY, VALUE, in_blocks=True).shape == (2, 0, 2, 4)
