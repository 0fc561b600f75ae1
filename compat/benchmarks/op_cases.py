"""The table of the workload "ops": each op beside the calls of numpy (or scipy), torch and JAX that do the same work.

Where a library returns something else for the same work (another layout, one result more), its natural call stands.
Ops without a counterpart in any of them are in `WITHOUT_COUNTERPART`.
"""

from . import op_inputs as i
from .network_op_cases import ACTIVATIONS, CONTROL_FLOW, IMAGES, NETWORKS
from .op_calls import add_at, at, case, float32, peers, put, reduced, row_gradient, same, split_complex

ALL, AXIS = "of all", "along an axis"

ELEMENTWISE = [
    *same("abs absolute ceil cos cosh deg2rad exp exp2 expm1 floor isfinite isinf isnan isneginf isposinf isreal", i.X),
    *same("negative rad2deg reciprocal round sign signbit sin sinc sinh square tan tanh trunc arctan arcsinh i0", i.X),
    case("nan_to_num", i.NANS),
    *same("sqrt log log10 log1p log2", i.POSITIVE),
    *same("arcsin arccos arctanh", i.UNIT),
    case("arccosh", i.ABOVE_1),
    case("cbrt", i.X, torch=None),
    case("fabs", i.X, torch="torch.abs"),
    *same("angle imag real", i.COMPLEX),
    *same("conj conjugate", i.COMPLEX, torch="torch.conj_physical"),
    *same("add subtract multiply divide true_divide maximum minimum fmax fmin arctan2 hypot nextafter", i.X, i.X),
    *same("logaddexp logaddexp2 heaviside greater greater_equal less less_equal not_equal isclose allclose", i.X, i.X),
    *same("floor_divide fmod", i.X, i.POSITIVE),
    case("mod", i.X, i.POSITIVE, torch="torch.remainder"),
    case("power", i.POSITIVE, i.X, torch="torch.pow"),
    case("equal", i.X, i.X, torch="torch.eq"),
    case("ldexp", i.X, i.SHIFTS),
    *same("logical_and logical_or logical_xor", i.BOOLS, i.BOOLS),
    case("logical_not", i.BOOLS),
    *same("bitwise_and bitwise_or bitwise_xor gcd lcm", i.INTS, i.INTS),
    *same("bitwise_left_shift bitwise_right_shift", i.INTS, i.SHIFTS),
    case("left_shift", i.INTS, i.SHIFTS, torch="torch.bitwise_left_shift"),
    case("right_shift", i.INTS, i.SHIFTS, torch="torch.bitwise_right_shift"),
    case("bitwise_not", i.INTS),
    case("bitwise_invert", i.INTS, torch="torch.bitwise_not"),
    case("clip", i.X, -1.0, 1.0),
    case("erf", i.X, numpy="scipy.special.erf", jax="jax.scipy.special.erf"),
    case("erfc", i.X, numpy="scipy.special.erfc", jax="jax.scipy.special.erfc"),
    case("erfinv", i.UNIT, numpy="scipy.special.erfinv", jax="jax.scipy.special.erfinv"),
    case("rsqrt", i.POSITIVE, numpy=None, jax="jax.lax.rsqrt"),
    case("polar", i.POSITIVE, i.X, numpy=None, jax=None),
    case("where", i.BOOLS, i.X, i.X),
    case("select", [i.BOOLS, i.BOOLS], [i.X, i.X], torch=None),
]

