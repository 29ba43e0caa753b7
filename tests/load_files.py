"""Help for the tests of loading: reads bytes as a file of a name, and damages them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from recoupe.load import Columns, Limits, Problem, find_pages
from recoupe.model import Page

FRENCH = "Le ministère a confirmé la livraison de deux batteries à Kiev, où des blindés étaient arrivés l'été dernier."
HTML = f"<!doctype html><html><head><title>Livraison</title></head><body><p>{FRENCH}</p></body></html>"
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A loader's fuzz test is to take seconds."""


def read_all(
    *paths: Path, columns: Columns | None = None, limits: Limits | None = None
) -> tuple[list[Page], list[Problem]]:
    """The pages and the problems of files and folders."""
    problems: list[Problem] = []
    return list(find_pages(paths, problems.append, columns, limits or Limits())), problems


def read_bytes(
    name: str, data: bytes, columns: Columns | None = None, limits: Limits | None = None
) -> tuple[list[Page], list[Problem]]:
    """The pages and the problems of one file of this name."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_all(path, columns=columns, limits=limits)


def check_sound(name: str, data: bytes) -> None:
    """Whatever the bytes are: nothing is raised, pages can be read, and what gives no page has a problem."""
    pages, problems = read_bytes(name, data)
    for page in pages:
        assert page.text.strip()
        assert page.doc.startswith(name)
        assert page.doc.encode("utf-8")
        assert all(key.encode("utf-8") and value.encode("utf-8") for key, value in page.meta)
    for problem in problems:
        assert problem.doc.startswith(name)
        assert problem.reason.strip()
        assert "\n" not in problem.reason


@st.composite
def damaged(draw: st.DrawFn, sound: bytes) -> bytes:
    """The bytes cut short, with bits flipped, doubled, a piece left out or put in twice, or none of them at all."""
    at = draw(st.integers(0, len(sound)))
    to = draw(st.integers(at, len(sound)))
    way = draw(st.sampled_from(["cut", "flip", "double", "leave out", "put in", "random", "overwrite"]))
    if way == "cut":
        return sound[:at]
    if way == "flip":
        flipped = bytearray(sound)
        for place in draw(st.lists(st.integers(0, len(sound) - 1), min_size=1, max_size=8)):
            flipped[place] ^= 1 << draw(st.integers(0, 7))
        return bytes(flipped)
    if way == "double":
        return sound + sound
    if way == "leave out":
        return sound[:at] + sound[to:]
    if way == "put in":
        return sound[:at] + sound[at:to] * 2 + sound[to:]
    junk = draw(st.binary(max_size=64))
    return junk if way == "random" else sound[:at] + junk + sound[at + len(junk) :]
