"""A ledger in a file: what is said of files that are no ledgers, or damaged, write-protected, full, or gone."""

from __future__ import annotations

import os
import pwd
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from recoupe.errors import LedgerError
from recoupe.ledger import Ledger, create_ledger, discard_unused, open_ledger
from recoupe.model import Reading
from synthetic import page_of, reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a ledger?.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with create_ledger(path) as made:
        yield made


def told(doc: str, words: str = "in the night.") -> Reading:
    return reading(doc, ["A title", f"Missiles fell on the town {words}"], [], "2024-01-03")


def add(ledger: Ledger, *readings: Reading) -> None:
    with ledger.batch() as batch:
        for one in readings:
            batch.add(page_of(one), one)


def test_the_file_is_in_wal_mode(ledger: Ledger, path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_what_is_no_ledger_is_told_in_one_line_that_names_the_file(tmp_path: Path) -> None:
    text, empty, other, newer = (tmp_path / name for name in ("text.db", "empty.db", "other.db", "newer.db"))
    text.write_text("Not a database at all, and longer than a header.")
    empty.touch()
    foreign = sqlite3.connect(other)
    foreign.execute("CREATE TABLE songs (title)")
    foreign.commit()
    foreign.close()
    create_ledger(newer).close()
    ahead = sqlite3.connect(newer)
    ahead.execute("DROP TRIGGER about_no_update")
    ahead.execute("UPDATE about SET schema = 99")
    ahead.commit()
    ahead.close()
    cases = {
        text: "not an SQLite database",
        empty: "an empty file",
        other: "another application",
        newer: "newer version",
        tmp_path: "a folder",
        tmp_path / "none.db": "no such ledger",
    }
    for file, reason in cases.items():
        with pytest.raises(LedgerError, match=reason) as caught:
            open_ledger(file)
        assert str(caught.value).startswith(f"{file}: ")
        assert "\n" not in str(caught.value)
    for file in (text, other, newer, tmp_path, tmp_path / "no folder" / "x.db"):
        with pytest.raises(LedgerError):
            create_ledger(file)
    assert text.read_text().startswith("Not a database")
    with create_ledger(empty) as made:
        assert made.readings() == []


def test_a_torn_file_is_told_in_one_line(ledger: Ledger, path: Path) -> None:
    add(ledger, *(told(f"{n}.txt", "again and again " * 200) for n in range(20)))
    ledger.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match="a ledger"), open_ledger(path) as torn:
        torn.readings()


