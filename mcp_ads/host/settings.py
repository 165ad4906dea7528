"""The environment -> what a host is started with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mcp_ads.errors import BadSettings
from mcp_ads.settings import Settings, load
from mcp_ads.settings_hosted import DATABASE as URL
from mcp_ads.settings_hosted import HOST_KEY as KEY
from mcp_ads.settings_hosted import PUBLIC_URL as PUBLIC

__all__ = ["KEY", "PUBLIC", "URL", "HostSettings", "host_settings"]
WANTED = (
    f"{URL}: write postgresql://user:password@host/name, with @ : / ? # % of a password percent-encoded "
    "(@ as %40), or sqlite:///path"
)
SPELLINGS = ("postgresql+psycopg://", "postgresql://", "postgres://")


@dataclass(frozen=True)
class HostSettings:
    """What the operator decides. `own` are the settings of the process: hosts, apps, caps, the sandbox."""

    own: Settings
    folder: Path
    """The data folder: MCP_ADS_HOME/host."""
    database: str = field(repr=False)
    """SQLAlchemy's address of the database; it may carry a password."""
    key: str = field(default="", repr=False)
    """MCP_ADS_HOST_KEY; empty where a file has the key."""
    public_url: str = ""
    """scheme://host[:port] under which browsers reach the host; empty for that of each request."""

    @property
    def key_file(self) -> Path:
        """The file of the key, beside the data folder and not in it."""
        return self.own.home / "host.key"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")


def host_settings(env_file: str = "", environ: Mapping[str, str] | None = None) -> HostSettings:
    """Read the settings, as every command does. Raises BadSettings with one line per mistake."""
    if not (os.environ if environ is None else environ).get(URL, "set").strip():
        raise BadSettings(f"{URL}: empty; leave it out for SQLite in MCP_ADS_HOME, or name the database")
    own = load(env_file=env_file, environ=environ)
    check_own(own)
    folder, said = own.home / "host", own.hosted
    return HostSettings(own, folder, _database(said.database_url, folder), said.key, said.public_url)


def _database(given: str, folder: Path) -> str:
    """SQLAlchemy's address; SQLite in the data folder where none is set. Raises BadSettings."""
    if not given:
        return f"sqlite+aiosqlite:///{folder / 'host.sqlite3'}"
    for start in SPELLINGS:
        if given.startswith(start):
            return _checked(f"postgresql+psycopg://{given.removeprefix(start)}")
    if given.startswith("sqlite:///"):
        return f"sqlite+aiosqlite:///{given.removeprefix('sqlite:///')}"
    raise BadSettings(WANTED)


def _checked(address: str) -> str:
    """Raises BadSettings for what is no address, with nothing of it: it may carry a password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        host = make_url(address).host
    except (ArgumentError, ValueError):
        raise BadSettings(WANTED) from None
    if "@" in (host or ""):
        raise BadSettings(WANTED)
    return address


def check_own(own: Settings) -> None:
    """Raise BadSettings where calls would be carried by another's server, which has connectors of its own."""
    if any(known.airbyte for name in own.platforms for known in own.of(name)):
        raise BadSettings(
            "MCP_ADS_BACKEND: unset it: a host keeps its connectors itself, and asks the platforms"
        )


def ignored(own: Settings) -> list[str]:
    """A line for the process's own credentials: a host signs in with those of its connectors alone."""
    several = (known for name in own.platforms for known in own.of(name))
    names = [
        f"{known.prefix}_{key}" for known in several for key in known.credentials if key.endswith("_TOKEN")
    ]
    return (
        [f"{', '.join(names)}: not used here; a connector has credentials of its own"]
        if names and not own.sandbox
        else []
    )
