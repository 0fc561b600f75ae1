"""Callbacks: code that runs at defined points of training, evaluation and prediction."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .backup_and_restore import BackupAndRestore as BackupAndRestore
    from .callback import Callback as Callback
    from .callback_list import CallbackList as CallbackList
    from .csv_logger import CSVLogger as CSVLogger
    from .early_stopping import EarlyStopping as EarlyStopping
    from .history import History as History
    from .lambda_callback import LambdaCallback as LambdaCallback
    from .learning_rate_scheduler import LearningRateScheduler as LearningRateScheduler
    from .model_checkpoint import ModelCheckpoint as ModelCheckpoint
    from .orbax_checkpoint import OrbaxCheckpoint as OrbaxCheckpoint
    from .progbar_logger import ProgbarLogger as ProgbarLogger
    from .reduce_lr_on_plateau import ReduceLROnPlateau as ReduceLROnPlateau
    from .remote_monitor import RemoteMonitor as RemoteMonitor
    from .swap_ema_weights import SwapEMAWeights as SwapEMAWeights
    from .tensorboard import TensorBoard as TensorBoard
    from .terminate_on_nan import TerminateOnNaN as TerminateOnNaN
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "BackupAndRestore": ".backup_and_restore",
            "CSVLogger": ".csv_logger",
            "Callback": ".callback",
            "CallbackList": ".callback_list",
            "EarlyStopping": ".early_stopping",
            "History": ".history",
            "LambdaCallback": ".lambda_callback",
            "LearningRateScheduler": ".learning_rate_scheduler",
            "ModelCheckpoint": ".model_checkpoint",
            "OrbaxCheckpoint": ".orbax_checkpoint",
            "ProgbarLogger": ".progbar_logger",
            "ReduceLROnPlateau": ".reduce_lr_on_plateau",
            "RemoteMonitor": ".remote_monitor",
            "SwapEMAWeights": ".swap_ema_weights",
            "TensorBoard": ".tensorboard",
            "TerminateOnNaN": ".terminate_on_nan",
        },
    )
