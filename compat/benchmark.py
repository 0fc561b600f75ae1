"""Times minikeras beside hand-written numpy and its peers: `python -m compat.benchmark`.

Every contender runs in a process of its own; they take turns, one at a time, so that whatever else the machine does
falls on all of them. The tables show medians and the spread of all samples, and what minikeras must reach. It needs
Linux: the bars are drawn on a pseudo-terminal, and the memory is read from /proc.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from tabulate import tabulate

from compat.benchmarks.bounds import MISSED, Verdict, judge_all
from compat.benchmarks.contenders import CONTENDERS, PINNED_KERNELS, Contender
from compat.benchmarks.processes import Result, Results, Run
from compat.benchmarks.workloads import WORKLOADS, Workload, save_data

UNITS = {name: workload.unit for name, workload in WORKLOADS.items()}
NOTES = (
    "A turn lasts about a second: what is quicker is done again, up to 10 times, and every time is a sample.",
    "A thousand calls of predict are worked out from those made in 5 s where they take longer.",
    "scikit-learn counts no accuracy while it trains, and plain torch and the hand-written loop draw no bar.",
)


def machine() -> dict[str, str]:
    """Returns what the figures depend on besides the contenders."""
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8") if os.path.exists("/proc/cpuinfo") else ""
    names = [line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def contender_rows(contenders: list[Contender]) -> list[tuple[str, str, str]]:
    """Returns name, what it is, and its version or what to install, of each contender."""
    return [
        (c.name, c.what, f"missing: {', '.join(c.missing)}. {c.install}" if c.missing else c.version)
        for c in contenders
    ]


def number(value: float) -> str:
    """Returns a measurement with three digits."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def result_rows(workload: Workload, results: dict[str, Result], contenders: list[Contender]) -> list[tuple]:
    """Returns a row for each contender, installed or not."""
    ours = results["minikeras"].samples if "minikeras" in results else []
    rows = []
    for contender in contenders:
        result = results.get(contender.name, Result(missing=", ".join(contender.missing)))
        if result.failed or result.missing or not result.samples:
            why = "failed, see below" if result.failed else f"missing: {result.missing}"
            rows.append((contender.name, why, "", "", "", ""))
            continue
        middle, low, high = median(result.samples), min(result.samples), max(result.samples)
        times = f"{middle / median(ours):.3g}" if ours and median(ours) > 0 else ""
        rows.append(
            (contender.name, f"{number(middle)} {workload.unit}", number(low), number(high), len(result.samples), times)
        )
    return rows


def print_tables(results: Results, verdicts: list[Verdict], contenders: list[Contender]) -> None:
    """Prints a table for each workload, errors if there were any, and the bounds."""
    headers = ("contender", "median", "lowest", "highest", "samples", "of minikeras")
    for name, measured in results.items():
        rows = result_rows(WORKLOADS[name], measured, contenders)
        print(f"\n{WORKLOADS[name].title}\n{tabulate(rows, headers=headers, disable_numparse=True)}")
    for name, measured in results.items():
        for contender, result in measured.items():
            if result.failed:
                print(f"\n{contender} failed at {name}:\n{result.failed}")
    print("\n" + "\n".join(NOTES))
    rows = [(WORKLOADS[v.bound.workload].title, v.required, v.measured, v.outcome, v.remark) for v in verdicts]
    headers = ("workload", "minikeras must reach", "measured", "outcome", "compared with")
    print(f"\nBounds\n{tabulate(rows, headers=headers, disable_numparse=True)}")


def write_json(path: str, about: dict, results: Results, verdicts: list[Verdict], contenders: list[Contender]) -> None:
    """Writes all samples and verdicts to a file."""
    content = {
        "machine": about,
        "contenders": {name: {"what": what, "version": version} for name, what, version in contender_rows(contenders)},
        "workloads": {
            name: {
                "title": WORKLOADS[name].title,
                "unit": WORKLOADS[name].unit,
                "results": {
                    contender: {**asdict(result), "median": median(result.samples) if result.samples else None}
                    for contender, result in measured.items()
                },
            }
            for name, measured in results.items()
        },
        "bounds": [asdict(verdict) for verdict in verdicts],
    }
    Path(path).write_text(json.dumps(content, indent=2), encoding="utf-8")


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m compat.benchmark", description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="FILE", help="write all samples and outcomes to a file, too")
    parser.add_argument("--repeats", type=int, default=5, help="how many turns each contender gets (default: 5)")
    parser.add_argument("--workload", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), metavar="NAME")
    parser.add_argument("--contender", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="NAME")
    parser.add_argument(
        "--images",
        type=int,
        default=60_000,
        help="train with the first of the 60,000 images only; bounds mean little then",
    )
    parser.add_argument(
        "--keep-blas-settings",
        action="store_true",
        help=f"do not drop {' and '.join(PINNED_KERNELS)} from the environment",
    )
    options = parser.parse_args(arguments)
    if options.repeats < 1 or not 1 <= options.images <= 60_000:
        parser.error("--repeats must be at least 1, --images from 1 to 60,000")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark; returns 1 if a bound is missed or a contender fails."""
    options = options_of(arguments)
    contenders = [contender for name, contender in CONTENDERS.items() if name in options.contender]
    workloads = [workload for name, workload in WORKLOADS.items() if name in options.workload]
    installed = [contender for contender in contenders if not contender.missing]
    headers = ("contender", "what it is", "version")
    print(tabulate(contender_rows(contenders), headers=headers, disable_numparse=True))
    with tempfile.TemporaryDirectory() as folder:
        save_data(Path(folder), options.images)
        run = Run(
            installed,
            Path(folder),
            options.repeats,
            options.keep_blas_settings,
            lambda line: print(line, file=sys.stderr, flush=True),
        )
        results = run.do(workloads)
    about = {**machine(), "numpy's BLAS": run.blas, "images": str(options.images)}
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))
    verdicts = judge_all(results, UNITS, options.workload)
    print_tables(results, verdicts, contenders)
    if options.json:
        write_json(options.json, about, results, verdicts, contenders)
    failed = any(result.failed for measured in results.values() for result in measured.values())
    return 1 if failed or any(verdict.outcome == MISSED for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
