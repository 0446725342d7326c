"""Paths in config.yaml: they are relative to the file, wherever the agent is started."""

from __future__ import annotations

import os
from pathlib import Path

from models.registry import is_path
from spot_agent.config.defaults import Settings


def beside(folder: Path, content: Settings) -> Settings:
    """Make the paths of models complete.

    Args:
        folder: The folder of config.yaml.
        content: The file's content, with defaults filled in.

    Returns:
        A copy in which the path of a model's folder begins at the root.
    """
    detectors = content.get("detectors")
    if not isinstance(detectors, dict):
        return content
    return content | {"detectors": {name: _beside(folder, detector) for name, detector in detectors.items()}}


def _beside(folder: Path, detector: object) -> object:
    model = detector.get("model") if isinstance(detector, dict) else None
    if not isinstance(detector, dict) or not isinstance(model, str) or not is_path(model):
        return detector
    # Not by pathlib, which fails where there is no home folder.
    return detector | {"model": str((folder / os.path.expanduser(model)).absolute())}  # noqa: PTH111
