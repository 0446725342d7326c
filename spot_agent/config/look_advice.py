"""Warnings about who looks where, and how often: a robot that moves must look often, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator

from behaviors.actions import Follow, GoTo, TurnTo
from spot_agent.config.grammar import Path
from spot_agent.config.sections import DEFAULT_CAMERAS, WORLD_OBJECTS, AgentConfig

LEAST_RATE = 4.0  # Hz; with less, a picture's evidence has grown too old for motion before the next one is looked at


def look_doubts(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    """Find rates and cameras that go ill with the rules.

    Args:
        config: A configuration without mistakes.

    Yields:
        The place of each in the file, and what is doubtful.
    """
    yield from _rate_without_pictures(config)
    yield from _motion_on_rare_looks(config)
    yield from _people_on_rare_looks(config)
    yield from _people_unseen_ahead(config)


def _rate_without_pictures(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    """A detector that is to look more often than a camera gives pictures."""
    for name, detector in config.detectors.items():
        for key, camera in config.cameras.items():
            if detector.looks_through(key) and detector.rate is not None and detector.rate > camera.rate:
                message = f"is more than the camera '{key}' gives, which is {camera.rate:g} pictures a second"
                yield ("detectors", name, "rate"), message


def _rate_of(config: AgentConfig, detector: str) -> float:
    """How often a detector looks through its quickest camera; 0 if it has none."""
    settings = config.detectors[detector]
    by_robot = settings.model == WORLD_OBJECTS
    cameras = [camera for camera in config.cameras if by_robot or settings.looks_through(camera)]
    seen = [config.look_rate(detector, camera) for camera in cameras]
    return max(seen, default=0.0)


def _motion_on_rare_looks(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    for index, rule in enumerate(config.rules):
        rate = _rate_of(config, config.cues[rule.when.cue].detector)
        if isinstance(rule.do, (Follow, GoTo, TurnTo)) and rate < LEAST_RATE:
            message = (
                f"moves in jerks or not at all: its cue is looked for {rate:g} times a second, and the robot moves on "
                f"no picture older than {config.safety.max_evidence_age:g} s; let the detector look at {LEAST_RATE:g} "
                "Hz or more"
            )
            yield ("rules", index, "do"), message


def _walks(config: AgentConfig) -> bool:
    return config.robot.power_on and any(isinstance(rule.do, (Follow, GoTo)) for rule in config.rules)


def _people_on_rare_looks(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    rates = {name: _rate_of(config, cue.detector) for name, cue in config.cues.items() if cue.keep_distance}
    if not _walks(config) or max(rates.values(), default=LEAST_RATE) >= LEAST_RATE:
        return
    for name, rate in rates.items():
        far = config.safety.max_speed * config.tracking.confirm / rate if rate else None
        walked = "for ever" if far is None else f"up to {far:.1f} m"
        message = (
            f"is looked for {rate:g} times a second: the robot may walk {walked} before it keeps its distance from "
            f"somebody who comes; let the detector look at {LEAST_RATE:g} Hz or more"
        )
        yield ("cues", name, "detector"), message


def _people_unseen_ahead(config: AgentConfig) -> Iterator[tuple[Path, str]]:
    """A robot that walks ahead, and people who are looked for to its sides only."""
    watching = [config.detectors[cue.detector] for cue in config.cues.values() if cue.keep_distance]
    ahead = [camera for camera in config.cameras if camera in DEFAULT_CAMERAS]
    if not watching or not _walks(config):
        return
    for camera in ahead:
        if not any(detector.looks_through(camera) for detector in watching):
            message = f"nobody looks for people through '{camera}', and the robot walks that way"
            yield ("cameras", camera), message
