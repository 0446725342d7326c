"""YAML into plain values, each with its line and column. Nothing is constructed but text, numbers, lists and mappings.

The reader works on the parser's events: it sees every repeated key, alias and tag, and nothing can be expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.nodes import ScalarNode

from spot_agent.config.complaint import Complaint, Place
from spot_agent.config.grammar import Path, canonical, holds_names
from spot_agent.config.yaml_errors import syntax_error

MAX_DEPTH = 12  # the deepest setting of config.yaml stands at 6
_CONVERTED = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null")}  # all else stays text


@dataclass
class Document:
    """A file's content and where each part of it stands.

    Attributes:
        content: Mappings, lists, text, numbers, truth values and ``None``; keys of settings in their own spelling.
        values: Place of each value.
        keys: Place of each key.
        complaints: What is wrong with the file as YAML, though it can be read on.
    """

    content: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def place(self, path: Path) -> Place | None:
        """Where a value stands, or the nearest thing around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path)


class UnreadableError(Exception):
    """The text is no YAML that can be read on."""

    def __init__(self, place: Place | None, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def read_document(text: str) -> Document:
    """Read YAML.

    Args:
        text: The file's text.

    Returns:
        Its content and places. ``content`` is ``None`` for an empty text.

    Raises:
        UnreadableError: The text is no YAML, holds two documents, or nests too deeply.
    """
    reader = _Reader(text)
    try:
        return reader.read()
    except MarkedYAMLError as error:
        raise UnreadableError(*syntax_error(error, text.splitlines())) from error
    except YAMLError as error:  # a character that YAML does not allow
        position = getattr(error, "position", 0)
        before = text[:position]
        place = Place(before.count("\n") + 1, position - before.rfind("\n"))
        raise UnreadableError(place, f"the character {text[position]!r} cannot stand in YAML; remove it") from error


class _Reader:
    """Builds a document from the parser's events."""

    def __init__(self, text: str) -> None:
        self._yaml = YAML(typ="safe", pure=True)
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self._document = Document()

    def read(self) -> Document:
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if () in self._document.values:
                    message = "a second document starts here; write everything in one, without a line '---'"
                    raise UnreadableError(_place(event), message)
                self._document.content = self._value((), next(self._events))
            elif isinstance(event, (DocumentEndEvent, StreamEndEvent)):
                continue
        return self._document

    def _value(self, path: Path, event: Event) -> Any:  # noqa: ANN401  (a YAML value is of any of five types)
        if len(path) > MAX_DEPTH:
            raise UnreadableError(_place(event), f"this is nested more than {MAX_DEPTH} levels deep")
        empty = isinstance(event, ScalarEvent) and event.implicit[0] and not event.value
        # The parser puts an empty value wherever the next word stands; a person looks for it at its key.
        self._document.values[path] = self._document.keys.get(path, _place(event)) if empty else _place(event)
        self._refuse_extras(path, event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(path, event) if isinstance(event, ScalarEvent) else None

    def _refuse_extras(self, path: Path, event: Event) -> None:
        """YAML's own machinery has no use here, and all of its dangers lie in it."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, AliasEvent):
            self._complain(path, event, f"the alias '*{anchor}' is not allowed; write the value again, or quote it")
        elif anchor:
            self._complain(path, event, f"the anchor '&{anchor}' is not allowed; remove it, or quote the value")
        elif tag:
            self._complain(path, event, f"the tag '{tag}' is not allowed; remove it, or quote the value")

    def _mapping(self, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self._events), CollectionEndEvent):
            key = self._key(path, event)
            here = (*path, key)
            if key in mapping:
                first = self._document.keys[here]
                self._complain(here, event, f"this is written twice, first in line {first.line}; remove one")
                self._skip(path, key)
                continue
            self._document.keys[here] = _place(event)
            mapping[key] = self._value(here, next(self._events))
        return mapping

    def _key(self, path: Path, event: Event) -> str:
        if not isinstance(event, ScalarEvent):
            raise UnreadableError(_place(event), "a name must be plain text, not a list or a mapping")
        self._refuse_extras((*path, event.value), event)
        return event.value if holds_names(path) else canonical(event.value)

    def _skip(self, path: Path, key: str) -> None:
        """Read a value that does not count; what is wrong within it still does."""
        places = dict(self._document.values), dict(self._document.keys)
        self._value((*path, key), next(self._events))
        self._document.values, self._document.keys = places

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), CollectionEndEvent):
            items.append(self._value((*path, len(items)), event))
        return items

    def _scalar(self, path: Path, event: ScalarEvent) -> Any:  # noqa: ANN401
        if not event.implicit[0]:  # in quotes
            return event.value
        tag = self._yaml.resolver.resolve(ScalarNode, event.value, (True, False))
        if str(tag) not in _CONVERTED:
            return event.value
        try:
            return self._yaml.constructor.construct_object(ScalarNode(tag, event.value))
        except ValueError:  # Python reads no integer of more than 4300 digits
            self._complain(path, event, "this number has too many digits")
            return None

    def _complain(self, path: Path, event: Event, message: str) -> None:
        self._document.complaints.append(Complaint(path, _place(event), message))


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
