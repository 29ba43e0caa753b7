"""Fetches pages as a guest does: it says who it is, asks whether it may, comes slowly, goes when told, and does not
look where it has no business. Every number of this is in `Politeness`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

import httpcore
import httpx
from protego import Protego

from recoupe import __version__
from recoupe.errors import FetchError
from recoupe.load.unpack import PackingError, TooLargeError, bounded, decoded
from recoupe.watch.addresses import whole
from recoupe.watch.recent import Recent
from recoupe.watch.wire import OutOfTime, Wire, is_public, resolve

ROBOT = "recoupe"
"""The name by which a robots.txt addresses this program."""
PAGES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
"""The media types of pages."""
_ROBOTS_MOST = 500 * 1024  # bytes of a robots.txt that are read: what RFC 9309 asks for
# What is remembered of hosts is bounded, for a sitemap can name 50,000 of them. Rules take up to 16 times the memory of
# the robots.txt that they were read from; what is known of a host itself is a few numbers.
_RULES, _RULES_BYTES = 500, 8 * 2**20
_HOSTS = 10_000
_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = (None, 80, 443)
_DAY = 86_400.0
_HEADER = 500  # characters of a header that is kept


@dataclass(frozen=True, slots=True)
class Politeness:
    """How the program behaves toward servers. Times are seconds, sizes bytes; why each is what it is: docs/watch.md."""

    agent: str = f"recoupe/{__version__} (reads news feeds, slowly; robots.txt name: {ROBOT})"
    delay: float = 2.0  # between requests to one host
    longest_delay: float = 60.0  # of what a robots.txt may ask for
    longest_wait: float = 120.0  # for a host that is busy; what needs longer is left for the next pass
    tries: int = 3  # of one request
    backoff: float = 4.0  # before the second try; doubled for each further one
    misses: int = 3  # pages in a row that failed, after which a host is left alone
    rest: float = 600.0  # for how long it is
    connect: float = 10.0  # until a connection stands
    read: float = 20.0  # without a byte
    total: float = 60.0  # for a page with its redirects and tries, waiting out of politeness not counted
    largest: int = 16 * 2**20  # of a page, unpacked
    redirects: int = 5
    robots_age: float = _DAY  # how long a robots.txt holds (RFC 9309 has a day at most)
    private: bool = False  # whether private addresses and other ports than 80 and 443 may be asked


@dataclass(frozen=True, slots=True)
class World:
    """What the program sees of the world: time, names and wires. Tests have one of their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    resolve: Callable[[str, int], Sequence[str]] = resolve
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: an address; the `etag` and `modified` that it last had, so that nothing comes where nothing
    changed; the media types that can be used (all, where none are named); the most bytes, if not those of a page, and
    whether what is larger is `cut` or refused.
    """

    address: str
    etag: str = ""
    modified: str = ""
    media: Sequence[str] = ()
    most: int | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the address that answered in the end, 200 with the bytes or 304, when, and the headers."""

    url: str
    status: int
    at: datetime
    data: bytes = field(default=b"", repr=False)
    content_type: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(slots=True)
