"""Where everybody truly was, read from the simulator's journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from behaviors import Point2, SE2Pose
from spot_agent.reporting import TruePath

ROBOT = "Spot"


def read_true_paths(journal: Path) -> tuple[TruePath, ...]:
    """Read the paths of the robot and of each person.

    Args:
        journal: The simulator's journal, one JSON object a line; a missing one tells nothing.

    Returns:
        The paths in the robot's ``odom`` frame in metres, the robot's first. That frame begins where the robot did,
        which is where its first sample stands.
    """
    if not journal.is_file():
        return ()
    paths: dict[str, list[tuple[float, float]]] = {ROBOT: []}
    boot: SE2Pose | None = None
    with journal.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                break  # the simulator was killed while it wrote
            entry = json.loads(line)
            if entry["kind"] != "sample":
                continue
            boot = boot or SE2Pose(entry["x"], entry["y"], entry["yaw"])
            paths[ROBOT].append(_in_odom(boot, entry))
            for person in entry["people"]:
                paths.setdefault(person["name"], []).append(_in_odom(boot, person))
    return tuple(TruePath(name, tuple(points)) for name, points in paths.items() if points)


def _in_odom(boot: SE2Pose, entry: dict[str, Any]) -> tuple[float, float]:
    point = boot.to_body(Point2(entry["x"], entry["y"]))
    return point.x, point.y
