"""Stock Pyodide with the wheel, driven by pytest-pyodide: in Node and in headless Chromium.

pytest-pyodide's runners load Pyodide as they do for every project. micropip then installs the wheel
from a server on this machine, and the agent of the other hosts answers the requests.
"""

from __future__ import annotations

import base64
import json
from abc import abstractmethod
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pexpect.exceptions import ExceptionPexpect
from pytest_pyodide.config import get_global_config
from pytest_pyodide.runner import NodeRunner, SeleniumChromeRunner
from selenium.common.exceptions import WebDriverException

from tests.hosts.base import Host, HostError
from tools import versions, webdriver, wheel, wheel_pyodide
from tools.server import serving

# What the hosts of the tests run in: the newest Pyodide that has been released.
_TARGET = wheel.target("314")
_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
_LOADING, _ANSWERING = 480, 120
# Answers travel as base64: the runner of Node replaces the word "undefined" in them.
_REQUEST = """
const bytes = new TextEncoder().encode(await globalThis.request({request}));
let text = "";
for (const byte of bytes) text += String.fromCharCode(byte);
return btoa(text);
"""
# What errors of an interpreter say whose process is of no use any more.
_ENDS = ("this Python interpreter is gone", "already fatally failed")
_START = """
const {{ answer, createAgent }} = await import({agent});
const {{ loadsWheel }} = await import({loader});
const agent = await createAgent(loadsWheel(pyodide, {wheel}));
globalThis.request = async (text) => JSON.stringify(await answer(agent, JSON.parse(text)));
"""


class _InNode(NodeRunner):  # type: ignore[misc]
    """pytest-pyodide's runner; its sandbox gets what else Node's programs have."""

    script_timeout = _LOADING

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        get_global_config().node_extra_globals = ["btoa"]
        super().__init__(*args, **kwargs)

    def set_script_timeout(self, timeout: float) -> None:
        super().set_script_timeout(timeout)
        self.p.timeout = timeout  # without which an answer has a minute, whatever was set

    def quit(self) -> None:
        self.p.close(force=True)


class _InChromium(SeleniumChromeRunner):  # type: ignore[misc]
    """pytest-pyodide's runner, with the pinned browser, on a page that a server of ours gives."""

    script_timeout = _LOADING

    def __init__(self, page: str, *args: Any, **kwargs: Any) -> None:
        self._browser = ExitStack()
        self._page = page
        super().__init__(*args, **kwargs)

    def get_driver(self, jspi: bool = False) -> Any:
        return self._browser.enter_context(webdriver.chromium(*self._config.get_flags("chrome")))

    def prepare_driver(self) -> None:
        self.goto(self._page)

    def quit(self) -> None:
        self._browser.close()


class _WheelHost(Host):
    """Stock Pyodide with the wheel in one of pytest-pyodide's runners."""

    def __init__(self) -> None:
        self._resources = ExitStack()
        root = self._serving(versions.ROOT)
        self._runner = self._start(self._serving(wheel_pyodide.distribution(_TARGET)), root)
        self._resources.callback(self._runner.quit)
        self._js(
            _START,
            **self._modules(root),
            wheel=f"{self._serving(wheel.DIST)}{wheel.built(_TARGET).name}",
        )
        self._runner.set_script_timeout(_ANSWERING)

    def _serving(self, folder: Path) -> str:
        return self._resources.enter_context(serving(folder, headers=_ANY_ORIGIN))

    @abstractmethod
    def _start(self, pyodide: str, root: str) -> Any:
        """The runner, with Pyodide loaded from one server; the other has the harness."""

    def _modules(self, root: str) -> dict[str, str]:
        """The addresses from which the agent and its loader are imported."""
        return {
            "agent": f"{root}tests/hosts/agent.mjs",
            "loader": f"{root}tests/hosts/pyodide.mjs",
        }

    def _js(self, code: str, **given: str) -> Any:
        quoted = {name: json.dumps(value) for name, value in given.items()}
        try:
            return self._runner.run_js(code.format(**quoted), pyodide_checks=False)
        except (ExceptionPexpect, WebDriverException) as error:
            self.is_running = False
            said = f"{str(error).splitlines()[0]}{self._last_words()}"
            raise HostError(f"[{self.name}] no answer; the process was ended: {said}") from error

    def _last_words(self) -> str:
        """What the process wrote before it ended, where its runner has that."""
        return ""

    def _send(self, request: str) -> str:
        answer = base64.b64decode(self._js(_REQUEST, request=request)).decode()
        if any(end in answer for end in _ENDS):
            self.is_running = False
        return answer

    def close(self) -> None:
        self._resources.close()


class WheelInNodeHost(_WheelHost):
    """Pyodide in Node."""

    name = "wheel-node"
    is_node = True

    def _start(self, pyodide: str, root: str) -> Any:
        folder = wheel_pyodide.distribution(_TARGET)
        port = int(pyodide.rstrip("/").rpartition(":")[2])
        runner = _InNode(port, dist_dir=str(folder))
        runner.run_js(f"process.chdir({json.dumps(str(versions.ROOT))})", pyodide_checks=False)
        return runner

    def _last_words(self) -> str:
        return f"\n{(self._runner.p.before or b'').decode(errors='replace')[-2000:]}"

    def _modules(self, root: str) -> dict[str, str]:
        # Node imports no modules from servers.
        here = Path(__file__).parent
        return {
            "agent": (here / "agent.mjs").as_uri(),
            "loader": (here / "pyodide.mjs").as_uri(),
        }


class WheelInChromiumHost(_WheelHost):
    """Pyodide in a page of headless Chromium."""

    name = "wheel-chromium"

    def _start(self, pyodide: str, root: str) -> Any:
        port = int(pyodide.rstrip("/").rpartition(":")[2])
        return _InChromium(f"{root}tests/hosts/pyodide_page.html?pyodide={pyodide}", port)
