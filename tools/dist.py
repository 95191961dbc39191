"""Completes dist/ with packages from PyPI, so that it installs them offline.

python3 -m tools.dist                     all that runtime/packages.json pins
python3 -m tools.dist NAME... WHEEL...    some, with what they need, and wheels of one's own
python3 -m tools.dist --pin NAME...       pin the newest wheels of packages and of what they need;
                                          NAME==VERSION pins that version
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from tools import build, cache, packages, process
from tools.report import ToolError, main, say


def _pin(requirements: list[str]) -> None:
    """Pin what pip would install for the requirements."""
    report = cache.root() / "logs" / "pin.json"
    command = [*packages.pip("install"), "--dry-run", "--ignore-installed", "--target=unused"]
    process.run([*command, f"--report={report}", *requirements], "resolving", cache.log_file("pin"))
    found = {}
    for each in json.loads(report.read_text())["install"]:
        name = re.sub(r"[-_.]+", "-", each["metadata"]["name"]).lower()
        source = each["download_info"]
        found[name] = packages.Pin(
            version=each["metadata"]["version"],
            file=source["url"].partition("#")[0].rpartition("/")[2],
            sha256=source["archive_info"]["hashes"]["sha256"],
        )
    packages.save(found)
    say("dist", f"pinned {', '.join(sorted(found))}")


def _entry(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.dist")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    if options.pin:
        if not options.names:
            raise ToolError("tools.dist: --pin expects the names of packages")
        _pin(options.names)
        return 0
    given = [Path(name) for name in options.names if name.endswith(".whl")]
    for path in given:
        if not path.is_file():
            raise ToolError(f"completing the distribution: there is no wheel {path}")
    names = [name for name in options.names if not name.endswith(".whl")]
    chosen = names if options.names else list(packages.pins())
    dist = build.build()
    done = packages.complete(dist, sorted({*packages.base(), *chosen}), given)
    say("dist", f"{dist / packages.LOCK} has {', '.join(done)}")
    return 0


if __name__ == "__main__":
    main(_entry)
