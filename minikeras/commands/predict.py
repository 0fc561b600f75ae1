"""The command `minikeras predict`: the outputs of a model for data in a file."""

import sys
from typing import Any

import numpy as np

from ..engine import tree
from .data import check_output, csv_text, read_inputs, write_outputs
from .running import UsageError, check_model_file, check_target, loaded, run


def predict(
    path: str,
    x: str,
    output: str | None = None,
    custom: str | None = None,
    trust: bool = False,
    overwrite: bool = False,
    batch_size: int = 32,
) -> int:
    """Computes the outputs of a model, and prints them as comma-separated values, or writes them.

    Args:
        path: A `.keras` or `.h5` file.
        x: The inputs: an `.npy`, `.csv`, or for several inputs an `.npz` file.
        output: The file for the outputs: `.npy`, `.csv`, or for several outputs `.npz`; None to print them.
        custom: A Python file with classes and functions that the model uses.
        trust: Whether to load lambdas, which can run any code.
        overwrite: Whether an existing file is replaced.
        batch_size: How many examples are computed at once.

    Returns:
        The exit status: 0, 1 if a file cannot be read or written or does not fit, 2 if the arguments are wrong.
    """

    def work() -> None:
        check_model_file(path)
        if output is not None:
            check_output(output, 1 if output.endswith(".npz") else 0)
            check_target(output, overwrite)
        model = loaded(path, custom, trust)
        if model._graph() is None:
            raise UsageError(
                f"{path}: the inputs of {model.name!r}, of a class of your own, are not in the file. Predict in Python."
            )
        if output is not None:
            check_output(output, len(model.outputs))
        inputs = read_inputs(x, model.inputs, _keys(model._graph().inputs_structure))
        found = _named(model, model.predict(_nested(model, inputs), batch_size=batch_size, verbose=0))
        if output is not None:
            write_outputs(output, found)
        else:
            _print(found)

    return run("predict", work)


def _keys(structure: Any) -> list[str]:
    """Returns the keys of the inputs, in the order of the model, if it takes a dict of them."""
    if not isinstance(structure, dict) or any(isinstance(own, (dict, list, tuple)) for own in structure.values()):
        return []
    return tree.flatten({key: str(key) for key in structure})


def _nested(model: Any, inputs: Any) -> Any:
    """Returns the inputs nested as the model takes them."""
    structure = model._graph().inputs_structure
    flat = inputs if isinstance(inputs, list) else [inputs]
    return flat[0] if len(flat) == 1 and not isinstance(structure, dict) else tree.pack_like(structure, flat)


def _named(model: Any, outputs: Any) -> dict[str, np.ndarray]:
    """Returns the outputs by their keys, or by the names of the layers that compute them."""
    if isinstance(outputs, dict) and not any(isinstance(own, (dict, list, tuple)) for own in outputs.values()):
        return {str(key): np.asarray(own) for key, own in outputs.items()}
    return dict(zip(model.output_names, map(np.asarray, tree.flatten(outputs)), strict=True))


def _print(outputs: dict[str, np.ndarray]) -> None:
    for name, array in outputs.items():
        if len(outputs) > 1:
            print(f"# {name}")
        sys.stdout.write(csv_text(array))
    sys.stdout.flush()
