"""The runtime in a page of headless Firefox."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from pathlib import Path

from tests.hosts.base import Host, HostError
from tests.hosts.chromium import PAGE
from tests.hosts.marionette import Firefox
from tools.server import serving

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT = 240
PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")

# Pages cannot run the collectors; the browser's own scripts can.
_EXPORT_GC = """
const { utils } = Components;
const collect = () => { utils.forceGC(); utils.forceCC(); };
window.wrappedJSObject.gc = utils.exportFunction(collect, window);
"""


class FirefoxHost(Host):
    """Drives a page through Marionette."""

    name = "firefox"

    def __init__(self, page: str = PAGE) -> None:
        if PROGRAM is None:
            raise HostError("[firefox] not found on PATH; on Debian, install firefox-esr")
        self._resources = ExitStack()
        base = self._resources.enter_context(serving(_ROOT))
        self._firefox = self._resources.enter_context(closing(Firefox(PROGRAM, _TIMEOUT)))
        url = f"{base.rstrip('/')}/{page}"
        self._firefox.command("WebDriver:Navigate", url=url)
        self._firefox.execute(_EXPORT_GC, sandbox="system")

    def _send(self, request: str) -> str:
        answer = self._firefox.execute(
            "const [text, done] = arguments; request(text).then(done);",
            request,
            kind="AsyncScript",
        )
        return str(answer)

    def close(self) -> None:
        self._resources.close()
