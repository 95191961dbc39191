"""Tests of the loader and the API that JavaScript sees; each loads runtimes of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

DIST = Path(__file__).resolve().parents[2] / "dist"


def run_node(body: str, *args: Any, stdin: str = "", dist: Path = DIST) -> Any:
    """Run the body of an async function in a fresh Node process; gives what it returns.

    `loadPyjs` is the loader of `dist` and `args` a list.
    """
    script = f"""
    import {{ loadPyjs, version }} from {json.dumps(f"{DIST.as_uri()}/pyjs.mjs")};
    const args = {json.dumps(args)}, indexURL = {json.dumps(f"{dist.as_uri()}/")};
    const result = await (async () => {{ {body} }})();
    process.stdout.write("\\nRESULT " + JSON.stringify(result ?? null));
    process.exit(0);
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-"]
        if not stdin
        else ["node", "--input-type=module", "-e", script],
        input=stdin or script,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("RESULT ")[2])
