"""Low-rank adaptation (LoRA): fine-tuning a layer with one large weight through a small update of it."""

from typing import Any

import numpy as np

from ... import initializers, ops
from ...argument_checks import check_int, check_optional_int
from ...engine.trace import paused_tracing
from ...engine.variable import Variable
from ...errors import ArgumentError, StateError
from ...typing import InitializerLike
from ..base import Layer


class LoRA(Layer):
    """The base of layers whose large weight can be frozen, while the two factors of a low-rank update are trained.

    `weight + lora_alpha / lora_rank * a @ b`

    A subclass keeps the weight as `_kernel` (or what `_adapted_weight` says), calls `_set_lora` in `__init__`,
    `_apply_lora` at the end of `build`, and computes with `_adapted()`.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685
    """

    _adapted_weight = "kernel"
    lora_enabled = False

    def _set_lora(self, lora_rank: int | None, lora_alpha: float | None) -> None:
        """Stores the two arguments of the constructor.

        Args:
            lora_rank: The rank of the update; None: the weight itself is trained.
            lora_alpha: The scale of the update, divided by the rank; the rank by default.

        Raises:
            ArgumentError: If the rank is no positive integer.
        """
        self.lora_rank = check_optional_int(type(self).__name__, "lora_rank", lora_rank, minimum=1)
        self.lora_alpha = self.lora_rank if lora_alpha is None else lora_alpha
        self.lora_enabled = False

    def _apply_lora(self) -> None:
        """Enables LoRA, in `build`, if the constructor was given a rank."""
        if self.lora_rank:
            self.built = True
            self.enable_lora(self.lora_rank, lora_alpha=self.lora_alpha)

    def _adapted(self) -> object:
        """Returns the weight that `call` uses: with the low-rank update, if there is one.

        Raises:
            AttributeError: If the layer is not built.
        """
        if not self.built:
            raise AttributeError(f"{self._where()} has no {self._adapted_weight} before it is built.")
        weight = self._plain_weight()
        return weight + self._update() if self.lora_enabled else weight

    def _update(self) -> object:
        """Returns the low-rank update: `lora_alpha / lora_rank * a @ b`."""
        a, b = self._factors()
        return (self.lora_alpha / self.lora_rank) * ops.matmul(a, b)

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: InitializerLike = "he_uniform",
        b_initializer: InitializerLike = "zeros",
    ) -> None:
        """Freezes the weight and trains a low-rank update of it instead.

        `weight + lora_alpha / rank * a @ b`

        Args:
            rank: The rank of the update: the last size of `a` and the first of `b`.
            lora_alpha: The scale of the update, divided by the rank; the rank by default.
            a_initializer: Initializer of `a`, which has the shape of the weight, but for the rank as its last size.
            b_initializer: Initializer of `b`, shape (rank, last size of the weight).

        Raises:
            StateError: If the layer is not built, or LoRA is enabled already.
            ArgumentError: If the weight has a constraint, which would not hold for the sum.

        Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685
        """
        name = self._adapted_weight
        if getattr(self, f"{name}_constraint") is not None:
            raise ArgumentError(f"{self._where()}: `enable_lora` is not possible with a constraint on the {name}.")
        if not self.built:
            raise StateError(f"{self._where()}: build the layer before `enable_lora`.")
        if self.lora_enabled:
            raise StateError(f"{self._where()}: `enable_lora` was called before; it can be enabled only once.")
        rank = check_int(type(self).__name__, "rank", rank, minimum=1)
        shape = self._adapted_shape()
        locked, self._tracker.locked = self._tracker.locked, False
        with paused_tracing():
            setattr(self, f"lora_{name}_a", self._factor("a", (*shape[:-1], rank), a_initializer))
            setattr(self, f"lora_{name}_b", self._factor("b", (rank, shape[-1]), b_initializer))
        self._tracker.locked = locked
        self._weight().trainable = False
        self.lora_enabled, self.lora_rank = True, rank
        self.lora_alpha = rank if lora_alpha is None else lora_alpha

    def _lora_config(self) -> dict:
        """Returns the arguments of the constructor; none if there is no rank."""
        return {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha} if self.lora_rank else {}

    def save_own_variables(self, store: Any) -> None:
        """Writes the layer's variables into a store, the low-rank update merged into the weight.

        As in Keras, a file is the same with and without LoRA.

        Args:
            store: A mutable mapping; the keys are "0", "1", ...
        """
        super().save_own_variables(store)
        if self.lora_enabled:
            stored = self._stored_variables()
            for variable, value in self._merged_values():
                index = [each is variable for each in stored].index(True)
                store[str(index)] = value.astype(variable.dtype)

    def load_own_variables(self, store: Any) -> None:
        """Reads what `save_own_variables` wrote, with or without LoRA; the update is zero afterwards.

        Raises:
            ArgumentError: If the number of arrays, or the shape or kind of one, differs.
        """
        super().load_own_variables(store)
        if self.lora_enabled:
            # Keras sets both factors to zero, and then neither has a gradient. One is enough for an update of zero.
            factor = self._factors()[1]
            factor.assign(np.zeros(factor.shape, factor.dtype))

    def _merged_variables(self) -> list[Variable]:
        """Returns the variables of which a file of weights holds only the sum."""
        return [self._weight(), *self._factors()] if self.lora_enabled else []

    def _merged_values(self) -> list[tuple[Variable, np.ndarray]]:
        """Returns the variables into which the low-rank update is merged in files, and their values then."""
        a, b = (factor.numpy() for factor in self._factors())
        update = (self.lora_alpha / self.lora_rank) * np.matmul(a, b)
        return [(self._weight(), self._weight().numpy() + update)]

    def _plain_weight(self) -> Any:
        """Returns the weight without the update."""
        return self._weight()

    def _adapted_shape(self) -> tuple:
        """Returns the shape of the weight and of its update."""
        return self._weight().shape

    def _weight(self) -> Variable:
        return getattr(self, f"_{self._adapted_weight}")

    def _factors(self) -> tuple[Variable, Variable]:
        return getattr(self, f"lora_{self._adapted_weight}_a"), getattr(self, f"lora_{self._adapted_weight}_b")

    def _factor(self, which: str, shape: tuple, initializer: object) -> Variable:
        # In float32 whatever the layer's dtype, so that small updates are not lost.
        return self.add_weight(
            shape,
            initializers.get(initializer),
            "float32",
            regularizer=getattr(self, f"{self._adapted_weight}_regularizer"),
            name=f"lora_{self._adapted_weight}_{which}",
        )

    def _stored_variables(self) -> list[Variable]:
        stored = super()._stored_variables()
        if not self.lora_enabled:
            return stored
        return [variable for variable in stored if all(variable is not factor for factor in self._factors())]
