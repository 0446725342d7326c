"""What config.yaml may leave out, how it may be spelt, its warnings, and what no mistake may look like."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from behaviors import SafetyLimits
from spot_agent.config import (
    AgentConfig,
    CameraConfig,
    ConfigError,
    CueConfig,
    DetectorConfig,
    check_config,
    load_config,
    problem_records,
    render_problems,
    shipped_models,
)

MODELS = {"objects": ("person", "stop sign", "chair"), "cards": ("stop card",)}


def load(text: str, folder: Path) -> AgentConfig:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, MODELS)


def warnings_of(text: str, folder: Path) -> list[str]:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return [str(warning).removeprefix(f"{folder}/config.yaml:") for warning in check_config(path, MODELS).warnings]


def test_a_minimal_file_is_two_lines(tmp_path: Path) -> None:
    config = load("cues: {person: }\nrules: [{name: x, when: {cue: person}, do: sit}]\n", tmp_path)
    assert config.cues == {"person": CueConfig(detector="objects", label="person", keep_distance=True)}
    assert config.detectors == {"objects": DetectorConfig(model="objects")}
    assert config.cameras == {"frontleft": CameraConfig(rate="10 Hz"), "frontright": CameraConfig(rate="10 Hz")}
    assert config.safety == SafetyLimits()
    assert (config.robot.power_on, config.robot.stand) == (True, True)
    assert (config.tracking.confirm, config.tracking.forget_after) == (2, 1.5)


def test_sections_may_be_empty_and_rules_an_empty_list(tmp_path: Path) -> None:
    text = "robot:\ncameras:\ndetectors:\ncues:\ntracking:\nrules: []\nsafety:\n"
    assert load(text, tmp_path) == AgentConfig()


def test_a_cue_takes_the_only_detector_and_its_own_name(tmp_path: Path) -> None:
    config = load("detectors: {cards: }\ncues: {stop card: {confidence: 60 %}}\n", tmp_path)
    expected = CueConfig(detector="cards", label="stop card", confidence=0.6, keep_distance=False)
    assert config.cues["stop card"] == expected


def test_of_several_detectors_a_cue_takes_the_one_called_objects_or_must_say(tmp_path: Path) -> None:
    config = load("detectors: {cards: , objects: }\ncues: {person: }\n", tmp_path)
    assert config.cues["person"].detector == "objects"
    with pytest.raises(ConfigError, match=":2:8: cues > person: 'detector' is missing"):
        load("detectors: {cards: , things: {model: objects}}\ncues: {person: }\n", tmp_path)


def test_detectors_have_cameras_and_rates_of_their_own(tmp_path: Path) -> None:
    text = "detectors: {objects: , cards: {cameras: [frontleft], rate: 5 Hz}}\ncues: {person: }\n"
    config = load(text, tmp_path)
    objects, cards = config.detectors["objects"], config.detectors["cards"]
    assert (objects.cameras, objects.rate) == (None, None)
    assert (cards.cameras, cards.rate) == (["frontleft"], 5.0)
    assert [objects.looks_through("frontright"), cards.looks_through("frontright")] == [True, False]
    assert [config.look_rate(name, "frontleft") for name in ("objects", "cards", "unknown")] == [10.0, 5.0, 10.0]


def test_what_the_robot_reports_needs_no_model(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("detectors: {tags: {model: world objects}}\ncues: {tag 350: }\n")
    config = load_config(path)
    assert config.cues["tag 350"].detector == "tags"
    assert config.look_rate("tags", "no camera of ours") == 5.0
    assert not config.detectors["tags"].looks_through("frontleft")


def test_a_person_by_another_name_is_a_person(tmp_path: Path) -> None:
    assert load("cues: {visitor: {label: person}}", tmp_path).cues["visitor"].keep_distance


@pytest.mark.parametrize("spelling", ["seen for", "seen-for", "seen_for", "seen  for"])
def test_settings_may_be_spelt_with_spaces_hyphens_or_underscores(spelling: str, tmp_path: Path) -> None:
    text = f"cues: {{person: }}\nrules: [{{name: x, when: {{cue: person, {spelling}: 2 s}}, do: {{go-to: }}}}]\n"
    rule = load(text, tmp_path).rules[0]
    assert (rule.when.seen_for, rule.do.name) == (2.0, "go_to")


def test_names_are_left_as_they_are(tmp_path: Path) -> None:
    text = "cues: {my-own cue_name: {label: chair}}\nrules: [{name: a-b c_d, when: {cue: my-own cue_name}, do: sit}]\n"
    config = load(text, tmp_path)
    assert (list(config.cues), config.rules[0].name) == (["my-own cue_name"], "a-b c_d")


def test_payload_cameras_may_have_any_name(tmp_path: Path) -> None:
    assert list(load("cameras: {hand: , ptz: {rate: 2 Hz}, back: }", tmp_path).cameras) == ["hand", "ptz", "back"]


def test_byte_order_mark_and_quoted_keys(tmp_path: Path) -> None:
    assert load("\ufeffcues: {'person': {\"confidence\": 0.5}}", tmp_path).cues["person"].confidence == 0.5


def test_shipped_models_know_people_and_stop_signs() -> None:
    assert {"person", "stop sign"} <= set(shipped_models()["objects"])


def test_configuration_never_changes() -> None:
    with pytest.raises(ValueError, match="frozen"):
        AgentConfig().robot = None  # type: ignore[assignment,misc]  # that is the point


RULE = "rules:\n- {name: a, when: {cue: person}, do: turn to}\n"

WARNINGS = {
    "unused cue": ("cues: {person: , chair: }\n" + RULE, ["1:18: cues > chair: no rule uses this cue"]),
    "a person whom no rule speaks of is still kept at a distance": ("cues: {person: }\n", []),
    "people without a distance": (
        "cues: {person: {keep distance: false}}\n" + RULE,
        ["1:32: cues > person > keep distance: the robot will not keep its distance from these people"],
    ),
    "a rule that asks for less confidence than its cue": (
        "cues: {person: {confidence: 0.5}}\nrules:\n- {name: a, when: {cue: person, confidence: 0.4}, do: sit}\n",
        ["3:45: rules[1] \"a\" > when > confidence: the cue 'person' itself asks for 0.5; to act on less, lower that"],
    ),
    "a cue that asks for less confidence than its detector": (
        "detectors: {objects: {threshold: 0.6}}\ncues: {person: {confidence: 0.5}}\n" + RULE,
        ["2:29: cues > person > confidence: has no effect: its detector already asks for 0.6"],
    ),
    "a detector that is quicker than its camera": (
        "cameras: {left: {rate: 5 Hz}, right: {rate: 15 Hz}}\ndetectors: {objects: {rate: 8 Hz}}\n"
        "cues: {person: }\nrules: [{name: a, when: {cue: person}, do: sit}]\n",
        [
            "2:29: detectors > objects > rate: is more than the camera 'left' gives, which is 5 pictures a second",
        ],
    ),
    "motion towards what is rarely looked for": (
        "detectors: {objects: , cards: {rate: 1 Hz}}\ncues: {stop card: {detector: cards}}\n"
        "rules: [{name: a, when: {cue: stop card}, do: turn to}]\n",
        [
            '3:47: rules[1] "a" > do: moves in jerks or not at all: its cue is looked for 1 times a second, and the '
            "robot moves on no picture older than 0.5 s; let the detector look at 4 Hz or more"
        ],
    ),
    "a posture at what is rarely looked for": (
        "detectors: {objects: , cards: {rate: 1 Hz}}\ncues: {stop card: {detector: cards}}\n"
        "rules: [{name: a, when: {cue: stop card}, do: sit}]\n",
        [],
    ),
    "people who are rarely looked for, and a robot that walks": (
        "detectors: {objects: {rate: 2 Hz}, cards: }\ncues: {person: , stop card: {detector: cards}}\n"
        "rules: [{name: a, when: {cue: stop card}, do: follow}]\n",
        [
            "2:8: cues > person > detector: is looked for 2 times a second: the robot may walk up to 0.8 m before it "
            "keeps its distance from somebody who comes; let the detector look at 4 Hz or more"
        ],
    ),
    "people who are looked for elsewhere, and a robot that walks": (
        "detectors: {objects: {cameras: [frontleft]}}\ncues: {person: }\n"
        "rules: [{name: a, when: {cue: person}, do: follow}]\n",
        ["1:1: cameras > frontright: nobody looks for people through 'frontright', and the robot walks that way"],
    ),
    "equal priorities": (
        "cues: {person: }\n" + RULE + "- {name: b, when: {cue: person}, do: sit}\n",
        [
            "4:3: rules[2] \"b\" > priority: has the same priority (0) as 'a' on the same cue; "
            "of the two, the one that acts already goes on, and else the first in the file acts"
        ],
    ),
    "equal priorities of seen and lost": (
        "cues: {person: }\n" + RULE + "- {name: b, when: {cue: person, lost for: 1 s}, do: stand}\n",
        [],
    ),
    "while apart from when": (
        "cues: {person: }\nrules:\n- name: a\n  when: {cue: person, distance: < 2 m}\n  do: sit\n"
        "  while: {cue: person, distance: 3 m .. 4 m}\n",
        ["6:10: rules[1] \"a\" > while: can never hold when 'when' does, so the rule ends as soon as it starts"],
    ),
    "while lost although seen": (
        "cues: {person: }\nrules:\n- {name: a, when: {cue: person}, do: sit, while: {cue: person, lost for: 1 s}}\n",
        ["3:50: rules[1] \"a\" > while: can never hold when 'when' does, so the rule ends as soon as it starts"],
    ),
    "nearer and faster than safety allows": (
        "cues: {person: }\nrules:\n- name: a\n  when: {cue: person}\n"
        "  do: {follow: {distance: 1 m, speed: 1 m/s, turn rate: 90 deg/s}}\n",
        [
            '5:27: rules[1] "a" > do > follow > distance: is never reached: safety > person distance is 1.2 m',
            '5:39: rules[1] "a" > do > follow > speed: is never reached: safety > max speed is 0.8 m/s',
            '5:57: rules[1] "a" > do > follow > turn rate: is never reached: safety > max turn rate is 1 rad/s',
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_cannot_be_meant_is_told(text: str, expected: list[str], tmp_path: Path) -> None:
    assert warnings_of(text, tmp_path) == expected


def test_problems_for_programs_and_for_people(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load("cues:\n\tperson: {}\n", tmp_path)
    file = str(tmp_path / "config.yaml")
    assert json.loads(json.dumps(problem_records(caught.value.problems))) == [
        {"file": file, "line": 2, "column": 1, "message": "there is a tab here; indent with spaces"}
    ]
    assert render_problems(caught.value.problems, "error") == (
        f"{file}:2:1: error: there is a tab here; indent with spaces\n    \tperson: {{}}\n    ^"
    )
    assert str(caught.value) == f"{file}:2:1: there is a tab here; indent with spaces"


def test_a_problem_of_the_whole_file_shows_no_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load("", tmp_path)
    assert render_problems(caught.value.problems).count("\n") == 0


FULL: dict[str, Any] = {
    "robot": {"power on": True, "stand": False},
    "cameras": {"frontleft": {"rate": "10 Hz", "depth": True}},
    "detectors": {
        "objects": {"model": "objects", "cameras": ["frontleft"], "rate": "5 Hz", "threads": 1, "threshold": 0.3}
    },
    "cues": {"person": {"detector": "objects", "label": "person", "confidence": 0.5, "keep distance": True}},
    "tracking": {"confirm": 2, "forget after": "1 s"},
    "rules": [
        {
            "name": "a",
            "when": {"cue": "person", "confidence": 0.5, "distance": "< 5 m", "bearing": "< 9 deg", "seen for": "1 s"},
            "do": {"follow": {"distance": "2 m", "speed": "1 m/s", "turn rate": "1 rad/s"}},
            "while": {"cue": "person"},
            "priority": 1,
            "cooldown": "1 s",
        },
        {"name": "b", "when": {"cue": "person", "lost for": "1 s"}, "do": {"pose": {"roll": "1 deg", "hold": "1 s"}}},
        {"name": "c", "when": {"cue": "person"}, "do": {"go to": {"distance": "2 m"}}, "priority": 7},
        {"name": "d", "when": {"cue": "person"}, "do": "sit", "priority": 9},
    ],
    "safety": {
        "max speed": "1 m/s",
        "max turn rate": "1 rad/s",
        "person distance": "1 m",
        "obstacle distance": "1 m",
        "min battery": 0.2,
        "max evidence age": "0.4 s",
    },
}
JARGON = re.compile(
    r"Input should|Extra inputs|Field required|validation error|Value error|https?://|pydantic|\[type=|"
    r"\bdict\b|\bstr\b|\bNone\b|\bTrue\b|\bFalse\b|<class|Traceback|cannot stand here"
)
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**18, 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", "2 m", "-2 m", "9 m/s", "-1 s", "1000000 Hz", "90 deg", "person", "sit", "300 %", "> 5 m", "1.5"]
    )
    | st.text("abz -_.:", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["cue", "a", "sit"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def paths_in(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in inner for found in paths_in(item, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


def test_full_file_is_good(tmp_path: Path) -> None:
    assert len(load(json.dumps(FULL), tmp_path).rules) == 4


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(paths_in(FULL)[1:]), value=junk)
def test_no_value_anywhere_brings_out_the_librarys_own_words(
    path: tuple[Any, ...], value: object, tmp_path: Path
) -> None:
    try:
        load(json.dumps(replaced(FULL, path, value), indent=1), tmp_path)
    except ConfigError as error:
        for problem in error.problems:
            assert not JARGON.search(problem.message), problem.message
            assert problem.line is not None
            assert problem.column is not None


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text("ab:-[]{}'\"#&*!|>%@`,? \n\t\\0", max_size=40))
def test_any_text_is_read_or_refused_in_plain_words(text: str, tmp_path: Path) -> None:
    try:
        load(text, tmp_path)
    except ConfigError as error:
        for problem in error.problems:
            assert not JARGON.search(problem.message), problem.message
            assert "expected" not in problem.message or "not expected here" in problem.message, problem.message
