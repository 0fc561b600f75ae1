"""`.h5` files as Keras 2 wrote them, put together by hand: configs without modules, and calls as lists."""

import json

import h5py
import numpy as np

RNG = np.random.default_rng(5)
GLOROT = {"class_name": "GlorotUniform", "config": {"seed": None, "dtype": "float32"}}
ZEROS = {"class_name": "Zeros", "config": {"dtype": "float32"}}


def dense(name, units, activation="linear", **settings):
    config = {
        "name": name,
        "trainable": True,
        "dtype": "float32",
        "units": units,
        "activation": activation,
        "use_bias": True,
        "kernel_initializer": GLOROT,
        "bias_initializer": ZEROS,
        "kernel_regularizer": None,
        "bias_regularizer": None,
        "activity_regularizer": None,
        "kernel_constraint": None,
        "bias_constraint": None,
    }
    return {"class_name": "Dense", "config": {**config, **settings}}


def convolution(class_name, name, kernel_size, rank=2, **settings):
    """A convolution layer; Keras 2 wrote the arguments of `Conv2D` for the layers that are derived from it, too."""
    config = dense(name, 1)["config"]
    del config["units"]
    config |= {"filters": 4, "kernel_size": kernel_size, "strides": [1] * rank, "padding": "valid"}
    config |= {"data_format": "channels_last", "dilation_rate": [1] * rank, "groups": 1}
    if "Depthwise" in class_name:
        for left_out in ("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
            del config[left_out]
    for part in {"Depthwise": ["depthwise"], "Separable": ["depthwise", "pointwise"]}.get(class_name[:9], []):
        config |= {f"{part}_initializer": GLOROT, f"{part}_regularizer": None, f"{part}_constraint": None}
        config["depth_multiplier"] = 2
    if "Transpose" in class_name:
        config["output_padding"] = None
    return {"class_name": class_name, "config": {**config, **settings}}


def plain(class_name, name, **settings):
    """A layer without activation."""
    return {"class_name": class_name, "config": {"name": name, "trainable": True, "dtype": "float32", **settings}}


def entry(layer, *calls):
    """A layer of a graph; each call is a list of what it was called on."""
    nodes = [[[name, node, output, {}] for name, node, output in call] for call in calls]
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": nodes}


def inputs(name, size):
    config = {"batch_input_shape": [None, size], "dtype": "float32", "sparse": False, "ragged": False, "name": name}
    return {"class_name": "InputLayer", "config": config}


TRAINING = {
    "loss": "mse",
    "metrics": [["mae"]],
    "weighted_metrics": None,
    "loss_weights": None,
    "optimizer_config": {
        "class_name": "SGD",
        "config": {
            "name": "SGD",
            "learning_rate": 0.25,
            "decay": 0.0,
            "momentum": 0.5,
            "nesterov": False,
            "jit_compile": False,
            "is_legacy_optimizer": False,
        },
    },
}


def write(path, config, weights, training=None, state=None):
    """Writes a file; the weights are lists of names and arrays by layer, the state of the optimizer likewise."""
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(config).encode()
        if training is not None:
            file.attrs["training_config"] = json.dumps(training).encode()
        write_weights(file.create_group("model_weights"), weights)
        if state is not None:
            write_arrays(file.create_group("optimizer_weights"), state)


def write_weights(group, weights):
    group.attrs["layer_names"] = [name.encode() for name in weights]
    group.attrs["backend"], group.attrs["keras_version"] = b"tensorflow", b"2.15.0"
    for layer, arrays in weights.items():
        write_arrays(group.create_group(layer), arrays)


def write_arrays(group, arrays):
    group.attrs["weight_names"] = [name.encode() for name in arrays]
    for name, array in arrays.items():
        group[name] = array


def of(layer, *shape):
    kernel, bias = RNG.normal(size=shape).astype("float32"), RNG.normal(size=shape[1:]).astype("float32")
    return {f"{layer}/kernel:0": kernel, f"{layer}/bias:0": bias}


SEQUENTIAL = {
    "class_name": "Sequential",
    "config": {
        "name": "sequential",
        "layers": [
            dense("first", 4, "relu", batch_input_shape=[None, 3]),
            {
                "class_name": "Dropout",
                "config": {"name": "drop", "trainable": True, "dtype": "float32", "rate": 0.5, "noise_shape": None}
                | {"seed": None},
            },
            dense("second", 2, dtype={"class_name": "Policy", "config": {"name": "float32"}}),
        ],
    },
}
SEQUENTIAL_WEIGHTS = {"first": of("first", 3, 4), "drop": {}, "second": of("second", 4, 2)}
MERGED = {"name": "sum", "trainable": True, "dtype": "float32"}
GRAPH = {
    "class_name": "Functional",
    "config": {
        "name": "model",
        "trainable": True,
        "layers": [
            entry(inputs("a", 3)),
            entry(inputs("b", 3)),
            entry(dense("shared", 3, "tanh"), [("a", 0, 0)], [("b", 0, 0)]),
            entry({"class_name": "Add", "config": MERGED}, [("shared", 0, 0), ("shared", 1, 0)]),
            entry(dense("end", 2), [("sum", 0, 0)]),
        ],
        "input_layers": [["a", 0, 0], ["b", 0, 0]],
        "output_layers": [["end", 0, 0]],
    },
}
GRAPH_WEIGHTS = {"a": {}, "b": {}, "shared": of("shared", 3, 3), "sum": {}, "end": of("end", 3, 2)}
CONVOLUTIONS = {
    "class_name": "Sequential",
    "config": {
        "name": "convnet",
        "layers": [
            convolution("Conv2D", "conv", [3, 3], padding="same", batch_input_shape=[None, 2, 6, 5]),
            convolution("DepthwiseConv2D", "depthwise", [2, 2], strides=[2, 2]),
            convolution("SeparableConv2D", "separable", [2, 1]),
            convolution("Conv2DTranspose", "transposed", [3, 3], strides=[2, 2], output_padding=[1, 1], filters=3),
        ],
    },
}
for each in CONVOLUTIONS["config"]["layers"]:
    each["config"]["data_format"] = "channels_first"
_SHAPES = {  # kernels have the same axes with channels first
    "conv": {"conv/kernel:0": (3, 3, 2, 4), "conv/bias:0": (4,)},
    "depthwise": {"depthwise/depthwise_kernel:0": (2, 2, 4, 2), "depthwise/bias:0": (8,)},
    "separable": {
        "separable/depthwise_kernel:0": (2, 1, 8, 2),
        "separable/pointwise_kernel:0": (1, 1, 16, 4),
        "separable/bias:0": (4,),
    },
    "transposed": {"transposed/kernel:0": (3, 3, 3, 4), "transposed/bias:0": (3,)},
}
CONVOLUTION_WEIGHTS = {
    layer: {name: RNG.normal(size=shape).astype("float32") for name, shape in arrays.items()}
    for layer, arrays in _SHAPES.items()
}

# Layers of images of 4 x 4 pixels, of which the first normalizes channels; and of volumes and sequences of them.
IMAGES = {
    "class_name": "Sequential",
    "config": {
        "name": "m",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_input_shape": [None, 4, 4, 2], "dtype": "float32", "sparse": False, "name": "i"},
            },
            plain(
                "BatchNormalization",
                "norm",
                axis=[3],
                momentum=0.5,
                epsilon=0.0,
                center=True,
                scale=True,
                beta_initializer=ZEROS,
                gamma_initializer={"class_name": "Ones", "config": {"dtype": "float32"}},
                moving_mean_initializer=ZEROS,
                moving_variance_initializer={"class_name": "Ones", "config": {"dtype": "float32"}},
                beta_regularizer=None,
                gamma_regularizer=None,
                beta_constraint=None,
                gamma_constraint=None,
                renorm=True,
                renorm_clipping={"rmax": 3.0},
                renorm_momentum=0.75,
            ),
            plain(
                "MaxPooling2D", "max", pool_size=[2, 2], padding="valid", strides=[2, 2], data_format="channels_last"
            ),
            plain("UpSampling2D", "up", size=[2, 2], data_format="channels_last", interpolation="nearest"),
            plain("Reshape", "volume", target_shape=[4, 2, 2, 2]),
            plain("UpSampling3D", "up3", size=[1, 1, 2], data_format="channels_last"),
            plain(
                "MaxPooling3D",
                "max3",
                pool_size=[1, 2, 4],
                padding="same",
                strides=[1, 1, 4],
                data_format="channels_last",
            ),
            plain("Reshape", "steps", target_shape=[8, 2]),
            plain("UpSampling1D", "up1", size=3),
            plain("AveragePooling1D", "mean", pool_size=[3], padding="valid", strides=[3], data_format="channels_last"),
            plain("GlobalAveragePooling1D", "all", data_format="channels_last", keepdims=False),
        ],
    },
}
IMAGE_WEIGHTS = {
    "norm": {
        f"norm/{name}:0": np.array(value, "float32")
        for name, value in {
            "gamma": [2, 1],
            "beta": [0, 1],
            "moving_mean": [1, 2],
            "moving_variance": [4, 1],
            "moving_stddev": [2, 1],
            "renorm_mean": [3, 4],
            "renorm_stddev": [5, 6],
        }.items()
    }
}
