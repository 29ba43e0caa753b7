"""Streams of UTF-16 and UTF-32 as UTF-8, so that line ends and quotes are single bytes."""

from __future__ import annotations

import codecs

from recoupe.charset import MARKS
from recoupe.load.source import Source


def as_utf8(stream: Source) -> Source:
    """The stream itself, or, where it begins with the mark of UTF-16 or UTF-32, one that gives it in UTF-8. What the
    encoding cannot read is U+FFFD.
    """
    head = stream.peek(4)
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), "utf-8")
    if encoding == "utf-8":
        return stream
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(size: int) -> bytes:
        # No character of these encodings has more bytes in UTF-8 than twice those that it had.
        while data := stream.read(max(1, size // 4)):
            if text := decoder.decode(data):
                return text.encode("utf-8", "replace")
        return decoder.decode(b"", final=True).encode("utf-8", "replace")

    return Source(read, stream.budget)