REDUCTIONS = [
    *same("sum mean max min amax amin std var argmax argmin count_nonzero median nanmedian", i.X, variant=ALL),
    *same("sum mean amax amin argmax argmin nansum nanmean count_nonzero median", i.X, 0, variant=AXIS),
    *same("max min ptp", i.X, 0, torch=None, variant=AXIS),
    *same("std var", i.X, 0, variant=AXIS),
    case("prod", i.UNIT, 0),
    *same("all any", i.BOOLS, 0),
    case("average", i.X, 0, i.SHORT, torch=None),
    *same("nanmax nanmin nanprod nanstd nanvar nanargmax nanargmin nancumsum nancumprod", i.NANS, 0, torch=None),
    case("nanmedian", i.NANS, 0, variant=AXIS),
    *same("quantile percentile", i.X, 0.3, torch=None, variant=ALL),
    *same("quantile nanquantile", i.X, 0.3, 0, variant=AXIS),
    *same("percentile nanpercentile", i.X, 30.0, 0, torch=None, variant=AXIS),
    *same("cumsum cumprod", i.UNIT, 0),
    case("logsumexp", i.X, 0, numpy="scipy.special.logsumexp", jax="jax.nn.logsumexp"),
    case("moments", i.X, 0, numpy=None, torch="torch.var_mean", jax=None),
    case("trace", i.X),
    case("norm", i.X, numpy="np.linalg.norm", torch="torch.linalg.norm", jax="jnp.linalg.norm"),
    *same("diff trapezoid", i.X),
    case("corrcoef", i.POINTS),
    case("correlate", i.VECTOR, i.BRIEF, torch=None),
]

SHAPES = [
    case("reshape", i.X, (-1,)),
    case("ravel", i.X),
    case("transpose", i.X, torch="torch.t"),
    *same("swapaxes moveaxis", i.X, 0, 1),
    case("squeeze", i.ROW),
    case("expand_dims", i.X, 1, torch="torch.unsqueeze"),
    case("flip", i.X, 0, torch=lambda torch, x, axis: torch.flip(x, (axis,))),
    *same("fliplr flipud rot90", i.X),
    case("roll", i.X, 2),
    case("repeat", i.X, 2, 0, torch="torch.repeat_interleave"),
    case("tile", i.X, (2, 1)),
    case("broadcast_to", i.ROW, i.SHAPE),
    *same("concatenate stack hstack vstack dstack", [i.X, i.X]),
    case("append", i.X, i.X, 0, torch=None),
    *same("split array_split", i.X, 4, torch="torch.tensor_split"),
    *same("hsplit vsplit", i.X, 2),
    case("dsplit", i.CUBE, 2),
    case("unstack", i.COLUMNS, torch="torch.unbind"),
    case("pad", i.X, ((1, 1), (2, 2)), torch=lambda torch, x, _: torch.nn.functional.pad(x, (2, 2, 1, 1))),
    *same("diag diagflat", i.SHORT),
    *same("diagonal tril triu", i.X),
    case("meshgrid", i.SHORT, i.SHORT, torch=lambda torch, x, y: torch.meshgrid(x, y, indexing="xy")),
    case("vander", i.SHORT, 8),
    case("copy", i.X, torch="torch.clone"),
    case("array", i.X, torch="torch.clone"),
    case(
        "cast",
        i.X,
        "float16",
        numpy=lambda np, x, dtype: x.astype(dtype),
        torch=lambda torch, x, dtype: x.to(torch.float16),
        jax=lambda jax, x, dtype: x.astype(dtype),
    ),
    case(
        "view",
        i.X,
        "int32",
        numpy=lambda np, x, dtype: x.view(dtype),
        torch=lambda torch, x, dtype: x.view(torch.int32),
        jax=lambda jax, x, dtype: x.view(dtype),
    ),
    case("view_as_complex", i.PAIRS, numpy=None, jax=None),
    case("view_as_real", i.COMPLEX, numpy=None, jax=None),
    case("convert_to_tensor", i.X, numpy="np.asarray", torch="torch.as_tensor", jax="jnp.asarray", jit=False),
    case("convert_to_numpy", i.X, numpy="np.asarray", torch=lambda torch, x: x.numpy(), jax="np.asarray", jit=False),
    case("is_tensor", i.X, numpy=None, jax=None),
    case("size", i.X, torch="torch.numel", jit=False),
    case("ndim", i.X, torch=lambda torch, x: x.ndim, jit=False),
    case("shape", i.X, torch=lambda torch, x: x.shape, jit=False),
    case("dtype", i.X, ours="minikeras.ops.dtype", **peers(lambda library, x: x.dtype), jit=False),
    case("stop_gradient", i.X, numpy=None, torch=lambda torch, x: x.detach(), jax="jax.lax.stop_gradient"),
]

