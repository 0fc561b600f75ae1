"""Models from JSON, without weights."""

from typing import Any

from ..errors import ArgumentError, ArgumentTypeError, brief
from ..saving.json_text import parsed_json
from ..serialization.configs import deserialize_keras_object
from ..tracebacks import filtered
from .model import Model


@filtered
def model_from_json(json_string: str, custom_objects: dict | None = None) -> Any:
    """Creates a model, with new weights, from the output of `Model.to_json`.

    Args:
        json_string: The JSON text.
        custom_objects: Custom classes and functions, by name.

    Raises:
        ArgumentError: If it is not JSON, or does not describe a model.

    Source: https://keras.io/api/models/model_saving_apis/model_config_serialization/

    Example:
        >>> from minikeras import Sequential, layers
        >>> model_from_json(Sequential([layers.Input((2,)), layers.Dense(1)], name="m").to_json())
        <Sequential name=m, built=True>
    """
    if not isinstance(json_string, str):
        raise ArgumentTypeError(f"`model_from_json` expects JSON text. Received: {brief(json_string)}")
    try:
        config = parsed_json(json_string)
    except ArgumentError as error:
        raise ArgumentError(
            f"`model_from_json` expects JSON text of an object, and cannot parse this: {error}"
        ) from error
    model = deserialize_keras_object(config, custom_objects)
    if not isinstance(model, Model):
        raise ArgumentError(f"`model_from_json`: the text describes no model, but {model!r}.")
    return model
