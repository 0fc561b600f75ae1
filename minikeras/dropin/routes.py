"""The modules of minikeras that replace modules of current and older Keras and of TensorFlow."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from .names import public_names

# Packages whose names resolve to minikeras.
ROOTS = ("keras", "tensorflow", "tf_keras")
# Packages that use internals of TensorFlow or Keras, which no other library can replace.
INSIDERS = (
    "keras_core keras_cv keras_hub keras_nlp keras_rs tensorflow_addons tensorflow_datasets "
    "tensorflow_decision_forests tensorflow_estimator tensorflow_federated tensorflow_gnn tensorflow_hub tensorflow_io "
    "tensorflow_model_optimization tensorflow_probability tensorflow_recommenders tensorflow_text tensorflow_transform "
    "tensorflowjs"
).split()

# Namespaces of Keras that do not correspond to one module of the same name.
_MODULES = {
    "": ("dropin.keras", ""),
    "constraints": ("constraints", "dropin.old_constraints"),
    "initializers": ("initializers", "dropin.old_initializers"),
    "layers": ("layers", "dropin.old_layers"),
    "ops.nn": ("ops",),
    "ops.numpy": ("ops",),
    "optimizers": ("optimizers", "dropin.old_optimizers"),
    "regularizers": ("regularizers", "dropin.old_regularizers"),
}
# Modules of older Keras by the current namespaces that hold their content.
_FILES = {
    "layers": "advanced_activations attention convolutional convolutional_recurrent core cudnn_recurrent "
    "dense_attention embeddings experimental experimental.preprocessing local merge noise normalization pooling "
    "preprocessing recurrent recurrent_v2 rnn wrappers",
    "optimizers": "experimental optimizer_v2 adam_v2",
    "utils": "all_utils conv_utils data_utils generic_utils io_utils layer_utils losses_utils np_utils tf_utils "
    "training_utils vis_utils visualize_util",
}
_OLD = {f"{module}.{name}": (module,) for module, names in _FILES.items() for name in names.split()} | {
    "applications.mobilenetv2": ("applications.mobilenet_v2",),
    "callbacks.callbacks": ("callbacks",),
    "callbacks.experimental": ("callbacks",),
    "engine": ("layers", "models", ""),
    "engine.base_layer": ("layers",),
    "engine.functional": ("models",),
    "engine.input_layer": ("layers",),
    "engine.input_spec": ("layers",),
    "engine.keras_tensor": ("",),
    "engine.network": ("models", "utils"),
    "engine.sequential": ("models",),
    "engine.topology": ("layers", "models", "utils", ""),
    "engine.training": ("models",),
    "initializations": ("initializers",),
    "objectives": ("losses",),
    "optimizer_v2": ("optimizers",),
    "saving.hdf5_format": ("saving",),
}
# Internals of Keras that other packages import nevertheless.
_INSIDE = {"src": (), "src.ops": ("ops",), "src.saving": ("saving",), "src.saving.saving_lib": ("dropin.saving_lib",)}
# Modules of TensorFlow that Keras scripts use, by the files of `dropin/tensorflow/` with their functions.
_TENSORFLOW = {
    name: (name,)
    for name in "config data debugging distribute dtypes errors linalg math nest nn random strings test version".split()
} | {
    "": ("functions", "variables", "scatter", "specs", "module", "initial", "tensors", "math", "linalg"),
    "compat": ("compat",),
    "compat.v1": ("compat.v1",),
    "compat.v2": ("functions", "variables", "tensors"),
    "python": (),
}
# Namespaces of Keras that TensorFlow re-exports.
_KERAS_IN_TENSORFLOW = "initializers losses metrics optimizers".split()


@dataclass(frozen=True)
class Route:
    """The content of a module that a script imports.

    Attributes:
        name: The name under which the script imports it.
        path: Its path in Keras, "" for Keras itself; None for a module of TensorFlow.
        modules: The modules of minikeras in which its names are looked up, in this order.
        today: The current namespaces of the content of an older module; empty for a current one.
    """

    name: str
    path: str | None
    modules: tuple[str, ...]
    today: tuple[str, ...] = ()

    @property
    def public(self) -> frozenset[str]:
        """The public names of the module in real Keras."""
        paths = self.today or (self.path,)
        return frozenset().union(*(public_names().get(path, ()) for path in paths))

    @property
    def today_names(self) -> list[str]:
        """The full names of the current namespaces of an older module."""
        keras = self.name.removesuffix(f".{self.path}")
        return [f"{keras}.{path}".rstrip(".") for path in self.today]


def find_route(name: str) -> Route | None:
    """Returns the route of a module; None if it is neither of Keras nor of the supported parts of TensorFlow.

    Args:
        name: Its full name, such as "tensorflow.keras.layers".

    Example:
        >>> find_route("keras.objectives").modules
        ('minikeras.losses',)
    """
    root, _, rest = name.partition(".")
    if root == "tensorflow":
        rest = rest.removeprefix("python.") if rest.startswith("python.keras") else rest
        inside = rest.removeprefix("compat.v1.")
        first, _, below = inside.partition(".")
        if first in _KERAS_IN_TENSORFLOW:
            first, below = "keras", inside
        if first != "keras":
            if rest not in _TENSORFLOW:
                return None
            return Route(name, None, tuple(f"minikeras.dropin.tensorflow.{file}" for file in _TENSORFLOW[rest]))
        rest = below
    if rest in public_names() or rest == "wrappers.scikit_learn":  # Keras 3 has no current name for it
        return Route(name, rest, _modules(rest))
    if rest in _INSIDE:
        return Route(name, rest, tuple(f"minikeras.{module}" for module in _INSIDE[rest]))
    if rest in _OLD:
        modules = tuple(module for path in _OLD[rest] for module in _modules(path))
        return Route(name, rest, tuple(dict.fromkeys(modules)), _OLD[rest])
    return None


@cache
def _modules(path: str) -> tuple[str, ...]:
    """Returns the modules of minikeras for a namespace of Keras, usually the one of the same name."""
    if path in _MODULES:
        return tuple(f"minikeras.{module}".rstrip(".") for module in _MODULES[path])
    parts, found = path.split("."), "minikeras"
    for part in parts:
        found = f"{found}.{part}"
        if find_spec(found) is None:
            return ()
    return (found,)
