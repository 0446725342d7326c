"""The same cues give the same decisions, byte for byte."""

from __future__ import annotations

import pytest
from decision_replay import decisions_path, replay, story_names


@pytest.mark.parametrize("name", story_names())
def test_decisions_are_those_that_were_recorded(name: str) -> None:
    expected = decisions_path(name).read_text(encoding="utf-8").splitlines()
    assert replay(name).splitlines() == expected, "see decision_replay.py if this change is meant"


def test_there_are_stories() -> None:
    assert story_names() == ["chores", "visitor"]
