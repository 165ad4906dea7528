"""The tables brought to what this version wants, by one process at a time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import BadSettings

ALONE = text("SELECT pg_advisory_xact_lock(8780, 1)")
"""What another process waits for that begins at the same moment; SQLite has one writer anyway."""


async def migrate(connection: AsyncConnection) -> None:
    """Bring the tables to the newest revision. Raises BadSettings for a database that is newer."""
    if connection.dialect.name == "postgresql":
        await connection.execute(ALONE)
    await connection.run_sync(_upgraded)


def configuration(connection: Connection) -> Config:
    """Alembic's settings for this package and an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgraded(connection: Connection) -> None:
    try:
        command.upgrade(configuration(connection), "head")
    except CommandError as error:
        if not isinstance(error.__cause__, ResolutionError):  # not of a revision, but of our own files
            raise BadSettings(f"the tables cannot be made: {error}") from None
        raise BadSettings(
            "the database is that of a newer mcp-ads: start that version, or name another database"
        ) from None
