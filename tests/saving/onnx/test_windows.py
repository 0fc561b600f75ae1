"""The ONNX nodes for convolution, pooling and resampling, run by onnxruntime."""

import numpy as np
import pytest

from minikeras import Model, layers, ops
from minikeras.errors import NotSupportedError
from minikeras.layers import InputSpec

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
RNG = np.random.default_rng(4)
FORMATS = ("channels_last", "channels_first")
PADDING = ("valid", "same")
SIZES = (9, 8, 7)  # spatial, of inputs with up to three such axes
KERNEL = (3, 2, 3)


def kernel(*shape):
    return RNG.normal(size=shape).astype("float32")


def placed(sizes, channels, data_format):
    """The shape of an input without its batch axis."""
    return (*sizes, channels) if data_format == "channels_last" else (channels, *sizes)


def compare(function, path, *shapes, free=None, dtype="float32"):
    """Exports a model of one op, compares what the file gives for inputs of all shapes, and returns its kinds of nodes.

    `free` is the shape of the input of the model, by default the first of the shapes.
    """
    inputs = layers.Input(free or shapes[0], dtype=dtype)
    model = Model(inputs, function(inputs))
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(path))
    for shape in shapes:
        for count in (3, 1):
            x = (3 * RNG.normal(size=(count, *shape))).astype(dtype)
            found, expected = session.run(None, {session.get_inputs()[0].name: x})[0], np.asarray(model(x))
            assert found.shape == expected.shape and found.dtype == expected.dtype
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    return [node.op_type for node in onnx.load(path).graph.node]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.onnx"


# By name: the kind of node, and the op for a rank, a padding and a data format; all have 4 input channels.
WINDOWS = {
    "conv": ("Conv", lambda x, r, p, f: ops.conv(x, kernel(*KERNEL[:r], 4, 6), 1, p, f)),
    "conv with strides": ("Conv", lambda x, r, p, f: ops.conv(x, kernel(*KERNEL[:r], 4, 6), (2, 3, 1)[:r], p, f)),
    "conv with dilation": ("Conv", lambda x, r, p, f: ops.conv(x, kernel(*KERNEL[:r], 4, 6), 1, p, f, (2, 3, 1)[:r])),
    "conv with groups": ("Conv", lambda x, r, p, f: ops.conv(x, kernel(*KERNEL[:r], 2, 6), 1, p, f)),
    "depthwise_conv": ("Conv", lambda x, r, p, f: ops.depthwise_conv(x, kernel(*KERNEL[:r], 4, 2), 2, p, f)),
    "separable_conv": (
        "Conv",
        lambda x, r, p, f: ops.separable_conv(x, kernel(*KERNEL[:r], 4, 2), kernel(*(1,) * r, 8, 3), 1, p, f),
    ),
    "conv_transpose": (
        "ConvTranspose",
        lambda x, r, p, f: ops.conv_transpose(x, kernel(*KERNEL[:r], 5, 4), 2, p, None, f),
    ),
    "conv_transpose with gaps": (
        "ConvTranspose",
        lambda x, r, p, f: ops.conv_transpose(x, kernel(*KERNEL[:r], 5, 4), 4, p, None, f),
    ),
    "conv_transpose with output_padding": (
        "ConvTranspose",
        lambda x, r, p, f: ops.conv_transpose(x, kernel(*KERNEL[:r], 5, 4), 2, p, 1, f),
    ),
    "conv_transpose with dilation": (
        "ConvTranspose",
        lambda x, r, p, f: ops.conv_transpose(x, kernel(*KERNEL[:r], 5, 4), 1, p, None, f, 2),
    ),
    "max_pool": ("MaxPool", lambda x, r, p, f: ops.max_pool(x, KERNEL[:r], 2, p, f)),
    "max_pool with overlap": ("MaxPool", lambda x, r, p, f: ops.max_pool(x, 3, 1, p, f)),
    "average_pool": ("AveragePool", lambda x, r, p, f: ops.average_pool(x, KERNEL[:r], None, p, f)),
    "average_pool with overlap": ("AveragePool", lambda x, r, p, f: ops.average_pool(x, 3, 2, p, f)),
}


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize(("kind", "function"), WINDOWS.values(), ids=WINDOWS)
def test_windows(kind, function, rank, data_format, path):
    for padding in PADDING:
        shape = placed(SIZES[:rank], 4, data_format)
        found = compare(lambda x, padding=padding: function(x, rank, padding, data_format), path, shape)
        assert kind in found
        if data_format == "channels_first":
            assert "Transpose" not in found  # the layout of ONNX


