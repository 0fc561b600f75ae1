"""Where the elements of a dataset come from: arrays, generators, and other datasets in a selection or an order.

Items stand for elements and are small where they can be: for slices of arrays they are row numbers. What selects and
orders elements (shuffle, take, ...) passes items on, so that a batch of shuffled rows is gathered at once.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.dispatch import to_array
from ..engine.dtypes import first_other_than_text, holds_text, standardize_dtype
from ..errors import ArgumentTypeError, DataError, brief
from .arguments import UNKNOWN_CARDINALITY as UNKNOWN_CARDINALITY
from .specs import TensorSpec, fits


class Source:
    """Elements, pass by pass.

    Attributes:
        size: How many there are in a pass; INFINITE_CARDINALITY or UNKNOWN_CARDINALITY if that is no number.
    """

    size: int = UNKNOWN_CARDINALITY

    def items(self) -> Iterator:
        """Returns the items of a new pass."""
        raise NotImplementedError

    def element(self, item: Any) -> Any:
        """Returns the element an item stands for."""
        return item

    def stacked(self, items: list) -> Any:
        """Returns the elements of the items, stacked along a new first axis."""
        return stack(list(map(self.element, items)))

    def elements(self) -> Iterator:
        """Returns the elements of a new pass."""
        return map(self.element, self.items())

    def attempts(self) -> Iterator:
        """Returns the elements of a new pass, with a `Failure` for each that could not be made.

        By default the first error is raised: what elements depend on each other cannot go on after it.
        """
        return self.elements()

    def spec(self) -> Any:
        """Returns the nested `TensorSpec` of an element; by default that of the first one."""
        for element in self.elements():
            return tree.map_structure(spec_of, element)
        raise DataError("The shapes and dtypes of the elements are not known: the dataset is empty.")


class Slices(Source):
    """The slices of nested arrays along the first axis."""

    def __init__(self, arrays: Any):
        self._arrays = arrays
        self.size = len(tree.flatten(arrays)[0])

    def items(self) -> Iterator:
        return iter(range(self.size))

    def element(self, item: int) -> Any:
        return tree.map_structure(lambda array: rows_of(array, item), self._arrays)

    def stacked(self, items: list) -> Any:
        return tree.map_structure(lambda array: rows_of(array, items), self._arrays)

    def spec(self) -> Any:
        return tree.map_structure(lambda array: TensorSpec(array.shape[1:], array.dtype), self._arrays)


class Iterated(Source):
    """The elements of iterators, each made by a function.

    Args:
        elements: Returns an iterator; called for each pass.
        size: The number of elements.
        spec: The nested spec of an element, or a function that returns it; None: that of the first element.
    """

    def __init__(self, elements: Callable[[], Iterator], size: int = UNKNOWN_CARDINALITY, spec: Any = None):
        self._elements, self.size, self._spec = elements, size, spec

    def items(self) -> Iterator:
        return self._elements()

    def spec(self) -> Any:
        if callable(self._spec):
            self._spec = self._spec()
        if self._spec is None:
            self._spec = super().spec()
        return self._spec


class Selected(Source):
    """Elements of another source: some of them, again, or in another order.

    Args:
        source: The other one.
        select: Returns the items of a pass.
        size: The number of elements.
    """

    def __init__(self, source: Source, select: Callable[[], Iterator], size: int):
        self.source, self._select, self.size = source, select, size
        self.element, self.stacked, self.spec = source.element, source.stacked, source.spec  # type: ignore[method-assign]

    def items(self) -> Iterator:
        return self._select()


def stack(elements: list) -> Any:
    """Returns elements stacked along a new first axis.

    Raises:
        DataError: If their shapes differ.

    Example:
        >>> stack([(1, [2, 3]), (4, [5, 6])])[0]
        array([1, 4])
    """
    columns = list(zip(*map(tree.flatten, elements), strict=True))
    try:
        return tree.pack_like(elements[0], [np.stack(column) for column in columns])
    except ValueError:
        for number, column in enumerate(columns):
            shapes = [np.shape(part) for part in column]
            other = next((at for at, shape in enumerate(shapes) if shape != shapes[0]), None)
            if other is not None:
                raise DataError(
                    f"Dataset.batch: the elements of a batch must have equal shapes; `padded_batch` pads them. "
                    f"Received: component {number} of element 0 has shape {shapes[0]}, that of element {other} "
                    f"{shapes[other]}"
                ) from None
        raise


def spec_of(value: Any) -> TensorSpec:
    """Returns the spec of an array or a number."""
    return TensorSpec(np.shape(value), np.asarray(value).dtype)


def as_arrays(value: Any) -> Any:
    """Converts the leaves of nested data to arrays; tuples and dicts are structure, lists are arrays.

    Example:
        >>> as_arrays({"a": ([1, 2], "text")})
        {'a': (array([1, 2], dtype=int32), array('text', dtype='<U4'))}
    """
    if isinstance(value, dict):
        return {key: as_arrays(part) for key, part in value.items()}
    if isinstance(value, tuple):
        parts = map(as_arrays, value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return as_array(value)


def as_array(value: Any) -> np.ndarray:
    """Converts numbers, strings or lists of them to an array; Python floats become `floatx`, Python integers int32.

    Arrays, lists of them and frames of pandas keep their dtypes. Texts in a list are objects of any length.

    Raises:
        ArgumentTypeError: If the elements are neither numbers nor strings.
        DataError: If the rows of a list differ in shape.
    """
    if isinstance(value, (bytes, str, np.str_, np.bytes_)):
        return np.asarray(value)
    if isinstance(value, np.ndarray) or hasattr(value, "to_numpy"):
        array = np.asarray(value)
    elif isinstance(value, (list, tuple)) and all(isinstance(part, (str, bytes)) for part in value) and value:
        array = np.array(value, object)
    elif isinstance(value, (list, tuple)) and ((array := _listed(value)).dtype.kind in "USO" or _holds_arrays(value)):
        pass
    else:
        return np.asarray(to_array(value))
    return _texts(array)


def _texts(array: np.ndarray) -> np.ndarray:
    """Returns an array, unless it holds objects that are no texts."""
    if array.dtype.kind == "O" and not holds_text(array):
        raise ArgumentTypeError(
            f"Expected numbers or strings, and not both. Received: {first_other_than_text(array)} of an array of "
            "objects. Fill missing values first, as in `frame.fillna('')`."
        )
    return array


def _listed(value: Any) -> np.ndarray:
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(f"Expected rows of one shape, since a list is one array. Received: {brief(value)}") from error


def _holds_arrays(value: Any) -> bool:
    """Tells whether a nested list begins with an array: it keeps the dtype, as numbers of Python do not."""
    while isinstance(value, (list, tuple)) and len(value):
        value = value[0]
    return isinstance(value, np.ndarray) and value.dtype.kind in "biufc"


def rows_of(array: np.ndarray, index: Any) -> np.ndarray:
    """Returns rows of an array; texts, which are objects in it, become strings of numpy.

    Example:
        >>> rows_of(np.array(["a", "bc"], object), [1, 1])
        array(['bc', 'bc'], dtype='<U2')
    """
    return array[index] if array.dtype.kind != "O" else as_strings(np.asarray(array[index], object))


def as_strings(array: np.ndarray) -> np.ndarray:
    """Returns an array of objects that are texts as one of numpy's strings, or of its bytes if all are bytes.

    Example:
        >>> as_strings(np.array(["a", b"b"], object))
        array(['a', 'b'], dtype='<U1')
    """
    texts = array.ravel().tolist()
    kinds = set(map(type, texts))
    if bytes in kinds and len(kinds) > 1:
        texts = [text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text for text in texts]
    return np.array(texts, None if texts else str).reshape(array.shape)


def generated(generator: Callable[[], Iterator], types: Any, shapes: list | None) -> Iterator:
    """Yields what a generator function yields, as arrays.

    Args:
        generator: Returns the iterator.
        types: Nested dtypes, or None.
        shapes: The shapes to check, with None for free sizes; or None.

    Raises:
        DataError: If the shapes or the structure of an element do not fit.
    """
    for number, value in enumerate(generator()):
        value = as_arrays(tuple(value) if isinstance(value, list) and isinstance(types, tuple) else value)
        parts = tree.flatten(value)
        if types is not None:
            wanted = tree.flatten(types)
            if len(parts) != len(wanted):
                raise DataError(
                    f"from_generator: element {number} has {len(parts)} components, but the signature has "
                    f"{len(wanted)}."
                )
            parts = [_cast(part, standardize_dtype(dtype)) for part, dtype in zip(parts, wanted, strict=True)]
        if shapes is not None and not all(map(fits, map(np.shape, parts), shapes)):
            received, wanted = list(map(np.shape, parts)), [None if shape is None else tuple(shape) for shape in shapes]
            where = f"from_generator, element {number}"
            raise DataError(f"{where}: the generator yielded shapes {received}, but the signature has {wanted}.")
        yield tree.pack_like(value, parts)


def _cast(part: np.ndarray, dtype: str) -> np.ndarray:
    return part if dtype == "string" else part.astype(dtype, copy=False)
