"""What an event loop offers that a page, a worker or this runtime in Node has not."""

from collections.abc import Callable, Coroutine
from typing import Any

_NO_SOCKETS = (
    "WebAssembly has no sockets: use pyjs.js.fetch, WebSocket, or a package that uses these"
)
_NO_PROCESSES = "WebAssembly cannot start processes"
_NO_PIPES = "WebAssembly has no pipes, nor descriptors that could be waited for"
_NO_SIGNALS = (
    "there are no signals for a loop here; setInterruptBuffer() raises KeyboardInterrupt, and "
    "a JavaScript listener can call loop.call_soon_threadsafe()"
)


def _fails(name: str, reason: str) -> Callable[..., Any]:
    def unsupported(self: Any, *_args: Any, **_options: Any) -> Any:
        raise NotImplementedError(f"{name}: {reason}")

    unsupported.__name__ = name
    unsupported.__doc__ = f"Not here: {reason}."
    return unsupported


def _fails_when_awaited(name: str, reason: str) -> Callable[..., Coroutine[Any, Any, Any]]:
    fails = _fails(name, reason)

    async def unsupported(self: Any, *_args: Any, **_options: Any) -> Any:
        fails(self)

    unsupported.__name__ = name
    unsupported.__doc__ = fails.__doc__
    return unsupported


class HostLimits:
    """The methods of AbstractEventLoop that raise NotImplementedError, which says why."""


_COROUTINES = {
    _NO_SOCKETS: (
        "getaddrinfo getnameinfo create_connection create_server create_unix_connection "
        "create_unix_server create_datagram_endpoint connect_accepted_socket start_tls sendfile "
        "sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall sock_sendto "
        "sock_connect sock_accept sock_sendfile"
    ),
    _NO_PROCESSES: "subprocess_shell subprocess_exec",
    _NO_PIPES: "connect_read_pipe connect_write_pipe",
}
_FUNCTIONS = {
    _NO_PIPES: "add_reader remove_reader add_writer remove_writer",
    _NO_SIGNALS: "add_signal_handler remove_signal_handler",
}

for _make, _table in ((_fails_when_awaited, _COROUTINES), (_fails, _FUNCTIONS)):
    for _reason, _names in _table.items():
        for _name in _names.split():
            setattr(HostLimits, _name, _make(_name, _reason))
