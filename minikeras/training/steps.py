"""What one step of training, testing or prediction computes; models may override these methods, as in Keras."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from .. import ops
from ..engine import tree
from ..engine.dtypes import dtype_of, is_float
from ..engine.gradients import gradients
from ..engine.phases import phase
from ..engine.scopes import StatelessScope, state_pairs
from ..engine.trace import current_trace, paused_tracing
from ..errors import ArgumentTypeError, StateError, TraceError, brief, warn_legacy, warn_user
from ..graph.operation import refuse_symbolic
from ..tracebacks import Filtered
from ..utils import pack_x_y_sample_weight
from ..utils import unpack_x_y_sample_weight as unpack
from .compiled_metrics import CompiledMetrics


class Steps(Filtered):
    """The step methods of a model, called with a batch as a nested structure."""

    def train_step(self, data: Any) -> dict[str, Any]:
        """Updates the weights on one batch.

        Args:
            data: `(x, y, sample_weight)`, each an array, a nested structure or None.

        Returns:
            A dict of metric values by name.
        """
        found = self._train_update(data)
        return self.get_metrics_result() if found is None else found

    def test_step(self, data: Any) -> dict[str, Any]:
        """Computes the loss and metrics of one batch; returns the metrics by name."""
        found = self._test_update(data)
        return self.get_metrics_result() if found is None else found

    def predict_step(self, data: Any) -> Any:
        """Returns the outputs for one batch of inputs."""
        return self._outputs(unpack(data)[0], training=False)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Returns the scalar loss of a batch: that of `compile` plus the sum of `model.losses`.

        Args:
            x: The inputs, for methods that override this one.
            y: The labels.
            y_pred: The outputs of the model.
            sample_weight: One weight per example, or None.
            training: Whether this is a training step, for methods that override this one.

        Raises:
            StateError: If there is no loss, or labels are missing.
        """
        total = None
        if self._compiled_loss:
            if y is None:
                raise StateError("There are labels missing: the loss needs `y`. Received: y=None")
            total = self._compiled_loss(y, y_pred, sample_weight)
        for loss in self.losses:
            loss = ops.sum(loss if is_float(dtype_of(loss)) else ops.cast(loss, None))
            total = loss if total is None else ops.add(total, loss)
        if total is None:
            raise StateError(
                "There is no loss to compute. Give `compile` a `loss`, call `add_loss` in a layer, or override "
                "`compute_loss`."
            )
        return total

    def stateless_compute_loss(
        self,
        trainable_variables: Sequence,
        non_trainable_variables: Sequence,
        metrics_variables: Sequence,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> tuple[Any, tuple]:
        """Returns the loss of a batch for given values of the variables, without changing any of them.

        Args:
            trainable_variables: Values in the order of `trainable_variables`.
            non_trainable_variables: Values in the order of `non_trainable_variables`.
            metrics_variables: Values in the order of `metrics_variables`.
            x: The inputs.
            y: The labels.
            y_pred: The outputs of the model.
            sample_weight: One weight per example, or None.
            training: Whether this is a training step.

        Returns:
            The loss; and the values of the three groups of variables after it.

        Raises:
            ArgumentError: If there are more or fewer values than variables.
        """
        state = (trainable_variables, non_trainable_variables, metrics_variables)
        names = ("trainable_variables", "non_trainable_variables", "metrics_variables")
        mapping = [
            pair
            for name, values in zip(names, state, strict=True)
            for pair in state_pairs(type(self).__name__, name, getattr(self, name), values)
        ]
        with StatelessScope(mapping) as scope:
            loss = self._compute_loss(x, y, y_pred, sample_weight, training=training)
        after = [[scope.get_current_value(each) for each in getattr(self, name)] for name in names[1:]]
        return loss, (trainable_variables, *after)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Updates the metrics of `compile` with a batch and returns the values of all metrics by name."""
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self) -> dict[str, Any]:
        """Returns the current values of all metrics by name, the loss first."""
        values: dict = {}
        for metric in self.metrics:
            result = metric.result()
            values |= result if isinstance(result, dict) else {metric.name: result}
        return values

    @property
    def compiled_metrics(self) -> CompiledMetrics:
        """The metrics given to `compile`, for older code that updates them; now `compute_metrics`."""
        warn_legacy("`model.compiled_metrics`", "`model.compute_metrics(x, y, y_pred, sample_weight)`")
        return self._compiled_metrics

    def compiled_loss(
        self, y: Any, y_pred: Any, sample_weight: Any = None, regularization_losses: Sequence | None = None
    ) -> Any:
        """Returns the loss of a batch and updates the mean loss with it, for older code; now `compute_loss`.

        Args:
            y: The labels.
            y_pred: The outputs of the model.
            sample_weight: One weight per example, or None.
            regularization_losses: Losses to add; `model.losses` by default.
        """
        warn_legacy("`model.compiled_loss(y, y_pred)`", "`model.compute_loss(x, y, y_pred, sample_weight)`")
        if regularization_losses is None:
            total = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
        else:
            total = self._compiled_loss(y, y_pred, sample_weight) if self._compiled_loss else 0.0
            for loss in regularization_losses:
                total = ops.add(total, ops.sum(loss))
        self._track_loss(y_pred, total)
        return total

    def _own_step(self, kind: str) -> Callable | None:
        """Returns the step that a subclass defines, as a function of the data; None if it defines none."""
        if getattr(type(self), f"{kind}_step") is getattr(Steps, f"{kind}_step"):
            return None

        def step(data: tuple) -> object:
            results = getattr(self, f"{kind}_step")(pack_x_y_sample_weight(*unpack(data)))
            if kind != "predict":
                self._check_own_step(kind, results)
            return results

        return step

    def _as_compiled(self, step: Callable, data: tuple) -> object:
        """Runs a step with those layers trainable that were so when the model was compiled."""
        with self._compiled_trainable.as_compiled(self):
            return step(data)

    def _build_optimizer(self) -> None:
        """Builds the optimizer, if it is not built, for the weights that were trainable when compiled."""
        if not self.optimizer.built:
            with paused_tracing(), self._compiled_trainable.as_compiled(self):
                self.optimizer.build(self.trainable_variables)

    def _check_outside_of_steps(self, trains: bool) -> None:
        """Refuses to train or evaluate within another step; a step that predicts cannot be replayed.

        Raises:
            TraceError: If a step is running.
        """
        trace = current_trace()
        if trace is None or trace.eager:
            return
        if trains:
            raise TraceError(
                f"{type(self).__name__} was to be trained or evaluated inside a step. Call the model itself there, "
                "`model(x)`, and update it with its optimizer and a `GradientTape`."
            )
        trace.block_replay(f"`predict` of {type(self).__name__} was called inside a step")

    def _read_by_predict(self) -> list:
        """Returns the objects, other than data and variables, that a predict step depends on."""
        return [self, tuple(layer._trainable for layer in self._walk())]

    def _read_by_training(self) -> list:
        """Returns the objects, other than data and variables, that a train or test step depends on."""
        return [self, self._compiled_loss, self._compiled_metrics, self._loss_tracker, self.optimizer]

    def _check_own_step(self, kind: str, results: object) -> None:
        where = f"{type(self).__name__}.{kind}_step"
        if results is not None and not isinstance(results, dict):
            raise ArgumentTypeError(f"`{where}` must return a dict of values by name. Received: {brief(results)}")
        if self._compiled_metrics and not self._compiled_metrics.is_resolved:
            raise StateError(
                f"`{where}` does not update the metrics that were given to `compile`. Call "
                "`self.compute_metrics(x, y, y_pred, sample_weight)`, or `update_state` of each of `self.metrics`."
            )

    def _train_update(self, data: tuple) -> dict | None:
        x, y, sample_weight = unpack(data)
        y_pred = self._outputs(x, training=True)
        loss = self._compute_loss(x, y, y_pred, sample_weight, training=True)
        refuse_symbolic(f"`{type(self).__name__}.compute_loss`", loss)
        self._track_loss(x, loss)
        variables = self.trainable_variables
        if not variables:
            warn_user("The model does not have any trainable weights.", UserWarning)
        else:
            grads = gradients(self.optimizer.scale_loss(loss), variables)
            with phase("optimizer"):
                self.optimizer.apply(grads, variables)
        return self._update_metrics_of(x, y, y_pred, sample_weight)

    def _test_update(self, data: tuple) -> dict | None:
        x, y, sample_weight = unpack(data)
        y_pred = self._outputs(x, training=False)
        loss = self._compute_loss(x, y, y_pred, sample_weight, training=False)
        refuse_symbolic(f"`{type(self).__name__}.compute_loss`", loss)
        self._track_loss(x, loss)
        return self._update_metrics_of(x, y, y_pred, sample_weight)

    def _outputs(self, x: object, training: bool) -> object:
        """Calls the model; as in Keras, `training` is passed only if `call` has such a parameter."""
        takes_training = "training" in inspect.signature(type(self).call).parameters
        return self(x, training=training) if takes_training else self(x)

    def _trial_outputs(self, x: object) -> object:
        """Calls the model on a batch before the first step, to build it or to learn the shapes of its outputs.

        It is no step of the training: what `call` assigns to variables (counters, states of seeds) is dropped.
        """
        with StatelessScope(collect_losses=True):
            return self._outputs(x, training=False)

    def _compute_loss(self, x: object, y: object, y_pred: object, sample_weight: object, training: bool) -> object:
        """Calls `compute_loss`, which older code overrides without the parameter `training`."""
        parameters = inspect.signature(self.compute_loss).parameters
        takes_training = "training" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        options = {"training": training} if takes_training else {}
        with phase("loss"):
            return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, **options)

    def _update_metrics_of(self, x: object, y: object, y_pred: object, sample_weight: object) -> dict | None:
        """Updates the metrics; returns the result of an overridden `compute_metrics`, else None."""
        if type(self).compute_metrics is not Steps.compute_metrics:
            return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)
        self._update_metrics(y, y_pred, sample_weight)
        return None

    def _update_metrics(self, y: object, y_pred: object, sample_weight: object) -> None:
        if self._compiled_metrics is not None:
            with phase("metrics"):
                self._compiled_metrics.update(y, y_pred, sample_weight)

    def _track_loss(self, x: object, loss: object) -> None:
        with phase("metrics"):
            self._loss_tracker.update_state(ops.stop_gradient(loss), sample_weight=tree.flatten(x)[0].shape[0])
