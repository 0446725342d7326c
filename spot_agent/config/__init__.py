"""config.yaml: what it may say, and what is wrong with it."""

from __future__ import annotations

from spot_agent.config.known_models import PERSON, WAVING, ModelLabels, shipped_models
from spot_agent.config.loading import CheckedConfig, check_config, load_config
from spot_agent.config.rendering import ProblemRecord, problem_records, render_problems
from spot_agent.config.sections import (
    WORLD_OBJECTS,
    AgentConfig,
    CameraConfig,
    CueConfig,
    DetectorConfig,
    RobotConfig,
    TrackingConfig,
)
from spot_agent.errors import ConfigError, Problem

__all__ = [
    "PERSON", "WAVING", "WORLD_OBJECTS", "AgentConfig", "CameraConfig", "CheckedConfig", "ConfigError", "CueConfig",
    "DetectorConfig", "ModelLabels", "Problem", "ProblemRecord", "RobotConfig", "TrackingConfig", "check_config",
    "load_config", "problem_records", "render_problems", "shipped_models",
]  # fmt: skip
