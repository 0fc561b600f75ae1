"""The command `minikeras`, also `python -m minikeras`."""

import argparse
import math
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Args:
        arguments: The command line arguments; by default those of the process.

    Returns:
        The exit status.

    Raises:
        SystemExit: If the arguments are invalid, or a script exits.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser, crosscheck = _parsers()
    if words[:1] == ["crosscheck"]:
        options = _crosscheck_options(crosscheck, words[1:])
    else:
        options = parser.parse_args(words)
    return options.command(options)


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Creates the main parser, and that of `crosscheck`."""
    parser = argparse.ArgumentParser(prog="minikeras", description="The Keras 3 API on numpy alone, that trains.")
    commands = parser.add_subparsers(metavar="command", required=True)
    run = commands.add_parser(
        "run",
        help="run a script that imports keras or tensorflow on minikeras",
        description="Runs a script like `python script.py`, with `keras` and `tensorflow` provided by minikeras.",
    )
    run.add_argument("script", help="the file of the script")
    run.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments of the script (sys.argv[1:])")
    run.set_defaults(command=_run)
    check = commands.add_parser(
        "crosscheck",
        usage="minikeras crosscheck [options] path [options] [-- arguments of the script]",
        help="compare a model with real Keras, layer by layer and step by step",
        description="Builds the model in real Keras as well, copies the weights and compares the two. "
        "Exit status: 0 if they agree, 1 if they differ, 2 if they could not be compared.",
    )
    check.add_argument("--data", metavar="X.NPZ", help="for a saved model: arrays x, y and optionally sample_weight")
    check.add_argument("--html", metavar="FILE", help="also write the tables to an HTML page, with curves")
    check.add_argument("--steps", type=_count, help="number of training steps; 10 by default")
    check.add_argument("--tolerance", type=_size, help="relative tolerance; 1e-4 by default")
    check.add_argument("--batch-size", type=_count, help="batch size; that of the script, or 32")
    check.add_argument("--custom", metavar="FILE.PY", help="custom classes, written for real Keras")
    check.add_argument("path", help="a script, of which the first `fit` is compared, or a .keras or .h5 file")
    check.add_argument("arguments", nargs="*", help="arguments of the script (sys.argv[1:]); its options after --")
    check.set_defaults(command=_crosscheck)
    return parser, check


def _crosscheck_options(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """Parses the arguments of `crosscheck`: its options before or after the path, the script's after `--`."""
    end = words.index("--") if "--" in words else len(words)
    options, unknown = parser.parse_known_intermixed_args(words[:end])
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}. Pass options of the script after `--`.")
    options.arguments += words[end + 1 :]
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
    from .dropin.script import run_script

    return run_script(options.script, options.arguments)
