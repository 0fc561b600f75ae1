"""AdamW: Adam with decoupled weight decay."""

from typing import Any

from ..argument_checks import bad_argument
from ..errors import ArgumentTypeError
from .adam import Adam
from .schedules import LearningRateSchedule


class AdamW(Adam):
    """Adam with decoupled weight decay.

    In step `t = 1, 2, ...`: `w = w - w * weight_decay * learning_rate`, then the update of `Adam`.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        weight_decay: Weight decay, a multiple of the learning rate.
        beta_1: Decay rate of the first moment estimate, in [0, 1].
        beta_2: Decay rate of the second moment estimate, in [0, 1].
        epsilon: Small constant for numerical stability.
        amsgrad: Whether to use the AMSGrad variant: the maximum of the second moment estimates so far.
        clipnorm: Maximum L2 norm of the gradient of each variable; None or 0 disables clipping.
        clipvalue: Maximum absolute value of gradient elements; None or 0 disables clipping.
        global_clipnorm: Maximum global L2 norm of all gradients; None or 0 disables clipping.
        use_ema: Whether to maintain exponential moving averages of the variables; see `Optimizer`.
        ema_momentum: Momentum of the moving averages, in [0, 1].
        ema_overwrite_frequency: Number of steps after which the averages overwrite the variables; None: never.
        loss_scale_factor: Factor that the loss is multiplied by, and the gradients are divided by.
        gradient_accumulation_steps: Number of steps whose gradients are averaged for one update; None for 1.
        name: Name of the optimizer, the prefix of the paths of its variables.
        **kwargs: The Keras 2 arguments `lr` and `decay`, accepted with a warning.

    Raises:
        ArgumentError: If a number is out of range.
        ArgumentTypeError: If `weight_decay` is None, or an argument is unknown or has the wrong type.

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
