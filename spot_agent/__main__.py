"""``python -m spot_agent`` and the console command ``spot-agent``."""

from __future__ import annotations

from spot_agent.cli import main

if __name__ == "__main__":
    main()
