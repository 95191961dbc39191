"""What a ModuleNotFoundError says of a module that a package of the distribution would bring."""

from collections.abc import Mapping

from pyjs import _traceback

# The package that brings a module, by the module's name.
_packages: dict[str, str] = {}


def register(packages: Mapping[str, str]) -> None:
    """Let errors that are shown name the package of a module that is missing.

    Args:
        packages: the names of packages, by those of the modules that they bring.
    """
    _packages.clear()
    _packages.update(packages)
    if advise not in _traceback.advisers:
        _traceback.advisers.append(advise)


def advise(error: BaseException) -> None:
    """Add a note to an error about a module that can be installed."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return
    name = error.name
    package = _packages.get(name) or _packages.get(name.partition(".")[0])
    if package is None:
        return
    note = (
        f"The module '{name}' is included in the Pyodide distribution, but it is not installed.\n"
        "You can install it by calling:\n"
        f'  await micropip.install("{package}") in Python, or\n'
        f'  await pyodide.loadPackage("{package}") in JavaScript'
    )
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)
