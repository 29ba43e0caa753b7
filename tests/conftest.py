"""What the tests share: the packaged codebook, read once, the folder of texts that may be beside the repository, and
places for ledgers.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from golden.make import read_examples
from recoupe.codebook import Codebook, default_codebook
from recoupe.ledger import Ledger, create_ledger
from recoupe.mark import Marker, mark
from recoupe.model import Block, Dating, Mention, Reading, Report, Span
from recoupe.read import read_claims
from recoupe.values import When
from stores import Server, any_server

# How fast examples are made says how busy a machine is, and nothing of what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    """The codebook that comes with the program."""
    return default_codebook()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the manual and the sample texts; the test is skipped where it is absent."""
    folder = Path(__file__).parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder is not beside the repository")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server; skipped where there is none."""
    with any_server() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a new ledger; a test that asks for it is run on each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "a ledger?.db")
    server: Server = request.getfixturevalue("server")
    return server.emptied()


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    """A new ledger, on each kind of database."""
    with create_ledger(where) as made:
        yield made


@pytest.fixture(scope="session")
def example_db(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the examples, for tests that leave it as it is. It is read once for all processes of a run."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    folder = tmp_path_factory.mktemp("examples") if alone else tmp_path_factory.getbasetemp().parent
    path = folder / "examples.db"
    with (folder / "examples.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not path.exists():
            made = folder / "examples.new.db"
            read_examples(made, codebook)
            made.rename(path)
    return path


Marks = Callable[[str, str], list[Mention]]
Tables = Mapping[str, list[dict[str, str]]]


@pytest.fixture(scope="session")
def mentions(codebook: Codebook) -> Marks:
    """The mentions of a text in a language, by the packaged codebook."""
    return lambda text, lang: Marker.of(codebook, lang).mentions(text)


@pytest.fixture(scope="session")
def tables(codebook: Codebook) -> Tables:
    """Every table of the packaged codebook, as it is written."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(codebook.folder.rglob("*.tsv")):
        lines = [x for x in path.read_text("utf-8").split("\n") if x.strip() and not x.startswith("#")]
        header = lines[0].split("\t")
        rows = [line.split("\t") for line in lines[1:]]
        found[path.relative_to(codebook.folder).as_posix()] = [
            dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)) for cells in rows
        ]
    return found


@pytest.fixture(scope="session")
def actors(codebook: Codebook, tables: Tables) -> set[str]:
    """The ids of all states, organisations and groups."""
    states = {f"country:{row['id']}" for row in tables["states.tsv"]}
    return states | set(codebook.names.organisations) | {row["id"] for row in tables["groups.tsv"]}


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named for their argument: packed ones hold the time of packing, and tests must be called the same in
    all processes that share them.
    """
    return argname if isinstance(val, bytes) else None


PUBLISHED = When.parse("2024-01-04")  # a Thursday


@pytest.fixture(scope="session")
def read(codebook: Codebook) -> Callable[[str, str], Reading]:
    """Reads a text published on that Thursday; what an empty line parts from the rest is its title."""

    def made(lang: str, text: str) -> Reading:
        title = max(text.find("\n\n"), 0)
        blocks = (Block(Span(0, title), "title"),) if title else ()
        report = Report("t", text, lang, (*blocks, Block(Span(title, len(text)), "body")))
        reading = mark(Reading(report, dating=Dating(PUBLISHED)), codebook)
        return read_claims(reading, codebook)

    return made
