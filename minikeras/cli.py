"""The command `minikeras`, also `python -m minikeras`."""

import argparse
import math
import sys
from collections.abc import Sequence
from importlib import import_module

from .lazy import namespace


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; without arguments it prints its help.

    Args:
        arguments: The arguments after `minikeras`; those of the command line by default.

    Returns:
        The exit status; 0 after the help.

    Raises:
        SystemExit: If the arguments cannot be parsed, after `--help` and `--version`, or if a script that is run exits.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    parser, crosscheck = _parsers()
    if not arguments:
        parser.print_help()
        return 0
    if arguments[0] == "crosscheck":
        options = _crosscheck_options(crosscheck, arguments[1:])
    else:
        options = parser.parse_args(arguments)
    return options.command(options)


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Creates the main parser, and that of `crosscheck`."""
    parser = argparse.ArgumentParser(prog="minikeras", description="The Keras 3 API on numpy alone, that trains.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {namespace('').__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
    run = commands.add_parser(
        "run",
        help="run a script written for keras or tensorflow on minikeras",
        description="Runs a script as `python script.py` does, with `keras` and `tensorflow` replaced by minikeras.",
    )
    run.add_argument("script", help="the path of the script")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="passed to the script in sys.argv[1:]")
    run.set_defaults(command=_run)
    check = commands.add_parser(
        "crosscheck",
        usage="minikeras crosscheck [options] path [options] [-- arguments of the script]",
        help="compare a model with real Keras, layer by layer and step by step",
        description="Builds the same model in real Keras, copies the weights and compares the two. "
        "Exit status: 0 if they agree, 1 if they differ, 2 if they could not be compared.",
    )
    check.add_argument("--data", metavar="X.NPZ", help="for a saved model: arrays x, y and optionally sample_weight")
    check.add_argument("--html", metavar="FILE", help="also write the tables and loss curves to an HTML page")
    check.add_argument("--steps", type=_count, help="number of training steps (default: 10)")
    check.add_argument("--tolerance", type=_size, help="largest relative difference that passes (default: 1e-4)")
    check.add_argument("--batch-size", type=_count, help="batch size (default: the script's, or 32)")
    check.add_argument("--custom", metavar="FILE.PY", help="file with your custom classes, written for real Keras")
    check.add_argument("path", help="a script, of which the first `fit` is compared, or a .keras or .h5 file")
    check.add_argument("arguments", nargs="*", help="passed to the script in sys.argv[1:]; its options follow --")
    check.set_defaults(command=_crosscheck)
    _add_file_commands(commands)
    return parser, check


def _add_file_commands(commands: argparse._SubParsersAction) -> None:
    """Adds the commands for files of models."""
    status = "Exit status: 0; 1 if a file cannot be read or written, or does not fit; 2 if the arguments are wrong."
    summary = commands.add_parser(
        "summary",
        help="print what is in a .keras, .h5 or .weights.h5 file",
        description=f"Prints who wrote a file, with which version, its layers, shapes and weights. {status}",
    )
    summary.add_argument("path", metavar="FILE", help="a .keras, .h5 or .weights.h5 file")
    summary.add_argument("--weights", action="store_true", help="list the arrays of a model, too")
    predict = commands.add_parser(
        "predict",
        help="compute the outputs of a model file",
        description=f"Prints the outputs of a model as comma-separated values, or writes them. {status}",
    )
    predict.add_argument("path", metavar="FILE", help="a .keras or .h5 file")
    predict.add_argument("--x", metavar="DATA", required=True, help="inputs: .npy, .csv, or .npz for several inputs")
    predict.add_argument("--output", metavar="FILE", help="outputs: .npy, .csv, or .npz for several outputs")
    predict.add_argument("--batch-size", type=_count, default=32, help="examples computed at once (default: 32)")
    convert = commands.add_parser(
        "convert",
        help="write a model file in another format",
        description="Reads a model and writes it in the format that the extension says: .keras, .h5, .weights.h5, "
        f".onnx, or .json for its architecture. {status}",
    )
    convert.add_argument("source", metavar="SOURCE", help="a .keras or .h5 file")
    convert.add_argument("target", metavar="TARGET", help="the file to write")
    convert.add_argument("--without-optimizer", action="store_true", help="leave out the training configuration")
    for parser, name in ((summary, "summary"), (predict, "predict"), (convert, "convert")):
        parser.add_argument("--custom", metavar="FILE.PY", help="file with your own classes, written for keras")
        parser.add_argument("--trust", action="store_true", help="load lambdas, which can run any code, too")
        if parser is not summary:
            parser.add_argument("--overwrite", action="store_true", help="replace an existing file")
        parser.set_defaults(command=_file_command, name=name)


def _file_command(options: argparse.Namespace) -> int:
    arguments = {key: value for key, value in vars(options).items() if key not in ("command", "name")}
    return getattr(import_module(f".commands.{options.name}", __package__), options.name)(**arguments)


def _crosscheck_options(parser: argparse.ArgumentParser, arguments: list[str]) -> argparse.Namespace:
    """Parses the arguments of `crosscheck`: its options on either side of the path, the script's after `--`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options, unknown = parser.parse_known_intermixed_args(arguments[:end])
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}. Pass options of the script after `--`.")
    options.arguments += arguments[end + 1 :]
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a positive integer. Received: {text}")
    return int(text)


def _size(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"expected a finite, non-negative number. Received: {text}")
    return value


def _crosscheck(options: argparse.Namespace) -> int:
    from .crosschecking.command import run

    names = ("arguments", "data", "html", "custom", "steps", "tolerance", "batch_size")
    return run(options.path, **{name: getattr(options, name) for name in names})


def _run(options: argparse.Namespace) -> int:
    from .distribution.mpi import launched_size
    from .dropin.script import run_script

    if launched_size() > 1:
        from .distribution.launch import run

        return run(options.script, options.arguments, run_script)
    return run_script(options.script, options.arguments)
