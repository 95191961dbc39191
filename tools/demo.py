"""The demo page: builds it, serves it, opens it.

python3 -m tools.demo [--port N] [--no-open]   serve until Ctrl-C
python3 -m tools.demo --check                  try everything in headless Chromium, then stop
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import threading
import webbrowser
from pathlib import Path

from tools import build, cache, node, process, pyvenv, versions
from tools.report import ToolError, main, say
from tools.server import serving

SOURCE = versions.ROOT / "examples" / "demo"
SITE = build.BUILD / "demo"
_RUNTIME = ("pyjs.mjs", "pyjs.wasm", "python_stdlib.zip")
_STATIC = ("index.html", "icon.svg", "data")

# Stricter than any page needs to be: the check shows that the runtime lives with it.
# Styles stand apart: the terminal and the editor make style elements.
STRICT_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'"
)


def site(dist: Path) -> Path:
    """Put the page together from a built distribution; returns its folder."""
    node.modules()
    staged = SITE.with_suffix(".new")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    say("demo", "bundling the page")
    command = ["node", "tools/demo_bundle.mjs", str(staged)]
    process.run(command, "bundling the page", cache.log_file("demo"), cwd=versions.ROOT)
    for name in _STATIC:
        _copy(SOURCE / name, staged / name)
    for name in _RUNTIME:
        _copy(dist / name, staged / name)
    shutil.rmtree(SITE, ignore_errors=True)
    staged.rename(SITE)
    return SITE


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise ToolError(f"putting the page together: {source} is missing")
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _serve(folder: Path, port: int, open_it: bool) -> int:
    with serving(folder, port) as url:
        say("demo", f"{url}   (Ctrl-C stops)")
        if open_it and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            webbrowser.open(url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            say("demo", "stopped")
    return 0


def _check(folder: Path, port: int) -> int:
    with serving(folder, port, {"Content-Security-Policy": STRICT_POLICY}) as url:
        python = pyvenv.program("python")
        command = [str(python), "-m", "tools.demo_check", url]
        return subprocess.run(command, cwd=versions.ROOT, check=False).returncode


def _entry(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.demo", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--no-open", action="store_true", help="open no browser")
    parser.add_argument("--check", action="store_true", help="try the page in headless Chromium")
    options = parser.parse_args(arguments)
    folder = site(build.build())
    if options.check:
        return _check(folder, options.port)
    return _serve(folder, options.port, not options.no_open)


if __name__ == "__main__":
    main(_entry)
