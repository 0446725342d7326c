"""A YAML parser's complaints in words for people who do not know its vocabulary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ruamel.yaml.error import MarkedYAMLError

from spot_agent.config.complaint import Place

# The parser's words, and what to tell a person; the first that occurs counts.
_MEANINGS = (
    (r"found character '\\t'", "there is a tab here; indent with spaces"),
    (r"found a tab", "there is a tab here; indent with spaces"),
    (r"found character '([%@`])'", r"a value cannot begin with '\1'; put it in quotes"),
    (
        r"while scanning a block scalar",
        "a value that begins with '>' or '|' needs quotes, for example '> 1 m' in quotes",
    ),
    (r"while scanning a quoted scalar.*end of stream", "a quotation mark is opened here and never closed"),
    (r"while scanning a double-quoted scalar", "in double quotes a backslash has a meaning; use single quotes"),
    (r"mapping values are not allowed here", "a ':' is not expected here; check the indentation, or quote the text"),
    (r"sequence entries are not allowed here", "a list entry '- ' cannot stand here; begin it on a line of its own"),
    (r"while parsing a flow sequence", "a '[' is opened here, and no ']' or ',' follows where it should"),
    (r"while parsing a flow mapping", "a '{' is opened here, and no '}' or ',' follows where it should"),
    (r"while parsing a block (mapping|collection)", "this line is not indented like the lines that it belongs to"),
    (r"expected the node content, but found '(.)'", r"a value is missing before '\1'"),
    (r"expected '<document start>', but found \('(.+)',\)", r"'\1' is not expected here"),
    (r"could not find expected ':'", "a ':' is missing after this name"),
    (r"while scanning an? (anchor|alias)", "a value cannot begin with '&' or '*'; put it in quotes"),
    (r"while (scanning|parsing) an? tag", "a value cannot begin with '!'; put it in quotes"),
    (r"directive|YAML document", "a line cannot begin with '%'"),
)


def syntax_error(error: MarkedYAMLError, lines: Sequence[str]) -> tuple[Place | None, str]:
    """Say where a text stops being YAML, and why.

    Args:
        error: What the parser raised.
        lines: The text.

    Returns:
        The place and the message.
    """
    complaint = f"{error.context or ''}: {error.problem or ''}"
    message = "this is not valid YAML; check the indentation and the punctuation"
    for pattern, meaning in _MEANINGS:
        if found := re.search(pattern, complaint, re.DOTALL):
            message = found.expand(meaning)
            break
    # What was opened and never closed is noticed only at the end of the file; the person needs its beginning.
    opened = re.search(r"flow|quoted|block scalar|anchor|alias|tag", error.context or "")
    mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
    if mark is None:
        return None, message
    line = min(mark.line, max(0, len(lines) - 1))
    return Place(line + 1, mark.column + 1), message
