"""The formats of `export` that minikeras does not write, and how real Keras writes them from a `.keras` file."""

import shlex

from ..errors import NotSupportedError, unknown_name

_NEEDED = {
    "tf_saved_model": ("tensorflow", "keras tensorflow"),
    "litert": ("tensorflow", "keras tensorflow"),
    "openvino": ("openvino", "keras openvino"),
    "torch": ("torch", "keras torch"),
}


def refusal(format: object, path: str) -> Exception:
    """Returns the error for a format of `export` other than "onnx".

    Args:
        format: The format.
        path: Where the model was to be written.

    Example:
        >>> raise refusal("torch", "m.pt2")
        Traceback (most recent call last):
        ...
        minikeras.errors.NotSupportedError: `export`: minikeras writes format='onnx', and format='torch' needs torch...
    """
    if not isinstance(format, str) or format not in _NEEDED:
        return unknown_name("`format` of `export`", format, ["onnx", *_NEEDED])
    backend, packages = _NEEDED[format]
    code = f"import keras; m = keras.saving.load_model('model.keras'); m.export({path!r}, format={format!r})"
    quoted = shlex.quote(code) if set('"$`!') & set(code) or "\\" in code else f'"{code}"'
    return NotSupportedError(
        f"`export`: minikeras writes format='onnx', and format={format!r} needs {backend}. Save the model with "
        f"`model.save('model.keras')`, and let real Keras write it (`pip install {packages}`): "
        f"KERAS_BACKEND={backend} python -c {quoted}"
    )
