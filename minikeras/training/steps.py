"""What one step of training, testing or predicting computes. Models override these, as in Keras."""

from .. import ops
from ..engine import tree
from ..engine.gradients import gradients
from ..errors import StateError


class Steps:
    """The step methods of a model; each takes the batch as a nested structure of values."""

    def train_step(self, data: tuple) -> dict:
        """Updates the weights on one batch.

        Args:
            data: `(x, y, sample_weight)`, each a value, nested values or None.

        Returns:
            The values of the metrics by name.
        """
        found = self._train_update(data)
        return self.get_metrics_result() if found is None else found

    def test_step(self, data: tuple) -> dict:
        """Computes loss and metrics of one batch, changing no weight; returns the metrics by name."""
        found = self._test_update(data)
        return self.get_metrics_result() if found is None else found

    def predict_step(self, data: tuple) -> object:
        """Returns the outputs for one batch of inputs."""
        return self(unpack(data)[0], training=False)

    def compute_loss(
        self,
        x: object = None,
        y: object = None,
        y_pred: object = None,
        sample_weight: object = None,
        training: bool = True,
    ) -> object:
        """Returns the loss of a batch, one number.

        Args:
            x: The inputs; for overriding methods.
            y: The labels.
            y_pred: The outputs of the model.
            sample_weight: One weight per example, or None.
            training: Whether this is a training step; for overriding methods.

        Raises:
            StateError: If the model was compiled without a loss.
        """
        if self._compiled_loss is None or self._compiled_loss.loss is None:
            raise StateError("There is no loss to compute. Give `compile` a `loss`, or override `compute_loss`.")
        if y is None:
            raise StateError("There are labels missing: the loss needs `y`. Received: y=None")
        return self._compiled_loss(y, y_pred, sample_weight)

    def compute_metrics(self, x: object, y: object, y_pred: object, sample_weight: object = None) -> dict:
        """Takes a batch into the metrics of `compile` and returns the values of all metrics by name."""
        self._update_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self) -> dict:
        """Returns the present values of all metrics by name, the loss first."""
        values = {}
        if self._loss_tracker is not None:
            values["loss"] = self._loss_tracker.result()
        if self._compiled_metrics is not None:
            values |= self._compiled_metrics.result()
        return values

    def _train_update(self, data: tuple) -> dict | None:
        x, y, sample_weight = unpack(data)
        y_pred = self(x, training=True)
        loss = self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=True)
        self._track_loss(x, loss)
        variables = self.trainable_variables
        if variables:
            scaled = self.optimizer.scale_loss(loss) if self._auto_scale_loss else loss
            self.optimizer.apply(gradients(scaled, variables), variables)
        return self._update_metrics_of(x, y, y_pred, sample_weight)

    def _test_update(self, data: tuple) -> dict | None:
        x, y, sample_weight = unpack(data)
        y_pred = self(x, training=False)
        loss = self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=False)
        self._track_loss(x, loss)
        return self._update_metrics_of(x, y, y_pred, sample_weight)

    def _update_metrics_of(self, x: object, y: object, y_pred: object, sample_weight: object) -> dict | None:
        """Updates the metrics; returns what a user's own `compute_metrics` returns, else None."""
        if type(self).compute_metrics is not Steps.compute_metrics:
            return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)
        self._update_metrics(y, y_pred, sample_weight)
        return None

    def _update_metrics(self, y: object, y_pred: object, sample_weight: object) -> None:
        if self._compiled_metrics is not None:
            self._compiled_metrics.update(y, y_pred, sample_weight)

    def _track_loss(self, x: object, loss: object) -> None:
        self._loss_tracker.update_state(ops.stop_gradient(loss), sample_weight=tree.flatten(x)[0].shape[0])


def unpack(data: object) -> tuple:
    """Returns `(x, y, sample_weight)` of a batch; what is not there is None."""
    if not isinstance(data, tuple):
        return data, None, None
    return (*data, None, None)[:3]
