"""What the validation library found, in words for a person who has never heard of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from behaviors.quantities import Dimension, shown
from spot_agent.config.grammar import Path, readable, section_at, settings_of, suggestion


def explain(error: ErrorDetails, path: Path) -> str:
    """Say what is wrong with one value.

    Args:
        error: What was found.
        path: Where, as it stands in the file.

    Returns:
        The message, without its place.
    """
    words = _WORDS.get(error["type"])
    if words is None:
        return f"{shown(error['input'])} cannot stand here"
    return words(error, path)


def _own(error: ErrorDetails, _: Path) -> str:
    """Our own validators speak plainly already."""
    return str(error["ctx"]["error"])


def _unknown(_: ErrorDetails, path: Path) -> str:
    section = section_at(path[:-1])
    known = settings_of(section) if section else {}
    wrong = readable(str(path[-1]))
    near = suggestion(wrong, map(readable, known))
    if near:
        return f"there is no such setting{near}"
    for key in known:
        inner = section_at((*path[:-1], key))
        if inner and path[-1] in settings_of(inner):
            return f"there is no such setting here; it belongs under '{readable(key)}'"
    return f"there is no such setting; known here: {', '.join(map(readable, known)) or 'none'}"


def _bound(words: str, key: str) -> Callable[[ErrorDetails, Path], str]:
    def explain_bound(error: ErrorDetails, path: Path) -> str:
        return f"must be {words} {_figure(float(error['ctx'][key]), path)}"

    return explain_bound


def _figure(value: float, path: Path) -> str:
    """A bound in the first unit of its setting's dimension."""
    section = section_at(path[:-1])
    name = settings_of(section).get(str(path[-1])) if section else None
    dimension = _dimension(section.model_fields[name]) if section and name else None
    if dimension is None:
        return f"{value:g}"
    unit, factor = next(iter(dimension.units.items()))
    return f"{value / factor:g} {unit}"


def _dimension(field: FieldInfo) -> Dimension | None:
    """The kind of figure that a setting holds; the marks of one that may be left out stand in its type."""
    marks = [
        *field.metadata,
        *(mark for part in get_args(field.annotation) for mark in getattr(part, "__metadata__", ())),
    ]
    return next((mark for mark in marks if isinstance(mark, Dimension)), None)


def _wanted(what: str) -> Callable[[ErrorDetails, Path], str]:
    def explain_wanted(error: ErrorDetails, _: Path) -> str:
        given = error["input"]
        if given is None:
            return f"nothing is written here; write {what}"
        return f"{shown(given)} is not what is wanted here; write {what}"

    return explain_wanted


def _said(words: str) -> Callable[[ErrorDetails, Path], str]:
    return lambda _error, _path: words


def _missing(error: ErrorDetails, _: Path) -> str:
    return f"'{readable(str(error['loc'][-1]))}' is missing"


_A_NUMBER = _wanted("a whole number")
_TRUE_OR_FALSE = _wanted("true or false")
_A_MAPPING = _wanted("settings, each as 'name: value'")

_WORDS: Mapping[str, Callable[[ErrorDetails, Path], str]] = {
    "value_error": _own,
    "missing": _missing,
    "extra_forbidden": _unknown,
    "greater_than": _bound("more than", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("less than", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "bool_type": _TRUE_OR_FALSE,
    "bool_parsing": _TRUE_OR_FALSE,
    "int_type": _A_NUMBER,
    "int_parsing": _A_NUMBER,
    "int_parsing_size": _A_NUMBER,
    "int_from_float": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "string_type": _wanted("text; put it in quotes if it looks like a number"),
    "string_too_short": _said("nothing is written here; write a name"),
    "list_type": _wanted("a list, each entry on a line that begins with '- '"),
    "too_short": _said("nothing is in this list; write at least one name, or leave it out"),
    "dict_type": _A_MAPPING,
    "model_type": _A_MAPPING,
}
"""Words for each type of error that the sections of config.yaml can give rise to."""
