"""The types that public signatures name, for editors, type checkers and readers.

What a function takes is described generously (`TensorLike`), what it returns precisely (`Tensor`). Nothing is checked
against these types when a program runs. What depends on the model or on other arguments, such as the outputs of a model
or a free size, is `Any`, so that scripts can go on with it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NewType, Protocol, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypedDict

    from .dtype_policies import DTypePolicy
    from .engine.operators import Operators
    from .losses import Loss
    from .metrics import Metric
    from .optimizers import Optimizer
    from .optimizers.schedules import LearningRateSchedule
    from .random import SeedGenerator

    class SupportsArray(Protocol):
        """Anything that numpy can turn into an array, such as a frame of pandas."""

        def __array__(self) -> np.ndarray: ...

    class Batches(Protocol):
        """Batches by number, such as a `PyDataset`."""

        def __len__(self) -> int: ...
        def __getitem__(self, index: Any, /) -> Any: ...


T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])  # of a decorator that keeps the signature of a function
Result = TypeVar("Result")
Covariant = TypeVar("Covariant", covariant=True)

Array: TypeAlias = np.ndarray[Any, Any]
"""A numpy array: the values outside steps and graphs."""


class HasCall(Protocol[Covariant]):
    """A layer or an operation: calling it returns what its `call` does."""

    def call(self, *args: Any, **kwargs: Any) -> Covariant: ...


if TYPE_CHECKING:
    Tensor: TypeAlias = Array | Operators
    """A value of any kind: a numpy array, a `Variable`, a value inside a step, a `KerasTensor`.

    All of them have `shape`, `ndim`, `dtype`, Python's operators, indexing, and the methods of arrays that `numpy`'s
    functions exist for (`sum`, `reshape`, `astype` ...). `float(x)`, `bool(x)`, iteration and numpy's functions need
    numbers, so they raise an error on a `KerasTensor`. A variable is a tensor, but `assign` is its alone.
    """

    ArrayLike: TypeAlias = SupportsArray | np.generic | complex | str | bytes | Sequence[Any]
    """Anything that numpy converts to an array: arrays, numbers, and lists of them."""

    TensorLike: TypeAlias = Tensor | ArrayLike
    """Arguments of functions of `minikeras.ops` and layers: tensors, numbers, and lists of them."""

    Shape: TypeAlias = tuple[int | Any, ...]
    """The sizes of the axes; None for a free one, which is `Any` here so that scripts can compute with sizes."""

    ShapeLike: TypeAlias = int | Sequence[Any] | Array
    """Sizes of axes: integers, None for a free one, or sizes of symbolic values."""

    Axis: TypeAlias = int | Sequence[int] | None
    """One axis, several, or None for all of them."""

    DType: TypeAlias = str
    """The name of a dtype, such as "float32"."""

    DTypeLike: TypeAlias = str | np.dtype[Any] | type[Any]
    """A dtype as a name, as numpy writes it, or as a type: "float32", `np.dtype("float32")`, `np.float32`, `float`."""

    DTypePolicyLike: TypeAlias = DTypeLike | DTypePolicy | Mapping[str, Any] | None
    """A dtype policy, its name or config, or a dtype; None for the global policy."""

    Nested: TypeAlias = T | Sequence["Nested[T]"] | Mapping[str, "Nested[T]"]
    """One, or several in lists, tuples and dicts: `Nested[Tensor]`."""

    Data: TypeAlias = SupportsArray | Sequence[Any] | Mapping[str, Any] | Iterable[Any] | Batches | None
    """Examples to train on: arrays, frames, lists and dicts of them, or a stream of batches."""

    ActivationLike: TypeAlias = str | Mapping[str, Any] | Callable[..., Any] | None
    """An activation function, its name or its config; None for the identity."""

    InitializerLike: TypeAlias = str | Mapping[str, Any] | Callable[..., Any] | SupportsArray | None
    """An initializer, its name or its config, a function `(shape, dtype)`, or an array."""

    RegularizerLike: TypeAlias = str | Mapping[str, Any] | Callable[..., Any] | None
    """A regularizer, its name or its config, or a function of a value; None for no penalty."""

    ConstraintLike: TypeAlias = str | Mapping[str, Any] | Callable[..., Any] | None
    """A constraint, its name or its config, or a function of a value; None for none."""

    class OldLayerArguments(TypedDict, total=False):
        """What Keras 1 and 2 let every layer be told about its input; `Input` is today's way."""

        input_shape: Sequence[int | None]
        batch_input_shape: Sequence[int | None]
        input_dim: int
        input_length: int
        input_dtype: DTypeLike
        batch_size: int | None

    class PlainLayerArguments(OldLayerArguments, total=False):
        """The arguments of every layer."""

        name: str | None
        trainable: bool
        dtype: DTypePolicyLike
        autocast: bool

    class LoRALayerArguments(PlainLayerArguments, total=False):
        """The arguments of every layer, and those of low-rank adaptation for layers that have it."""

        lora_rank: int | None
        lora_alpha: float | None

    class LayerArguments(PlainLayerArguments, total=False):
        """The arguments of every layer, for those that do not name this one themselves."""

        activity_regularizer: RegularizerLike

    class CellArguments(LayerArguments, total=False):
        """The arguments of every recurrent cell."""

        implementation: int

    class RecurrentArguments(PlainLayerArguments, total=False):
        """The arguments of every recurrent layer that makes its cell itself."""

        zero_output_for_mask: bool
        implementation: int

    class ConvLSTMArguments(PlainLayerArguments, total=False):
        """The arguments of every recurrent layer with convolutions."""

        unroll: bool
        zero_output_for_mask: bool

    LossLike: TypeAlias = str | Mapping[str, Any] | Loss | Callable[..., Any] | None
    """A loss, its name or its config, or a function `(y_true, y_pred)`."""

    MetricLike: TypeAlias = str | Mapping[str, Any] | Metric | Callable[..., Any] | None
    """A metric, its name or its config, or a function `(y_true, y_pred)`."""

    OptimizerLike: TypeAlias = str | Mapping[str, Any] | Optimizer
    """An optimizer, its name or its config."""

    LearningRate: TypeAlias = float | LearningRateSchedule | Callable[[], Any] | Tensor
    """A learning rate, a schedule of it, or a function that returns it."""

    Seed: TypeAlias = int | SeedGenerator | None
    """A seed, or the generator that makes them; None for a seed that differs from call to call."""

    PathLike: TypeAlias = str | os.PathLike[str]
    """The path of a file or a folder."""
