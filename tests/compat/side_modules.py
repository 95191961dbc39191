"""Shared libraries of the tests' own, compiled with the SDK."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tools import cpython
from tools.toolchain import sdk

SUFFIX = ".cpython-313-wasm32-emscripten.so"
_FLAGS = ("-O1", "-fPIC", "-fwasm-exceptions", "-sSIDE_MODULE=1", "-sSUPPORT_LONGJMP=wasm")

BASE = "int base_data = 2; int base_function(int x) { return x + 40; }"

_MODULE = """
#include <Python.h>
{declarations}
static PyObject *call(PyObject *self, PyObject *none) {{ return PyLong_FromLong({value}); }}
static PyMethodDef methods[] = {{{{"call", call, METH_NOARGS, 0}}, {{0}}}};
static PyModuleDef definition = {{PyModuleDef_HEAD_INIT, "{name}", 0, -1, methods}};
PyMODINIT_FUNC PyInit_{name}(void) {{ return PyModule_Create(&definition); }}
"""


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="pyjs-side-modules-"))


@cache
def library(name: str, source: str, *extra: str) -> bytes:
    """A shared library; `extra` goes to the compiler."""
    path = _folder() / name
    text = _folder() / f"{name}.c"
    text.write_text(source)
    include = cpython.python().include
    command = ["emcc", *_FLAGS, f"-I{include}", str(text), *extra, "-o", str(path)]
    done = subprocess.run(
        command, env=sdk().env, cwd=_folder(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return path.read_bytes()


def extension(name: str, value: str, declarations: str = "", *extra: str) -> bytes:
    """An extension module whose function call() gives the C expression `value`."""
    source = _MODULE.format(name=name, value=value, declarations=declarations)
    return library(f"{name}{SUFFIX}", source, *extra)


def base() -> bytes:
    """The library libbase.so, which others are linked with; its file stands beside theirs."""
    return library("libbase.so", BASE)