# By the name of the layer, without its rank: its arguments, and the node it becomes.
LAYERS = {
    "Conv{}D": ({"filters": 4, "kernel_size": 3, "groups": 2, "activation": "relu"}, "Conv"),
    "Conv{}DTranspose": ({"filters": 5, "kernel_size": 3, "strides": 2, "output_padding": 1}, "ConvTranspose"),
    "DepthwiseConv{}D": ({"kernel_size": 3, "depth_multiplier": 2, "strides": 2, "padding": "same"}, "Conv"),
    "SeparableConv{}D": ({"filters": 5, "kernel_size": 3, "depth_multiplier": 2, "padding": "same"}, "Conv"),
    "MaxPooling{}D": ({"pool_size": 3, "strides": 2, "padding": "same"}, "MaxPool"),
    "AveragePooling{}D": ({"pool_size": 3, "strides": 2, "padding": "same"}, "AveragePool"),
    "AdaptiveMaxPooling{}D": ({"output_size": 3}, "ArgMax"),
    "AdaptiveAveragePooling{}D": ({"output_size": 3}, "ReduceMean"),
    "GlobalMaxPooling{}D": ({"keepdims": True}, "ReduceMax"),
    "GlobalAveragePooling{}D": ({}, "ReduceMean"),
}
RANKED = [
    (name, rank)
    for name in LAYERS
    for rank in (1, 2, 3)
    if (name, rank) not in (("DepthwiseConv{}D", 3), ("SeparableConv{}D", 3))  # of which Keras has none
]


@pytest.mark.parametrize(("name", "rank"), RANKED)
def test_layers(name, rank, path):
    """Every layer, with all sizes fixed and with free ones."""
    arguments, kind = LAYERS[name]
    for data_format in FORMATS:
        shapes = [placed(sizes[:rank], 4, data_format) for sizes in (SIZES, (8, 9, 6), (None,) * 3)]
        layer = getattr(layers, name.format(rank))(**arguments, data_format=data_format)
        assert kind in compare(layer, path, shapes[0])
        if "Adaptive" not in name:
            assert kind in compare(layer, path, *shapes[:2], free=shapes[2])


@pytest.mark.parametrize("dilation", [1, 4])
def test_causal_padding(dilation, path):
    for shape in ((9, 4), (None, 4)):
        compare(lambda x: ops.conv(x, kernel(3, 4, 5), 1, "causal", None, dilation), path, (9, 4), free=shape)
    compare(lambda x: ops.conv(x, kernel(3, 4, 5), 2, "causal"), path, (9, 4), (8, 4), free=(None, 4))


def test_pooling_after_convolution_is_a_pooling_node(path):
    """Not part of the convolution, as in a training step."""

    def function(x):
        return layers.MaxPooling2D(2)(layers.Conv2D(4, 3, activation="relu")(x))

    found = compare(function, path, (8, 9, 3))
    assert [kind for kind in found if kind in ("Conv", "Relu", "MaxPool")] == ["Conv", "Relu", "MaxPool"]


def test_a_network_in_the_layout_of_onnx_has_no_transposes(path):
    settings = {"data_format": "channels_first"}

    def function(x):
        x = layers.MaxPooling2D(2, **settings)(layers.Conv2D(4, 3, activation="relu", **settings)(x))
        return layers.BatchNormalization(axis=1)(layers.Conv2D(4, 3, **settings)(x))

    found = compare(function, path, (3, 12, 14))
    assert found.count("Conv") == 2 and "Transpose" not in found and "Reshape" not in found


def test_kernels_are_stored_as_onnx_has_them(path):
    """So no node of the graph transposes a kernel."""
    compare(lambda x: layers.Conv2D(6, (3, 2), groups=2, name="first")(x), path, (8, 8, 4))
    stored = {each.name: tuple(each.dims) for each in onnx.load(path).graph.initializer}
    (name,) = (name for name in stored if name.startswith("first/kernel"))
    assert stored[name] == (6, 2, 3, 2)


def test_lora(path):
    compare(lambda x: layers.Conv2D(4, 3, lora_rank=2, kernel_initializer="ones")(x), path, (8, 8, 3))


def test_max_pooling_of_integers(path):
    compare(lambda x: ops.max_pool(x, 2, padding="same"), path, (9, 8, 4), dtype="int32")


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("function", [ops.adaptive_average_pool, ops.adaptive_max_pool])
def test_adaptive_pooling(function, rank, data_format, path):
    shape = placed(SIZES[:rank], 4, data_format)
    for sizes, are_equal in (((3, 2, 7), True), ((2, 3, 4), False)):
        found = compare(lambda x, sizes=sizes: function(x, sizes[:rank], data_format), path, shape)
        assert ("Slice" in found) is not are_equal


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_resize(interpolation, antialias, path):
    for data_format in FORMATS:
        shape = placed((8, 9), 3, data_format)
        for size in ((16, 27), (10, 9), (3, 20), (3, 4)):

            def function(x, size=size, data_format=data_format):
                return ops.image.resize(x, size, interpolation, antialias, data_format=data_format)

            found = compare(function, path, shape)
            if interpolation == "bilinear" and not (size[0] < 8 and antialias):
                assert found.count("Resize") == 1  # height and width at once
            if interpolation == "bicubic":
                assert "Resize" not in found  # which is less exact in onnxruntime


