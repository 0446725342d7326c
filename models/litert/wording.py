"""Messages of Keras and TensorFlow, made short."""

from __future__ import annotations

import re

_LONGEST = 300
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_DUMPS = re.compile(r"(Arguments received by|Full object config|Full config|config=\{|\[Op:|List of objects that)")


def in_one_line(text: str) -> str:
    """Shorten a message to one line: without colours, line breaks, and the dumps that follow the point.

    Args:
        text: The message.

    Returns:
        One line of printable text, at most 300 characters.
    """
    words = " ".join(_COLOURS.sub("", text).split())
    words = "".join(character for character in words if character.isprintable())
    dump = _DUMPS.search(words, 20)
    if dump:
        words = words[: dump.start()].rstrip(" :;,.")
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."
