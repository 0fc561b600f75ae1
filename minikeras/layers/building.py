"""Building a layer: its weights are created once, on first use, or not at all if that fails."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from ..engine import naming
from ..engine.scopes import real_state
from ..engine.trace import paused_tracing
from ..errors import ArgumentError, add_location, brief, warn_user
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import Operation, paused_recording
from ..tracebacks import Filtered, filtered
from ..typing import F
from .arguments import Arguments, map_shapes, signature_of


def _as_build(build: F) -> F | Any:
    """Wraps `build`, so that it runs in the name scope of the layer and records the shapes it was called with."""

    @filtered
    @wraps(build)
    def building(self: "Building", *args: Any, **kwargs: Any) -> None:
        if self._is_building:  # `super().build(...)`
            build(self, *args, **kwargs)
        else:
            self._run_build(building, lambda: build(self, *args, **kwargs), args, kwargs)

    building.is_of_layer = True
    return building


class Building(Filtered):
    """The part of `Layer` that builds it."""

    _path: str | None = None
    _build_shapes_dict: dict | None = None  # the arguments of `build`, by parameter
    _initial_weights: list | None = None  # given to the constructor, as in Keras 2
    _is_building = False
    _locks_when_built = True

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if not hasattr(cls.build, "is_of_layer"):
            cls.build = _as_build(cls.build)

    @_as_build
    def build(self, input_shape: Any) -> None:
        """Creates the weights; called once, before the first `call`.

        A subclass may have several parameters: `build(self, x_shape, y_shape)` for `call(self, x, y)`.

        Args:
            input_shape: The shape of the input, with None for free sizes; nested as the input is.
        """
        if type(self).build is Building.build and self._has_unbuilt_layers():
            self._build_by_call(input_shape)

    def get_build_config(self) -> dict | None:
        """Returns the shapes that `build` was called with; None if it was not called."""
        if self._build_shapes_dict is None:
            return None
        shapes = list(self._build_shapes_dict.values())
        return {"input_shape": shapes[0]} if len(shapes) == 1 else {"shapes_dict": dict(self._build_shapes_dict)}

    def build_from_config(self, config: dict) -> None:
        """Builds the layer from what `get_build_config` returned."""
        if "input_shape" in config:
            self.build(_as_shape(config["input_shape"]))
        elif "shapes_dict" in config:
            shapes = config["shapes_dict"]
            if not isinstance(shapes, dict):
                raise ArgumentError(f"{self._where()}: 'shapes_dict' must be a dict. Received: {brief(shapes)}")
            self.build(**{name: _as_shape(shape) for name, shape in shapes.items()})

    def _run_build(self, build: Callable, make: Callable, args: tuple, kwargs: dict) -> None:
        """Creates the weights in the layer's scope; if that fails, the layer and its sublayers are left unchanged."""
        before = [(layer, layer._tracker.snapshot(), len(layer._weights), layer.built) for layer in self._walk()]
        with paused_tracing(), real_state(), paused_recording(False), self._scope():
            self._path, self._is_building = naming.current_path(), True
            try:
                make()
                if self._initial_weights is not None:
                    self.set_weights(self._initial_weights)
                    vars(self)["_initial_weights"] = None
            except BaseException as error:
                for layer, held, count, built in before:
                    del layer._weights[count:]
                    layer._tracker.restore(held)
                    layer.built = built
                if isinstance(error, Exception):
                    add_location(error, f"Raised in `build` of {self._location()}.")
                raise
            finally:
                self._is_building = False
        self._note_built(signature_of(build).bind(*args, **kwargs).arguments)

    def _note_built(self, shapes: dict) -> None:
        self._build_shapes_dict = dict(shapes)
        self.built = True
        if self._locks_when_built:
            self._tracker.lock()

    def _has_unbuilt_layers(self) -> bool:
        return any(not layer.built for layer in self._sublayers)

    def _build_by_call(self, input_shape: Any) -> None:
        """Builds the sublayers by running `call` on symbolic values."""
        try:
            spec = map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), input_shape)
            Operation.compute_output_spec(self, spec)
        except Exception as error:
            warn_user(
                f"{self._where()} has no `build` method, and its layers could not be built by running its `call` on "
                f"symbolic values either. Write a `build` method, or call it on data. The reason: {error}",
                UserWarning,
            )

    def _build_once(self, arguments: Arguments, symbolic: bool) -> None:
        if self.built:
            return
        if type(self).build is not Building.build:
            self.build(**arguments.shapes_for(self.build, self._where()))
            self._check_input(arguments.first)
            return
        shapes = arguments.shapes_for(lambda input_shape: None, self._where())
        unbuilt = self._has_unbuilt_layers()
        self._path = naming.current_path()
        if symbolic and unbuilt and self._has_shape_rule():
            Operation.compute_output_spec(self, *arguments.args, **arguments.kwargs)
        self._note_built(shapes)
        if unbuilt:
            self._tracker.unlock()  # until the end of the first call, which builds the sublayers


def _as_shape(shape: Any) -> Any:
    """Returns a shape from a config, in which tuples have become lists."""
    return None if shape is None else map_shapes(tuple, shape)
