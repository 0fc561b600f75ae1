"""Convolutions in frequency space: by definition, also with strides and dilation; results that are not finite."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.ops.common.sliding_windows import extent, window_counts
from minikeras.ops.convolution import frequencies, lowering
from minikeras.ops.convolution.frequencies import Tiling, best_tiling
from tests.ops.convolution.test_lowering import by_definition

rng = np.random.default_rng(0)
# Shape of the inputs, of the kernel, strides, padding, dilation, outputs of a tile.
CASES = {
    "one axis": ((2, 20, 3), (5, 3, 4), (1,), ((2, 2),), (1,), (7,)),
    "causal": ((2, 20, 3), (3, 3, 2), (1,), ((8, 0),), (4,), (6,)),
    "two axes, tiles that fit": ((2, 8, 12, 3), (3, 5, 3, 4), (1, 1), ((1, 1), (2, 2)), (1, 1), (4, 6)),
    "the last tiles are not full": ((2, 9, 10, 3), (4, 3, 3, 2), (1, 1), ((0, 0), (1, 0)), (1, 1), (4, 4)),
    "strides": ((2, 17, 14, 2), (4, 3, 2, 3), (2, 3), ((1, 2), (1, 1)), (1, 1), (3, 2)),
    "strides that leave inputs out": ((2, 19, 2), (2, 2, 3), (4,), ((0, 0),), (1,), (2,)),
    "strides and dilation": ((1, 23, 2), (3, 2, 2), (2,), ((2, 1),), (3,), (4,)),
    "more padding than the kernel": ((2, 6, 2), (2, 2, 3), (1,), ((4, 5),), (1,), (5,)),
    "three axes": ((1, 5, 6, 4, 2), (3, 2, 2, 2, 3), (1, 2, 1), ((1, 1), (0, 1), (0, 0)), (1, 1, 1), (3, 2, 2)),
}
LARGE = (24, 24), (9, 9)  # with 16 channels and 8 filters faster in frequency space
# Of the largest value of a result. How BLAS sums a product depends, with most of its kernels, on the number of rows and
# on where a row is among them, so the bits depend on the size of a block: on how many examples it has, and on replay.
ROUNDING = 1e-6


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING * np.abs(expected).max(initial=0))


def tiles_of(case):
    sizes, shape, strides, padding, dilation, shares = case
    counts = window_counts(sizes[1:-1], shape[:-2], strides, padding, dilation)
    reach = [extent(width, step) for width, step in zip(shape[:-2], dilation, strict=True)]
    lengths = tuple((n - 1) * stride + width for n, stride, width in zip(shares, strides, reach, strict=True))
    tiling = Tiling(tuple(-(-count // n) for count, n in zip(counts, shares, strict=True)), shares, lengths)
    return tiling, counts, {"strides": strides, "padding": padding, "dilation": dilation}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_by_definition(case):
    tiling, counts, placing = tiles_of(case)
    x, kernel = rng.normal(size=case[0]), rng.normal(size=case[1])
    y = frequencies.conv_by_tiles(x, kernel, tiling, counts, **placing)
    expected = by_definition(x, kernel, **placing, groups=1, phases=())
    np.testing.assert_allclose(y, expected, rtol=1e-10, atol=1e-12)
    g = rng.normal(size=y.shape)
    of_inputs = frequencies.input_by_tiles(g, kernel, tiling, case[0][1:-1], **placing)
    of_kernel = frequencies.kernel_by_tiles(x, g, tiling, case[1][:-2], **placing).real
    assert of_inputs.shape == x.shape and of_kernel.shape == kernel.shape
    for _ in range(5):
        other, another = rng.normal(size=x.shape), rng.normal(size=kernel.shape)
        y = by_definition(other, kernel, **placing, groups=1, phases=())
        np.testing.assert_allclose((of_inputs * other).sum(), (g * y).sum())
        y = by_definition(x, another, **placing, groups=1, phases=())
        np.testing.assert_allclose((of_kernel * another).sum(), (g * y).sum())


def large(examples=3, dtype="float32"):
    sizes, size = LARGE
    x, kernel = rng.normal(size=(examples, *sizes, 16)), rng.normal(size=(*size, 16, 8))
    return x.astype(dtype), kernel.astype(dtype)


def by_products(monkeypatch, function, *arrays):
    try:
        with monkeypatch.context() as patch:
            patch.setattr(lowering, "best_tiling", lambda *sizes: None)
            forget_ways()
            return function(*arrays)
    finally:
        forget_ways()


def forget_ways():
    lowering._known_case.cache_clear()
    lowering._way.cache_clear()


def conv_and_gradients(x, kernel):
    def step(data):
        y = ops.conv(*data, padding="same")
        return [y, *gradients(ops.sum(y * ops.sin(y)), list(data))]

    return Step(step, "eager", replay=False)((x, kernel))


def test_large_kernels_are_transformed_and_small_ones_are_not():
    assert best_tiling(*LARGE, 16, 8, (1, 1), (1, 1)) is not None
    assert best_tiling((24, 24), (3, 3), 16, 8, (1, 1), (1, 1)) is None
    assert best_tiling((24, 24), (1, 1), 512, 512, (1, 1), (1, 1)) is None
    assert best_tiling((0, 24), (9, 9), 16, 8, (1, 1), (1, 1)) is None
    assert best_tiling((4096,), (64,), 32, 32, (1,), (1,)).lengths[0] <= 256
    assert best_tiling((10_000_000,), (64,), 32, 32, (1,), (1,)).lengths[0] <= 256
    assert best_tiling((4096,), (300,), 32, 32, (1,), (1,)) is None
    many = best_tiling((224, 224), (15, 15), 512, 512, (1, 1), (1, 1))
    assert max(many.lengths) < 64  # the transform of a kernel as large as the inputs would take 30 GB


def test_rounding_errors(monkeypatch):
    """They are no larger than those of products, whose sums have many terms."""
    x, kernel = large()
    exact = by_products(monkeypatch, conv_and_gradients, x.astype("float64"), kernel.astype("float64"))
    assert all(found.dtype == "float32" for found in conv_and_gradients(x, kernel))
    y, expected = ops.conv(x, kernel, padding="same"), exact[0]
    assert_close(y, expected)
    g = y
    placing = {"strides": (1, 1), "padding": ((4, 4), (4, 4)), "dilation": (1, 1), "groups": 1}
    for function, arrays, parameters in (
        (lowering.lowered_input, (g, kernel), {"sizes": LARGE[0]}),
        (lowering.lowered_kernel, (x, g), {"size": LARGE[1]}),
    ):
        found = function(*arrays, **parameters, **placing)
        wide = [array.astype("float64") for array in arrays]
        expected = by_products(monkeypatch, lambda *wide, f=function, p=parameters: f(*wide, **p, **placing), *wide)
        assert_close(found, expected)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("place", ["x", "kernel"])
def test_what_is_not_finite_stays_in_its_windows(value, place, monkeypatch):
    """Also where only the transform overflows."""
    x, kernel = large()
    x *= 1e-3
    before = conv_and_gradients(x, kernel)[0]
    if place == "x":
        x[1, 5, 20, 3] = value
    else:
        kernel[2, 3, 4, 5] = value
    with np.errstate(all="ignore"):
        found, expected = conv_and_gradients(x, kernel), by_products(monkeypatch, conv_and_gradients, x, kernel)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(np.isnan(one), np.isnan(other))
        np.testing.assert_array_equal(np.isinf(one), np.isinf(other))
    if place == "x":
        np.testing.assert_array_equal(found[0][[0, 2]], before[[0, 2]])
        # Sums of 1296 products each, in an order that depends on the number of examples.
        np.testing.assert_allclose(found[0][1], expected[0][1], rtol=1e-5, atol=ROUNDING)


@pytest.mark.parametrize("examples", [1, 3, 17])
def test_replayed_and_eager_steps(examples):
    def step(data):
        x, kernel, bias = data
        y = ops.average_pool(ops.relu(ops.conv(x, kernel, padding="same") + bias), 5)
        return [y, *gradients(ops.sum(y * y), [x, kernel, bias])]

    data = *large(examples), rng.normal(size=8).astype("float32")
    replayed = Step(step, "replayed")
    replayed(data)
    for value in (None, np.nan):
        if value is not None:
            data[0][examples // 2, 7, 8, 9] = value
        eager, again = Step(step, "eager", replay=False)(data), replayed(data)
        for found, expected in zip(again, eager, strict=True):
            is_known = np.isfinite(expected)
            np.testing.assert_array_equal(np.isfinite(found), is_known)
            assert_close(found[is_known], expected[is_known])
    assert len(replayed.plans()) == 1


def test_replays_give_the_same_bits():
    def step(data):
        y = ops.conv(*data, padding="same")
        return [y, *gradients(ops.sum(y * y), list(data))]

    data = large(5)
    one, other = Step(step, "one"), Step(step, "other")
    first = [np.array(array) for array in one(data)]
    for again in (one(data), other(data), other(data)):
        for found, expected in zip(again, first, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_examples_do_not_depend_on_each_other():
    x, kernel = large(5)
    together = ops.conv(x, kernel)
    for index in range(5):
        assert_close(ops.conv(x[index : index + 1], kernel)[0], together[index])
    x[2] = np.nan
    np.testing.assert_array_equal(np.isnan(ops.conv(x, kernel)).any((1, 2, 3)), np.arange(5) == 2)
    assert ops.conv(x[:0], kernel).shape == (0, 16, 16, 8)
    assert not ops.conv(np.zeros_like(x), kernel).any()


def test_kernels_that_are_not_contiguous():
    x, kernel = large()

    def step(data):
        return ops.conv(data[0], ops.transpose(data[1], (1, 0, 2, 3)), padding="same")

    replayed = Step(step, "replayed")
    replayed((x, kernel))
    kernel = -kernel
    assert_close(replayed((x, kernel)), ops.conv(x, kernel.transpose(1, 0, 2, 3), padding="same"))


def test_gradients_of_gradients(monkeypatch):
    def step(data):
        y = ops.conv(*data, padding="same")
        first = gradients(ops.sum(y * ops.sin(y)), list(data))
        return gradients(sum(ops.sum(ops.square(each)) for each in first), list(data))

    data = large(2, "float64")
    found = Step(step, "eager", replay=False)(data)
    expected = by_products(monkeypatch, Step(step, "products", replay=False), data)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-10 * np.abs(other).max())


@pytest.mark.parametrize("name", ["_ALONG", "_PRODUCT", "_PLACED", "FINITE"])
def test_shape_rules(name):
    x = rng.normal(size=(6, 4, 5)).astype("float32")
    inputs, params = {
        "_ALONG": ([x], {"axis": 0, "length": 9, "step": 1, "sign": -1}),
        "_PRODUCT": ([x.astype("complex64"), x.transpose(0, 2, 1).astype("complex64")], {}),
        "_PLACED": ([x.astype("complex64")[:, :, None]], {"sizes": (5,), "strides": (6,), "before": (0,)}),
        "FINITE": ([x.astype("complex64"), x, x], {"instead": np.add, "by_example": False}),
    }[name]
    primitive = getattr(frequencies, name)
    result = primitive.kernel(*inputs, **params)
    assert primitive.shape(*inputs, **params) == (result.shape, result.dtype)
