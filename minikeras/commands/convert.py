"""The command `minikeras convert`: writes a model in another format."""

from ..errors import LegacyWarning
from .running import MODEL_FILES, UsageError, check_model_file, check_target, loaded, run

_TARGETS = (*MODEL_FILES, ".weights.h5", ".onnx", ".json")


def convert(
    source: str,
    target: str,
    custom: str | None = None,
    trust: bool = False,
    overwrite: bool = False,
    without_optimizer: bool = False,
) -> int:
    """Reads a model and writes it in the format that the extension of the target says.

    Args:
        source: A `.keras` or `.h5` file.
        target: A `.keras`, `.h5`, `.weights.h5`, `.onnx` or `.json` (architecture) file.
        custom: A Python file with classes and functions that the model uses.
        trust: Whether to load lambdas, which can run any code.
        overwrite: Whether an existing target is replaced.
        without_optimizer: Whether the compile configuration and the state of the optimizer are left out.

    Returns:
        The exit status: 0, 1 if a file cannot be read or written, 2 if the arguments are wrong.
    """

    def work() -> None:
        check_model_file(source)
        if not target.endswith(_TARGETS):
            raise UsageError(f"{target}: expected a file that ends in {', '.join(_TARGETS)}.")
        check_target(target, overwrite)
        is_compiled = not without_optimizer and not target.endswith((".onnx", ".json"))
        model = loaded(source, custom, trust, compile=is_compiled)
        _write(model, target, is_compiled)
        print(f"{target}: {len(model.layers)} layers, {model.count_params():,} parameters")

    return run("convert", work)


def _write(model: object, target: str, is_compiled: bool) -> None:
    if target.endswith(".onnx"):
        model.export(target, format="onnx", verbose=False)
    elif target.endswith(".json"):
        from ..saving.atomic import write_file

        write_file(target, model.to_json(indent=2).encode())
    elif target.endswith(".weights.h5"):
        model.save_weights(target)
    else:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LegacyWarning)  # `.h5` is asked for
            model.save(target, include_optimizer=is_compiled)
