"""From a YAML file to validated models, and from a mistake to the line where it was made."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from simulator.errors import SceneError

Location = Sequence[str | int]


def read_yaml(path: Path) -> CommentedMap:
    """Parse a file whose top level is a mapping.

    Raises:
        SceneError: It cannot be read, is not YAML, or is not a mapping.
    """
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SceneError(f"{path}: cannot be read: {error}") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SceneError(f"{path}, line {line}: this is not YAML: {error.problem}") from error
    except YAMLError as error:
        raise SceneError(f"{path}: this is not YAML: {error}") from error
    if not isinstance(document, CommentedMap):
        raise SceneError(f"{path}: a scene starts with keys such as name, duration and objects")
    return document


def line_of(document: Any, location: Location) -> int:  # noqa: ANN401  (any YAML node)
    """The line, from 1, of the key or item that a location leads to, or of its nearest parent."""
    node, line = document, 1
    for part in location:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            continue
        node = node[part]
    return int(line)


def nearest(word: object, known: Iterable[str]) -> str:
    """``'; did you mean motion?'``, or the whole list if nothing is near."""
    names = sorted(known)
    near = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(names)}"


def explain(path: Path, document: CommentedMap, error: ValidationError, model: type[BaseModel]) -> SceneError:
    """The first mistake that pydantic found, told with its file, line and key."""
    detail = error.errors(include_url=False)[0]
    location = tuple(detail["loc"])
    line = line_of(document, location)
    keys = [str(part) for part in location if _is_in_file(document, location, part)]
    return SceneError(f"{path}, line {line}, {'.'.join(keys) or 'top level'}: {_reason(detail, model)}")


def _is_in_file(document: Any, location: Location, wanted: str | int) -> bool:  # noqa: ANN401
    """Whether a part of pydantic's location is a key of the file, not the name of one of a union's members."""
    node = document
    for part in location:
        found = (isinstance(node, CommentedMap) and part in node) or (
            isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node)
        )
        if part == wanted:
            return found or part == location[-1]
        node = node[part] if found else node
    return False


def _reason(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context, last = detail["type"], detail.get("ctx", {}), detail["loc"][-1] if detail["loc"] else ""
    if kind == "extra_forbidden":
        return f"unknown key{nearest(last, _keys_beside(detail['loc'], model))}"
    if kind == "union_tag_invalid":
        known = [word.strip().strip("'") for word in str(context["expected_tags"]).split(", ")]
        key = str(context["discriminator"]).strip("'")
        return f"unknown {key} {context['tag']!r}{nearest(context['tag'], known)}"
    if kind == "union_tag_not_found":
        key = str(context["discriminator"]).strip("'")
        return f"the key {key} is missing"
    if kind == "literal_error":
        known = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"unknown value {detail['input']!r}{nearest(detail['input'], known)}"
    if kind == "missing":
        return "this key is missing"
    return detail["msg"].removeprefix("Value error, ")


def _keys_beside(location: Location, model: type[BaseModel]) -> list[str]:
    """The keys that are allowed where the unknown one was written."""
    schema = TypeAdapter(model).json_schema()
    node: dict[str, Any] = schema
    for part in location[:-1]:
        node = _descend(node, part, schema)
    return list(_resolve(node, schema).get("properties", {}))


def _descend(node: dict[str, Any], part: str | int, schema: dict[str, Any]) -> dict[str, Any]:
    node = _resolve(node, schema)
    if isinstance(part, int):
        return dict(node.get("items", {}))
    if "discriminator" in node and part in node["discriminator"]["mapping"]:
        return {"$ref": node["discriminator"]["mapping"][part]}
    return dict(node.get("properties", {}).get(part, node))


def _resolve(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references and skip the null of optional values."""
    for option in node.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolve(option, schema)
    if "$ref" in node:
        return _resolve(schema["$defs"][node["$ref"].rsplit("/", 1)[-1]], schema)
    return node
