"""Databases for the tests. A PostgreSQL server is given by its address, or started from the packages installed here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from recoupe.ledger import ledger_file

GIVEN = "RECOUPE_TEST_POSTGRES"
USER = "postgres"


class Server:
    """A server on which databases may be made; they go with it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._made: list[str] = []
        self._again: str | None = None

    def database(self, encoding: str = "UTF8") -> str:
        """The address of a new, empty database."""
        name = f"recoupe_test_{uuid4().hex[:12]}"
        self._tell(f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
        self._made.append(name)
        return self.address(name)

    def emptied(self) -> str:
        """The address of a database that is empty again: always the same one, for a new one takes its time."""
        if self._again is None:
            self._again = self.database()
        self._tell("DROP SCHEMA public CASCADE", self._again)
        self._tell("CREATE SCHEMA public", self._again)
        return self._again

    def address(self, database: str) -> str:
        """The address of one of its databases."""
        return sa.make_url(self._address).set(database=database).render_as_string(hide_password=False)

    def drop(self) -> None:
        """Deletes the databases that were made."""
        for name in self._made:
            self._tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _tell(self, statement: str, address: str | None = None) -> None:
        with psycopg.connect(address or self._address, autocommit=True) as connection:
            connection.execute(statement)


class OwnServer(Server):
    """A server of our own, which can be stopped and started."""

    def __init__(self, programs: Path, folder: Path, port: int) -> None:
        super().__init__(f"postgresql://{USER}@127.0.0.1:{port}/postgres")
        self._programs, self._folder, self._port = programs, folder, port

    def set_up(self) -> None:
        """Makes the files of the server."""
        self._run("initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-locale", "--no-sync")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        # Without fsync: what these tests stop is the server, not the machine, which still writes what it was given.
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self._folder}/log", f"--options={options}")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; `immediate` is as a crash."""
        self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self._programs / program), *arguments, f"--pgdata={self._folder}/data"]
        done = subprocess.run(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server of our own for a while; where there are no programs for it, the test is skipped (in CI it fails)."""
    programs = _programs()
    if programs is None:
        lacking = f"no PostgreSQL here: apt-get install postgresql, or give the address of one in {GIVEN}"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(lacking)
        pytest.skip(lacking)
    # Not pytest's own folder: the server is another user where we are root, and may not look into that one.
    folder = Path(tempfile.mkdtemp(prefix="recoupe-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        server = OwnServer(programs, folder, _free_port())
        server.set_up()
        server.start()
        try:
            yield server
        finally:
            if (folder / "data/postmaster.pid").exists():
                server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def any_server() -> Iterator[Server]:
    """The server that is given, else one of our own."""
    if given := os.environ.get(GIVEN):
        server = Server(given)
        try:
            yield server
        finally:
            server.drop()
    else:
        with own_server() as own:
            yield own


def _programs() -> Path | None:
    """Where a server's programs are: Debian keeps each version's in a folder of its own, which is on no path."""
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def reached(where: str) -> Iterator[sa.Connection]:
    """The database itself, as somebody reaches it who does not go through us."""
    file = ledger_file(where)
    if file is None:
        plain = sa.make_url(where).set(drivername="postgresql+psycopg")
    else:
        plain = sa.URL.create("sqlite", database=str(file))
    engine = sa.create_engine(plain)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
