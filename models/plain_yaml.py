"""Read YAML of unknown origin: text, numbers, lists and mappings, without YAML's own machinery."""

from __future__ import annotations

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

_MOST_DEPTH = 16


def read_plain_yaml(content: bytes) -> object:
    """Read a YAML file that may be damaged or hostile.

    Args:
        content: The file's content; whoever reads it bounds its size.

    Returns:
        What it holds.

    Raises:
        ValueError: It is not YAML in UTF-8, nests too deeply, or uses anchors, aliases or tags.
    """
    text = content.decode("utf-8-sig")
    try:
        depth = 0
        for event in YAML(typ="safe", pure=True).parse(text):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > _MOST_DEPTH:
                raise ValueError(f"line {event.start_mark.line + 1}: it nests too deeply")
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
                raise ValueError(f"line {event.start_mark.line + 1}: anchors, aliases and tags are not allowed")
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
