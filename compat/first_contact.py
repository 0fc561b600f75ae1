"""The table of README: what a first contact with each library costs, `python -m compat.first_contact`.

For minikeras and for Keras on each of its backends: the size of all that is installed for it, the time of an import
in a new process, of building, compiling and the first epoch of a network on MNIST, and of an epoch after that. The
times are the best of some turns, in which the contenders alternate, as in `compat.benchmark`; the sizes are those of
the files that pip has installed here, with all that they require, without bytecode.
"""

import argparse
import importlib
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tabulate import tabulate

from compat.benchmarks.contenders import CONTENDERS, KERAS, Contender
from compat.benchmarks.processes import Results, Run
from compat.benchmarks.workloads import WORKLOADS, save_data

COMPARED = ("minikeras", *KERAS)
COLUMNS = {"import": "import", "first-epoch": "first epoch", "epoch": "epoch"}
UNITS = {"ms": 1e-3, "s": 1.0}


def requirements(packages: Iterable[str]) -> set[str]:
    """Returns the names of packages and of all that they require here, directly or not."""
    found: set[str] = set()
    asked = [Requirement(package) for package in packages]
    seen = set()
    while asked:
        requirement = asked.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        found.add(name)
        for text in metadata.requires(name) or ():
            required = Requirement(text)
            extras = ["", *requirement.extras]
            if required.marker is None or any(required.marker.evaluate({"extra": extra}) for extra in extras):
                asked.append(required)
    return found


def size_of(package: str) -> int:
    """Returns the bytes of the files of an installed package, without bytecode."""
    if package == "minikeras":  # it may be installed from a folder that stays where it is
        files = Path(str(importlib.import_module(package).__file__)).parent.rglob("*")
    else:
        files = (Path(str(file.locate())) for file in metadata.files(package) or ())
    return sum(file.stat().st_size for file in files if file.suffix != ".pyc" and file.is_file())


def installed_size(contender: Contender) -> int:
    """Returns the bytes of all that a contender needs."""
    return sum(size_of(package) for package in requirements(contender.packages.values()))


def measure(contenders: list[Contender], repeats: int, images: int) -> Results:
    """Returns the times, by workload and contender."""
    with tempfile.TemporaryDirectory() as folder:
        save_data(Path(folder), images)
        run = Run(contenders, Path(folder), repeats, False, lambda line: print(line, file=sys.stderr, flush=True))
        return run.do([WORKLOADS[name] for name in COLUMNS])


def seconds(value: float) -> str:
    """Returns a time with two digits."""
    return f"{value:.2g} s" if value < 10 else f"{value:.0f} s"


def rows(contenders: list[Contender], results: Results) -> list[list[str]]:
    """Returns a row for each contender; a failure is raised."""
    table = []
    for contender in contenders:
        row = [contender.what, f"{installed_size(contender) / 1e6:,.0f} MB"]
        for name in COLUMNS:
            result = results[name][contender.name]
            if result.failed or result.missing:
                raise RuntimeError(f"{contender.name} failed at {name}: {result.failed or result.missing}")
            row.append(seconds(min(result.samples) * UNITS[WORKLOADS[name].unit]))
        table.append(row)
    return table


def main(arguments: list[str] | None = None) -> int:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m compat.first_contact", description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, help="how many turns each contender gets")
    parser.add_argument("--images", type=int, default=60_000, help="train with the first images only")
    parser.add_argument("--contender", nargs="+", choices=COMPARED, default=COMPARED, metavar="NAME")
    options = parser.parse_args(arguments)
    contenders = [CONTENDERS[name] for name in options.contender]
    missing = [f"{c.name}: {c.install}" for c in contenders if c.missing]
    if missing:
        print("not installed: " + "; ".join(missing), file=sys.stderr)
        return 1
    results = measure(contenders, options.repeats, options.images)
    print(tabulate(rows(contenders, results), headers=["", "installed", *COLUMNS.values()], tablefmt="github"))
    print("\n" + "; ".join(f"{c.what}: {c.version}" for c in contenders))
    return 0


if __name__ == "__main__":
    sys.exit(main())
