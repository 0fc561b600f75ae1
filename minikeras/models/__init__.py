"""Models: layers that can be trained, evaluated and saved."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..saving import load_model as load_model
    from ..saving import save_model as save_model
    from .cloning import clone_model as clone_model
    from .json_text import model_from_json as model_from_json
    from .model import Model as Model
    from .sequential import Sequential as Sequential
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "Model": ".model",
            "Sequential": ".sequential",
            "clone_model": ".cloning",
            "load_model": "..saving",
            "model_from_json": ".json_text",
            "save_model": "..saving",
        },
    )
