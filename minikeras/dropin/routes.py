"""Which modules of minikeras stand for which modules of Keras and TensorFlow, of today and of old."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from .names import public_names

# Packages whose names lead to minikeras.
ROOTS = ("keras", "tensorflow", "tf_keras")
# Packages that use the inside of TensorFlow or Keras, so that no other library can stand in.
INSIDERS = (
    "keras_core keras_cv keras_hub keras_nlp keras_rs tensorflow_addons tensorflow_datasets "
    "tensorflow_decision_forests tensorflow_estimator tensorflow_federated tensorflow_gnn tensorflow_hub tensorflow_io "
    "tensorflow_model_optimization tensorflow_probability tensorflow_recommenders tensorflow_text tensorflow_transform "
    "tensorflowjs"
).split()

# Namespaces of Keras that are no modules of the same name, or of several.
_MODULES = {
    "": ("dropin.keras", ""),
    "constraints": ("constraints", "dropin.old_constraints"),
    "initializers": ("initializers", "dropin.old_initializers"),
    "layers": ("layers", "dropin.old_layers"),
    "legacy": (),
    "legacy.saving": ("dropin.old_serialization",),
    "mixed_precision": ("dropin.mixed_precision",),
    "ops.image": ("ops",),
    "ops.linalg": ("ops",),
    "ops.nn": ("ops",),
    "ops.numpy": ("ops",),
    "optimizers": ("optimizers", "dropin.old_optimizers"),
    "regularizers": ("regularizers", "dropin.old_regularizers"),
    "utils.legacy": ("dropin.old_serialization",),
}
# Modules of older Keras, and the namespaces in which what they held is today.
_FILES = {
    "layers": "advanced_activations attention convolutional convolutional_recurrent core cudnn_recurrent "
    "dense_attention embeddings experimental experimental.preprocessing local merge noise normalization pooling "
    "preprocessing recurrent recurrent_v2 rnn wrappers",
    "optimizers": "experimental optimizer_v2 adam_v2",
    "utils": "all_utils conv_utils data_utils generic_utils io_utils layer_utils losses_utils np_utils tf_utils "
    "training_utils vis_utils visualize_util",
}
_OLD = {f"{module}.{name}": (module,) for module, names in _FILES.items() for name in names.split()} | {
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
# Of the inside of Keras, what other packages import nevertheless.
_INSIDE = {"src": (), "src.ops": ("ops",), "src.saving": ("saving",), "src.saving.saving_lib": ("dropin.saving_lib",)}
# Modules of TensorFlow that Keras scripts use, and the files of `dropin/tensorflow/` in which their functions are.
_TENSORFLOW = {
    name: (name,)
    for name in "config data debugging distribute dtypes errors linalg math nest nn random test version".split()
} | {
    "": ("functions", "variables", "scatter", "specs", "module", "initial", "tensors", "math", "linalg"),
    "compat": ("compat",),
    "compat.v1": ("compat.v1",),
    "compat.v2": ("functions", "variables", "tensors"),
    "python": (),
}
# What TensorFlow has under its own name of Keras.
_KERAS_IN_TENSORFLOW = "initializers losses metrics optimizers".split()


@dataclass(frozen=True)
class Route:
    """What a module that a script imports consists of.

    Attributes:
        name: The module, as the script imports it.
        path: Its path below Keras, "" for Keras itself; None for one of TensorFlow.
        modules: The modules of minikeras in which its names are looked for, in this order.
        today: The namespaces that older modules were merged into; empty for one of today.
    """

    name: str
    path: str | None
    modules: tuple[str, ...]
    today: tuple[str, ...] = ()

    @property
    def public(self) -> frozenset[str]:
        """The names that real Keras has there."""
        paths = self.today or (self.path,)
        return frozenset().union(*(public_names().get(path, ()) for path in paths))

    @property
    def today_names(self) -> list[str]:
        """The full names of the modules that an older one was merged into."""
        keras = self.name.removesuffix(f".{self.path}")
        return [f"{keras}.{path}".rstrip(".") for path in self.today]


def find_route(name: str) -> Route | None:
    """Returns what a module consists of; None if neither Keras nor, as far as scripts need it, TensorFlow has it.

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
    if rest in public_names() or rest == "wrappers.scikit_learn":  # which Keras 3 has no other name for
        return Route(name, rest, _modules(rest))
    if rest in _INSIDE:
        return Route(name, rest, tuple(f"minikeras.{module}" for module in _INSIDE[rest]))
    if rest in _OLD:
        modules = tuple(module for path in _OLD[rest] for module in _modules(path))
        return Route(name, rest, tuple(dict.fromkeys(modules)), _OLD[rest])
    return None


@cache
def _modules(path: str) -> tuple[str, ...]:
    """Returns the modules of minikeras that hold what a namespace of Keras does; usually one, of its name."""
    if path in _MODULES:
        return tuple(f"minikeras.{module}".rstrip(".") for module in _MODULES[path])
    parts, found = path.split("."), "minikeras"
    for part in parts:
        found = f"{found}.{part}"
        if find_spec(found) is None:
            return ()
    return (found,)
