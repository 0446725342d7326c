"""A rule: when this is seen, do that."""

from __future__ import annotations

import difflib
from typing import Annotated

from pydantic import BeforeValidator, Field, SerializeAsAny, model_validator

from behaviors.actions import ACTIONS, Action
from behaviors.condition import Condition
from behaviors.quantities import Duration, shown
from behaviors.schema import Section


def parse_action(value: object) -> Action:
    """Read a ``do``: a name such as ``sit``, or a name with its settings such as ``{follow: {distance: 2 m}}``.

    Raises:
        ValueError: It is neither, or no action has that name.
        pydantic.ValidationError: A setting is wrong.
    """
    if isinstance(value, Action):
        return value
    name: object = value
    settings: object = None
    if isinstance(value, dict) and len(value) == 1:
        name, settings = next(iter(value.items()))
    if not isinstance(name, str):
        raise ValueError(
            f"{shown(value)} is not an action; write one such as 'sit', or one with its settings indented under it"
        )
    kind = ACTIONS.get("_".join(name.replace("-", " ").replace("_", " ").split()))
    if kind is None:
        raise ValueError(f"there is no action {shown(name)}; {_nearest_action(name)}")
    return kind.model_validate({} if settings is None else settings)


def _nearest_action(name: str) -> str:
    names = [action.replace("_", " ") for action in ACTIONS]
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"use one of: {', '.join(names)}"


class Rule(Section):
    """One rule of config.yaml.

    Attributes:
        name: What people and logs call it.
        when: What starts it.
        do: What it asks of the robot.
        hold_while: The ``while`` of config.yaml: it goes on as long as this holds. Without it, a lasting action
            goes on as long as ``when`` holds (``seen for`` aside), any other until it is done; one that needs a
            target also ends when none is in sight.
        priority: The highest one acts; of equals the one that acts already, then the one written first.
        cooldown: Seconds after its end before it can start again.
    """

    name: str = Field(min_length=1)
    when: Condition
    do: Annotated[SerializeAsAny[Action], BeforeValidator(parse_action)]
    hold_while: Condition | None = Field(default=None, alias="while")
    priority: int = 0
    cooldown: Duration = 0.0

    @model_validator(mode="after")
    def _target_can_be_in_sight(self) -> Rule:
        action = self.do.name.replace("_", " ")
        if self.do.needs_target and self.when.lost_for is not None:
            raise ValueError(f"'{action}' needs a cue in sight, and 'lost for' means that there is none")
        if self.do.needs_target and self.hold_while is not None and self.hold_while.cue != self.when.cue:
            raise ValueError(f"'{action}' acts on '{self.when.cue}', so its 'while' must speak of the same cue")
        return self

    @property
    def going_on(self) -> Condition:
        """What finds its target once it has begun. What walks up to a thing leaves the range that it started in."""
        if self.hold_while is not None:
            return self.hold_while
        if self.do.lasting or self.when.lost_for is not None:
            return self.when.sustained()
        return Condition(cue=self.when.cue)
