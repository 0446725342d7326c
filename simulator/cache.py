"""Where the simulator keeps what it need not make again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """``$SPOT_AGENT_CACHE``, or ``spot-agent`` in ``$XDG_CACHE_HOME`` or ``~/.cache``."""
    chosen = os.environ.get("SPOT_AGENT_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spot-agent"
