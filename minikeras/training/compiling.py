"""`compile`: what a model is trained with."""

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
    """The part of a model that is compiled."""

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
        """Says how the model is trained; layers frozen or thawed afterwards count from the next `compile` on.

        As in Keras, a later `compile` without `loss` keeps the loss, one without any metrics keeps the metrics. A
        callback may call it: the next step of the same `fit` goes on with what it says.

        Args:
            optimizer: A name or an optimizer.
            loss: A name, a function or a loss. For a model with several outputs one for all of them, a list in their
                order, a dict by their names, or nested as they are; None for an output without a loss.
            loss_weights: What the loss is multiplied with; for several losses nested as these are.
            metrics: A list of names, functions or metrics. For several outputs a list with one entry for each, a dict
                by their names, or nested as they are; an entry may be a list or None.
            weighted_metrics: The same, updated with the sample weights.
            run_eagerly: Run each step in Python instead of replaying it; slower, but a breakpoint sees it.
            steps_per_execution: How many steps run between two calls of the batch callbacks.
            jit_compile: "auto", which means False, or False; True has no further effect, as steps are always replayed.
            auto_scale_loss: With the dtype policy "mixed_float16", put a `LossScaleOptimizer` around the optimizer.

        Raises:
            UnknownNameError: If a name is not known; nothing is changed then.
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
        self.stop_training = self.stop_training and runs  # a callback may have ended the training before
        self._runner = None

    def _with_earlier(self, loss: object, loss_weights: object, metrics: object, weighted_metrics: object) -> tuple:
        """Returns these arguments of `compile`; those of the last `compile` for losses or metrics that are missing."""
        if self.compiled:
            before = self._compile_arguments
            if loss is None:
                loss, loss_weights = before["loss"], before["loss_weights"] if loss_weights is None else loss_weights
            if metrics is None and weighted_metrics is None:
                metrics, weighted_metrics = before["metrics"], before["weighted_metrics"]
        return loss, loss_weights, metrics, weighted_metrics

    def _with_loss_scale(self, optimizer: Optimizer | None) -> Optimizer | None:
        """Keeps small gradients of float16 from becoming 0."""
        is_scaled = optimizer is None or isinstance(optimizer, LossScaleOptimizer)
        if is_scaled or self.dtype_policy.name != "mixed_float16":
            return optimizer
        return LossScaleOptimizer(optimizer, name="loss_scale_optimizer")

    @property
    def jit_compile(self) -> bool:
        """Whether `compile` was told to compile steps; they are replayed in any case."""
        return self._jit_compile

    @jit_compile.setter
    def jit_compile(self, value: bool | str) -> None:
        self._jit_compile = checked_jit(value)

    @property
    def loss(self) -> Any:
        """The loss as it was given to `compile`."""
        return self._compile_arguments["loss"] if self.compiled else None

    def _require_compiled(self, method: str) -> None:
        if not self.compiled:
            raise StateError(f"`{method}` needs a compiled model: call `model.compile(optimizer=..., loss=...)` first.")
