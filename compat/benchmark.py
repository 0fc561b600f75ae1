"""Times minikeras beside hand-written numpy and its peers: `python -m compat.benchmark`.

Every contender runs in a process of its own; they take turns, one at a time, so that whatever else the machine does
falls on all of them. The tables show medians and the spread of all samples, and what minikeras must reach. It needs
Linux: the bars are drawn on a pseudo-terminal, and the memory is read from /proc.

The workload "ops" times each op of `minikeras.ops` beside the calls of numpy (or scipy), torch and JAX that do the same
work, with small, medium and large inputs. It takes minutes, so it runs only when it is named:
`python -m compat.benchmark --workload ops`, or `--op take scatter` for some ops. So do the networks of convolutions:
`python -m compat.benchmark --workload convolution`, those over sequences: `--workload sequence`, and image
layers: `--workload augmentation`.
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
from compat.benchmarks.contenders import CONTENDERS, EVERY_CONTENDER, OP_CONTENDERS, PINNED_KERNELS, Contender
from compat.benchmarks.op_bounds import OpVerdict, judge_ops
from compat.benchmarks.op_cases import CASES
from compat.benchmarks.op_report import print_misses, print_op_tables
from compat.benchmarks.processes import Result, Results, Run
from compat.benchmarks.workloads import (
    CONVOLUTION_WORKLOADS,
    EVERY_WORKLOAD,
    NETWORK_WORKLOADS,
    OPS,
    SEQUENCE_WORKLOADS,
    WORKLOADS,
    Workload,
    save_data,
)

UNITS = {name: workload.unit for name, workload in NETWORK_WORKLOADS.items()}
REPEATS, OP_REPEATS = (
    5,
    3,
)  # where the command line says nothing: it has hundreds of figures, each the best of several batches
GROUPS = {"convolution": CONVOLUTION_WORKLOADS, "sequence": SEQUENCE_WORKLOADS}  # workloads that have a name together
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
        if name == OPS.name:
            print_op_tables(measured)
            continue
        rows = result_rows(NETWORK_WORKLOADS[name], measured, contenders)
        print(f"\n{NETWORK_WORKLOADS[name].title}\n{tabulate(rows, headers=headers, disable_numparse=True)}")
    for name, measured in results.items():
        for contender, result in measured.items():
            if result.failed:
                print(f"\n{contender} failed at {name}:\n{result.failed}")
    if list(results) != [OPS.name]:
        print("\n" + "\n".join(NOTES))
    rows = [(EVERY_WORKLOAD[v.bound.workload].title, v.required, v.measured, v.outcome, v.remark) for v in verdicts]
    headers = ("workload", "minikeras must reach", "measured", "outcome", "compared with")
    print(f"\nBounds\n{tabulate(rows, headers=headers, disable_numparse=True)}")
    print_misses([verdict for verdict in verdicts if isinstance(verdict, OpVerdict)])


def bound_entry(verdict: Verdict) -> dict:
    """Returns a verdict as it is written to a file: without the function that chooses cases."""
    entry = asdict(verdict)
    entry["bound"].pop("includes", None)
    return entry


def write_json(path: str, about: dict, results: Results, verdicts: list[Verdict], contenders: list[Contender]) -> None:
    """Writes all samples and verdicts to a file."""
    content = {
        "machine": about,
        "contenders": {name: {"what": what, "version": version} for name, what, version in contender_rows(contenders)},
        "workloads": {
            name: {
                "title": EVERY_WORKLOAD[name].title,
                "unit": EVERY_WORKLOAD[name].unit,
                "results": {
                    contender: {**asdict(result), "median": median(result.samples) if result.samples else None}
                    for contender, result in measured.items()
                },
            }
            for name, measured in results.items()
        },
        "bounds": [bound_entry(verdict) for verdict in verdicts],
    }
    Path(path).write_text(json.dumps(content, indent=2), encoding="utf-8")


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m compat.benchmark", description=__doc__.splitlines()[0])
    groups = "; ".join(f"{name}: {', '.join(workloads)}" for name, workloads in GROUPS.items())
    parser.add_argument("--json", metavar="FILE", help="write all samples and outcomes to a file, too")
    parser.add_argument(
        "--repeats", type=int, help=f"how many turns each contender gets (default: 5, with ops {OP_REPEATS})"
    )
    parser.add_argument(
        "--workload",
        nargs="+",
        choices=[*EVERY_WORKLOAD, *GROUPS],
        metavar="NAME",
        help=f"{', '.join(EVERY_WORKLOAD)}; {groups} (default: all but these and ops, which take minutes)",
    )
    parser.add_argument(
        "--contender", nargs="+", choices=EVERY_CONTENDER, default=list(EVERY_CONTENDER), metavar="NAME"
    )
    parser.add_argument(
        "--op",
        nargs="+",
        choices=list(dict.fromkeys(case.op for case in CASES.values())),
        metavar="NAME",
        help="of the workload ops, do these ops only, such as: take image.resize",
    )
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
    named = options.workload or []
    grouped = [name for group in named for name in GROUPS.get(group, ())]
    options.workload = list(dict.fromkeys([*(name for name in named if name not in GROUPS), *grouped]))
    options.workload = options.workload or ([OPS.name] if options.op else list(WORKLOADS))
    if options.op and OPS.name not in options.workload:
        parser.error("--op needs --workload ops")
    if (options.repeats is not None and options.repeats < 1) or not 1 <= options.images <= 60_000:
        parser.error("--repeats must be at least 1, --images from 1 to 60,000")
    return options


def measure_networks(options: argparse.Namespace) -> tuple[Results, str]:
    """Runs the chosen workloads but "ops"; returns the results and the BLAS of numpy."""
    workloads = [workload for name, workload in NETWORK_WORKLOADS.items() if name in options.workload]
    with tempfile.TemporaryDirectory() as folder:
        save_data(Path(folder), options.images)
        run = start_run(options, CONTENDERS, Path(folder), options.repeats or REPEATS)
        return run.do(workloads), run.blas


def measure_ops(options: argparse.Namespace) -> tuple[Results, str]:
    """Runs the workload "ops"; returns the results and the BLAS of numpy."""
    cases = [name for name, case in CASES.items() if not options.op or case.op in options.op]
    with tempfile.TemporaryDirectory() as folder:
        save_data(Path(folder), 1)  # the processes read it, whatever they are asked for
        run = start_run(options, OP_CONTENDERS, Path(folder), options.repeats or OP_REPEATS)
        return run.do_ops(OPS, cases), run.blas


def start_run(options: argparse.Namespace, contenders: dict[str, Contender], folder: Path, repeats: int) -> Run:
    """Makes a run of the contenders that are chosen and installed."""
    installed = [each for name, each in contenders.items() if name in options.contender and not each.missing]
    return Run(
        installed,
        folder,
        repeats,
        options.keep_blas_settings,
        lambda line: print(line, file=sys.stderr, flush=True),
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark; returns 1 if a bound is missed or a contender fails."""
    options = options_of(arguments)
    chosen = ({} if options.workload == [OPS.name] else CONTENDERS) | (
        OP_CONTENDERS if OPS.name in options.workload else {}
    )
    contenders = [contender for name, contender in chosen.items() if name in options.contender]
    headers = ("contender", "what it is", "version")
    print(tabulate(contender_rows(contenders), headers=headers, disable_numparse=True))
    results: Results = {}
    if options.workload != [OPS.name]:
        measured, blas = measure_networks(options)
        results |= measured
    if OPS.name in options.workload:
        measured, blas = measure_ops(options)
        results |= measured
    about = {**machine(), "numpy's BLAS": blas, "images": str(options.images)}
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))
    verdicts = judge_all(results, UNITS, options.workload)
    if OPS.name in results:
        verdicts += judge_ops(results[OPS.name])
    print_tables(results, verdicts, contenders)
    if options.json:
        write_json(options.json, about, results, verdicts, contenders)
    failed = any(result.failed for measured in results.values() for result in measured.values())
    return 1 if failed or any(verdict.outcome == MISSED for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
