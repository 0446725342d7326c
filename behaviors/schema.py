"""How every part of config.yaml is read: unknown keys are mistakes, and what was read never changes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A mapping in config.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
