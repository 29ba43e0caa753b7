"""The wire under a request: which machines may be reached, a connection to a machine that was checked, and a clock that
ends it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
import httpx

_NAT64 = ip_network("64:ff9b::/96")
"""IPv6 addresses behind which a translator reaches the IPv4 address in their last 32 bits (RFC 6052)."""
_INNER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # between providers and their customers
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local; where clouds keep their keys
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocols
            "192.0.2.0/24",  # documentation, as the two below
            "192.88.99.0/24",  # relays of 6to4, given up
            "192.168.0.0/16",
            "198.18.0.0/15",  # measuring
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # never given out, and broadcast
            "::/3",  # all but 2000::/3 is local, multicast, or not given out
            "4000::/2",
            "8000::/1",
            "2001::/23",  # protocols; Teredo, which leads to an IPv4 address and a port, is one
            "2001:db8::/32",  # documentation, as the one below
            "3fff::/20",
        ),
    )
)
"""Where strangers have no business, by the registries of special addresses (RFC 6890) and RFC 3879. Spelled out, since
what `ipaddress` knows of it changes from one Python to the next.
"""
_ISATAP = 0x0000_5EFE
"""What stands before the IPv4 address in the second half of an IPv6 one that leads there (RFC 5214)."""
_ISATAP_MASK = 0xFCFF_FFFF  # two bits of it may be set or not


class OutOfTime(Exception):
    """A request has used up the time that it had in all."""


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of a host, as the system finds them; raises OSError or UnicodeError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def is_public(address: str) -> bool:
    """May strangers be reached there: is it no private, loopback, link-local, reserved or multicast address?

    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False, False)
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_outer(end) for end in _ends(ip))


def _is_outer(ip: IPv4Address | IPv6Address) -> bool:
    if any(ip in network for network in _INNER):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _ends(ip: IPv4Address | IPv6Address) -> Sequence[IPv4Address | IPv6Address]:
    """Where traffic to an address may end: there, or at the IPv4 address that it stands for."""
    if isinstance(ip, IPv4Address):
        return (ip,)
    last = IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip in _NAT64 or ip.ipv4_mapped:
        return (last,)
    if ip.sixtofour:
        return ip, ip.sixtofour
    return (ip, last) if (int(ip) >> 32) & _ISATAP_MASK == _ISATAP else (ip,)


class Wire(httpx.BaseTransport):
    """Carries one request to one machine, whatever the name in the address would now resolve to.

    `left` says how many seconds there still are; OutOfTime is raised as soon as there are none, however steadily bytes
    come in. Failures are httpcore's.
    """

    def __init__(
        self, ip: str, left: Callable[[], float], network: httpcore.NetworkBackend, context: ssl.SSLContext
    ) -> None:
        # No connection is kept: the next request to the host comes seconds later, if at all.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=1, max_keepalive_connections=0, network_backend=_Pin(ip, left, network)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends the request, and gives the answer with its body still to be read."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        """Ends the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Pin(httpcore.NetworkBackend):
    """Connects to the machine that was checked; a second look at the name could give another one."""

    def __init__(self, ip: str, left: Callable[[], float], network: httpcore.NetworkBackend) -> None:
        self._ip, self._left, self._network = ip, left, network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limit = _shorter(timeout, self._left)
        return _Timed(self._network.connect_tcp(self._ip, port, limit, local_address, socket_options), self._left)


class _Timed(httpcore.NetworkStream):
    """A stream on which each wait is also bounded by the time that is left in all."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, self._left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _shorter(timeout, self._left))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = _shorter(timeout, self._left)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, limit), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _shorter(timeout: float | None, left: Callable[[], float]) -> float:
    rest = left()
    if rest <= 0:
        raise OutOfTime
    return rest if timeout is None else min(timeout, rest)
