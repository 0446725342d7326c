"""Look into a ``.keras`` file before anything in it is believed.

Such a file is a zip of three members: what the network is made of (``config.json``), its weights (``model.weights.h5``)
and when it was saved (``metadata.json``). Here it is taken apart with bounds on everything, in pure Python, without
Keras. ``models.network_config`` judges the first and ``models.weights_file`` the second.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from models.bounded_file import MEBIBYTE
from models.errors import ModelLoadError
from models.network_config import check_network_config, read_json

MOST_BYTES = 256 * MEBIBYTE
"""How large a model may be, as a file and unpacked: 64 million parameters in float32."""

MEMBERS = {"metadata.json": 64 * 1024, "config.json": 16 * MEBIBYTE, "model.weights.h5": MOST_BYTES}
"""The members of a ``.keras`` file, and how large each may be."""

_MOST_EXPANSION = 20  # trained weights hardly shrink, and JSON shrinks by about this
_EXPECTED = "expected a native Keras 3 model, as model.save('model.keras') writes it"

# What broken or hostile archives make the standard library raise.
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError,
    ValueError,
)  # fmt: skip

_LOOK_ALIKES = (
    (b"\x89HDF\r\n\x1a\n", "this is an HDF5 file, perhaps of Keras 2; save it anew as model.keras"),
    (b"\x80", "this looks like a Python pickle, which is never loaded"),
    (b"\x1f\x8b", "this is a gzip archive"),
    (b"BZh", "this is a bzip2 archive"),
    (b"\xfd7zXZ", "this is an xz archive"),
    (b"PK\x05\x06", "this is an archive without content"),
)


@dataclass(frozen=True, eq=False)
class KerasFile:
    """A ``.keras`` file, unpacked and found to be harmless as far as can be told without reading its weights.

    Attributes:
        config: What the network is made of.
        weights: An HDF5 file, see ``models.weights_file``.
    """

    config: dict[str, object]
    weights: bytes


def open_keras_file(content: bytes) -> KerasFile:
    """Take a ``.keras`` file apart.

    Args:
        content: The whole file.

    Returns:
        Its parts.

    Raises:
        ModelLoadError: It is no ``.keras`` file, is damaged, would take too much memory, or names what may not be in a
            network. The message does not name the file, since only its content is known here.
    """
    _check_kind(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive.infolist())
            parts = {name: archive.read(name) for name in MEMBERS}
    except _ZIP_ERRORS as error:
        raise ModelLoadError(f"the archive is damaged or cut short ({error}); {_EXPECTED}") from error
    metadata = read_json(parts["metadata.json"], "metadata.json")
    saved_by = metadata.get("keras_version")
    if not isinstance(saved_by, str) or not saved_by.startswith("3."):
        raise ModelLoadError(f"it was saved by Keras {str(saved_by)[:20]!r}; {_EXPECTED}")
    config = read_json(parts["config.json"], "config.json")
    check_network_config(config)
    return KerasFile(config, parts["model.weights.h5"])


def _check_kind(content: bytes) -> None:
    if content.startswith(b"PK\x03\x04"):
        return
    kind = next((words for start, words in _LOOK_ALIKES if content.startswith(start)), "this is no zip archive")
    if content[4:8] == b"TFL3":
        kind = "this is a LiteRT model; its Keras source is needed"
    raise ModelLoadError(f"{kind}; {_EXPECTED}")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if any(name.endswith((".pkl", ".pickle")) for name in names):
        raise ModelLoadError(f"it holds Python pickles, as PyTorch's files do, which are never loaded; {_EXPECTED}")
    if sorted(names) != sorted(MEMBERS):
        found = ", ".join(repr(name[:60]) for name in names[:6]) + (", ..." if len(names) > 6 else "")
        raise ModelLoadError(f"the archive holds {found or 'nothing'} instead of {', '.join(MEMBERS)}; {_EXPECTED}")
    for member in members:
        # Nothing is read beyond the size that is claimed, and whoever claims less than there is fails its checksum.
        if member.file_size > MEMBERS[member.filename]:
            raise ModelLoadError(
                f"{member.filename} would unpack to {member.file_size:,} bytes, more than the "
                f"{MEMBERS[member.filename]:,} that are allowed"
            )
        if member.file_size > 4096 and member.file_size > _MOST_EXPANSION * member.compress_size:
            raise ModelLoadError(
                f"{member.filename} would unpack from {member.compress_size:,} to {member.file_size:,} bytes: "
                f"no model shrinks so well, so this is made to fill the memory; {_EXPECTED}"
            )
