"""Whose interpreter this is: the project's own runtime, or one that pyjs was installed into."""

import sys

# Then the event loop, the suspension of stacks, and the modules `js` and `pyodide` are the host's.
IS_GUEST = "pyjs._core" not in sys.builtin_module_names