def test_resizing_twice(path):
    def function(x):
        x = ops.image.resize(ops.image.resize(x, (12, 14)), (12, 20))
        return ops.image.resize(ops.image.resize(x, (15, 20)), (15, 7))

    assert compare(function, path, (8, 9, 3)).count("Resize") == 3
    for first, second in (FORMATS, FORMATS[::-1]):
        compare(
            lambda x, first=first, second=second: ops.image.resize(
                ops.image.resize(x, (12, 14), data_format=first), (12, 20), data_format=second
            ),
            path,
            (8, 9, 3),
        )


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
def test_free_sizes_of_enlarged_images(interpolation, path):
    for data_format in FORMATS:
        shapes = [placed(sizes, 3, data_format) for sizes in ((4, 5), (7, 6), (None, None))]

        def function(x, data_format=data_format):
            return layers.UpSampling2D((2, 3), data_format, interpolation)(x)

        compare(function, path, *shapes[:2], free=shapes[2])


FREE = {
    "strides": lambda x: layers.Conv2D(4, 3, strides=2)(x),
    "strides and padding": lambda x: layers.Conv2D(4, 3, strides=2, padding="same")(x),
    "1 x 1 with strides": lambda x: layers.Conv2D(4, 1, strides=2, padding="same")(x),
    "max pooling": lambda x: layers.MaxPooling2D(3, 2, padding="same")(x),
    "average pooling": lambda x: ops.average_pool(x, 2, 2, "same"),
    "conv_transpose": lambda x: ops.conv_transpose(x, kernel(3, 3, 5, 3), 2, "same"),
    "to a fixed size": lambda x: ops.image.resize(x, (12, 13)),
    "pooling and enlarging": lambda x: layers.UpSampling2D(2)(layers.MaxPooling2D(2)(x)),
    "mean of pooled": lambda x: ops.mean(layers.MaxPooling2D(2, padding="same")(x), axis=(1, 2)),
}


@pytest.mark.parametrize("function", FREE.values(), ids=FREE)
def test_free_sizes(function, path):
    """Odd and even ones: the padding of strided windows is different."""
    compare(function, path, (8, 9, 3), (7, 7, 3), (6, 5, 3), free=(None, None, 3))


@pytest.mark.parametrize("padding", PADDING)
def test_free_sizes_of_a_deep_network(padding, path):
    def function(x):
        for _ in range(3):
            x = layers.MaxPooling2D(2, padding=padding)(layers.Conv2D(4, 3, padding=padding)(x))
        return ops.mean(x, axis=(1, 2))

    compare(function, path, (30, 31, 3), (36, 28, 3), free=(None, None, 3))


def deep(x):
    for _ in range(6):
        x = ops.max_pool(x, 2, padding="same")
    return ops.mean(x, axis=1)


REFUSED = {
    "windows that seem to be as many": deep,
    "adaptive pooling": lambda x: ops.adaptive_average_pool(x, 2),
    "windows that need no padding for the sizes tried": lambda x: ops.conv(x, kernel(2, 4, 5), 9),
}


@pytest.mark.parametrize("function", REFUSED.values(), ids=REFUSED)
def test_free_sizes_that_are_refused(function, path):
    x = layers.Input((None, 4))
    model = Model(x, function(x))
    with pytest.raises(NotSupportedError, match=r"over axes of free size.*`input_signature`"):
        model.export(path, format="onnx", verbose=False)
    assert not path.exists()
    model.export(path, "onnx", False, [InputSpec(shape=(None, 65, 4), dtype="float32")])
    data = RNG.normal(size=(2, 65, 4)).astype("float32")
    session = onnxruntime.InferenceSession(str(path))
    found = session.run(None, {session.get_inputs()[0].name: data})[0]
    np.testing.assert_allclose(found, np.asarray(model(data)), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: layers.UpSampling2D(2, interpolation="lanczos3")(x),
        lambda x: ops.image.resize(x, (50, 60), "bilinear", antialias=True),
        lambda x: ops.image.resize(x, (150, 160), "bicubic"),
    ],
)
def test_interpolations_that_need_fixed_sizes(function, path):
    x = layers.Input((None, None, 3))
    with pytest.raises(NotSupportedError, match="resizing over axes of free size"):
        Model(x, function(x)).export(path, format="onnx", verbose=False)


def test_a_model_that_does_not_take_all_sizes(path):
    """Its skip connection needs even sizes."""
    x = layers.Input((None, None, 3))
    model = Model(x, layers.Concatenate()([x, layers.UpSampling2D(2)(layers.MaxPooling2D(2)(x))]))
    with pytest.raises(NotSupportedError, match=r"inputs of free size, such as \(5, 47, 53, 3\).*`input_signature`"):
        model.export(path, format="onnx", verbose=False)
