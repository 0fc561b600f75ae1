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
    return parser


def _run(options: argparse.Namespace) -> int:
    from .dropin.script import run_script

    return run_script(options.script, options.arguments)
