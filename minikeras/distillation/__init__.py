"""Knowledge distillation: a student model learns from the labels and from the outputs of a teacher model."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .distillation_loss import DistillationLoss as DistillationLoss
    from .distiller import Distiller as Distiller
    from .feature_distillation import FeatureDistillation as FeatureDistillation
    from .logits_distillation import LogitsDistillation as LogitsDistillation
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "DistillationLoss": ".distillation_loss",
            "Distiller": ".distiller",
            "FeatureDistillation": ".feature_distillation",
            "LogitsDistillation": ".logits_distillation",
        },
    )
