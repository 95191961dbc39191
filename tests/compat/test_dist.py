"""The distribution's own packages: how it is completed, and its lock file."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.compat.shelf import wheel_bytes
from tests.hosts.start import DIST
from tools import packages, versions
from tools.report import ToolError


def _lock(folder: Path) -> dict[str, Any]:
    lock: dict[str, Any] = json.loads((folder / packages.LOCK).read_text())
    return lock


def test_the_lock_file_is_of_this_runtime() -> None:
    assert _lock(DIST)["info"] == {
        "abi_version": "2025_0",
        "arch": "wasm32",
        "platform": "emscripten_6_0_5",
        "python": versions.source("cpython").version,
    }


def test_all_files_of_the_lock_are_there_and_are_those() -> None:
    for name, entry in _lock(DIST)["packages"].items():
        data = (DIST / str(entry["file_name"])).read_bytes()
        assert entry["sha256"] == hashlib.sha256(data).hexdigest(), name
        assert entry["sha256"] == packages.pins()[name].sha256


def test_every_distribution_has_micropip(tmp_path: Path) -> None:
    assert not packages.is_complete(tmp_path)
    assert packages.complete(tmp_path, packages.base()) == ["micropip", "packaging"]
    assert packages.is_complete(tmp_path)
    found = {path.name.partition("-")[0] for path in tmp_path.glob("*.whl")}
    assert found == {"micropip", "packaging"}


def test_what_packages_need_is_added(tmp_path: Path) -> None:
    done = packages.complete(tmp_path, ["pytest"])
    assert done == ["iniconfig", "packaging", "pluggy", "pygments", "pytest"]
    entry = _lock(tmp_path)["packages"]["pytest"]
    assert entry["depends"] == ["iniconfig", "packaging", "pluggy", "pygments"]
    assert entry["imports"] == ["_pytest", "py", "pytest"]


def test_compiled_packages_have_the_abi(tmp_path: Path) -> None:
    packages.complete(tmp_path, ["msgpack"])
    entry = _lock(tmp_path)["packages"]["msgpack"]
    assert str(entry["file_name"]).endswith("cp313-cp313-pyemscripten_2025_0_wasm32.whl")
    assert entry["imports"] == ["msgpack"]


def test_wheels_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "My_Own-1.0-py3-none-any.whl"
    requires = ("packaging>=20", "colorama; sys_platform == 'win32'", "extra; extra == 'more'")
    own.write_bytes(wheel_bytes("My_Own", {"mine/__init__.py": "", "also.py": ""}, "1.0", requires))
    dist = tmp_path / "dist"
    dist.mkdir()
    assert packages.complete(dist, [], [own]) == ["my-own", "packaging"]
    entry = _lock(dist)["packages"]["my-own"]
    assert entry["imports"] == ["also", "mine"]
    assert entry["depends"] == ["packaging"]
    assert (dist / own.name).read_bytes() == own.read_bytes()


def test_what_is_not_pinned(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="nowhere-to-be is not pinned in runtime"):
        packages.complete(tmp_path, ["nowhere-to-be"])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_run_left_half_written_is_replaced(tmp_path: Path) -> None:
    packages.complete(tmp_path, ["packaging"])
    (wheel,) = tmp_path.glob("packaging-*.whl")
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:100])
    packages.complete(tmp_path, ["packaging"])
    assert wheel.read_bytes() == whole


def test_a_lock_of_another_runtime_is_not_complete(tmp_path: Path) -> None:
    shutil.copy(DIST / packages.LOCK, tmp_path)
    assert packages.is_complete(tmp_path)
    lock = _lock(tmp_path)
    lock["info"]["abi_version"] = "2024_0"
    (tmp_path / packages.LOCK).write_text(json.dumps(lock))
    assert not packages.is_complete(tmp_path)
