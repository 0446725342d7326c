"""What one part of config.yaml says about another: every name that is used must be defined."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from behaviors.quantities import shown
from models import ModelError, check_model
from models.registry import is_path, model_folder
from spot_agent.config.complaint import Complaint
from spot_agent.config.defaults import Settings
from spot_agent.config.document import Document
from spot_agent.config.grammar import Path, suggestion
from spot_agent.config.known_models import ModelLabels, labels_of
from spot_agent.config.sections import DEFAULT_CAMERAS, SPOT_CAMERAS, WORLD_OBJECTS

NEAR = 0.7  # similarity from which on a camera's name is taken for a slip of the pen; "front" to "frontleft" is 0.71
SHOWN_NAMES = 12  # how many names a message lists at most

_Found: TypeAlias = tuple[Path, str]


def check_references(content: Settings, document: Document, models: ModelLabels) -> list[Complaint]:
    """Find names that are used and not defined, or defined twice.

    It works on the file's content before that is validated, so that these mistakes come to light together with all
    others. What is of the wrong kind is passed over here.

    Args:
        content: The file's content, with defaults filled in.
        document: The same as it stands in the file, for the places.
        models: The models that exist.
    """
    found = [
        *_cameras(content),
        *_models(content, models),
        *_detector_cameras(content),
        *_reported_by_the_robot(content),
        *_detectors(content),
        *_labels(content, models),
        *_rule_cues(content),
        *_rule_names(content, document),
    ]
    return [Complaint(path, document.place(path), message) for path, message in found]


def rules_of(content: Settings) -> list[tuple[int, Settings]]:
    """The rules that are mappings, each with its position in the list."""
    rules = content.get("rules")
    return [(index, rule) for index, rule in enumerate(rules if isinstance(rules, list) else []) if _mapping(rule)]


def _mapping(value: object) -> Settings:
    return value if isinstance(value, dict) else {}


def _named(content: Settings, section: str) -> Iterator[tuple[str, Settings]]:
    for name, settings in _mapping(content.get(section)).items():
        yield name, _mapping(settings)


def _not_there(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = suggestion(name, names)
    if not near:
        listed = ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")
        near = f"; there is: {listed}" if names else "; none is defined"
    return f"there is no {what} {shown(name)}{near}"


def _cameras(content: Settings) -> Iterator[_Found]:
    """Any name may be a camera's, for Spot carries payloads; but not one that nearly is a body camera's."""
    for name, _ in _named(content, "cameras"):
        plain = "".join(filter(str.isalnum, name.lower().removesuffix("_fisheye_image")))
        near = difflib.get_close_matches(plain, SPOT_CAMERAS, n=1, cutoff=NEAR)
        if near and name not in SPOT_CAMERAS:
            yield ("cameras", name), f"Spot has no camera of this name; did you mean '{near[0]}'?"


def _models(content: Settings, models: ModelLabels) -> Iterator[_Found]:
    for name, detector in _named(content, "detectors"):
        model = detector.get("model")
        if not isinstance(model, str) or not model or model in models:
            continue
        if not is_path(model):
            yield ("detectors", name, "model"), _not_there("model", model, models)
            continue
        try:
            check_model(model, plausibility=detector.get("plausibility") is not False)
        except ModelError as error:
            yield ("detectors", name, "model"), str(error)


def _detector_cameras(content: Settings) -> Iterator[_Found]:
    cameras = content.get("cameras", dict.fromkeys(DEFAULT_CAMERAS))
    for name, detector in _named(content, "detectors"):
        given = detector.get("cameras")
        listed = given if isinstance(given, list) else []
        for index, camera in enumerate(listed):
            if not isinstance(camera, str) or not camera:
                continue
            if isinstance(cameras, dict) and camera not in cameras:
                yield ("detectors", name, "cameras", index), _not_there("camera", camera, cameras)
            elif camera in listed[:index]:
                yield ("detectors", name, "cameras", index), f"the camera {shown(camera)} is named twice; remove one"


def _reported_by_the_robot(content: Settings) -> Iterator[_Found]:
    for name, detector in _named(content, "detectors"):
        if detector.get("model") == WORLD_OBJECTS:
            for setting in ("cameras", "threads", "threshold", "plausibility"):
                if setting in detector:
                    message = f"has no effect on '{WORLD_OBJECTS}', which the robot itself finds; leave it out"
                    yield ("detectors", name, setting), message


def _detectors(content: Settings) -> Iterator[_Found]:
    detectors = _mapping(content.get("detectors"))
    for name, cue in _named(content, "cues"):
        detector = cue.get("detector")
        if isinstance(detector, str) and detector and detector not in detectors:
            yield ("cues", name, "detector"), _not_there("detector", detector, detectors)


def _labels(content: Settings, models: ModelLabels) -> Iterator[_Found]:
    detectors = dict(_named(content, "detectors"))
    for name, cue in _named(content, "cues"):
        label, detector = cue.get("label"), cue.get("detector")
        model = detectors.get(detector, {}).get("model") if isinstance(detector, str) else None
        known = _known_labels(model, models)
        if known is not None and isinstance(label, str) and label and label not in known:
            words = _not_there("label", label, known)
            yield ("cues", name, "label"), f"{words} (labels of the model '{model}')"


def _known_labels(model: object, models: ModelLabels) -> Sequence[str] | None:
    """The labels of a model; ``None`` if there is no such model, which is told elsewhere."""
    if not isinstance(model, str) or model in models or not is_path(model):
        return models.get(model) if isinstance(model, str) else None
    try:
        return labels_of(model_folder(model))
    except ModelError:
        return None


def _rule_cues(content: Settings) -> Iterator[_Found]:
    cues = _mapping(content.get("cues"))
    for index, rule in rules_of(content):
        for part in ("when", "while"):
            cue = _mapping(rule.get(part)).get("cue")
            if isinstance(cue, str) and cue and cue not in cues:
                yield ("rules", index, part, "cue"), _not_there("cue", cue, cues)


def _rule_names(content: Settings, document: Document) -> Iterator[_Found]:
    first: dict[str, int] = {}
    for index, rule in rules_of(content):
        name = rule.get("name")
        if not isinstance(name, str):
            continue
        if name in first:
            place = document.place(("rules", first[name], "name"))
            line = "" if place is None else f", in line {place.line}"
            yield ("rules", index, "name"), f"another rule has this name already{line}; give each its own"
        first.setdefault(name, index)