CREATION = [
    *[case(name, i.SHAPE, numpy=float32(name)) for name in ("zeros", "ones", "empty")],
    case("full", i.SHAPE, 2.5, numpy=float32("full")),
    *same("zeros_like ones_like empty_like", i.X),
    case("full_like", i.X, 2.5),
    case("arange", i.COUNT, ours=lambda ops, n: ops.arange(n, dtype="int64"), jax=lambda jax, n: jax.numpy.arange(n)),
    *[case(name, 0.0, 2.0, i.COUNT, numpy=float32(name)) for name in ("linspace", "logspace")],
    case("geomspace", 1.0, 2.0, i.COUNT, numpy=float32("geomspace"), torch=None),
    case("eye", i.SIDE, numpy=float32("eye")),
    case("identity", i.SIDE, numpy=float32("identity"), torch="torch.eye"),
    case("tri", i.SIDE, numpy=float32("tri"), torch=None),
    *[case(name, i.COUNT, torch=f"torch.{name}_window") for name in ("bartlett", "blackman", "hamming")],
    case("hanning", i.COUNT, torch="torch.hann_window"),
    case("kaiser", i.COUNT, 8.0, torch=lambda torch, n, beta: torch.kaiser_window(n, True, beta)),
]

ORDER = [
    *same("sort argsort", i.X),
    case("argpartition", i.X, 3, torch=None),
    case("top_k", i.X, 5, numpy=None, torch="torch.topk", jax="jax.lax.top_k"),
    case("unique", i.ENTRIES, jit=False),
    case("nonzero", i.BOOLS, jit=False),
    case("searchsorted", i.BINS, i.VECTOR),
    case("digitize", i.VECTOR, i.BINS, torch="torch.bucketize"),
    case("bincount", i.CODES, jit=False),
    case("histogram", i.VECTOR, 10, torch="torch.histogram"),
    case("isin", i.ENTRIES, i.CLASSES),
    case("unravel_index", i.ENTRIES, i.SHAPE),
]

INDEXING = [
    case("take", i.TABLE, i.ROWS, 0, torch=lambda torch, x, ids, axis: torch.index_select(x, axis, ids)),
    case("take_along_axis", i.X, i.INDICES, 1, torch="torch.take_along_dim"),
    case("get_item", i.X, (slice(1, 5), slice(1, 7, 2)), variant="slices", **peers(lambda library, x, key: x[key])),
    case("get_item", i.TABLE, i.ROWS, variant="indices", **peers(lambda library, x, key: x[key])),
    case(
        "slice",
        i.X,
        (1, 2),
        (4, 5),
        numpy=lambda np, x, start, shape: x[1:5, 2:7],
        torch=lambda torch, x, start, shape: x[1:5, 2:7],
        jax="jax.lax.dynamic_slice",
    ),
    case(
        "slice_update",
        i.X,
        (0, 2),
        i.COLUMN_PAIR,
        numpy=lambda np, x, start, update: put(x.copy(), (slice(None), slice(2, 4)), update),
        torch=lambda torch, x, start, update: put(x.clone(), (slice(None), slice(2, 4)), update),
        jax=lambda jax, x, start, update: jax.lax.dynamic_update_slice(x, update, start),
    ),
    case(
        "scatter_update",
        i.TABLE,
        i.DISTINCT,
        i.VALUES,
        numpy=lambda np, x, ids, values: put(x.copy(), ids[:, 0], values),
        torch=lambda torch, x, ids, values: put(x.clone(), ids[:, 0], values),
        jax=lambda jax, x, ids, values: x.at[ids[:, 0]].set(values),
    ),
    case(
        "scatter",
        i.COLUMN_OF_ROWS,
        i.VALUES,
        i.TABLE_SHAPE,
        numpy=lambda np, ids, values, shape: add_at(np, ids[:, 0], values, shape),
        torch=lambda torch, ids, values, shape: torch.zeros(shape).index_add_(0, ids[:, 0], values),
        jax=lambda jax, ids, values, shape: jax.numpy.zeros(shape).at[ids[:, 0]].add(values),
    ),
    *[
        case(
            f"segment_{name}",
            i.VALUES,
            i.ROWS,
            i.ROW_COUNT,
            numpy=lambda np, values, ids, count, ufunc=ufunc, start=start: at(np, ufunc, start, values, ids, count),
            torch=lambda torch, values, ids, count, reduce=reduce: reduced(torch, reduce, values, ids, count),
            jax=f"jax.ops.segment_{name}",
        )
        for name, ufunc, start, reduce in (
            ("max", "maximum", float("-inf"), "amax"),
            ("min", "minimum", float("inf"), "amin"),
            ("prod", "multiply", 1.0, "prod"),
        )
    ],
    case(
        "segment_sum",
        i.VALUES,
        i.ROWS,
        i.ROW_COUNT,
        numpy=lambda np, values, ids, count: add_at(np, ids, values, (count, values.shape[1])),
        torch=lambda torch, values, ids, count: torch.zeros(count, values.shape[1]).index_add_(0, ids, values),
        jax="jax.ops.segment_sum",
    ),
]

