"""What Python tells of the platform, which decides what wheels fit."""

from tests.inside import inside


@inside
def test_the_abi_of_compiled_packages() -> None:
    import sysconfig

    names = ("PYEMSCRIPTEN_PLATFORM_VERSION", "PYODIDE_ABI_VERSION", "PYEMSCRIPTEN_ABI_VERSION")
    assert [sysconfig.get_config_var(name) for name in names] == ["2025_0"] * 3


@inside
def test_the_platform() -> None:
    import os
    import sys
    import sysconfig

    assert sys.platform == "emscripten"
    release = ".".join(map(str, sys._emscripten_info.emscripten_version))  # type: ignore[attr-defined]
    assert sysconfig.get_platform() == f"emscripten-{release}-wasm32"
    uname = os.uname()
    assert (uname.sysname, uname.release, uname.machine) == ("Emscripten", release, "wasm32")
    assert sysconfig.get_config_var("EXT_SUFFIX") == ".cpython-313-wasm32-emscripten.so"


@inside
def test_where_packages_are() -> None:
    import os
    import site
    import sys
    import sysconfig

    assert site.getsitepackages() == ["/lib/python3.13/site-packages"]
    paths = {os.path.normpath(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    assert paths <= {"/lib/python3.13/site-packages", "//lib/python3.13/site-packages"}
    assert "/lib/python3.13/site-packages" in sys.path
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/lib"


@inside
def test_the_build_data_of_the_target() -> None:
    from importlib import import_module

    data = import_module("_sysconfigdata__emscripten_wasm32-emscripten")
    assert data.build_time_vars["MULTIARCH"] == "wasm32-emscripten"
