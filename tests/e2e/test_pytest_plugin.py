"""The pytest plugin, as somebody else's test suite uses it."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

import simulator

pytest_plugins = ["pytester"]

CONNECT = """
import pytest
from simulator.testing import connect

"""


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin's package can be imported from the folder in which pytester runs, installed or not."""
    monkeypatch.setenv("PYTHONPATH", str(Path(simulator.__path__[0]).parent))


def run(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    pytester.makepyfile(CONNECT + source)
    is_installed = any(point.name == "fake_spot" for point in entry_points(group="pytest11"))
    arguments = ["-p", "no:cacheprovider"] + ([] if is_installed else ["-p", "simulator.pytest_plugin"])
    return pytester.runpytest_subprocess(*arguments, "--strict-markers", timeout=90)


def test_a_robot_is_there_when_a_test_asks_for_it(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_it(fake_spot):
    robot = connect(fake_spot)
    assert robot.get_id().species == "spot"
    assert fake_spot.journal.calls["RobotIdService/GetRobotId"] >= 1
""",
    )
    result.assert_outcomes(passed=1)


def test_the_marker_says_which_robot_and_a_scene_may_lie_beside_the_test(pytester: pytest.Pytester) -> None:
    (pytester.path / "here.yaml").write_text("name: beside the test\nduration: 5 s\nrobot: {position: [2, 1]}\n")
    result = run(
        pytester,
        """
@pytest.mark.fake_spot(scene="here.yaml", colour=False, clock_skew=-30.0)
def test_it(fake_spot):
    assert fake_spot.scene.name == "beside the test"
    assert fake_spot.truth().x == 2.0
    assert connect(fake_spot).time_sync.endpoint.clock_skew.seconds < -25
""",
    )
    result.assert_outcomes(passed=1)


def test_several_robots_live_side_by_side_and_end_with_the_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
import socket
ports = []

def test_two(make_fake_spot):
    one, two = make_fake_spot(), make_fake_spot(colour=False)
    assert one.port != two.port
    ports.extend([one.port, two.port])
    connect(one).ensure_client("lease").acquire(timeout=5)
    assert one.truth().lease_owner and not two.truth().lease_owner

def test_they_are_gone():
    for port in ports:
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=2)
""",
    )
    result.assert_outcomes(passed=2)


def test_a_failure_tells_what_the_robot_saw(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_it(fake_spot):
    fake_spot.take_lease("tablet")
    with pytest.raises(Exception):
        connect(fake_spot).ensure_client("lease").acquire(timeout=5)
    assert False
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*fake Spot on port*", "*lease_owner='tablet'*"])
    result.stdout.fnmatch_lines(["*refused: LeaseService/AcquireLease STATUS_RESOURCE_ALREADY_CLAIMED"])


@pytest.mark.parametrize("marker", ["fake_spot(scen='lobby')", "fake_spot('lobby')"])
def test_a_mistaken_marker_is_told_in_words(pytester: pytest.Pytester, marker: str) -> None:
    result = run(pytester, f"@pytest.mark.{marker}\ndef test_it(fake_spot):\n    pass\n")
    result.assert_outcomes(errors=1)
    assert "no option scen; it has: scene, frames" in result.stdout.str() or "keyword arguments" in result.stdout.str()
