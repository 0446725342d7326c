import math
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.scene import RobotSample, Scene, Verdict, judge

SCENE = """\
name: test
duration: 20 s
objects:
  - {kind: person, name: visitor, position: [0, 4], visible: [[2 s, 16 s]]}
  - {kind: stop sign, name: sign, position: [2, 4], visible: [[5 s, 9 s]]}
expectations:
  - EXPECTATION
"""

Journal = Callable[[float], RobotSample]


def verdict(folder: Path, expectation: str, journal: Journal, start: float = 0.0) -> Verdict:
    path = folder / "scene.yaml"
    path.write_text(SCENE.replace("EXPECTATION", expectation), encoding="utf-8")
    scene = Scene.load(path)
    samples = [journal(start + step / 20) for step in range(int((20 - start) * 20))]
    (found,) = judge(scene.expectations, scene, samples)
    return found


def sample(
    time: float, x: float = 0.0, y: float = 0.0, yaw: float = 0.0, speed: float = 0.0, posture: str = "standing"
) -> RobotSample:
    return RobotSample(time, x, y, yaw, speed, posture)  # type: ignore[arg-type]  # a test writes it as a word


def turning(time: float) -> RobotSample:
    return sample(time, yaw=min(max(time - 2.0, 0.0) * 0.5, math.pi / 2))


def approaching(time: float) -> RobotSample:
    return sample(time, y=min(time * 0.5, 2.0), speed=0.5 if time < 4 else 0.0)


def sitting(time: float) -> RobotSample:
    posture = "sitting" if 6.4 <= time < 10 else "changing" if 5.5 <= time < 11 else "standing"
    return sample(time, posture=posture)


FACES = "{expect: faces, object: visitor, within: WITHIN, after: visitor shown, tolerance: 20 deg}"


def test_faces(tmp_path: Path) -> None:
    # It turns at 0.5 rad/s from 2 s on; 70 degrees, which is 20 short of the visitor, are reached after 2.44 s.
    met = verdict(tmp_path, FACES.replace("WITHIN", "3 s"), turning)
    assert met == Verdict(
        "faces visitor within 3 s after visitor shown", True, "faced it 2.5 s after visitor was shown"
    )
    assert not verdict(tmp_path, FACES.replace("WITHIN", "2 s"), turning).met
    never = verdict(tmp_path, FACES.replace("WITHIN", "3 s"), sample)
    assert not never.met
    assert never.measured == "nearest: 90 deg off"


def test_follows(tmp_path: Path) -> None:
    text = "{expect: follows, object: visitor, between: [FROM, 14 s], distance: [1.5 m, 2.6 m], share: 0.9}"
    met = verdict(tmp_path, text.replace("FROM", "4 s"), approaching)
    assert met.met
    assert met.measured == "100% of the time (at least 90%); 2.00-2.00 m"
    assert not verdict(tmp_path, text.replace("FROM", "0 s"), approaching).met


def test_sits(tmp_path: Path) -> None:
    met = verdict(tmp_path, "{expect: sits, within: 2 s, after: sign shown}", sitting)
    assert met == Verdict("sits within 2 s after sign shown", True, "sat 1.4 s after sign was shown")
    assert not verdict(tmp_path, "{expect: sits, within: 1 s, after: sign shown}", sitting).met
    never = verdict(tmp_path, "{expect: sits, within: 2 s, after: sign shown}", sample)
    assert never == Verdict("sits within 2 s after sign shown", False, "never sat after sign shown")


def test_stands(tmp_path: Path) -> None:
    met = verdict(tmp_path, "{expect: stands, within: 3 s, after: sign gone}", sitting)
    assert met.met
    assert met.measured == "stood 2.0 s after sign was hidden"
    assert not verdict(tmp_path, "{expect: stands, within: 1 s, after: sign gone}", sitting).met


def test_stops(tmp_path: Path) -> None:
    assert verdict(tmp_path, "{expect: stops, within: 2 s, after: visitor shown}", approaching).met
    late = verdict(tmp_path, "{expect: stops, within: 1.5 s, after: visitor shown}", approaching)
    assert not late.met
    assert late.measured == "at rest 2.0 s after visitor was shown"


def test_never_nearer(tmp_path: Path) -> None:
    met = verdict(tmp_path, "{expect: never nearer, object: visitor, distance: 1.9 m}", approaching)
    assert met.met
    assert met.measured == "nearest 2.00 m at 4.0 s"
    assert not verdict(tmp_path, "{expect: never nearer, object: visitor, distance: 2.1 m}", approaching).met


def test_never_nearer_does_not_count_an_object_that_is_not_there(tmp_path: Path) -> None:
    def visits_later(time: float) -> RobotSample:
        return sample(time, y=4.0 if time > 17 else 0.0)

    assert verdict(tmp_path, "{expect: never nearer, object: visitor, distance: 1 m}", visits_later).met


def test_never_faster(tmp_path: Path) -> None:
    assert verdict(tmp_path, "{expect: never faster, speed: 0.6 m/s}", approaching).met
    fast = verdict(tmp_path, "{expect: never faster, speed: 0.4 m/s}", approaching)
    assert not fast.met
    assert fast.measured.startswith("fastest 0.50 m/s at")


def test_stays(tmp_path: Path) -> None:
    assert verdict(tmp_path, "{expect: stays, between: [5 s, 9 s]}", approaching).met
    moved = verdict(tmp_path, "{expect: stays, between: [2 s, 9 s]}", approaching)
    assert not moved.met
    assert moved.measured == "moved 1.00 m"


@pytest.mark.parametrize(
    "expectation",
    [
        "{expect: faces, object: visitor, within: 3 s, after: 4 s}",
        "{expect: follows, object: visitor, between: [1 s, 4 s], distance: [1, 2]}",
        "{expect: sits, within: 2 s, after: sign shown}",
        "{expect: never nearer, object: visitor, distance: 1}",
        "{expect: never faster, speed: 1}",
        "{expect: stays, between: [1 s, 4 s]}",
    ],
)
def test_nothing_is_met_without_a_record(tmp_path: Path, expectation: str) -> None:
    found = verdict(tmp_path, expectation, sample, start=20.0)
    assert not found.met
    assert found.measured.startswith("no record")
