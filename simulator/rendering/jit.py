"""Compiling kernels to machine code, once for each machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile a function that releases the GIL and gives the same bytes on every run.

    Fast-math stays off, so that the compiler may neither reorder nor fuse floating-point operations.
    The machine code is cached beside the source or in the user's cache folder; where neither can be written,
    it is compiled in each process.
    """
    options = {"nogil": True, "fastmath": False, "error_model": "numpy"}
    try:
        compiled: Function = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # numba's answer when it finds no folder for its cache
        compiled = numba.njit(**options)(function)
    return compiled
