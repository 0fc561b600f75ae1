"""The inputs of the cases in op_cases: recipes that make one argument for a size, the same in every process.

A recipe takes a generator and the side of a square: 8, 256 or 1,024, so that a small input has 64 elements, a medium
one 65,536 and a large one about a million. Where the work grows faster than the elements, it makes fewer of them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

SIDES = {"small": 8, "medium": 256, "large": 1024}
Recipe = Callable[[np.random.Generator, int], Any]


def make(recipes: Sequence[Any], size: str) -> tuple:
    """Returns the arguments of a case; what is no recipe is an argument itself."""
    rng = np.random.default_rng(0)
    return tuple(_made(recipe, rng, SIDES[size]) for recipe in recipes)


def _made(recipe: Any, rng: np.random.Generator, side: int) -> Any:
    if isinstance(recipe, list | tuple):
        return type(recipe)(_made(each, rng, side) for each in recipe)
    if isinstance(recipe, Static):
        return recipe.value
    return recipe(rng, side) if callable(recipe) else recipe


class Static:
    """An argument that is a function, not a recipe.

    Args:
        value: The function.
    """

    def __init__(self, value: Callable):
        self.value = value


def by_size(small: Any, medium: Any, large: Any) -> Recipe:
    """An argument that is given for each size."""
    return lambda rng, side: {8: small, 256: medium, 1024: large}[side]


def normal(small: tuple, medium: tuple, large: tuple) -> Recipe:
    """Normally distributed numbers in these shapes."""
    shapes = by_size(small, medium, large)
    return lambda rng, side: rng.normal(size=shapes(rng, side)).astype("float32")


def integers(high: Recipe | int, shape: Recipe, low: int = 0, dtype: str = "int64") -> Recipe:
    """Numbers from `low` to `high`, excluding `high`; int64 is what numpy and torch index with."""

    def recipe(rng: np.random.Generator, side: int) -> np.ndarray:
        limit = high(rng, side) if callable(high) else high
        return rng.integers(low, limit, shape(rng, side)).astype(dtype)

    return recipe


def then(recipe: Recipe, change: Callable[[np.ndarray], Any]) -> Recipe:
    """What a recipe makes, changed."""
    return lambda rng, side: change(recipe(rng, side))


def _with_nan(x: np.ndarray) -> np.ndarray:
    x.reshape(-1)[::50] = np.nan
    return x


SIDE: Recipe = lambda rng, side: side  # noqa: E731
COUNT: Recipe = lambda rng, side: side * side  # noqa: E731
SHAPE: Recipe = lambda rng, side: (side, side)  # noqa: E731
LINE: Recipe = lambda rng, side: (side * side,)  # noqa: E731

X = normal((8, 8), (256, 256), (1024, 1024))
VECTOR = normal((64,), (65_536,), (1_048_576,))
SHORT = normal((8,), (256,), (1024,))
ROW = normal((1, 8), (1, 256), (1, 1024))
CUBE = normal((4, 4, 4), (32, 32, 64), (64, 128, 128))
POSITIVE = then(X, lambda x: np.abs(x) + np.float32(0.1))
UNIT = then(X, lambda x: np.float32(1) / (1 + np.exp(-x)))
ABOVE_1 = then(X, lambda x: np.abs(x) + 1)
BOOLS = then(X, lambda x: x > 0)
NANS = then(X, _with_nan)
COMPLEX: Recipe = lambda rng, side: (X(rng, side) + 1j * X(rng, side)).astype("complex64")  # noqa: E731
PAIRS = normal((32, 2), (32_768, 2), (524_288, 2))
INTS = integers(100, SHAPE, low=1, dtype="int32")
SHIFTS = integers(8, SHAPE, dtype="int32")
INDICES = integers(SIDE, SHAPE)
ENTRIES = integers(COUNT, LINE)
SORTED = then(VECTOR, np.sort)
BINS = then(SHORT, np.sort)
BRIEF = normal((3,), (16,), (16,))
CODES = integers(SIDE, LINE)
COLUMN_PAIR = normal((8, 2), (256, 2), (1024, 2))

# Products, and what takes n^3 steps with a larger factor.
MATRIX = normal((8, 8), (128, 128), (512, 512))
SOLVABLE = then(normal((4, 4), (32, 32), (128, 128)), lambda x: x + 2 * len(x) * np.eye(len(x), dtype="float32"))
DEFINITE = then(SOLVABLE, lambda x: x @ x.T)
LOWER = then(SOLVABLE, np.tril)
FACTOR = then(DEFINITE, lambda x: np.linalg.cholesky(x))
COLUMNS = normal((4, 2), (32, 8), (128, 32))
TALL_COLUMN = normal((8, 1), (64, 1), (256, 1))
CARRY = normal((2,), (8,), (32,))
TALL = normal((8, 4), (64, 32), (256, 128))
FEW = normal((4, 4), (16, 16), (32, 32))
POINTS = normal((8, 4), (256, 16), (512, 32))
VECTORS = normal((16, 3), (16_384, 3), (262_144, 3))

# Networks: images are channels last, as Keras has them.
IMAGE = then(normal((1, 4, 4, 3), (1, 128, 128, 3), (1, 512, 512, 3)), lambda x: 1 / (1 + np.exp(-x)))
PLANE = normal((8, 8), (128, 128), (512, 512))
PLANE_COORDINATES = then(by_size(8, 128, 512), lambda side: np.float32(np.indices((side, side)) * 0.9 + 0.3))
FEATURES = normal((1, 4, 4, 4), (4, 16, 16, 32), (8, 32, 32, 64))
KERNEL = normal((3, 3, 4, 4), (3, 3, 32, 32), (3, 3, 64, 64))
DEPTHWISE = normal((3, 3, 4, 1), (3, 3, 32, 1), (3, 3, 64, 1))
POINTWISE = normal((1, 1, 4, 4), (1, 1, 32, 32), (1, 1, 64, 64))
PLANAR = then(FEATURES, lambda x: np.ascontiguousarray(x.transpose(0, 3, 1, 2)))
TWICE = by_size((8, 8), (256, 256), (1024, 1024))
TWICE_SHAPE = by_size((1, 8, 8, 3), (1, 256, 256, 3), (1, 1024, 1024, 3))
AFFINE: Recipe = lambda rng, side: np.float32([[0.9, 0.1, 0.4, -0.1, 0.8, 0.3, 0, 0]])  # noqa: E731
TWO: Recipe = lambda rng, side: np.float32([2, 2])  # noqa: E731
NOTHING: Recipe = lambda rng, side: np.float32([0, 0])  # noqa: E731
PLANAR_SIDE = by_size(4, 16, 32)
COLUMNS_OF_PATCHES = normal((1, 16, 4), (4, 128, 64), (8, 256, 256))
VOLUME = normal((1, 4, 4, 4, 1), (1, 16, 16, 16, 4), (1, 64, 64, 32, 4))
CHANNELS = normal((8,), (256,), (1024,))
SPREAD = then(CHANNELS, lambda x: np.abs(x) + np.float32(0.5))
CLASSES = integers(SIDE, by_size((8,), (256,), (1024,)))
ONE_HOT: Recipe = lambda rng, side: np.eye(side, dtype="float32")[CLASSES(rng, side)]  # noqa: E731
PROBABILITIES = then(X, lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True))
HEADS = normal((1, 4, 2, 8), (2, 64, 4, 64), (4, 128, 8, 64))
SPEECH = normal((1, 8, 8), (8, 64, 32), (16, 128, 64))
TEXTS = integers(by_size(8, 32, 64), by_size((1, 3), (8, 20), (16, 40)), low=1)
TEXT_LENGTHS = by_size(*(np.full(batch, length, "int32") for batch, length in ((1, 3), (8, 20), (16, 40))))
SPEECH_LENGTHS = by_size(*(np.full(batch, length, "int32") for batch, length in ((1, 8), (8, 64), (16, 128))))
SIGNAL = normal((64,), (65_536,), (1_048_576,))
FRAME = by_size(16, 512, 512)
HOP = by_size(8, 256, 256)
SPECTRUM = normal((8, 9), (256, 257), (4096, 257))  # frames that hop on by a half, and half of the frequencies

# Sums by index: tables of rows, and as many indices as make the values of the size.
TABLE = normal((8, 8), (2000, 64), (30_000, 64))
ROW_COUNT = by_size(8, 2000, 30_000)
TABLE_SHAPE = by_size((8, 8), (2000, 64), (30_000, 64))
VALUES = normal((8, 8), (1024, 64), (16_384, 64))
ROWS = integers(ROW_COUNT, by_size((8,), (1024,), (16_384,)))
COLUMN_OF_ROWS = then(ROWS, lambda ids: ids[:, None])
DISTINCT = by_size(*(np.arange(count)[:, None] for count in (8, 1024, 16_384)))
