"""Lowered convolutions and their gradients: by definition."""

import numpy as np
import pytest

from minikeras.ops.convolution import lowering

rng = np.random.default_rng(0)
ONE, TWO = ((0, 0),), ((0, 0), (0, 0))
# Shape of the inputs, of the kernel, strides, padding, dilation, phases.
CASES = {
    "valid": ((2, 7, 6, 3), (3, 2, 3, 4), (1, 1), TWO, (1, 1), ()),
    "few channels": ((2, 7, 6, 1), (3, 3, 1, 4), (1, 1), ((1, 1), (0, 2)), (1, 1), ()),
    "same, no more filters than channels": ((2, 6, 6, 20), (3, 3, 20, 4), (1, 1), ((1, 1), (1, 1)), (1, 1), ()),
    "even window": ((2, 6, 6, 20), (2, 4, 20, 4), (1, 1), ((0, 1), (1, 2)), (1, 1), ()),
    "causal and dilated": ((2, 9, 20), (3, 20, 20), (1,), ((4, 0),), (2,), ()),
    "strides": ((2, 9, 8, 20), (3, 3, 20, 4), (2, 3), ((1, 1), (0, 1)), (1, 1), ()),
    "windows smaller than strides": ((2, 9, 3), (1, 3, 4), (3,), ONE, (1,), ()),
    "a product": ((2, 5, 4, 3), (1, 1, 3, 4), (1, 1), TWO, (1, 1), ()),
    "three axes": ((2, 4, 5, 3, 2), (2, 2, 2, 2, 3), (1, 2, 1), ((0, 0),) * 3, (1, 1, 1), ()),
    "phases": ((2, 9, 8, 3), (3, 3, 3, 4), (1, 1), TWO, (1, 1), (2, 2)),
    "phases that leave some out": ((2, 9, 10, 1), (2, 3, 1, 4), (1, 1), ((1, 0), (1, 1)), (1, 1), (3, 2)),
    "phases of a product": ((2, 4, 4, 3), (1, 1, 3, 4), (1, 1), TWO, (1, 1), (2, 2)),
    "groups": ((2, 7, 6, 6), (3, 2, 2, 9), (2, 1), ((1, 1), (0, 0)), (1, 1), ()),
    "depthwise": ((2, 7, 6, 5), (3, 3, 1, 10), (1, 1), ((1, 1), (1, 1)), (1, 1), ()),
    "strides of half a window": ((2, 8, 9, 3), (4, 4, 3, 5), (2, 2), ((1, 1), (1, 2)), (1, 1), ()),
    "strides of a window": ((2, 9, 8, 3), (3, 2, 3, 5), (3, 2), TWO, (1, 1), ()),
    "strides of a third, along one axis": ((2, 13, 5, 3), (6, 3, 3, 5), (2, 1), ((4, 1), (1, 1)), (1, 1), ()),
    "strides of half a window, some inputs in none": ((2, 11, 3), (4, 3, 2), (2,), ((1, 0),), (1,), ()),
    "strides of a window, more padding than that": ((2, 5, 3), (2, 3, 2), (2,), ((3, 4),), (1,), ()),
    "groups, no strides": ((2, 7, 6, 6), (3, 2, 2, 9), (1, 1), ((1, 1), (0, 1)), (1, 2), ()),
    "groups, more padding than the window": ((2, 7, 6), (2, 3, 4), (1,), ((2, 3),), (1,), ()),
    "depthwise, strides": ((2, 9, 8, 5), (3, 2, 1, 5), (2, 3), ((1, 1), (0, 1)), (1, 1), ()),
    "depthwise, strides, some inputs in no window": ((2, 9, 10, 2), (1, 2, 1, 6), (3, 3), TWO, (1, 1), ()),
    "depthwise, causal and dilated": ((2, 12, 8), (3, 1, 8), (1,), ((8, 0),), (4,), ()),
    "depthwise, long rows": ((2, 96, 48), (3, 1, 48), (1,), ((1, 1),), (1,), ()),
    "depthwise, three axes": ((2, 4, 5, 6, 3), (2, 3, 2, 1, 3), (1, 1, 1), ((0, 1),) * 3, (1, 1, 2), ()),
    "depthwise, more padding than the window": ((2, 3, 4, 3), (2, 2, 1, 3), (2, 1), ((3, 2), (2, 4)), (1, 1), ()),
    "depthwise, strides, no input in a window": ((2, 1, 4, 2), (1, 2, 1, 2), (3, 2), ((1, 1), (0, 0)), (1, 1), ()),
    "depthwise, strides along one axis": ((2, 7, 9, 3), (3, 5, 1, 6), (1, 3), ((1, 1), (2, 2)), (1, 1), ()),
    "phases of depthwise": ((2, 8, 6, 4), (3, 3, 1, 4), (1, 1), ((1, 1), (1, 1)), (1, 1), (2, 2)),
    "phases of groups": ((2, 8, 6, 6), (3, 3, 3, 4), (1, 1), ((1, 1), (1, 1)), (1, 1), (2, 2)),
    "phases with strides": ((2, 14, 3), (3, 3, 4), (2,), ((1, 1),), (1,), (3,)),
}


