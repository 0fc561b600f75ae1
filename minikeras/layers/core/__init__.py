"""The layers everything else is made of."""

from .dense import Dense
from .input_layer import Input, InputLayer

__all__ = ["Dense", "Input", "InputLayer"]
