"""The calls of `keras.applications` that are compared with real Keras, and what is told of each model."""

import inspect
import json
from types import ModuleType
from typing import Any, NamedTuple


class Case(NamedTuple):
    """A call of a model function.

    Args:
        function: Its name.
        arguments: Its arguments.
        layout: The layout of images that is set.
        tensor: The shape of an `input_tensor`, one layer behind its input; None for none.
        has_summary: Whether the printed summary is compared, too.
    """

    function: str
    arguments: dict[str, Any] = {}
    layout: str = "channels_last"
    tensor: tuple | None = None
    has_summary: bool = False


def functions(applications: ModuleType) -> list[str]:
    """Returns the names of the model functions of a library."""
    return [name for name in dir(applications) if name[0].isupper() and inspect.isfunction(getattr(applications, name))]


# One model of each architecture, and the smallest image it takes.
FAMILIES = {
    "ConvNeXtTiny": 32,
    "DenseNet121": 32,
    "EfficientNetB0": 32,
    "EfficientNetV2B0": 32,
    "InceptionResNetV2": 75,
    "InceptionV3": 75,
    "MobileNet": 32,
    "MobileNetV2": 32,
    "MobileNetV3Small": 32,
    "NASNetMobile": 32,
    "ResNet50": 32,
    "ResNet50V2": 32,
    "VGG16": 32,
    "Xception": 71,
}
CHANNELS_LAST_ALONE = ("ConvNeXtTiny", "DenseNet121", "NASNetMobile")
NO_TOP = {"weights": "imagenet", "include_top": False}


def cases(names: list[str]) -> dict[str, Case]:
    """Returns the cases by name: each model with the weights of ImageNet, and the other arguments.

    Args:
        names: The names of all model functions.
    """
    made = {name: Case(name, {"weights": "imagenet"}) for name in names}
    for name, size in FAMILIES.items():
        made[f"{name} without top"] = Case(name, {**NO_TOP, "pooling": "avg"})
        arguments = {"weights": None, "classes": 7, "classifier_activation": None}
        if name in CHANNELS_LAST_ALONE:
            arguments["input_shape"] = (size, size + 5, 1)
            made[f"{name} of another size"] = Case(name, arguments, has_summary=name == "ConvNeXtTiny")
        else:
            arguments["input_shape"] = (3, size, size + 5)
            summary = name == "MobileNetV3Small"
            made[f"{name} with channels first"] = Case(name, arguments, "channels_first", has_summary=summary)
    for name in ("ConvNeXtTiny", "MobileNetV2", "VGG16"):
        arguments = {"weights": None, "include_top": False, "pooling": "max", "name": "mine"}
        made[f"{name} behind a layer"] = Case(name, arguments, tensor=(64, 64, 3))
    for name in ("EfficientNetV2B0", "ConvNeXtTiny", "MobileNetV3Large"):
        arguments = {"weights": None, "include_preprocessing": False, "include_top": False, "pooling": "max"}
        made[f"{name} without preprocessing"] = Case(name, arguments)
    for alpha in (0.25, 0.5, 0.75):
        made[f"MobileNet {alpha}"] = Case("MobileNet", {"weights": "imagenet", "alpha": alpha})
    for alpha in (0.35, 0.5, 0.75, 1.3, 1.4):
        made[f"MobileNetV2 {alpha}"] = Case("MobileNetV2", {"weights": "imagenet", "alpha": alpha})
    for size in (128, 160, 192):
        made[f"MobileNet {size}"] = Case("MobileNet", {**NO_TOP, "input_shape": (size, size, 3)})
    for size in (96, 128, 160, 192):
        made[f"MobileNetV2 {size}"] = Case("MobileNetV2", {**NO_TOP, "input_shape": (size, size, 3)})
    for name in ("MobileNetV3Large", "MobileNetV3Small"):
        shape = {"weights": "imagenet", "input_shape": (224, 224, 3)}
        made[f"{name} minimalistic"] = Case(name, {**shape, "minimalistic": True})
        made[f"{name} 0.75"] = Case(name, {**shape, "alpha": 0.75, "include_top": False})
        made[f"{name} 1.25"] = Case(name, {"weights": None, "alpha": 1.25, "dropout_rate": 0.0})
    made["MobileNet with all"] = Case(
        "MobileNet", {"weights": None, "alpha": 0.6, "depth_multiplier": 2, "dropout": 0.3, "classes": 4, "name": "m"}
    )
    return made


def called(library: ModuleType, case: Case) -> Any:
    """Returns the model of a case."""
    library.config.set_image_data_format(case.layout)
    arguments = dict(case.arguments)
    if case.tensor is not None:
        arguments["input_tensor"] = library.layers.Rescaling(2.0)(library.Input(case.tensor))
    try:
        return getattr(library.applications, case.function)(**arguments)
    finally:
        library.config.set_image_data_format("channels_last")


def described(model: Any, case: Case) -> dict[str, Any]:
    """Returns what is compared of a model: layers with their arguments and connections, weights, summary."""
    lines: list[str] = []
    if case.has_summary:
        model.summary(print_fn=lambda line, line_break=None: lines.append(line), line_length=110)
    facts = {
        "name": model.name,
        "parameters": model.count_params(),
        "shapes": [model.input_shape, model.output_shape],
        "layers": [layer.name for layer in model.layers],
        "weights": [(weight.path, weight.shape, weight.dtype, weight.trainable) for weight in model.weights],
        "config": model.get_config(),
        "summary": lines,
    }
    return json.loads(json.dumps(facts, default=str))
