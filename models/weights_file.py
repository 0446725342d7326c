"""What a file of weights may hold: arrays of numbers, all in the file itself.

HDF5 can do far more: a dataset may lie in another file, be put together from others, or claim a size that nothing
backs; groups may hold each other. None of it has a place among weights. This module needs h5py, which comes with Keras.
"""

from __future__ import annotations

import io
import math

import h5py

from models.errors import ModelLoadError

MOST_OBJECTS = 50_000
"""How many groups and arrays there may be; a layer takes about three."""

_MOST_DEPTH = 64
_NUMBERS = "biuf"
# What h5py raises on files that are damaged.
_HDF5_ERRORS = (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, OverflowError)


def check_weights(content: bytes, most_bytes: int) -> None:
    """Make sure that an HDF5 file holds nothing but arrays of numbers.

    Args:
        content: The whole file.
        most_bytes: How much memory its arrays may take together.

    Raises:
        ModelLoadError: It is no HDF5 file, is damaged, refers to other files, or holds too much.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            total = _Walk(most_bytes).size(file, 0)
    except _HDF5_ERRORS as error:
        raise ModelLoadError(f"the weights are no HDF5 file, or a damaged one ({error})") from error
    if total == 0:
        raise ModelLoadError("the file of weights holds no weights")


class _Walk:
    """A walk through all groups and datasets, each once."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._seen: set[int] = set()
        self._bytes = 0

    def size(self, group: h5py.Group, depth: int) -> int:
        """Bytes of all arrays in a group and below."""
        self._count(group)
        if depth > _MOST_DEPTH:
            raise ModelLoadError("the groups of the weights nest too deeply")
        for name in group:
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                raise ModelLoadError(
                    f"the weights refer to something elsewhere ({type(link).__name__} {name[:60]!r}), which is never "
                    "followed; all weights must be in the file itself"
                )
            member = group[name]
            if isinstance(member, h5py.Group):
                self.size(member, depth + 1)
            elif isinstance(member, h5py.Dataset):
                self._check_dataset(member)
            else:
                raise ModelLoadError(f"the weights hold something that is no array of numbers: {name[:60]!r}")
        return self._bytes

    def _count(self, member: h5py.Group | h5py.Dataset) -> None:
        address = h5py.h5o.get_info(member.id).addr
        if address in self._seen:
            raise ModelLoadError(f"the weights hold {member.name[:60]!r} more than once")
        self._seen.add(address)
        if len(self._seen) > MOST_OBJECTS:
            raise ModelLoadError(f"the weights hold more than {MOST_OBJECTS:,} groups and arrays")

    def _check_dataset(self, dataset: h5py.Dataset) -> None:
        self._count(dataset)
        if dataset.external or dataset.is_virtual:
            raise ModelLoadError(
                f"the weights {dataset.name[:60]!r} lie in another file, which is never opened; all weights must be in "
                "the file itself"
            )
        kind = dataset.dtype
        # Keras writes bfloat16, which HDF5 does not have, as pairs of bytes.
        if kind.kind not in _NUMBERS and not (kind.kind == "V" and kind.names is None and kind.itemsize == 2):
            raise ModelLoadError(f"the weights {dataset.name[:60]!r} are no numbers but {dataset.dtype}")
        self._bytes += math.prod(dataset.shape or ()) * dataset.dtype.itemsize
        if self._bytes > self._most_bytes:
            raise ModelLoadError(f"the weights claim to take more than {self._most_bytes:,} bytes, the most allowed")
