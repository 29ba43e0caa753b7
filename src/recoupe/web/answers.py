"""Answers that are kept: what one reader was shown is not made again for the next who would be shown the same."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from starlette.responses import Response

_ROOM = 64 * 2**20  # bytes that are kept in all
_BESIDE = 1500  # bytes that an answer takes besides its body
_LARGEST = 2**20  # bytes of an answer that is kept


class Answers:
    """The newest answers by their tags, which tell all that an answer depends on. Any thread may call it."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[bytes, tuple[tuple[bytes, bytes], ...]]] = OrderedDict()
        self._size = 0

    def get(self, tag: str) -> Response | None:
        """The answer with a tag, if it is kept still."""
        with self._lock:
            found = self._kept.get(tag)
            if found is None:
                return None
            self._kept.move_to_end(tag)
        response = Response(found[0])
        response.raw_headers = list(found[1])
        return response

    def keep(self, tag: str, response: Response) -> None:
        """Keeps an answer, if it is whole, good and not too large; the one asked for longest ago makes room for it."""
        body = getattr(response, "body", None)  # one that is sent bit by bit has none
        if response.status_code != 200 or not isinstance(body, bytes) or len(body) > _LARGEST:
            return
        with self._lock:
            if tag not in self._kept:
                self._kept[tag] = body, tuple(response.raw_headers)
                self._size += len(body) + _BESIDE
            while self._size > self._room:
                self._size -= len(self._kept.popitem(last=False)[1][0]) + _BESIDE
