"""The notebooks of the gallery, in our runtime and in stock Pyodide with the wheel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import notebooks
from tests.hosts.base import Host, HostError
from tests.hosts.start import start
from tests.notebooks import Cell, Notebook
from tests.packaging.conftest import Wheel, wheel_of
from tools import wheel_pyodide
from tools.server import serving

_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}

every_notebook = pytest.mark.parametrize("path", notebooks.PATHS, ids=lambda path: str(path.stem))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Host]:
    """A page on which to load Pyodide."""
    running = start("chromium")
    yield running
    running.close()


@pytest.fixture(scope="module")
def pyodide(wheel_314: Wheel) -> Iterator[str]:
    """The address of a stock Pyodide."""
    distribution = wheel_pyodide.distribution(wheel_314.target)
    with serving(distribution, headers=_ANY_ORIGIN) as address:
        yield address


@pytest.fixture(scope="module")
def wheel_314() -> Wheel:
    return wheel_of("314")


@pytest.fixture(scope="module")
def installing(wheel_314: Wheel) -> Iterator[Cell]:
    """The first cell of a session in stock Pyodide."""
    with serving(wheel_314.path.parent, headers=_ANY_ORIGIN) as address:
        url = f"{address}{wheel_314.path.name}"
        yield Cell("install", f"import micropip\nawait micropip.install({url!r})")


def _check(host: Host, notebook: Notebook, got: notebooks.Outputs) -> None:
    """Cells put out what is stored; those are left out that need what the engine lacks."""
    left_out = {name for name, outputs in got.items() if outputs is None}
    lacking = notebooks.lacking(host)
    assert left_out == {cell.id for cell in notebook.cells if lacking.intersection(cell.needs)}
    stored = notebook.outputs
    for name, outputs in got.items():
        if outputs is not None:
            assert outputs == stored[name], name


@every_notebook
def test_in_the_runtime(host: Host, path: Path) -> None:
    notebook = Notebook(path)
    _check(host, notebook, notebooks.run_own(host, notebook))


@every_notebook
def test_in_stock_pyodide(chromium: Host, pyodide: str, installing: Cell, path: Path) -> None:
    notebook = Notebook(path)
    cells = [installing, *notebook.cells]
    got = notebooks.run(chromium, cells, notebooks.STOCK, pyodide)
    assert got.pop("install") == []
    assert None not in got.values()  # Chromium has all that a cell can need
    _check(chromium, notebook, got)


def test_stock_pyodide_has_no_pyjs(chromium: Host, pyodide: str) -> None:
    """So that the sessions above use what they install."""
    with pytest.raises(HostError, match="ModuleNotFoundError: No module named 'pyjs'"):
        notebooks.run(chromium, [Cell("import", "import pyjs")], notebooks.STOCK, pyodide)


@every_notebook
def test_the_file(path: Path) -> None:
    """It is nbformat 4.5, with ids that stay, and nothing in it that differs between runs."""
    content = Notebook(path).content
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in content["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]{1,64}", name) for name in ids)
    assert content["cells"][0]["cell_type"] == "markdown"
    assert not re.search(r"0x[0-9a-f]{4,}", path.read_text())


@every_notebook
def test_tags(path: Path) -> None:
    cells = Notebook(path).cells
    assert {tag for cell in cells for tag in cell.needs} <= set(notebooks.NEEDS)


def test_there_are_notebooks() -> None:
    assert {path.stem for path in notebooks.PATHS} >= {"asyncio", "bridge", "buffers", "table"}


def test_a_cell_that_fails_says_where(host: Host) -> None:
    broken = Notebook(notebooks.FOLDER / "bridge.ipynb")
    broken.content["cells"] = [
        {"cell_type": "code", "id": "broken", "metadata": {}, "source": ["x = 1\n", "x / 0"]}
    ]
    with pytest.raises(HostError, match=r'(?s)File "<broken>", line 2.*ZeroDivisionError'):
        notebooks.run_own(host, broken)
