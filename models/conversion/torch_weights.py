"""Read the weights in a PyTorch file of the old format (before PyTorch 1.6), without PyTorch.

Such a file is four pickles (a magic number, a version, the machine's properties, then the tensors by name, which point
into storages), a fifth with the storages' keys, and for each of these its length and raw numbers.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_STORAGES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor's numbers are: which storage, from which one on, in what shape and with what strides."""

    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _TensorUnpickler(pickle.Unpickler):
    """Unpickles tensors, ordered dictionaries and plain values; refuses everything else, so that no code can run."""

    def __init__(self, file: io.BytesIO, storages: dict[str, np.dtype[Any]]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as pickle has it
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return self._tensor
        if module == "torch" and name in _STORAGES:
            return name
        raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which weights do not need")

    def persistent_load(self, identity: Any) -> str:  # noqa: ANN401 - as pickle has it
        _, kind, key, *_ = identity
        self._storages[key] = _STORAGES[kind]
        return str(key)

    @staticmethod
    def _tensor(storage: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _Tensor:
        return _Tensor(storage, offset, tuple(shape), tuple(strides))


def read_torch_weights(path: Path) -> Mapping[str, NDArray[Any]]:
    """Read all tensors.

    Args:
        path: A file that ``torch.save`` wrote before PyTorch 1.6.

    Returns:
        Each tensor by its name.

    Raises:
        OSError: The file cannot be read.
        pickle.UnpicklingError: It is no such file, or asks for something else than tensors.
    """
    file = io.BytesIO(path.read_bytes())
    types: dict[str, np.dtype[Any]] = {}
    head = [_TensorUnpickler(file, types).load() for _ in range(3)]
    if head[0] != _MAGIC:
        raise pickle.UnpicklingError(f"{path}: this is no PyTorch file of the old format")
    tensors: Mapping[str, _Tensor] = _TensorUnpickler(file, types).load()
    keys: list[str] = _TensorUnpickler(file, types).load()
    storages: dict[str, NDArray[Any]] = {}
    for key in keys:
        length = int(np.frombuffer(file.read(8), "<i8")[0])
        storages[key] = np.frombuffer(file.read(length * types[key].itemsize), types[key])
    return {name: _array(tensor, storages[tensor.storage]) for name, tensor in tensors.items()}


def _array(tensor: _Tensor, storage: NDArray[Any]) -> NDArray[Any]:
    strides = [stride * storage.itemsize for stride in tensor.strides]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides).copy()
