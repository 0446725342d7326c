"""Reading PyTorch's old files without PyTorch."""

import os
import pickle
import struct
import sys
import types
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.conversion.torch_weights import read_torch_weights

MAGIC = 0x1950A86A20F9469CFC6C


class _Reference:
    """Stands for a tensor while it is pickled as PyTorch does it."""

    def __init__(self, key: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.arguments = (_Storage(key), offset, shape, strides, False, OrderedDict())

    def __reduce__(self) -> tuple[Any, ...]:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.arguments


class _Storage:
    def __init__(self, key: str) -> None:
        self.key = key


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: object) -> Any:
        if isinstance(obj, _Storage):
            return ("storage", sys.modules["torch"].FloatStorage, obj.key, "cpu", 6, None)
        return None


@pytest.fixture
def torch_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that PyTorch's pickles speak of; they are only ever named."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    class FloatStorage:
        __module__, __qualname__ = "torch", "FloatStorage"

    def _rebuild_tensor_v2(*arguments: object) -> None: ...

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    torch.FloatStorage, utils._rebuild_tensor_v2 = FloatStorage, _rebuild_tensor_v2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)


def write(path: Path, tensors: object) -> None:
    with path.open("wb") as file:
        for value in (MAGIC, 1001, {"little_endian": True}):
            pickle.dump(value, file, protocol=2)
        _Pickler(file, protocol=2).dump(tensors)
        pickle.dump(["7"], file, protocol=2)
        file.write(struct.pack("<q", 6) + np.arange(6, dtype="<f4").tobytes())


@pytest.mark.usefixtures("torch_names")
def test_tensors_are_views_into_their_storage(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    write(path, OrderedDict(whole=_Reference("7", 0, (2, 3), (3, 1)), turned=_Reference("7", 1, (2, 2), (1, 3))))
    tensors = read_torch_weights(path)
    assert tensors["whole"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tensors["turned"].tolist() == [[1, 4], [2, 5]]


class _Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


def test_code_is_refused_and_other_files_too(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps(_Bomb(), protocol=2))
    with pytest.raises(pickle.UnpicklingError, match="system"):
        read_torch_weights(path)
    path.write_bytes(b"".join(pickle.dumps(number, protocol=2) for number in (1, 2, 3)))
    with pytest.raises(pickle.UnpicklingError, match="no PyTorch file"):
        read_torch_weights(path)