GRADIENTS = [
    case(
        op,
        i.TABLE,
        i.ROWS,
        i.VALUES,
        variant=variant,
        ours=("minikeras", row_gradient(gather)),
        numpy=lambda np, table, ids, values: add_at(np, ids, values, table.shape),
        torch=lambda torch, table, ids, values: torch.zeros(table.shape).index_add_(0, ids, values),
        jax=lambda jax, table, ids, values: jax.numpy.zeros(table.shape).at[ids].add(values),
    )
    for op, variant, gather in (
        ("take", "gradient (embedding)", lambda ops, table, ids: ops.take(table, ids, axis=0)),
        ("get_item", "gradient", lambda ops, table, ids: ops.get_item(table, ids)),
    )
]

LINEAR_ALGEBRA = [
    case("matmul", i.MATRIX, i.MATRIX),
    case("dot", i.MATRIX, i.MATRIX, torch="torch.matmul"),
    *same("inner outer", i.SHORT, i.SHORT),
    case("vdot", i.VECTOR, i.VECTOR),
    case("tensordot", i.MATRIX, i.MATRIX, 1),
    case("einsum", "ij,jk->ik", i.MATRIX, i.MATRIX),
    case("kron", i.FEW, i.FEW),
    case("cross", i.VECTORS, i.VECTORS),
    case("cdist", i.POINTS, i.POINTS, numpy="scipy.spatial.distance.cdist", jax=None),
    *[
        case(name, inputs, numpy=f"np.linalg.{name}", torch=f"torch.linalg.{name}", jax=f"jnp.linalg.{name}")
        for name, inputs in (
            ("inv", i.SOLVABLE),
            ("det", i.SOLVABLE),
            ("slogdet", i.SOLVABLE),
            ("matrix_rank", i.SOLVABLE),
            ("pinv", i.TALL),
            ("qr", i.TALL),
            ("svd", i.TALL),
            ("eig", i.SOLVABLE),
            ("eigh", i.DEFINITE),
            ("cholesky", i.DEFINITE),
        )
    ],
    case("logdet", i.DEFINITE, numpy=None, jax=None),
    case("cholesky_inverse", i.FACTOR, numpy=None, jax=None),
    case("solve", i.SOLVABLE, i.COLUMNS, numpy="np.linalg.solve", torch="torch.linalg.solve", jax="jnp.linalg.solve"),
    case(
        "solve_triangular",
        i.LOWER,
        i.COLUMNS,
        ours=lambda ops, a, b: ops.solve_triangular(a, b, lower=True),
        numpy=("scipy.linalg", lambda linalg, a, b: linalg.solve_triangular(a, b, lower=True)),
        torch=lambda torch, a, b: torch.linalg.solve_triangular(a, b, upper=False),
        jax=("jax.scipy.linalg", lambda linalg, a, b: linalg.solve_triangular(a, b, lower=True)),
    ),
    case("lstsq", i.TALL, i.TALL_COLUMN, numpy="np.linalg.lstsq", torch="torch.linalg.lstsq", jax="jnp.linalg.lstsq"),
    case(
        "lu_factor",
        i.SOLVABLE,
        numpy="scipy.linalg.lu_factor",
        torch="torch.linalg.lu_factor",
        jax="jax.scipy.linalg.lu_factor",
    ),
    case("normalize", i.X, numpy=None, torch="F.normalize", jax=None),
]

