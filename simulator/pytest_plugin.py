"""The fake Spot as a pytest fixture, for everyone's test suites. Installed with the package; nothing to import.

.. code-block:: python

    @pytest.mark.fake_spot(scene="lobby", clock_skew=-3.0)
    def test_my_program(fake_spot):
        my_program.main(fake_spot.host, fake_spot.port, str(fake_spot.ca_file))
        assert fake_spot.journal.commands
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from simulator.fake_spot import FakeSpot

_MARKER = "fake_spot"
_RUNNING = pytest.StashKey[list["FakeSpot"]]()


class MakeFakeSpot(Protocol):
    """Starts a fake Spot with the arguments of :class:`~simulator.fake_spot.FakeSpot`; it stops with the test."""

    def __call__(self, **options: Any) -> FakeSpot:  # noqa: ANN401 - whatever FakeSpot takes
        """Start one on a free port."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", f"{_MARKER}(scene=..., **options): arguments of the fake_spot fixture's FakeSpot"
    )


@pytest.fixture
def make_fake_spot(request: pytest.FixtureRequest) -> Iterator[MakeFakeSpot]:
    """A function that starts fake Spots, each on a free port of its own; all of them stop with the test."""
    spots: list[FakeSpot] = []
    request.node.stash[_RUNNING] = spots

    def make(**options: Any) -> FakeSpot:  # noqa: ANN401 - whatever FakeSpot takes
        from simulator.fake_spot import FakeSpot  # loads the renderer: a suite that asks for no robot need not wait

        _check(options, FakeSpot.__init__, request.node)
        spot = FakeSpot(**_with_scene_found(options, request.path.parent))
        spot.start()
        spots.append(spot)
        return spot

    yield make
    for spot in reversed(spots):
        spot.stop()


@pytest.fixture
def fake_spot(request: pytest.FixtureRequest, make_fake_spot: MakeFakeSpot) -> FakeSpot:
    """A fake Spot on a free port; ``@pytest.mark.fake_spot(scene=..., ...)`` says what kind of one."""
    marker = request.node.get_closest_marker(_MARKER)
    if marker is None:
        return make_fake_spot()
    if marker.args:
        raise pytest.UsageError(f"{request.node.nodeid}: {_MARKER} takes keyword arguments, such as scene='lobby'")
    return make_fake_spot(**marker.kwargs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failure what the fake Spot saw."""
    report = yield
    if report.when == "call" and report.failed:
        for spot in item.stash.get(_RUNNING, []):
            report.sections.append((f"fake Spot on port {spot.port}", _told(spot)))
    return report


def _check(options: dict[str, Any], constructor: Callable[..., None], node: pytest.Item) -> None:
    known = [name for name in inspect.signature(constructor).parameters if name != "self"]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise pytest.UsageError(
            f"{node.nodeid}: a fake Spot has no option {', '.join(unknown)}; it has: {', '.join(known)}"
        )


def _with_scene_found(options: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A scene's file is looked for beside the test first, then in the working directory."""
    scene = options.get("scene")
    if isinstance(scene, str | Path) and (folder / scene).is_file():
        return {**options, "scene": folder / scene}
    return options


def _told(spot: FakeSpot) -> str:
    lines = [str(spot.truth())]
    lines += [f"{count:6}  {method}" for method, count in sorted(spot.journal.calls.items())]
    lines += [f"{count:6}  refused: {refusal}" for refusal, count in sorted(spot.journal.refusals.items())]
    return "\n".join(lines)
