"""Puts minikeras beside the page: builds its wheel, or copies one, and writes its name to `wheel.json`.

python examples/browser/prepare.py
python examples/browser/prepare.py minikeras-0.2.0-py3-none-any.whl
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).resolve().parent
ROOT = PAGE.parent.parent


def main(arguments: list[str] | None = None, page: Path = PAGE) -> None:
    """Prepares a folder.

    Args:
        arguments: The command line; None for that of this process.
        page: The folder of the page.
    """
    parser = argparse.ArgumentParser(description="Puts minikeras beside the page, which loads it from there.")
    parser.add_argument("wheel", nargs="?", type=Path, help="a wheel of minikeras; else one is built from this clone")
    wheel = parser.parse_args(arguments).wheel
    with tempfile.TemporaryDirectory() as folder:
        if wheel is None:
            wheel = built(Path(folder))
        elif not (wheel.is_file() and wheel.name.startswith("minikeras-") and wheel.suffix == ".whl"):
            parser.error(f"expected the file of a wheel, minikeras-….whl, received {str(wheel)!r}")
        for old in page.glob("minikeras-*.whl"):
            if not old.samefile(wheel):
                old.unlink()
        if not (page / wheel.name).exists():
            shutil.copyfile(wheel, page / wheel.name)
    (page / "wheel.json").write_text(json.dumps({"wheel": wheel.name}) + "\n", encoding="utf-8")
    print(f"Wrote {wheel.name} and wheel.json. Open http://localhost:8000 after:")
    print(f"    python -m http.server --directory {page}")


def built(folder: Path) -> Path:
    """Builds the wheel of this clone into a folder, and returns its path."""
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", folder, ROOT], check=True)
    (wheel,) = folder.glob("minikeras-*.whl")
    return wheel


if __name__ == "__main__":
    main()
