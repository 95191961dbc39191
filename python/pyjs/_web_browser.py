"""The standard library's webbrowser opens URLs in the browser that Python runs in."""

import webbrowser

from pyjs._core import js, jsnull


class HostBrowser(webbrowser.BaseBrowser):
    """JavaScript's window.open; there is none in workers and in Node."""

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        """Open `url` in a new tab, whatever `new` says: the page itself is to go on.

        Returns:
            Whether a page was opened: a browser opens none where the user did nothing.
        """
        window = getattr(js, "window", None)
        if window is None or not hasattr(window, "open"):
            return False
        return window.open(url, "_blank") not in (None, jsnull)


def install() -> None:
    """Make that the browser of choice."""
    webbrowser.register("js", None, HostBrowser("js"), preferred=True)
