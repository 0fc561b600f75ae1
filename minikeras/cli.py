"""The command `minikeras`, also `python -m minikeras`."""

import argparse
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Args:
        arguments: The words after `minikeras`; those of the command line by default.

    Returns:
        The exit status.

    Raises:
        SystemExit: If the words cannot be understood, or a script that is run exits.
    """
    options = _parser().parse_args(arguments)
    return options.command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="minikeras", description="The Keras 3 API on numpy alone, that trains.")
    commands = parser.add_subparsers(metavar="command", required=True)
    run = commands.add_parser(
        "run",
        help="run a script that imports keras or tensorflow on minikeras",
        description="Runs a script as `python script.py` does; `keras` and `tensorflow` lead to minikeras in it.",
    )
    run.add_argument("script", help="the file of the script")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="what the script finds in sys.argv[1:]")
    run.set_defaults(command=_run)
    check = commands.add_parser(
        "crosscheck",
        help="compare a model with real Keras, layer by layer and step by step",
        description="Builds a model in real Keras, too, copies the weights and compares both. "
        "Exit status: 0 if they agree, 1 if they differ, 2 if they could not be compared.",
    )
    check.add_argument("--data", metavar="X.NPZ", help="for a saved model: arrays x, y and perhaps sample_weight")
    check.add_argument("--html", metavar="FILE", help="write the tables to a page, too, with curves")
    check.add_argument("--steps", type=int, help="how many steps are trained; 10 by default")
    check.add_argument("--tolerance", type=float, help="the largest relative difference that counts as none; 1e-4")
    check.add_argument("--batch-size", type=int, help="examples in a step; that of the script, or 32")
    check.add_argument("--custom", metavar="FILE.PY", help="your own classes, written with real Keras")
    check.add_argument("path", help="a script, whose first `fit` counts, or a file that ends in .keras or .h5")
    check.add_argument("arguments", nargs=argparse.REMAINDER, help="what the script finds in sys.argv[1:]")
    check.set_defaults(command=_crosscheck, parser=check)
    return parser


def _crosscheck(options: argparse.Namespace) -> int:
    from .crosschecking.command import MODEL_FILES, run

    if options.path.endswith(MODEL_FILES) and options.arguments:
        # For a script, what comes after it is its own; for a model, the options may come after it, too.
        options = options.parser.parse_args([*options.arguments, options.path], options)
    names = ("arguments", "data", "html", "custom", "steps", "tolerance", "batch_size")
    return run(options.path, **{name: getattr(options, name) for name in names})


def _run(options: argparse.Namespace) -> int:
    from .dropin.script import run_script

    return run_script(options.script, options.arguments)
