"""Databases for tests: SQLite in a file, or one of a PostgreSQL that is started for them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

BIN = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
USER = "ads"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The folder of a PostgreSQL's socket; it is gone with the tests."""
    if BIN is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path is short, and pytest's folders are not
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    settings = [f"-c {setting}" for setting in FAST]
    options = " ".join([f"-k {folder}", "-c listen_addresses=''", *settings])

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [BIN / program, *arguments], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
        )

    try:
        run("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield folder
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(cluster: Path) -> str:
    """The address of an empty database of PostgreSQL."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"host={cluster} user={USER} dbname=postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"postgresql+psycopg://{USER}@/{name}?host={cluster}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.vendors)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database as the host's settings spell it, one of each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path / 'host.sqlite3'}"
