"""How many answers are worked at together.

Answers are made in threads of which one at a time computes. The more of them are at work, the longer each takes to get
its turn back after each row of a database: fifty at once answer half as many readers a second as two do (measured,
`docs/benchmarks.md`). So the others wait for a lane, those first that came first.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_LANES = 2  # one that computes while another waits for the database
_LONGEST = 0.5  # seconds; what takes longer goes on beside the lanes, so that it holds up nobody


class Lanes:
    """Lanes of one application; for the one event loop that it runs in."""

    def __init__(self, many: int = _LANES, longest: float = _LONGEST) -> None:
        self._free = asyncio.Semaphore(many)
        self._longest = longest

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[None]:
        """What is done within has a lane; it is waited for."""
        await self._free.acquire()
        held = True

        def leave() -> None:
            nonlocal held
            if held:
                held = False
                self._free.release()

        timer = asyncio.get_running_loop().call_later(self._longest, leave)
        try:
            yield
        finally:
            timer.cancel()
            leave()
