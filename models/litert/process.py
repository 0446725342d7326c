"""The process that exports models: started here, and its failures put into words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal, get_args

from models.card import InputSize, Precision
from models.errors import ModelLoadError
from models.litert.limits import CPU_SECONDS, MEMORY_GIB
from models.litert.wording import in_one_line

Format = Literal["litert", "saved-model"]
"""What a model can be exported to: one file for LiteRT, or a folder for TensorFlow and what reads its models."""

FORMATS: tuple[Format, ...] = get_args(Format)
ERROR_MARK = "error: "

_EXPORT_SECONDS = 900
_PACKAGE_PARENT = Path(__file__).parents[2]
_MEMORY_WORDS = ("bad_alloc", "MemoryError", "ResourceExhausted", "OOM when", "Cannot allocate memory", "out of memory")


def export_in_own_process(source: Path, out: Path, size: InputSize, precision: Precision, form: Format) -> None:
    """Export without loading TensorFlow here, and without trusting what is loaded.

    The process has bounds on its memory and time, see ``models.litert.limits``.

    Args:
        source: A ``.keras`` file or the folder of a KerasHub preset, checked before.
        out: The file or folder to write.
        size: The input size to fix.
        precision: How a LiteRT model keeps its weights.
        form: The format to write.

    Raises:
        ModelLoadError: It cannot be exported. The message does not name the model.
    """
    search_path = os.pathsep.join(filter(None, (str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH"))))
    settings = {
        "PYTHONPATH": search_path,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "",
        "MALLOC_ARENA_MAX": "4",  # else, on many cores, the address space goes to arenas that nobody uses
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    command = [sys.executable, "-m", "models.litert.export", str(source), str(out)]
    command += [str(size.height), str(size.width), precision, form]
    try:
        subprocess.run(  # noqa: S603 - the command is ours; no shell is involved
            command,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_EXPORT_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        raise ModelLoadError(_reason(error.returncode, error.stderr.decode(errors="replace"))) from error
    except subprocess.TimeoutExpired as error:
        raise ModelLoadError(f"it cannot be exported: that took longer than {_EXPORT_SECONDS} s") from error


def _reason(status: int, log: str) -> str:
    """Put the end of the process into one line."""
    if status == -signal.SIGXCPU:
        return f"it cannot be exported: that takes more than the {CPU_SECONDS} s of processor time that are allowed"
    told = [line.removeprefix(ERROR_MARK) for line in log.splitlines() if line.startswith(ERROR_MARK)]
    if any(word in (told[-1] if told else log) for word in _MEMORY_WORDS):
        return f"it cannot be exported: that takes more than the {MEMORY_GIB} GiB of memory that are allowed"
    if told:
        return told[-1]
    if status < 0:
        return f"it cannot be exported: the process that did so was ended by {signal.Signals(-status).name}"
    return f"it cannot be exported: {in_one_line((log.strip().splitlines() or ['no message'])[-1])}"