SPECTRA = [
    *[
        case(
            name,
            (i.X, i.X),
            numpy=lambda np, parts, name=name: split_complex(getattr(np.fft, name)(parts[0] + 1j * parts[1])),
            torch=lambda torch, parts, name=name: split_complex(getattr(torch.fft, name)(torch.complex(*parts))),
            jax=lambda jax, parts, name=name: split_complex(getattr(jax.numpy.fft, name)(parts[0] + 1j * parts[1])),
        )
        for name in ("fft", "fft2", "ifft2")
    ],
    case(
        "rfft",
        i.X,
        numpy=lambda np, x: split_complex(np.fft.rfft(x)),
        torch=lambda torch, x: split_complex(torch.fft.rfft(x)),
        jax=lambda jax, x: split_complex(jax.numpy.fft.rfft(x)),
    ),
    case(
        "irfft",
        (i.X, i.X),
        numpy=lambda np, parts: np.fft.irfft(parts[0] + 1j * parts[1]),
        torch=lambda torch, parts: torch.fft.irfft(torch.complex(*parts)),
        jax=lambda jax, parts: jax.numpy.fft.irfft(parts[0] + 1j * parts[1]),
    ),
    case(
        "extract_sequences",
        i.VECTOR,
        i.FRAME,
        i.HOP,
        numpy=lambda np, x, length, hop: np.lib.stride_tricks.sliding_window_view(x, length)[::hop].copy(),
        torch=lambda torch, x, length, hop: x.unfold(0, length, hop).clone(),
        jax=None,
    ),
    case(
        "stft",
        i.VECTOR,
        i.FRAME,
        i.HOP,
        i.FRAME,
        numpy=None,
        torch=lambda torch, x, length, hop, n: torch.stft(x, n, hop, window=torch.hann_window(n), return_complex=True),
        jax=("jax.scipy.signal", lambda signal, x, length, hop, n: signal.stft(x, nperseg=n, noverlap=n - hop)),
    ),
    case(
        "istft",
        (i.SPECTRUM, i.SPECTRUM),
        i.FRAME,
        i.HOP,
        i.FRAME,
        numpy=None,
        torch=lambda torch, x, length, hop, n: torch.istft(torch.complex(*x).T, n, hop, window=torch.hann_window(n)),
        jax=None,
    ),
]

CASES = {
    each.name: each
    for group in (
        ELEMENTWISE,
        REDUCTIONS,
        SHAPES,
        CREATION,
        ORDER,
        INDEXING,
        GRADIENTS,
        LINEAR_ALGEBRA,
        SPECTRA,
        ACTIVATIONS,
        NETWORKS,
        IMAGES,
        CONTROL_FLOW,
    )
    for each in group
}

WITHOUT_COUNTERPART = {
    "custom_gradient": "a decorator, which computes nothing itself",
    "ctc_decode": "no function of numpy, torch or JAX",
    "divide_no_nan": "TensorFlow's",
    "in_top_k": "TensorFlow's",
    "multi_hot": "Keras's",
    "psnr": "TensorFlow's",
    "rearrange": "that of einops",
    "saturate_cast": "TensorFlow's",
    "sparsemax": "in TensorFlow Addons and optax alone",
    "image.elastic_transform": "torchvision's, with other random numbers",
    "image.hsv_to_rgb": "matplotlib's and TensorFlow's",
    "image.perspective_transform": "torchvision's",
    "image.rgb_to_hsv": "matplotlib's and TensorFlow's",
    "image.ssim": "TensorFlow's and scikit-image's",
}
