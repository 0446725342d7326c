"""The command line ``spot-agent``."""

from spot_agent.cli.app import main

__all__ = ["main"]
