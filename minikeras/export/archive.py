"""Files of several functions: `ExportArchive`."""

import os
from collections.abc import Callable
from typing import Any

from ..engine import tree
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, FileWriteError, NotSupportedError, StateError, brief
from ..layers.base import Layer
from ..saving.atomic import write_file
from ..saving.export_formats import refusal
from ..saving.onnx.export import onnx_bytes, specs_of
from ..tracebacks import Filtered
from ..utils.paths import checked_path

_KERAS_FORMATS = {"saved_model": "tf_saved_model"}


class ExportArchive(Filtered):
    """Functions of layers and models, exported as ONNX graphs.

    An ONNX file holds one function, so that several are written into a folder, each as a file of its name.

    Args:
        format: "onnx". The default, "saved_model", is Keras's, and needs TensorFlow.
        **kwargs: None.

    Raises:
        NotSupportedError: For "saved_model"; the message says how real Keras writes it.
        ArgumentError: If an argument is unknown.

    Source: https://keras.io/api/models/model_saving_apis/export/

    Example:
        >>> import tempfile
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((3,)), layers.Dense(2)])
        >>> archive = ExportArchive(format="onnx")
        >>> archive.track(model)
        >>> signature = [layers.InputSpec(shape=(None, 3), dtype="float32")]
        >>> function = archive.add_endpoint("serve", model.call, signature)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     archive.write_out(f"{folder}/model.onnx", verbose=False)
        ...     os.listdir(folder)
        ['model.onnx']
    """

    def __init__(self, format: str = "saved_model", **kwargs: Any):
        if kwargs:
            raise ArgumentError(f"ExportArchive: unknown arguments {sorted(kwargs)}.")
        if format != "onnx":
            error = refusal(_KERAS_FORMATS.get(format, format) if isinstance(format, str) else format, "model")
            if isinstance(error, NotSupportedError):
                error = NotSupportedError(f"ExportArchive writes ONNX files: pass format='onnx'. {error}")
            raise error
        self._resources: list[Layer] = []
        self._endpoints: dict[str, tuple[Callable, Any]] = {}

    @property
    def variables(self) -> list[Variable]:
        """The variables of what is tracked."""
        return self._all("variables")

    @property
    def trainable_variables(self) -> list[Variable]:
        """The trainable ones of them."""
        return self._all("trainable_variables")

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The others."""
        return self._all("non_trainable_variables")

    def _all(self, name: str) -> list[Variable]:
        found = {id(own): own for resource in self._resources for own in getattr(resource, name)}
        return list(found.values())

    def track(self, resource: Layer) -> None:
        """Tracks the variables of a layer or a model. Those that an endpoint reads are exported in any case.

        Args:
            resource: The layer or model, built.

        Raises:
            ArgumentError: If it is anything else, or not built.
        """
        if not isinstance(resource, Layer):
            raise ArgumentError(f"`track` expects a layer or a model. Received: {brief(resource)}")
        if not resource.built:
            raise ArgumentError(f"`track`: {resource!r} is not built. Call it on data first.")
        if not any(own is resource for own in self._resources):
            self._resources.append(resource)

    def add_endpoint(self, name: str, fn: Callable, input_signature: Any = None, **kwargs: Any) -> Callable:
        """Adds a function.

        Args:
            name: Its name, that of its file if there are several.
            fn: The function, such as `model.call`, of tensors.
            input_signature: The shapes and dtypes of its positional arguments, a list of `InputSpec`, `KerasTensor` or
                arrays, or nested structures of them; sizes of None stay free.
            **kwargs: None; `is_static` and `jax2tf_kwargs` are for JAX.

        Returns:
            The function.

        Raises:
            ArgumentError: If the name is taken, or an argument is invalid.
        """
        if kwargs:
            raise ArgumentError(f"`add_endpoint`: {sorted(kwargs)} are for Keras on JAX, which makes a SavedModel.")
        if not isinstance(name, str) or not name or name != os.path.basename(name) or name.startswith("."):
            raise ArgumentError(f"`add_endpoint`: expected a string that can name a file. Received: name={brief(name)}")
        if name in self._endpoints:
            raise ArgumentError(f"`add_endpoint`: the endpoint {name!r} is already there. Choose another name.")
        if not callable(fn):
            raise ArgumentTypeError(f"`add_endpoint`: `fn` must be a function. Received: {brief(fn)}")
        if input_signature is None:
            raise ArgumentError(
                "`add_endpoint` needs `input_signature`, the shapes and dtypes of the arguments of `fn`, such as "
                "[InputSpec(shape=(None, 3), dtype='float32')]."
            )
        arguments = list(input_signature) if isinstance(input_signature, (list, tuple)) else [input_signature]
        self._endpoints[name] = fn, specs_of(arguments)
        return fn

    def track_and_add_endpoint(self, name: str, resource: Layer, input_signature: Any, **kwargs: Any) -> Callable:
        """Tracks a layer or model, and adds its call, as in inference, as an endpoint.

        Args:
            name: The name of the endpoint.
            resource: The layer or model.
            input_signature: The shapes and dtypes of its positional arguments.
            **kwargs: As of `add_endpoint`.
        """
        self.track(resource)
        return self.add_endpoint(name, resource.__call__, input_signature, **kwargs)

    def add_variable_collection(self, name: str, variables: Any) -> None:
        """Refused: an ONNX file has constants, of which a runtime offers no named lists.

        Args:
            name: The name of the collection.
            variables: The variables.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError(
            f"`add_variable_collection`: an ONNX file has no collections of variables. Save {name!r} beside it, with "
            "`numpy.savez(path, *[v.numpy() for v in variables])`, or `model.save_weights(path)`."
        )

    def write_out(self, filepath: str | os.PathLike, options: Any = None, verbose: bool = True) -> None:
        """Writes a file for a single endpoint, or a folder with a file for each of several.

        All graphs are made before anything is written.

        Args:
            filepath: A path that ends in `.onnx` for a single endpoint; a folder, which is made, for several.
            options: Must be None: the options of a SavedModel.
            verbose: Whether to print the endpoints.

        Raises:
            StateError: If there is no endpoint.
            NotSupportedError: If `options` are given, or an endpoint uses something that cannot be exported to ONNX.
            ArgumentError: If the path does not fit.
            FileWriteError: If something cannot be written.
        """
        if options is not None:
            raise NotSupportedError("`write_out`: `options` are those of a SavedModel, which TensorFlow writes.")
        if not self._endpoints:
            raise StateError("`write_out`: there is no endpoint. Call `add_endpoint` before.")
        path = checked_path(filepath, "`write_out`")
        if len(self._endpoints) == 1 and not path.endswith(".onnx"):
            raise ArgumentError(f"`write_out`: expected a file that ends in .onnx. Received: filepath={path!r}")
        if len(self._endpoints) > 1 and path.endswith(".onnx"):
            raise ArgumentError(
                f"`write_out`: an ONNX file holds one function. Pass a folder for the {len(self._endpoints)} endpoints "
                f"{list(self._endpoints)}. Received: filepath={path!r}"
            )
        layers = [own for resource in self._resources for own in resource._flat_layers()]
        contents = {
            name: onnx_bytes(lambda x, fn=fn: fn(*x), name, specs, layers)
            for name, (fn, specs) in self._endpoints.items()
        }
        if len(contents) == 1:
            write_file(path, next(iter(contents.values())))
        else:
            _write_folder(path, contents)
        if verbose:
            print(f"Saved artifact at '{path}'. The following endpoints are available:\n")
            for name, (_, specs) in self._endpoints.items():
                shapes = ", ".join(f"{own.name}: {own.shape} {own.dtype}" for own in tree.flatten(specs))
                print(f"* Endpoint '{name}': {shapes}")


def _write_folder(path: str, contents: dict[str, bytes]) -> None:
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise FileWriteError(error.errno, f"'{path}' could not be made: {error.strerror or error}") from error
    for name, content in contents.items():
        write_file(os.path.join(path, f"{name}.onnx"), content)
