"""Load: undoing the packing of what servers send."""

from __future__ import annotations

import gzip
import time
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from load_files import FEW, HTML, damaged
from recoupe.load.unpack import PackingError, TooLargeError, unpacked

BODY = HTML.encode() * 50
MOST = 100_000
PACKED = {
    "gzip": gzip.compress(BODY),
    "x-gzip": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    "br": brotli.compress(BODY),
}


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        *PACKED.items(),
        (" GZIP ", PACKED["gzip"]),
        ("gzip", gzip.compress(BODY[:99]) + gzip.compress(b"") + gzip.compress(BODY[99:])),
        ("gzip", PACKED["gzip"] + bytes(99)),
        ("deflate", zlib.compress(BODY, wbits=-15)),
        ("deflate", PACKED["gzip"]),
        ("gzip", BODY),
        ("deflate", BODY),
        ("br", BODY),
    ],
)
def test_packing_is_undone(coding: str, data: bytes) -> None:
    assert unpacked(data, coding, len(BODY), whole=True) == BODY
    with pytest.raises(TooLargeError, match="larger than"):
        unpacked(data, coding, len(BODY) - 1)


@pytest.mark.parametrize("coding", PACKED)
def test_nothing_is_nothing(coding: str) -> None:
    assert unpacked(b"", coding, 0, whole=True) == b""


@pytest.mark.parametrize(("coding", "data"), PACKED.items())
def test_what_is_cut_short_gives_its_beginning_unless_it_must_be_whole(coding: str, data: bytes) -> None:
    found = unpacked(data[:-9], coding, MOST)
    assert BODY.startswith(found)
    with pytest.raises(PackingError, match="cut short"):
        unpacked(data[:-9], coding, MOST, whole=True)


@pytest.mark.parametrize(
    ("coding", "data", "reason"),
    [
        ("gzip", b"\x1f\x8bjunk", "not sound gzip"),
        ("gzip", PACKED["gzip"] + b"\x1f\x8bjunk", "not sound gzip"),
        ("deflate", b"\x78\x9c\xff\xff\xff", "not sound deflate"),
        ("br", b"\xff" * 20, "not sound br"),
        ("zstd", b"junk", "not read: zstd"),
        ("gzip, gzip", b"junk", "not read: gzip, gzip"),
    ],
)
def test_what_is_not_sound_is_an_error(coding: str, data: bytes, reason: str) -> None:
    with pytest.raises(PackingError, match=reason):
        unpacked(data, coding, MOST)


def test_many_small_parts_take_no_time_and_a_bomb_no_memory() -> None:
    start = time.process_time()
    with pytest.raises(PackingError, match="too many parts"):
        unpacked(gzip.compress(b"") * 100_000, "gzip", MOST)
    with pytest.raises(TooLargeError):
        unpacked(gzip.compress(bytes(2**24)) * 100, "gzip", MOST)
    assert time.process_time() - start < 5


@FEW
@given(st.sampled_from(sorted(PACKED)).flatmap(lambda coding: st.tuples(st.just(coding), damaged(PACKED[coding]))))
def test_damaged_bytes_give_bytes_or_an_error(packed: tuple[str, bytes]) -> None:
    coding, data = packed
    with suppress(PackingError):
        assert len(unpacked(data, coding, MOST)) <= MOST