else:
    # Names instead of their definitions keep `help` and `inspect.signature` readable, and importing this module
    # imports no other.
    class Nested(Generic[T]):
        """One, or several in lists, tuples and dicts: `Nested[Tensor]`."""

    ActivationLike = NewType("ActivationLike", object)
    ArrayLike = NewType("ArrayLike", object)
    Axis = NewType("Axis", object)
    ConstraintLike = NewType("ConstraintLike", object)
    DType = NewType("DType", object)
    DTypeLike = NewType("DTypeLike", object)
    DTypePolicyLike = NewType("DTypePolicyLike", object)
    Data = NewType("Data", object)
    InitializerLike = NewType("InitializerLike", object)
    LearningRate = NewType("LearningRate", object)
    LossLike = NewType("LossLike", object)
    MetricLike = NewType("MetricLike", object)
    OptimizerLike = NewType("OptimizerLike", object)
    PathLike = NewType("PathLike", object)
    RegularizerLike = NewType("RegularizerLike", object)
    Seed = NewType("Seed", object)
    Shape = NewType("Shape", object)
    ShapeLike = NewType("ShapeLike", object)
    Tensor = NewType("Tensor", object)
    TensorLike = NewType("TensorLike", object)
    PlainLayerArguments = NewType("PlainLayerArguments", object)
    LoRALayerArguments = NewType("LoRALayerArguments", object)
    OldLayerArguments = NewType("OldLayerArguments", object)
    LayerArguments = NewType("LayerArguments", object)
    CellArguments = NewType("CellArguments", object)
    RecurrentArguments = NewType("RecurrentArguments", object)
    ConvLSTMArguments = NewType("ConvLSTMArguments", object)
