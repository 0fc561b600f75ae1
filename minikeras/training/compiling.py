"""`compile`: the optimizer, losses and metrics of a model."""

from collections.abc import Mapping, Sequence
from typing import Any

from .. import optimizers
from ..argument_checks import check_int
from ..errors import StateError
from ..metrics import Mean
from ..optimizers import LossScaleOptimizer, Optimizer
from ..typing import LossLike, MetricLike, OptimizerLike
from .arguments import checked_jit
from .checks import check_outputs
from .compiled_loss import CompiledLoss
from .compiled_metrics import CompiledMetrics
from .compiled_trainability import CompiledTrainability
from .legacy import takes_old_arguments
from .metric_logs import MetricLogs
from .nested_calls import is_running


class Compiling(MetricLogs):
    """The part of a model that stores the arguments of `compile`."""

    _compiled_trainable: CompiledTrainability | None = None
    optimizer: Optimizer | Any = None
    compiled = False
    stop_training = False
    run_eagerly = False
    _jit_compile = False
    steps_per_execution = 1

    @takes_old_arguments
    def compile(
        self,
        optimizer: OptimizerLike | None = "rmsprop",
        loss: LossLike | Sequence[Any] = None,
        loss_weights: float | Sequence[Any] | Mapping[str, Any] | None = None,
        metrics: MetricLike | Sequence[Any] = None,
        weighted_metrics: MetricLike | Sequence[Any] = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Configures the model for training. Later changes of `trainable` take effect with the next `compile`.

        As in Keras, a later `compile` without `loss` keeps the loss, and one without any metrics keeps the metrics. A
        callback may call it during `fit`; it takes effect with the next step.

        Args:
            optimizer: A name or an optimizer.
            loss: A name, a function or a `Loss`. For several outputs: one for all of them, a list in their order, a
                dict by their names, or nested as they are; None for an output without a loss.
            loss_weights: The factor of the loss; for several losses, nested as these are.
            metrics: A list of names, functions or `Metric` objects. For several outputs: a list with one entry for
                each, a dict by their names, or nested as they are; an entry may be a list or None.
            weighted_metrics: As `metrics`, but weighted by the sample weights.
            run_eagerly: Whether to run each step in Python instead of replaying it: slower, but can be debugged.
            steps_per_execution: The number of steps between two calls of the batch hooks of callbacks.
            jit_compile: "auto", False or True; has no effect, as steps are always replayed.
            auto_scale_loss: Whether to wrap the optimizer in a `LossScaleOptimizer` if the policy is "mixed_float16".

        Raises:
            UnknownNameError: If a name is unknown; nothing is changed then.
            ArgumentError: If losses or metrics are given for an output that the model does not have.

        Source: https://keras.io/api/models/model_training_apis/
        """
        steps = check_int("compile", "steps_per_execution", steps_per_execution, minimum=1)
        jit = checked_jit(jit_compile)
        loss, loss_weights, metrics, weighted_metrics = self._with_earlier(
            loss, loss_weights, metrics, weighted_metrics
        )
        names, outputs = self._known_outputs()
        compiled_loss = CompiledLoss(loss, loss_weights, names)
        compiled_metrics = CompiledMetrics(metrics, weighted_metrics, names)
        check_outputs(self, outputs, compiled_loss, compiled_metrics)
        found = optimizers.get(optimizer)
        runs = is_running(self)
        if runs and self._runner is not None:
            self._logs_at_compile = self._logs()
        self.optimizer = self._with_loss_scale(found) if auto_scale_loss else found
        self._compiled_loss, self._compiled_metrics = compiled_loss, compiled_metrics
        self._loss_tracker = Mean(name="loss")
        self._compiled_trainable = CompiledTrainability(self)
        self._names_of_results = None
        self.run_eagerly = bool(run_eagerly)
        self._jit_compile = jit and not run_eagerly
        self.steps_per_execution = steps
        self._compile_arguments = {
            "optimizer": optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }
        self.compiled = True
        self.stop_training = self.stop_training and runs  # a callback may have stopped the training
        self._runner = None

    def _with_earlier(self, loss: object, loss_weights: object, metrics: object, weighted_metrics: object) -> tuple:
        """Returns the losses and metrics; those of the previous `compile` where they are not given."""
        if self.compiled:
            before = self._compile_arguments
            if loss is None:
                loss, loss_weights = before["loss"], before["loss_weights"] if loss_weights is None else loss_weights
            if metrics is None and weighted_metrics is None:
                metrics, weighted_metrics = before["metrics"], before["weighted_metrics"]
        return loss, loss_weights, metrics, weighted_metrics

    def _with_loss_scale(self, optimizer: Optimizer | None) -> Optimizer | None:
        """Wraps the optimizer so that small float16 gradients do not underflow."""
        is_scaled = optimizer is None or isinstance(optimizer, LossScaleOptimizer)
        if is_scaled or self.dtype_policy.name != "mixed_float16":
            return optimizer
        return LossScaleOptimizer(optimizer, name="loss_scale_optimizer")

    @property
    def jit_compile(self) -> bool:
        """Whether `compile` was called with `jit_compile=True`; it has no effect."""
        return self._jit_compile

    @jit_compile.setter
    def jit_compile(self, value: bool | str) -> None:
        self._jit_compile = checked_jit(value)

    @property
    def loss(self) -> Any:
        """The `loss` argument of `compile`."""
        return self._compile_arguments["loss"] if self.compiled else None

    def _require_compiled(self, method: str) -> None:
        if not self.compiled:
            raise StateError(f"`{method}` needs a compiled model: call `model.compile(optimizer=..., loss=...)` first.")