class _Host:
    """What is known of a host: when it may be asked again, why not before, and how often it failed in a row."""

    ready: float = 0.0
    why: str = ""
    misses: int = 0


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a robots.txt says and when it was read, or the reason why it could not be."""

    at: float
    rules: Protego | None
    reason: str = ""
    size: int = 0


@dataclass(slots=True)
class _Reply:
    """One answer to one request, whatever it is."""

    status: int
    headers: httpx.Headers
    data: bytes = b""


@dataclass(slots=True)
class _Budget:
    """The time that a page has in all, over its redirects and tries; waiting out of politeness is not counted."""

    left: float


class _Miss(Exception):
    """A request without an answer, which may get one later. `again` says whether to try at once."""

    def __init__(self, reason: str, again: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Fetcher:
    """Fetches one page at a time, and remembers what the hosts that it met last asked for."""

    def __init__(self, politeness: Politeness | None = None, world: World | None = None) -> None:
        self._polite = politeness or Politeness()
        self._world = world or World()
        self._hosts = Recent[_Host](_HOSTS)
        self._robots = Recent[_Rules](_RULES, _RULES_BYTES)

    def get(self, ask: Ask) -> Answer:
        """The answer to a question: a page, or that it has not changed. Raises FetchError where there is neither.

        Redirects are followed, each as if it had been asked for: by the same rules and its own host's robots.txt.
        """
        return self._follow(ask, robots=True)

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._world.now()

    def _follow(self, ask: Ask, robots: bool) -> Answer:
        budget = _Budget(self._polite.total)
        address, seen = ask.address, set[str]()
        for _ in range(self._polite.redirects + 1):
            if address in seen:
                raise FetchError(ask.address, "a redirect loop")
            seen.add(address)
            reply = self._ask(ask, address, robots, budget)
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return self._answer(ask, address, reply)
            target = whole(reply.headers["location"], address)
            if target is None:
                raise FetchError(ask.address, "a redirect to no web address", refused=True)
            address = target
        raise FetchError(ask.address, "too many redirects")

    def _answer(self, ask: Ask, address: str, reply: _Reply) -> Answer:
        if reply.status != 200 and not (reply.status == 304 and (ask.etag or ask.modified)):
            raise FetchError(ask.address, f"answer {reply.status}", reply.status)
        kept = (_header(reply, name) for name in ("content-type", "etag", "last-modified"))
        return Answer(address, reply.status, self._world.now(), reply.data, *kept)

    def _ask(self, ask: Ask, address: str, robots: bool, budget: _Budget) -> _Reply:
        """The reply at an address, asked for a few times where the server is not ready or not there."""
        url = _url(ask.address, address)
        machines = self._machines(ask.address, url)
        if robots:
            self._may(ask.address, address, url)
        host = self._host(url)
        reason = ""
        for turn in range(self._polite.tries):
            self._wait(ask.address, host)
            try:
                reply = self._once(ask, url, machines[turn % len(machines)], budget)
            except _Miss as miss:
                reason, wait = miss.reason, self._polite.backoff * 2.0**turn
                if not miss.again:
                    break
            else:
                if reply.status not in (429, 503):
                    host.misses = 0
                    return reply
                reason, wait = f"answer {reply.status}", self._asked_wait(reply, turn)
            self._hold(host, wait, "the host asked for a longer wait")
        host.misses += 1
        if host.misses >= self._polite.misses:
            self._hold(host, self._polite.rest, "the host failed several times")
        raise FetchError(ask.address, reason)

    def _host(self, url: httpx.URL) -> _Host:
        host = self._hosts.get(url.host)
        if host is None:
            host = _Host()
            self._hosts.put(url.host, host)
        return host

    def _wait(self, asked: str, host: _Host) -> None:
        wait = host.ready - self._world.clock()
        if wait > max(self._polite.longest_wait, self._polite.delay):
            raise FetchError(asked, host.why)
        if wait > 0:
            self._world.sleep(wait)

    def _hold(self, host: _Host, wait: float, why: str) -> None:
        ready = self._world.clock() + wait
        if ready > host.ready:
            host.ready, host.why = ready, why

    def _asked_wait(self, reply: _Reply, turn: int) -> float:
        """The seconds that `Retry-After` asks for (a number or a date; a day at most), else what is waited anyway."""
        asked = reply.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdigit():
            return min(float(asked[:9]), _DAY)
        try:
            until = parsedate_to_datetime(asked)
            until = until if until.tzinfo else until.replace(tzinfo=UTC)
            return min(max((until - self._world.now()).total_seconds(), 0.0), _DAY)
        except (ValueError, TypeError, IndexError, OverflowError):
            return self._polite.backoff * 2.0**turn

    def _machines(self, asked: str, url: httpx.URL) -> Sequence[str]:
        """The numeric addresses of the host, all of which must be public; raises FetchError."""
        if not self._polite.private and url.port not in _PORTS:
            raise FetchError(asked, "a port other than 80 and 443 (--private allows it)", refused=True)
        try:
            found = self._world.resolve(url.raw_host.decode("ascii"), url.port or _port(url))
        except (OSError, UnicodeError) as error:
            raise FetchError(asked, "no such host") from error
        if not found:
            raise FetchError(asked, "no such host")
        if not self._polite.private and not all(is_public(machine) for machine in found):
            raise FetchError(asked, "a private address", refused=True)
        return found

    def _may(self, asked: str, address: str, url: httpx.URL) -> None:
        """Raises FetchError where the host's robots.txt does not let this program have the address."""
        found = self._rules(url)
        if found.rules is None:
            raise FetchError(asked, f"its robots.txt cannot be had: {found.reason}")
        if not found.rules.can_fetch(address, ROBOT):
            raise FetchError(asked, "refused by robots.txt", refused=True)

    def _rules(self, url: httpx.URL) -> _Rules:
        """The host's robots.txt, or why it cannot be had. As RFC 9309 has it: a host that says that there is none
        allows all; one that cannot say allows nothing.
        """
        place = _robots_txt(url)
        found = self._robots.get(place)
        if found is not None:
            age = self._polite.rest if found.rules is None else self._polite.robots_age
            if self._world.clock() - found.at <= age:
                return found
        found = self._fetch_rules(place)
        self._robots.put(place, found, found.size)
        return found

    def _fetch_rules(self, place: str) -> _Rules:
        data, reason = b"", ""
        try:
            data = self._follow(Ask(place, most=_ROBOTS_MOST, cut=True), robots=False).data
        except FetchError as error:
            # 429 is a host that wants to be left alone, not one without rules.
            if error.status is None or not 400 <= error.status < 500 or error.status == 429:
                reason = error.reason
        now = self._world.clock()
        if reason:
            return _Rules(now, None, reason)
        if len(data) == _ROBOTS_MOST:
            data = data[: data.rfind(b"\n") + 1]  # half a line would be another rule
        return _Rules(now, Protego.parse(data.decode("utf-8", "replace")), size=len(data))

    def _delay(self, url: httpx.URL) -> float:
        """The time between requests to the host: ours, or what its robots.txt asks for where that is longer."""
        found = self._robots.get(_robots_txt(url))
        asked = found.rules.crawl_delay(ROBOT) if found is not None and found.rules is not None else None
        return max(self._polite.delay, min(float(asked or 0), self._polite.longest_delay))

    def _once(self, ask: Ask, url: httpx.URL, machine: str, budget: _Budget) -> _Reply:
        """One request and its reply; raises _Miss, or FetchError over a reply that cannot be used."""
        world, polite = self._world, self._polite
        start = world.clock()

        def left() -> float:
            return budget.left - (world.clock() - start)

        # Without a client of httpx, which looks at redirects by itself and fails on one to no address.
        timeout = httpx.Timeout(polite.read, connect=polite.connect).as_dict()
        request = httpx.Request("GET", url, headers=self._headers(ask), extensions={"timeout": timeout})
        try:
            with (
                Wire(machine, left, world.network, _context()) as wire,
                closing(wire.handle_request(request)) as response,
            ):
                return self._take(ask, response)
        except (OutOfTime, httpcore.TimeoutException) as error:
            if left() <= 0:
                raise _Miss(f"took longer than {polite.total:g} s", again=False) from error
            raise _Miss("no answer in time") from error
        except httpcore.ConnectError as error:
            # The pool takes the cause away; what is left of it is what the error was made with.
            if isinstance(next(iter(error.args), None), ssl.SSLCertVerificationError):
                raise _Miss("a certificate that cannot be trusted", again=False) from error
            raise _Miss("no connection") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _Miss("the connection broke off") from error
        finally:
            budget.left = left()
            self._hold(self._host(url), self._delay(url), "its robots.txt asks for a wait")

    def _headers(self, ask: Ask) -> dict[str, str]:
        found = {
            "User-Agent": self._polite.agent,
            "Accept": ", ".join((*ask.media, "*/*;q=0.1")) if ask.media else "*/*",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            "If-None-Match": ask.etag,
            "If-Modified-Since": ask.modified,
        }
        return {name: value for name, value in found.items() if value}

    def _take(self, ask: Ask, response: httpx.Response) -> _Reply:
        """The reply, with its body where it is what was asked for; raises FetchError where the body cannot be used."""
        reply = _Reply(response.status_code, response.headers)
        if response.status_code != 200:
            return reply
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if ask.media and media and media not in ask.media:
            raise FetchError(ask.address, f"not a page ({media[:60]})", 200)
        most = ask.most or self._polite.largest
        data = bytearray()
        try:
            coding = response.headers.get("content-encoding", "")
            for chunk in bounded(decoded(response.iter_raw(), coding), most):
                data += chunk
        except TooLargeError as error:
            if not ask.cut:
                raise FetchError(ask.address, f"larger than {most // 2**20} MB", 200) from error
        except PackingError as error:
            raise FetchError(ask.address, "compressed in a way that cannot be read", 200) from error
        reply.data = bytes(data)
        return reply


@cache
def _context() -> ssl.SSLContext:
    """What certificates are trusted: those that httpx does, which takes a while to read."""
    return httpx.create_ssl_context(trust_env=False)


def _url(asked: str, address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
        # A name that is none of the web (`xn--`) is only seen when it is asked for, as an error over characters.
        named = url.host and url.raw_host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(asked, "not a web address", refused=True) from error
    if url.scheme not in ("http", "https") or not named or url.userinfo:
        raise FetchError(asked, "not a web address", refused=True)
    return url


def _robots_txt(url: httpx.URL) -> str:
    return str(url.copy_with(raw_path=b"/robots.txt"))


def _header(reply: _Reply, name: str) -> str:
    """A header as it can be kept and sent back; "" where it is none that HTTP allows."""
    value = reply.headers.get(name, "").strip()
    return value if len(value) <= _HEADER and value.isascii() and value.isprintable() else ""


def _port(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80
