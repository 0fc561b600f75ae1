"""The model that trains a student with a teacher."""

from collections.abc import Sequence
from typing import Any, Self, Unpack

from .. import losses, ops, tree
from ..argument_checks import check_number
from ..engine.dtypes import dtype_of
from ..errors import ArgumentError, ShapeError, StateError, brief, warn_user
from ..losses import Loss
from ..losses.reduction import reduce_weighted_values
from ..metrics import Mean
from ..models import Model
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..typing import LossLike, OptimizerLike, PlainLayerArguments, Tensor
from .compatibility import check_compatible
from .distillation_loss import DistillationLoss


class Distiller(Model):
    """A model that trains a student on labels and on what a teacher computes.

    `loss = weight student_loss + (1 - weight) sum_i weights_i distillation_loss_i`

    Its outputs are those of the student. The teacher is frozen, also for other uses.

    Args:
        teacher: A trained model.
        student: The model to train, with inputs and outputs of the same shapes and dtypes.
        distillation_losses: A distillation loss, or a list of several.
        distillation_loss_weights: A coefficient for each of them; 1 by default.
        student_loss_weight: `weight`, between 0 and 1.
        name: The name of the model.
        **kwargs: Arguments of every layer, such as `dtype`.

    Attributes:
        teacher: The teacher.
        student: The student, which can be used by itself after the training.

    Raises:
        ArgumentError: If an argument is invalid, or the models do not fit together.

    Source: https://keras.io/api/, Hinton et al. 2015, https://arxiv.org/abs/1503.02531

    Example:
        >>> from minikeras import Input, Sequential, layers, losses
        >>> from minikeras.distillation import LogitsDistillation
        >>> teacher = Sequential([Input((2,)), layers.Dense(8, "relu"), layers.Dense(3)])
        >>> student = Sequential([Input((2,)), layers.Dense(3)])
        >>> distiller = Distiller(teacher, student, LogitsDistillation(loss=losses.KLDivergence()))
        >>> distiller.compile("adam", losses.SparseCategoricalCrossentropy(from_logits=True))
        >>> history = distiller.fit([[0.0, 1.0], [1.0, 0.0]], [2, 0], verbose=0)
        >>> sorted(history.history)
        ['distillation_loss', 'loss', 'student_loss', 'total_loss']
    """

    def __init__(
        self,
        teacher: Model,
        student: Model,
        distillation_losses: DistillationLoss | Sequence[DistillationLoss],
        distillation_loss_weights: Sequence[float] | None = None,
        student_loss_weight: float = 0.5,
        name: str = "distiller",
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(name=name, **kwargs)
        check_compatible(teacher, student)
        weight = check_number(
            "Distiller", "student_loss_weight", student_loss_weight, minimum=0, maximum=1, error=ArgumentError
        )
        found = _as_list(distillation_losses)
        weights = _checked_weights(distillation_loss_weights, len(found))
        for each in found:
            each.validate_model_compatibility(teacher, student)
        self.teacher, self.student = teacher, student
        self.student_loss_weight = weight
        self.distillation_losses, self.distillation_loss_weights = found, weights
        # Under these names, Keras finds the weights in a file.
        self._teacher_feature_extractor = self._extractor(teacher, "teacher_layer_name")
        self._student_feature_extractor = self._extractor(student, "student_layer_name")
        teacher.trainable = False
        self.student_loss_tracker = Mean(name="student_loss")
        self.distillation_loss_tracker = Mean(name="distillation_loss")
        self.total_loss_tracker = Mean(name="total_loss")

    def _layer_names(self, attribute: str) -> list[str]:
        names = [getattr(each, attribute, None) for each in self.distillation_losses]
        return list(dict.fromkeys(name for name in names if name))

    def _extractor(self, model: Model, attribute: str) -> Model | None:
        """Returns a model of the outputs of a model and of those layers in it that are compared; None if none are."""
        names = self._layer_names(attribute)
        if not names:
            return None
        outputs = [model.output, *(model.get_layer(name=each).output for each in names)]
        return Model(inputs=model.inputs, outputs=outputs, name=f"{model.name}_multi_feature_extractor")

    def compile(
        self, optimizer: OptimizerLike = "adam", loss: LossLike | Any = None, metrics: Any = None, **kwargs: Any
    ) -> None:
        """Configures the model for training.

        Args:
            optimizer: A name or an optimizer.
            loss: The loss of the student's outputs and the labels: a name, a function or a `Loss`; for several outputs
                nested as these are.
            metrics: A list of names, functions or `Metric` objects.
            **kwargs: Further arguments of `Model.compile`.

        Raises:
            ArgumentError: If there is no loss.
            UnknownNameError: If a name is unknown.
        """
        if loss is None:
            raise ArgumentError("Distiller: `compile` needs a `loss`, of the student's outputs and the labels.")
        if metrics is not None and not isinstance(metrics, (list, tuple)):
            raise ArgumentError(f"Distiller: `metrics` must be a list. Received: metrics={brief(metrics)}")
        student_loss = tree.map_structure(losses.get, loss)
        super().compile(optimizer=optimizer, loss=None, metrics=metrics, **kwargs)
        self._student_loss = student_loss

    def call(self, inputs: Any, training: bool | None = None, **kwargs: Any) -> Any:
        """Returns the outputs of the student.

        Args:
            inputs: The inputs of the student.
            training: Whether it is trained.
            **kwargs: Further arguments of the student.
        """
        return self.student(inputs, training=training, **kwargs)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Tensor:
        """Returns the loss of a batch, and updates the means of its parts.

        Args:
            x: The inputs.
            y: The labels; None: there is no loss of the student.
            y_pred: The outputs of the student; computed if None.
            sample_weight: One weight per example, for the loss of the student.
            training: Whether this is a training step.
        """
        if y_pred is None:
            y_pred = self(x, training=training)
        weight = self.student_loss_weight
        student_loss = distillation_loss = ops.convert_to_tensor(0.0)
        if weight > 0 and y is not None:
            student_loss = self._loss_of_student(y, y_pred, sample_weight)
        if weight < 1:
            distillation_loss = self._loss_of_distillation(x, y_pred, training)
        total = ops.add(ops.multiply(weight, student_loss), ops.multiply(1.0 - weight, distillation_loss))
        self.student_loss_tracker.update_state(ops.stop_gradient(student_loss))
        self.distillation_loss_tracker.update_state(ops.stop_gradient(distillation_loss))
        self.total_loss_tracker.update_state(ops.stop_gradient(total))
        return total

    def _loss_of_student(self, y: Any, y_pred: Any, sample_weight: Any) -> Tensor:
        if not hasattr(self, "_student_loss"):
            raise StateError("The loss of the student is not known: call `compile` with a `loss` first.")
        weights = sample_weight
        if not tree.is_nested(weights):
            weights = tree.map_structure(lambda _: sample_weight, self._student_loss)
        values = tree.flatten(tree.map_structure(_mean_loss, self._student_loss, y, y_pred, weights))
        return values[0] if len(values) == 1 else ops.sum(ops.stack(values))

    def _loss_of_distillation(self, x: Any, y_pred: Any, training: bool) -> Tensor:
        teacher = self._features(self._teacher_feature_extractor, "teacher_layer_name", x, training=False)
        if teacher is None:
            teacher = {"": self.teacher(x, training=False)}
        student = self._features(self._student_feature_extractor, "student_layer_name", x, training=training) or {}
        student[""] = y_pred
        total = ops.convert_to_tensor(0.0)
        for each, weight in zip(self.distillation_losses, self.distillation_loss_weights, strict=True):
            name = getattr(each, "teacher_layer_name", None) or ""
            own = (getattr(each, "student_layer_name", None) or "") if name else ""
            each.validate_outputs(teacher[name], student[own])
            loss = each.compute_loss(teacher[name], student[own])
            if len(ops.shape(loss)) > 0:
                raise ShapeError(
                    f"{type(each).__name__}.compute_loss must return a scalar. Received: shape {ops.shape(loss)}"
                )
            total = ops.add(total, ops.multiply(weight, loss))
        return total

    def _features(self, extractor: Model | None, attribute: str, x: Any, training: bool) -> dict[str, Any] | None:
        """Returns the outputs of a model, under "", and of its layers, by their names; None without an extractor."""
        if extractor is None:
            return None
        return dict(zip(["", *self._layer_names(attribute)], extractor(x, training=training), strict=True))

    def get_compile_config(self) -> dict:
        """Returns the serialized arguments of `compile`; an empty dict if the model is not compiled."""
        config = super().get_compile_config()
        return {**config, "loss": serialize_keras_object(self._student_loss)} if config else config

    def compile_from_config(self, config: dict) -> None:
        """Compiles the model with what `get_compile_config` returned; warns if that, as in Keras, has no loss."""
        if config and config.get("loss") is None:
            warn_user(
                "The loss of the student is not in the file, as Keras does not save it, so the distiller is not "
                "compiled. Call `compile` before training it.",
                UserWarning,
            )
        else:
            super().compile_from_config(config)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the model."""
        return {
            **super().get_config(),
            "teacher": serialize_keras_object(self.teacher),
            "student": serialize_keras_object(self.student),
            "distillation_losses": [serialize_keras_object(each) for each in self.distillation_losses],
            "distillation_loss_weights": list(self.distillation_loss_weights),
            "student_loss_weight": self.student_loss_weight,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict | None = None) -> Self:
        """Creates a model from its config, with new weights."""
        parts = ("teacher", "student", "distillation_losses")
        made = {name: deserialize_keras_object(config[name], custom_objects) for name in parts}
        return cls(**{**config, **made})


def _mean_loss(loss: Any, y: Any, y_pred: Any, sample_weight: Any) -> Tensor:
    if isinstance(loss, Loss):
        value = loss(y, y_pred, sample_weight)
    else:
        value = loss(y, y_pred)
        if sample_weight is not None:
            value = reduce_weighted_values(value, sample_weight, None, "sum_over_batch_size", dtype_of(value))
    return ops.mean(value) if len(ops.shape(value)) > 0 else value


def _as_list(given: Any) -> list:
    found = list(given) if isinstance(given, (list, tuple)) else [given]
    for each in found:
        if not isinstance(each, DistillationLoss):
            raise ArgumentError(
                "Distiller: `distillation_losses` must be a distillation loss, such as LogitsDistillation, or a list "
                f"of some. Received: {brief(each)}"
            )
    return found


def _checked_weights(given: Sequence[float] | None, count: int) -> list[float]:
    if given is None:
        return [1.0] * count
    if len(given) != count:
        raise ArgumentError(
            f"Distiller: there must be one weight for each of the {count} distillation losses. Received: "
            f"distillation_loss_weights={brief(given)}"
        )
    return [check_number("Distiller", "distillation_loss_weights", each, error=ArgumentError) for each in given]
