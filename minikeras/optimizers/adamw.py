"""AdamW: Adam with weights that decay."""

from typing import Any

from ..argument_checks import bad_argument
from ..errors import ArgumentTypeError
from .adam import Adam
from .schedules import LearningRateSchedule


class AdamW(Adam):
    """Adam with decoupled weight decay.

    In step `t = 1, 2, ...`: `w = w - w * weight_decay * learning_rate`, then the update of `Adam`.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a function without arguments.
        weight_decay: How much of the weights each step takes away, as a multiple of the learning rate.
        beta_1: How much of the mean of the gradient is kept in a step, in [0, 1].
        beta_2: How much of the mean of its square is kept in a step, in [0, 1].
        epsilon: Keeps the divisor from 0.
        amsgrad: Never let the divisor shrink.
        clipnorm: The greatest length of the gradient of each variable; None or 0: no limit.
        clipvalue: The greatest absolute value of an element of a gradient; None or 0: no limit.
        global_clipnorm: The greatest length of all gradients together; None or 0: no limit.
        use_ema: Keep a moving average of each variable; see `Optimizer`.
        ema_momentum: The weight of the former average, in [0, 1].
        ema_overwrite_frequency: The averages take the variables' places every so many steps; None: never.
        loss_scale_factor: The loss is multiplied by it, and gradients are divided by it.
        gradient_accumulation_steps: Gradients of so many steps are averaged for one update; None: of one.
        name: The first part of the paths of its variables.
        **kwargs: `lr` and `decay` of Keras 2, accepted with a warning.

    Raises:
        ArgumentError: If a number is out of range.
        ArgumentTypeError: If `weight_decay` is None, or an argument has the wrong type or is not known.

    Source: https://arxiv.org/abs/1711.05101

    Example:
        >>> from minikeras import Variable
        >>> w = Variable([1.0, 2.0])
        >>> AdamW(learning_rate=0.5, weight_decay=0.5).apply([np.float32([3.0, -8.0])], [w])
        >>> w.numpy().round(4)  # 1 - 0.25 - 0.5 and 2 - 0.5 + 0.5
        array([0.25, 2.  ], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        if weight_decay is None:
            raise bad_argument("AdamW", "weight_decay", None, "a number", ArgumentTypeError)
        super().__init__(
            learning_rate=learning_rate,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            amsgrad=amsgrad,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
