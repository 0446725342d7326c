"""Run the benchmarks: all of them, or those that are named.

    python -m benchmarks [--list] [NAME ...]

``--list`` tells what each measures. Each has more options of its own: python -m benchmarks.NAME --help
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

BENCHMARKS = ("objects", "speed", "cards", "gestures", "fiducials", "renderer", "fake_spot", "pipeline")
"""Those that run as they are."""
APART = ("plausibility", "teaching")
"""Those that need something made before, or twenty minutes: they are listed, and run by hand."""
FOLDER = Path(__file__).parent


def first_line(name: str) -> str:
    """What a benchmark measures, in a sentence."""
    return (ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))) or "").partition("\n")[0]


def main() -> int:
    """Run each in a process of its own, so that none warms or slows another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--list", action="store_true", help="only tell what there is")
    options = parser.parse_args()
    if options.list:
        for name in BENCHMARKS:
            print(f"{name}: {first_line(name)}")
        for name in APART:
            print(f"{name}: {first_line(name)} (to be run by hand: python -m benchmarks.{name} --help)")
        return 0
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)} to be run here; see --list")
    for name in options.names or BENCHMARKS:
        print(f"\n== {name}: {first_line(name)}", flush=True)
        status = subprocess.call([sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent)
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
