"""The agent on real footage: a street video served as a camera."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from agent_process import agent

from simulator.cameras.frame_replay import FrameReplay
from simulator.fake_spot import FakeSpot

VIDEO = Path(__file__).parents[1] / "data" / "videos" / "pedestrians.mp4"

CONFIG = """
cues:
  person: {label: person, confidence: 0.45, keep distance: true}
rules:
  - name: follow what is near
    when: {cue: person, distance: < 8 m}
    do: follow
    priority: 10
  - name: sit when people come
    when: {cue: person, seen for: 0.5 s}
    do: sit
"""


def test_people_on_a_street_are_reported_with_stable_identities(tmp_path: Path) -> None:
    frames = FrameReplay(VIDEO, loop=False)
    with FakeSpot(frames=frames) as spot, agent(spot, tmp_path, "--duration", "9", config=CONFIG) as running:
        fired = running.wait_for(lambda event: event.get("rule") == "sit when people come", timeout=60.0)
        spot.wait_for(lambda truth: truth.posture == "sitting", what="the rule without a distance has fired")
        assert running.end() == 0, running.stderr()
        log = [json.loads(line) for line in Path(running.events[-1]["log"]).read_text().splitlines()]

    near = next(rule for rule in fired["rules"] if rule["rule"] == "follow what is near")
    assert near["verdict"] == "waiting"
    assert "unknown" in near["reason"], "a distance that cannot be measured is never invented"
    decisions = [line for line in log if line["type"] == "decision" and line["frame"] is not None]
    assert all(track["position"] is None for line in decisions for track in line["tracks"])
    seen = Counter(track["id"] for line in decisions for track in line["tracks"])
    assert len(decisions) >= 50
    # The street always shows three to five people; most of what is reported belongs to a few long identities.
    longest = [count for _, count in seen.most_common(3)]
    assert min(longest) >= 0.5 * len(decisions)
