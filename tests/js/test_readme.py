"""The README's Python and JavaScript, as they stand there."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.js import DIST, Site, run_fresh

_README = Path(__file__).resolve().parents[2] / "README.md"


def _block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", _README.read_text(), re.S | re.M)
    assert len(found) == 1
    return str(found[0])


def test_the_python(site: Site) -> None:
    (site.folder / "data.json").write_text(json.dumps({"title": "from the file"}))
    page = f"""
    import {{ loadPyjs }} from "/pyjs.mjs";
    const py = await loadPyjs({{ stdout: (line) => {{ document.title = line; }} }});
    py.runPython({json.dumps(_block("python"))});
    document.querySelector("button").click();
    """
    assert site.open("readme.html", page) == "from the file"


def test_the_javascript() -> None:
    source = re.sub(r'^import .* from ".*";$', "", _block("js"), count=1, flags=re.M)
    lines = run_fresh(
        f"""
        const lines = [], console = {{ log: (value) => lines.push(value) }};
        {source}
        return lines;
        """,
        dist=DIST,
    )
    progress, (total, mean, error) = lines[:-3], lines[-3:]
    assert progress[-1] == 1
    assert progress == sorted(progress)
    assert (total, mean) == (45, 3)
    assert error == (
        'Traceback (most recent call last):\n  File "<exec>", line 1, in <module>\n    1 / 0\n'
        "    ~~^~~\nZeroDivisionError: division by zero\n"
    )
