"""A model is exchanged while the agent runs, by a change of config.yaml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent_process import CONFIG, agent, scene_file

from simulator.fake_spot import FakeSpot
from spot_agent.runtime.detector_slots import TRIAL_LOOKS

PATIENT = "tracking: {forget after: 10 s}\n" + CONFIG  # a loaded machine looks rarely
OLD = "detectors: {objects: {model: objects}}\n" + PATIENT
NEW = "detectors: {objects: {model: objects, threshold: 0.31}}\n" + PATIENT


def test_a_model_is_exchanged_while_the_robot_follows(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    with FakeSpot(scene_file(tmp_path)) as spot, agent(spot, tmp_path, config=OLD) as running:
        running.wait_for(lambda event: event.get("rule") == "follow the visitor", timeout=60.0)

        config.write_text(NEW)
        began = running.wait_for(lambda event: event["event"] == "swap begins")
        assert (began["detector"], began["model"]) == ("objects", "objects")
        done = running.wait_for(lambda event: event["event"] == "swapped", timeout=60.0)
        assert "it stays" in done["reason"]

        config.write_text(NEW.replace("model: objects", "model: objetcs"))
        ignored = running.wait_for(lambda event: event["event"] == "config ignored")
        assert "config.yaml:1:30: detectors > objects > model: there is no model 'objetcs'" in ignored["reason"]

        config.write_text(NEW.replace("follow the visitor", "run after the visitor"))
        restart = running.wait_for(lambda event: event["event"] == "restart needed")
        assert restart["reason"].endswith(": rules")

        running.interrupt()
        assert running.end() == 0, running.stderr()
    assert "Traceback" not in running.stderr()
    log = [json.loads(line) for line in Path(running.events[-1]["log"]).read_text().splitlines()]
    told = [line["type"] for line in log if line["type"] not in ("start", "decision", "sent", "end")]
    assert told == ["swap begins", "swap on trial", "swapped", "config ignored", "restart needed"]
    _assert_nobody_was_lost(log, began["time"], done["time"])


def _assert_nobody_was_lost(log: list[dict[str, Any]], began: float, done: float) -> None:
    during = [line for line in log if line["type"] == "decision" and began - 1.0 <= line["time"] <= done + 0.5]
    looked = [line["looked"] for line in during if line["frame"] is not None]
    assert looked == [["objects"]] * len(looked), "the old one or the new one looks at every frame"
    assert len(looked) >= TRIAL_LOOKS
    people = {track["id"] for line in during for track in line["tracks"]}
    assert len(people) == 1, "the visitor keeps the identity"