def by_definition(x, kernel, strides, padding, dilation, groups, phases):
    *size, each, filters = kernel.shape
    x = np.pad(x, [(0, 0), *padding, (0, 0)])
    reach = [(width - 1) * step + 1 for width, step in zip(size, dilation, strict=True)]
    counts = [(n - wide) // s + 1 for n, wide, s in zip(x.shape[1:-1], reach, strides, strict=True)]
    y = np.zeros((len(x), *counts, filters), x.dtype)
    for index in np.ndindex(*size):
        starts = [i * step for i, step in zip(index, dilation, strict=True)]
        key = [slice(a, a + (n - 1) * s + 1, s) for a, n, s in zip(starts, counts, strides, strict=True)]
        for group in range(groups):
            mine = slice(group * filters // groups, (group + 1) * filters // groups)
            y[..., mine] += x[(slice(None), *key, slice(group * each, (group + 1) * each))] @ kernel[index][:, mine]
    if not phases:
        return y
    found = []
    for phase in np.ndindex(*phases):
        whole = [slice(first, n // width * width, width) for first, n, width in zip(phase, counts, phases, strict=True)]
        found.append(y[(slice(None), *whole)])
    return np.stack(found, 1)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_by_definition(case, dtype):
    sizes, shape, strides, padding, dilation, phases = case
    x, kernel = rng.normal(size=sizes).astype(dtype), rng.normal(size=shape).astype(dtype)
    geometry = {"strides": strides, "padding": padding, "dilation": dilation, "phases": phases}
    geometry["groups"] = sizes[-1] // shape[-2]
    y = lowering.lowered_conv(x, kernel, **geometry)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, by_definition(x, kernel, **geometry), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_gradients(case):
    """A convolution is linear in each input, and the sums of products with the gradients say which function it is."""
    sizes, shape, strides, padding, dilation, phases = case
    geometry = {"strides": strides, "padding": padding, "dilation": dilation, "phases": phases}
    geometry["groups"] = sizes[-1] // shape[-2]
    x, kernel = rng.normal(size=sizes), rng.normal(size=shape)
    g = rng.normal(size=by_definition(x, kernel, **geometry).shape)
    of_inputs = lowering.lowered_input(g, kernel, sizes=sizes[1:-1], **geometry)
    of_kernel = lowering.lowered_kernel(x, g, size=shape[:-2], **geometry)
    assert of_inputs.shape == x.shape and of_kernel.shape == kernel.shape
    for _ in range(5):
        other, another = rng.normal(size=sizes), rng.normal(size=shape)
        np.testing.assert_allclose((of_inputs * other).sum(), (g * by_definition(other, kernel, **geometry)).sum())
        np.testing.assert_allclose((of_kernel * another).sum(), (g * by_definition(x, another, **geometry)).sum())


@pytest.mark.parametrize("name", ["_OVERLAPPED", "_INTERLEAVED"])
def test_shape_rules(name):
    primitive = getattr(lowering, name)
    if name == "_OVERLAPPED":
        x, geometry = np.ones((2, 3, 4, 5), "float32"), {"size": (2,), "strides": (2,), "padding": ((1, 0),)}
        geometry |= {"dilation": (1,), "sizes": (7,)}
    else:
        x, geometry = np.ones((3, 4, 2, 5), "float32"), {"strides": (2,), "padding": ((1, 0),), "sizes": (7,)}
    result = primitive.kernel(x, **geometry)
    assert primitive.shape(x, **geometry) == (result.shape, result.dtype)
