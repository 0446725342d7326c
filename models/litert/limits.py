"""Bounds for the process that loads a model: what a hostile file can cost is decided beforehand."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

MEMORY_GIB = 16
"""Address space in GiB. TensorFlow alone takes 3; exporting a detector of 60 million parameters takes about 8."""

CPU_SECONDS = 900
"""Processor time in seconds, of all threads together. Exporting what comes with the product takes 10 to 60."""

FILE_GIB = 2
"""Size of any file that it writes, in GiB."""

NICENESS = 19
"""The lowest priority: the agent may be running beside it, and its frames must not wait for another model."""


def limit_this_process() -> None:
    """Bound the memory, the processor time and the files of this process, and let everything else go first.

    Where the system knows no such bound, there is none.
    """
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY_GIB << 30),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_GIB << 30),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        bound = amount if most == resource.RLIM_INFINITY else min(amount, most)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, most))
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
