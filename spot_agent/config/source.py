"""The file itself: found, of a sensible size, and text."""

from __future__ import annotations

from pathlib import Path

from spot_agent.errors import ConfigError, Problem

MAX_BYTES = 1_000_000  # a configuration of this size is a mistake, and would take a minute to read


def read_text(path: Path) -> str:
    """Read a configuration file.

    Args:
        path: The file.

    Returns:
        Its text, without a byte order mark.

    Raises:
        ConfigError: There is no such file, it cannot be read, is too large, or is not text in UTF-8.
    """
    try:
        # A size is asked of the open file, not of its name: the name can mean another file a moment later.
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(raw) > MAX_BYTES:
        raise _whole_file(path, f"it is larger than {MAX_BYTES:,} bytes, so it is hardly a configuration")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        message = f"this is not text in UTF-8 (byte {raw[error.start]:#04x}); save the file as UTF-8"
        raise ConfigError([Problem(str(path), line, column, message)]) from error


def _whole_file(path: Path, message: str) -> ConfigError:
    return ConfigError([Problem(str(path), None, None, message)])


def _unreadable(path: Path, error: OSError) -> ConfigError:
    if isinstance(error, FileNotFoundError):
        return _whole_file(path, "there is no such file")
    if isinstance(error, IsADirectoryError):
        return _whole_file(path, f"this is a folder, not a file; did you mean '{path / 'config.yaml'}'?")
    return _whole_file(path, f"it cannot be read: {error.strerror}")