@contextmanager
def unprivileged() -> Iterator[None]:
    """As a user whom permissions bind, for a while; root is bound by none."""
    if os.geteuid() != 0:
        yield
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    os.setresuid(nobody, nobody, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def shown() -> Iterator[Path]:
    """A folder that everybody may look into and nobody but us may write to."""
    folder = Path(tempfile.mkdtemp(prefix="recoupe-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def protected(folder: Path) -> Iterator[None]:
    """While it lasts we are somebody who may look into a folder, and no more."""
    files = [folder, *folder.iterdir()]
    for file in files:
        file.chmod(0o555 if file == folder else 0o444)
    try:
        with unprivileged():
            yield
    finally:
        for file in filter(Path.exists, files):
            file.chmod(0o755 if file == folder else 0o644)


def test_a_ledger_that_may_only_be_read_is_read(shown: Path) -> None:
    path = shown / "a.db"
    with create_ledger(path) as made:
        add(made, told("a.txt"))
    with protected(shown):
        with open_ledger(path) as looked:
            assert looked.readings() == [told("a.txt")]
        assert [file.name for file in shown.iterdir()] == ["a.db"]
        with pytest.raises(LedgerError, match="may only be read: the file, its folder or its disk is write-protected"):
            create_ledger(path)
        with pytest.raises(LedgerError, match="Permission denied"):
            create_ledger(shown / "b.db")


def test_a_ledger_that_may_only_be_read_is_read_while_others_write(shown: Path) -> None:
    path = shown / "a.db"
    with create_ledger(path) as made:
        add(made, told("a.txt"))
        held = sqlite3.connect(path)  # as a writer in the midst of its work: what it wrote stands beside the file
        held.execute("SELECT * FROM about").fetchall()
        add(made, told("b.txt"))
        with protected(shown), open_ledger(path) as looked:
            assert looked.docs() == ["a.txt", "b.txt"]
        held.close()


def test_what_a_killed_writer_left_is_not_passed_over(shown: Path, path: Path) -> None:
    with create_ledger(path) as made:
        add(made, told("a.txt"))
        held = sqlite3.connect(path)
        held.execute("SELECT * FROM about").fetchall()
        add(made, told("b.txt"))
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", f"{shown / 'a.db'}{end}")
        held.close()
    with protected(shown), pytest.raises(LedgerError, match="stopped before it could tidy up"):
        open_ledger(shown / "a.db")
    with open_ledger(shown / "a.db") as looked:
        assert looked.docs() == ["a.txt", "b.txt"]


def test_a_link_is_the_file_that_it_leads_to(shown: Path, path: Path) -> None:
    path.symlink_to(shown / "a.db")
    with create_ledger(path) as made:
        add(made, told("a.txt"))
    with open_ledger(shown / "a.db") as looked:
        assert looked.docs() == ["a.txt"]
    (shown / "b.db").symlink_to(shown / "c.db")
    create_ledger(shown / "b.db").close()
    assert discard_unused(shown / "b.db")
    assert not (shown / "c.db").exists()


def test_a_ledger_that_changes_while_it_is_only_read_is_told(shown: Path) -> None:
    path = shown / "a.db"
    with create_ledger(path) as made:
        add(made, told("a.txt"))

    def addresses() -> Iterator[str]:
        yield "https://a.example/"
        with themselves(), create_ledger(path) as owner:
            add(owner, told("b.txt"))

    @contextmanager
    def themselves() -> Iterator[None]:
        user = os.getresuid()
        os.setresuid(user[2], user[2], user[2])
        shown.chmod(0o755)
        path.chmod(0o644)
        yield
        os.setresuid(*user)

    with protected(shown), open_ledger(path) as looked:
        with pytest.raises(LedgerError, match="changed while it was read"):
            looked.fetched(addresses())
        assert looked.docs() == ["a.txt", "b.txt"]


@contextmanager
def little_room(size: int) -> Iterator[None]:
    """While it lasts no file of this process may grow beyond so many bytes, as on a disk that is full or a quota."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def large(doc: str) -> Reading:
    return told(doc, "".join(chr(97 + n * n % 26) for n in range(500_000)))


def test_what_the_disk_refuses_is_told_and_can_be_written_when_there_is_room(ledger: Ledger, path: Path) -> None:
    add(ledger, told("a.txt"))
    with little_room(path.stat().st_size), pytest.raises(LedgerError, match="what was kept before is safe"):
        add(ledger, told("b.txt"), large("c.txt"))
    assert ledger.docs() == ["a.txt"]
    add(ledger, told("b.txt"), large("c.txt"))
    assert ledger.docs() == ["a.txt", "b.txt", "c.txt"]


def test_a_full_file_is_told_and_can_be_written_when_there_is_room(ledger: Ledger) -> None:
    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    add(ledger, told("a.txt"))
    engine = vars(ledger)["_engine"]
    sa.event.listen(engine, "connect", limit)
    with pytest.raises(LedgerError, match="the disk is full; what was kept before is safe"):
        add(ledger, told("b.txt"), large("c.txt"))
    assert ledger.docs() == ["a.txt"]
    sa.event.remove(engine, "connect", limit)
    add(ledger, told("b.txt"), large("c.txt"))
    assert ledger.docs() == ["a.txt", "b.txt", "c.txt"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only who may mount a disk can fill it")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_what_was_kept_can_be_read(disk: Path) -> None:
    path, filler = disk / "a.db", disk / "filler"
    with create_ledger(path) as ledger:
        add(ledger, told("a.txt"))
        fill(filler)
        with pytest.raises(LedgerError, match="the disk is full; what was kept before is safe"):
            add(ledger, *(told(f"{n}.txt") for n in range(500)))
    fill(filler)
    with open_ledger(path) as looked:
        assert looked.docs() == ["a.txt"]
    with pytest.raises(LedgerError, match="the disk is full"), create_ledger(path) as ledger:
        add(ledger, told("b.txt"))
    with pytest.raises(LedgerError, match="the disk is full"):
        create_ledger(disk / "b.db")
    filler.unlink()
    with create_ledger(path) as ledger:
        add(ledger, told("b.txt"))
        assert ledger.docs() == ["a.txt", "b.txt"]
    create_ledger(disk / "b.db").close()


def fill(filler: Path) -> None:
    """Writes until the disk is full."""
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))


def test_a_file_that_is_deleted_is_told_and_not_made_anew(ledger: Ledger, path: Path) -> None:
    add(ledger, told("a.txt"))
    with open_ledger(path) as looked:
        path.unlink()
        with pytest.raises(LedgerError, match="no such ledger any more"):
            looked.readings()
    with pytest.raises(LedgerError, match="no such ledger any more"):
        add(ledger, told("b.txt"))
    assert not path.exists()


def test_a_file_that_is_deleted_while_it_is_written_is_told(ledger: Ledger, path: Path) -> None:
    def write() -> None:
        with ledger.batch() as batch:
            batch.add(page_of(told("a.txt")), told("a.txt"))
            path.unlink()

    with pytest.raises(LedgerError, match="no such ledger any more"):
        write()


def test_a_file_in_the_place_of_the_one_that_was_opened_is_not_written(ledger: Ledger, path: Path) -> None:
    add(ledger, told("a.txt"))
    ledger.close()
    other = path.with_name("other.db")
    with create_ledger(other) as made:
        add(made, told("b.txt"))
    other.replace(path)
    with pytest.raises(LedgerError, match="another file has been put in its place"):
        add(ledger, told("c.txt"))
    with open_ledger(path) as looked:
        assert looked.docs() == ["b.txt"]


def test_only_a_file_to_which_nothing_was_kept_is_discarded(path: Path) -> None:
    with create_ledger(path) as made:
        connection = sqlite3.connect(path)
        connection.execute("SELECT * FROM about").fetchall()
        assert not discard_unused(path)  # somebody has it open, and may be about to write
        connection.close()
        add(made, told("a.txt"))
    assert not discard_unused(path)
    with open_ledger(path) as looked:
        assert looked.docs() == ["a.txt"]
    unused = path.with_name("unused.db")
    create_ledger(unused).close()
    assert discard_unused(str(unused))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_writer_that_waits_for_a_file_that_is_discarded_is_told(path: Path) -> None:
    with create_ledger(path) as waiting:
        assert discard_unused(path)
        with pytest.raises(LedgerError, match="no such ledger any more"):
            add(waiting, told("a.txt"))
