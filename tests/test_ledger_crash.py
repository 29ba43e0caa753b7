"""What was committed is there, whole and sound, whenever a writer or a server is killed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crashes import Moments, Writer, check_kept, check_records, start_forks
from recoupe.errors import LedgerError
from recoupe.ledger import create_ledger, open_ledger
from stores import Server, own_server

KILLS, ANEW, ON_SERVER, STOPS = 200, 40, 20, 4


@pytest.fixture(scope="module", autouse=True)
def forks() -> None:
    start_forks()


def test_killed_at_any_moment_a_file_keeps_what_was_committed(tmp_path: Path) -> None:
    moments = Moments(1)
    where = str(tmp_path / "a.db")
    kept: list[str] = []
    for _ in range(KILLS):
        kept += moments.kill(Writer(where))
        check_kept(where, kept)
    assert len(kept) > KILLS / 10
    assert not [name for name in kept if name.startswith("failed")]
    check_records(where)


def test_killed_while_a_file_is_made_it_can_be_made_again(tmp_path: Path) -> None:
    moments = Moments(2)
    unfinished = 0
    for number in range(ANEW):
        where = str(tmp_path / f"{number}.db")
        kept = moments.kill(Writer(where))
        unfinished += not check_kept(where, kept)
        create_ledger(where).close()
        assert check_kept(where, kept)
    assert 0 < unfinished < ANEW


def test_killed_at_any_moment_a_server_keeps_what_was_committed(server: Server) -> None:
    moments = Moments(3)
    where = server.database()
    kept: list[str] = []
    for _ in range(ON_SERVER):
        kept += moments.kill(Writer(where))
        with create_ledger(where):
            check_kept(where, kept)
    assert len(kept) > ON_SERVER / 10
    assert not [name for name in kept if name.startswith("failed")]
    check_records(where)


def test_a_server_that_is_stopped_at_once_keeps_what_was_committed() -> None:
    moments = Moments(4)
    kept: list[str] = []
    with own_server() as own:
        where = own.database()
        for _ in range(STOPS):
            writer = Writer(where)
            writer.wait()
            moments.wait()
            own.stop("immediate")
            *said, why = writer.heard()
            kept += said
            told = (
                f"failed: {where}: the (server was stopped|connection was lost|server cannot be reached|server refuses)"
            )
            assert re.match(told, why)
            with pytest.raises(LedgerError, match="cannot be reached"):
                open_ledger(where)
            own.start()
            check_kept(where, kept)
        assert len(kept) >= STOPS
        check_records(where)


def test_processes_that_write_at_once_lose_nothing(where: str) -> None:
    writers = [Writer(where, batches=15) for _ in range(3)]
    kept = [name for writer in writers for name in writer.heard()]
    assert len(kept) == 45
    check_kept(where, kept)
    check_records(where)
