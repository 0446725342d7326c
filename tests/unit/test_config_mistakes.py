"""Every mistake in config.yaml is told with its line, its place in words and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from spot_agent.config import ConfigError, load_config, render_problems

MODELS = {"objects": ("person", "stop sign", "chair", "dog")}

GOOD = """\
cues:
  person: {}
  stop sign: {}
rules:
  - name: sit at a sign
    when: {cue: stop sign, distance: < 6 m, seen for: 0.3 s}
    do: sit
  - name: follow people
    when:
      cue: person
      distance: 1 m .. 8 m
    do:
      follow: {distance: 2 m, speed: 0.8 m/s}
    priority: 5
"""


def problems_of(text: str | bytes, folder: Path) -> list[str]:
    path = folder / "config.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load_config(path, MODELS)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


MISTAKES = {
    "undefined cue": (
        changed("      cue: person\n", "      cue: persn\n"),
        "config.yaml:10:12: rules[2] \"follow people\" > when > cue: there is no cue 'persn'; did you mean 'person'?",
    ),
    "undefined cue in while": (
        changed("    do: sit\n", "    do: sit\n    while: {cue: stop-sign}\n"),
        'config.yaml:8:18: rules[1] "sit at a sign" > while > cue: '
        "there is no cue 'stop-sign'; did you mean 'stop sign'?",
    ),
    "a cue like no other": (
        changed("cue: stop sign,", "cue: elephant,"),
        'config.yaml:6:17: rules[1] "sit at a sign" > when > cue: '
        "there is no cue 'elephant'; there is: person, stop sign",
    ),
    "undefined detector": (
        changed("  person: {}", "  person: {detector: object}"),
        "config.yaml:2:22: cues > person > detector: there is no detector 'object'; did you mean 'objects'?",
    ),
    "label that the model lacks": (
        changed("  stop sign: {}", "  stop sign: {label: stop sing}"),
        "config.yaml:3:22: cues > stop sign > label: there is no label 'stop sing'; did you mean 'stop sign'? "
        "(labels of the model 'objects')",
    ),
    "cue whose name is no label": (
        changed("  person: {}", "  person: {}\n  visitor: {}"),
        "config.yaml:3:12: cues > visitor > label: there is no label 'visitor'; there is: person, stop sign, chair, "
        "dog (labels of the model 'objects')",
    ),
    "unknown model": (
        "detectors: {objects: {model: objets}}\n" + GOOD,
        "config.yaml:1:30: detectors > objects > model: there is no model 'objets'; did you mean 'objects'?",
    ),
    "a detector's camera that is not there": (
        "detectors: {objects: {cameras: [frontleft, frontrihgt]}}\n" + GOOD,
        "config.yaml:1:44: detectors > objects > cameras > [2]: there is no camera 'frontrihgt'; did you mean "
        "'frontright'?",
    ),
    "a detector's camera that is not configured": (
        "cameras: {left: }\ndetectors: {objects: {cameras: [back]}}\n" + GOOD,
        "config.yaml:2:33: detectors > objects > cameras > [1]: there is no camera 'back'; there is: left",
    ),
    "a detector's camera twice": (
        "detectors: {objects: {cameras: [frontleft, frontleft]}}\n" + GOOD,
        "config.yaml:1:44: detectors > objects > cameras > [2]: the camera 'frontleft' is named twice; remove one",
    ),
    "a detector without cameras": (
        "detectors: {objects: {cameras: []}}\n" + GOOD,
        "config.yaml:1:32: detectors > objects > cameras: nothing is in this list; write at least one name, or leave "
        "it out",
    ),
    "a detector's camera that is no list": (
        "detectors: {objects: {cameras: frontleft}}\n" + GOOD,
        "config.yaml:1:32: detectors > objects > cameras: 'frontleft' is not what is wanted here; write a list, each "
        "entry on a line that begins with '- '",
    ),
    "a detector's rate without a unit": (
        "detectors: {objects: {rate: 5}}\n" + GOOD,
        "config.yaml:1:29: detectors > objects > rate: 5 has no unit; write for example '5 Hz'",
    ),
    "a detector's rate beyond all cameras": (
        "detectors: {objects: {rate: 50 Hz}}\n" + GOOD,
        "config.yaml:1:29: detectors > objects > rate: must be at most 30 Hz",
    ),
    "duplicate rule name": (
        changed("name: follow people", "name: sit at a sign"),
        'config.yaml:8:11: rules[2] "sit at a sign" > name: another rule has this name already, in line 5; '
        "give each its own",
    ),
    "duplicate key": (
        changed("    priority: 5", "    priority: 5\n    priority: 6"),
        'config.yaml:15:5: rules[2] "follow people" > priority: this is written twice, first in line 14; remove one',
    ),
    "duplicate key in two spellings": (
        changed("seen for: 0.3 s", "seen for: 0.3 s, seen-for: 1 s"),
        'config.yaml:6:62: rules[1] "sit at a sign" > when > seen for: this is written twice, first in line 6; '
        "remove one",
    ),
    "near-miss of a camera": (
        "cameras: {front-left: {rate: 5 Hz}}\n" + GOOD,
        "config.yaml:1:23: cameras > front-left: Spot has no camera of this name; did you mean 'frontleft'?",
    ),
    "an image source in place of a camera": (
        "cameras: {back_fisheye_image: {}}\n" + GOOD,
        "config.yaml:1:31: cameras > back_fisheye_image: Spot has no camera of this name; did you mean 'back'?",
    ),
    "negative distance": (
        changed("< 6 m", "< -6 m"),
        "config.yaml:6:38: rules[1] \"sit at a sign\" > when > distance: a distance cannot be negative: '< -6 m'",
    ),
    "negative distance of an action": (
        changed("distance: 2 m,", "distance: -2 m,"),
        'config.yaml:13:26: rules[2] "follow people" > do > follow > distance: must be at least 0 m',
    ),
    "number without unit": (
        changed("seen for: 0.3 s", "seen for: 0.3"),
        "config.yaml:6:55: rules[1] \"sit at a sign\" > when > seen for: 0.3 has no unit; write for example '0.3 s'",
    ),
    "wrong unit": (
        changed("speed: 0.8 m/s", "speed: 0.8 m"),
        "config.yaml:13:38: rules[2] \"follow people\" > do > follow > speed: 'm' in '0.8 m' is not a unit of speed; "
        "use one of: m/s, cm/s, km/h",
    ),
    "a figure beyond all bounds": (
        changed("speed: 0.8 m/s", f"speed: {'9' * 400} m/s"),
        f"config.yaml:13:38: rules[2] \"follow people\" > do > follow > speed: '{'9' * 59}... is too large a figure",
    ),
    "a number without end": (
        changed("priority: 5", f"priority: {'9' * 5000}"),
        'config.yaml:14:15: rules[2] "follow people" > priority: this number has too many digits',
    ),
    "unknown key": (
        changed("      distance: 1 m", "      distanse: 1 m"),
        'config.yaml:11:7: rules[2] "follow people" > when > distanse: there is no such setting; '
        "did you mean 'distance'?",
    ),
    "unknown setting of an action": (
        changed("speed: 0.8 m/s", "sped: 0.8 m/s"),
        "config.yaml:13:31: rules[2] \"follow people\" > do > follow > sped: there is no such setting; "
        "did you mean 'speed'?",
    ),
    "key that belongs one level deeper": (
        changed("    priority: 5", "    confidence: 0.5"),
        'config.yaml:14:5: rules[2] "follow people" > confidence: there is no such setting here; '
        "it belongs under 'when'",
    ),
    "key like no other": (
        "safety: {colour: red}\n" + GOOD,
        "config.yaml:1:10: safety > colour: there is no such setting; known here: max speed, max turn rate, "
        "person distance, obstacle distance, min battery, max evidence age",
    ),
    "unknown section": (
        "saftey: {}\n" + GOOD,
        "config.yaml:1:1: saftey: there is no such setting; did you mean 'safety'?",
    ),
    "unknown action": (
        changed("do: sit", "do: sits"),
        "config.yaml:7:9: rules[1] \"sit at a sign\" > do: there is no action 'sits'; did you mean 'sit'?",
    ),
    "action like no other": (
        changed("do: sit", "do: dance"),
        "config.yaml:7:9: rules[1] \"sit at a sign\" > do: there is no action 'dance'; use one of: sit, stand, stop, "
        "turn to, follow, go to, pose",
    ),
    "settings that are not indented under their action": (
        changed("      follow: {distance: 2 m, speed: 0.8 m/s}", "      follow:\n      speed: 0.8 m/s"),
        'config.yaml:13:7: rules[2] "follow people" > do: a mapping is not an action; write one such as '
        "'sit', or one with its settings indented under it",
    ),
    "settings of an action that are no mapping": (
        changed("follow: {distance: 2 m, speed: 0.8 m/s}", "follow: 2 m"),
        "config.yaml:13:15: rules[2] \"follow people\" > do > follow: '2 m' is not what is wanted here; "
        "write settings, each as 'name: value'",
    ),
    "two actions": (
        changed("do: sit", "do: [sit, stand]"),
        'config.yaml:7:9: rules[1] "sit at a sign" > do: a list is not an action; write one such as '
        "'sit', or one with its settings indented under it",
    ),
    "missing key": (
        changed("    do: sit\n", ""),
        "config.yaml:5:5: rules[1] \"sit at a sign\": 'do' is missing",
    ),
    "empty value": (
        changed("priority: 5", "priority:"),
        'config.yaml:14:5: rules[2] "follow people" > priority: nothing is written here; write a whole number',
    ),
    "text for a number": (
        changed("priority: 5", "priority: high"),
        "config.yaml:14:15: rules[2] \"follow people\" > priority: 'high' is not what is wanted here; "
        "write a whole number",
    ),
    "too few": (
        "detectors: {objects: {threads: 0}}\n" + GOOD,
        "config.yaml:1:32: detectors > objects > threads: must be at least 1",
    ),
    "too much": (
        "detectors: {objects: {threshold: 100 %}}\n" + GOOD,
        "config.yaml:1:34: detectors > objects > threshold: must be less than 1",
    ),
    "unknown setting of a camera": (
        "cameras: {left: {rat: 5 Hz}}\n" + GOOD,
        "config.yaml:1:18: cameras > left > rat: there is no such setting; did you mean 'rate'?",
    ),
    "share beyond one": (
        changed("  person: {}", "  person: {confidence: 45}"),
        "config.yaml:2:24: cues > person > confidence: 45 lies outside 0 to 1",
    ),
    "too fast": (
        "safety: {max-speed: 3 m/s}\n" + GOOD,
        "config.yaml:1:21: safety > max speed: must be at most 1.6 m/s",
    ),
    "too near to people": (
        "safety: {person distance: 10 cm}\n" + GOOD,
        "config.yaml:1:27: safety > person distance: must be at least 0.5 m",
    ),
    "not a truth value": (
        "robot: {stand: maybe}\n" + GOOD,
        "config.yaml:1:16: robot > stand: 'maybe' is not what is wanted here; write true or false",
    ),
    "rules that are no list": (
        "rules: {name: x}\n",
        "config.yaml:1:8: rules: a mapping is not what is wanted here; write a list, each entry on a line that begins "
        "with '- '",
    ),
    "a rule that is no mapping": (
        GOOD + "  - sit\n",
        "config.yaml:15:5: rules[3]: 'sit' is not what is wanted here; write settings, each as 'name: value'",
    ),
    "a rule name that is a number": (
        changed("name: follow people", "name: 7"),
        'config.yaml:8:11: rules[2] > name: 7 is not what is wanted here; write text; put it in quotes if it '
        "looks like a number",
    ),
    "lost for with more": (
        changed("seen for: 0.3 s", "lost for: 1 s"),
        "config.yaml:6:11: rules[1] \"sit at a sign\" > when: 'lost for' speaks of a cue that is not there: "
        "it goes with no other figure but 'cue'",
    ),
    "following what is lost": (
        changed("      distance: 1 m .. 8 m\n", "      lost for: 1 s\n"),
        "config.yaml:8:5: rules[2] \"follow people\": 'follow' needs a cue in sight, and 'lost for' means that there "
        "is none",
    ),
    "following one thing while another is seen": (
        changed("    priority: 5", "    while: {cue: stop sign}"),
        "config.yaml:8:5: rules[2] \"follow people\": 'follow' acts on 'person', so its 'while' must speak of the same "
        "cue",
    ),
    "empty file": ("", "config.yaml: the file is empty; see the commented config.yaml that comes with the product"),
    "only comments": (
        "# nothing\n",
        "config.yaml: the file is empty; see the commented config.yaml that comes with the product",
    ),
    "a list at the top": (
        "- a\n",
        "config.yaml:1:1: the file must hold sections such as 'cues:' and 'rules:' at its top",
    ),
    "text at the top": (
        "hello\n",
        "config.yaml:1:1: the file must hold sections such as 'cues:' and 'rules:' at its top",
    ),
    "not UTF-8": (
        "cues:\n  person: {}  # f\xfcr".encode("latin-1"),
        "config.yaml:2:18: this is not text in UTF-8 (byte 0xfc); save the file as UTF-8",
    ),
    "too large": (b"#" * 1_000_001, "config.yaml: it is larger than 1,000,000 bytes, so it is hardly a configuration"),
    "tab": (
        "cues:\n\tperson: {}\n",
        "config.yaml:2:1: there is a tab here; indent with spaces",
    ),
    "character that YAML forbids": (
        "cues:\n  per\x07son: {}\n",
        "config.yaml:2:6: the character '\\x07' cannot stand in YAML; remove it",
    ),
    "greater-than without quotes": (
        changed("distance: 1 m .. 8 m", "distance: > 1 m"),
        "config.yaml:11:17: a value that begins with '>' or '|' needs quotes, for example '> 1 m' in quotes",
    ),
    "bracket that is never closed": (
        changed("0.8 m/s}", "0.8 m/s"),
        "config.yaml:13:15: a '{' is opened here, and no '}' or ',' follows where it should",
    ),
    "list that is never closed": (
        "rules: [a, b\n",
        "config.yaml:1:8: a '[' is opened here, and no ']' or ',' follows where it should",
    ),
    "quotation mark that is never closed": (
        "cues:\n  'person: {}\n",
        "config.yaml:2:3: a quotation mark is opened here and never closed",
    ),
    "backslash": (
        'cues:\n  "a\\q": {}\n',
        "config.yaml:2:3: in double quotes a backslash has a meaning; use single quotes",
    ),
    "wrong indentation": (
        "cues:\n   person: {}\n  stop sign: {}\n",
        "config.yaml:3:3: this line is not indented like the lines that it belongs to",
    ),
    "colon in a value": (
        changed("name: follow people", "name: follow: people"),
        "config.yaml:8:17: a ':' is not expected here; check the indentation, or quote the text",
    ),
    "list entry in a value": (
        "rules: - a\n",
        "config.yaml:1:8: a list entry '- ' cannot stand here; begin it on a line of its own",
    ),
    "missing space after a colon": (
        "cues:\n  person:{}\n  dog: {}\n",
        "config.yaml:3:6: a ':' is not expected here; check the indentation, or quote the text",
    ),
    "missing value": ("cues: }\n", "config.yaml:1:7: a value is missing before '}'"),
    "bracket too many": ("{cues: {}}}\n", "config.yaml:1:11: '}' is not expected here"),
    "value that begins with a sign": ("cues: @x\n", "config.yaml:1:7: a value cannot begin with '@'; put it in quotes"),
    "ampersand": ("cues: & x\n", "config.yaml:1:7: a value cannot begin with '&' or '*'; put it in quotes"),
    "directive": ("%YAML 3.0\n---\ncues: {}\n", "config.yaml:1:1: a line cannot begin with '%'"),
    "second document": (
        GOOD + "---\nrules: []\n",
        "config.yaml:15:1: a second document starts here; write everything in one, without a line '---'",
    ),
    "list as a name": ("? [a]\n: b\n", "config.yaml:1:3: a name must be plain text, not a list or a mapping"),
    "anchor": (
        changed("  person: {}", "  person: &p {}"),
        "config.yaml:2:11: cues > person: the anchor '&p' is not allowed; remove it, or quote the value",
    ),
    "tag": (
        changed("  person: {}", "  person: !!python/object/apply:os.system ['false']"),
        "config.yaml:2:11: cues > person: the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed; "
        "remove it, or quote the value",
    ),
    "nested without end": ("cues: " + "[" * 5000, "config.yaml:1:19: this is nested more than 12 levels deep"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_told_in_the_first_problem(text: str | bytes, expected: str, tmp_path: Path) -> None:
    assert expected in problems_of(text, tmp_path)[:1]


def test_good_file_has_none(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(GOOD)
    assert [rule.name for rule in load_config(path, MODELS).rules] == ["sit at a sign", "follow people"]


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace("do: sit", "do: sti").replace("< 6 m", "6").replace("priority: 5", "prio: 5")
    text = text.replace("  person: {}", "  person: {label: persn}")
    lines = [int(problem.split(":")[1]) for problem in problems_of(text, tmp_path)]
    assert lines == [2, 6, 7, 14]


def test_missing_file_and_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, words in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "this is a folder"),
        (tmp_path / "file" / "config.yaml", "it cannot be read: "),
    ):
        with pytest.raises(ConfigError, match=words) as caught:
            load_config(path, MODELS)
        assert caught.value.exit_code == 2
        assert caught.value.problems[0].line is None


def test_aliases_explode_into_nothing(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert any("the alias '*h' is not allowed" in problem for problem in problems_of(bomb, tmp_path))


def test_rendering_puts_a_caret_under_the_place(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(changed("  stop sign: {}", "  stop sign: {label: stop sing}"))
    with pytest.raises(ConfigError) as caught:
        load_config(path, MODELS)
    _, source, caret = render_problems(caught.value.problems).splitlines()
    assert source.strip() == "stop sign: {label: stop sing}"
    assert source[caret.index("^") :] == "stop sing}"
