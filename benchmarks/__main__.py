"""``python -m benchmarks [detector] [renderer] [pipeline] [fake_spot]``: all of them, or those that are named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = {"detector": ("--keras",), "renderer": (), "pipeline": (), "fake_spot": ()}


def main() -> int:
    """Run each in a process of its own, so that none warms or slows another."""
    wanted = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    root = Path(__file__).parents[1]
    for name in wanted:
        print(f"\n== {name}", flush=True)
        status = subprocess.call([sys.executable, "-m", f"benchmarks.{name}", *BENCHMARKS[name]], cwd=root)
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
