"""What a case of the workload "ops" is, how the table describes one, and calls that are longer than a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

# A dotted path; a function of the library and the inputs; `(module, function of that and the inputs)`; or nothing.
Call = str | Callable | tuple[str, Callable] | None
SAME = "=="  # the name of the op, in the main namespace of the library
PEERS = ("numpy", "torch", "jax")


@dataclass(frozen=True)
class Case:
    """A call of an op that is timed.

    Args:
        op: Its path in `minikeras.ops`.
        variant: What is special about this call, if the op has several cases.
        inputs: Recipes, see op_inputs.
        calls: By contender.
        jit: Whether JAX compiles it; not if a shape depends on data, or if what is returned is no array.
    """

    op: str
    variant: str
    inputs: Sequence[Any]
    calls: dict[str, Call]
    jit: bool

    @property
    def name(self) -> str:
        """What the tables call it."""
        return f"{self.op}, {self.variant}" if self.variant else self.op


def case(
    op: str,
    *inputs: Any,
    numpy: Call = SAME,
    torch: Call = SAME,
    jax: Call = SAME,
    ours: Call = SAME,
    variant: str = "",
    jit: bool = True,
) -> Case:
    """Describes a case; calls that are not given have the name of the op."""
    folder, _, name = op.rpartition(".")
    calls = {
        "minikeras": ".".join(filter(None, ("minikeras.ops", folder, name))) if ours is SAME else ours,
        "numpy": f"np.{name}" if numpy is SAME else numpy,
        "torch": f"torch.{name}" if torch is SAME else torch,
        "jax": f"jnp.{name}" if jax is SAME else jax,
    }
    return Case(op, variant, inputs, calls, jit)


def same(names: str, *inputs: Any, **calls: Any) -> list[Case]:
    """Describes ops that are called alike."""
    return [case(name, *inputs, **calls) for name in names.split()]


def peers(call: Callable) -> dict[str, Call]:
    """The same call for all other libraries."""
    return dict.fromkeys(PEERS, call)


def put(x: Any, key: Any, values: Any) -> Any:
    """Returns an array with other values at a key."""
    x[key] = values
    return x


def float32(name: str) -> Callable:
    """A call of numpy with its result in float32, which is not its default but is that of all others."""
    return lambda np, *inputs: getattr(np, name)(*inputs, dtype="float32")


def add_at(np: Any, ids: Any, values: Any, shape: Any) -> Any:
    """Sums rows by index with `np.add.at`."""
    out = np.zeros(shape, values.dtype)
    np.add.at(out, ids, values)
    return out


def at(np: Any, ufunc: str, start: float, values: Any, ids: Any, count: int) -> Any:
    """Reduces rows by index with a ufunc's `at`."""
    out = np.full((count, values.shape[1]), start, values.dtype)
    getattr(np, ufunc).at(out, ids, values)
    return out


def reduced(torch: Any, reduce: str, values: Any, ids: Any, count: int) -> Any:
    """Reduces rows by index with torch's `index_reduce_`."""
    return torch.zeros(count, values.shape[1]).index_reduce_(0, ids, values, reduce, include_self=False)


def row_gradient(gather: Callable) -> Callable:
    """The gradient of gathering rows, of minikeras (whose forward pass is in it)."""

    def call(minikeras: Any, table: Any, ids: Any, values: Any) -> Any:
        ops = minikeras.ops
        return minikeras.grad(lambda table: ops.sum(gather(ops, table, ids) * values))(table)

    return call


def split_complex(x: Any) -> tuple:
    """Returns the real and the imaginary part."""
    return x.real, x.imag


def conv_of(name: str) -> Callable:
    """A convolution of torch, of images channels last (views, as torch's own channels-last memory has them)."""

    def call(torch: Any, x: Any, kernel: Any, **settings: Any) -> Any:
        axes = (3, 2, 0, 1) if name == "conv2d" else (2, 3, 0, 1)
        result = getattr(torch.nn.functional, name)(x.permute(0, 3, 1, 2), kernel.permute(axes), **settings)
        return result.permute(0, 2, 3, 1)

    return call


def depthwise(torch: Any, x: Any, kernel: Any) -> Any:
    """torch's depthwise convolution."""
    return conv_of("conv2d")(torch, x, kernel.permute(0, 1, 3, 2), groups=x.shape[-1])


def jax_conv(jax: Any, x: Any, kernel: Any, **settings: Any) -> Any:
    """JAX's convolution."""
    layout = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=layout, **settings)


def jax_depthwise(jax: Any, x: Any, kernel: Any) -> Any:
    """JAX's depthwise convolution."""
    channels = x.shape[-1]
    return jax_conv(jax, x, kernel.reshape(*kernel.shape[:2], 1, channels), feature_group_count=channels)


def pooled(name: str) -> Callable:
    """A pooling of torch, of images channels last."""
    return lambda torch, x, size: getattr(torch.nn.functional, name)(x.permute(0, 3, 1, 2), size).permute(0, 2, 3, 1)


def jax_max_pool(jax: Any, x: Any, size: int) -> Any:
    """JAX's max pooling."""
    window = (1, size, size, 1)
    return jax.lax.reduce_window(x, -jax.numpy.inf, jax.lax.max, window, window, "VALID")


def attention(torch: Any, query: Any, key: Any, value: Any) -> Any:
    """torch's attention, of heads after positions."""
    heads_first = [x.transpose(1, 2) for x in (query, key, value)]
    return torch.nn.functional.scaled_dot_product_attention(*heads_first).transpose(1, 2)


def ctc(torch: Any, texts: Any, speech: Any, text_lengths: Any, speech_lengths: Any) -> Any:
    """torch's CTC loss of logits."""
    probabilities = torch.log_softmax(speech, -1).transpose(0, 1)
    return torch.nn.functional.ctc_loss(probabilities, texts, speech_lengths, text_lengths, reduction="none")


def doubled(ndimage: Any, images: Any, order: int) -> Any:
    """scipy's resize of images to twice the size, with the centers of pixels where Keras has them."""
    return ndimage.zoom(images, (1, 2, 2, 1), order=order, grid_mode=True, mode="nearest")


def torch_resize(torch: Any, images: Any, size: tuple, name: str) -> Any:
    """torch's resize, of images channels last."""
    return torch.nn.functional.interpolate(images.permute(0, 3, 1, 2), size, mode=name).permute(0, 2, 3, 1)


def affine(ndimage: Any, images: Any, transform: Any) -> Any:
    """scipy's affine transformation, of Keras's eight numbers, which are about x, then y."""
    a, b, c, d, e, f = transform[0][:6]
    return ndimage.affine_transform(
        images[0], [[e, d, 0, f], [b, a, 0, c], [0, 0, 1, 0]], order=1, mode="grid-constant"
    )[None]


def torch_affine(torch: Any, images: Any, transform: Any) -> Any:
    """torch's affine transformation (with numbers in its units: the work is the same)."""
    x = images.permute(0, 3, 1, 2)
    grid = torch.nn.functional.affine_grid(transform[:, :6].reshape(1, 2, 3), x.shape, align_corners=False)
    return torch.nn.functional.grid_sample(x, grid, align_corners=False).permute(0, 2, 3, 1)
