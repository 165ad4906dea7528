"""A process of the host put together: folder, database, key, and what signs its tokens."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import AdsError, BadSettings, NoRecord
from mcp_ads.files.private_files import FILE

from .desks import Desks
from .key_file import keys_of
from .keys import Keys
from .logs import HIDDEN
from .parts import Host
from .settings import KEY, URL, HostSettings
from .signing import Signer
from .store import organizations
from .store.database import Database
from .store.migrating import migrate


def assembled(settings: HostSettings, *, begins: bool = False) -> Host:
    """The parts, with the tables as they should be. Raises BadSettings.

    Only who `begins` may make a key, and only where nothing is kept: else one that is not there is lost.
    """
    try:
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSettings(f"MCP_ADS_HOME: {settings.folder} cannot be made: {error.strerror}") from None
    for secret in (*settings.key.split(","), urlsplit(settings.database).password or ""):
        HIDDEN.hide(unquote(secret.strip()))
    if settings.is_sqlite:
        _close_to_others(Path(settings.database.partition("///")[2]))
    database = Database(settings.database)

    async def set_up(connection: AsyncConnection) -> tuple[Keys, Signer]:
        await migrate(connection)
        new = begins and not await organizations.every(connection)
        keys = keys_of(settings, make=new)
        return keys, Signer(await organizations.signing(connection, keys))

    try:
        keys, signer = database.wait(set_up)
    except DBAPIError as error:
        database.close()
        why = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
        raise BadSettings(
            f"{URL if not database.is_sqlite else 'the database'}: cannot be used: {why}"
        ) from None
    except NoRecord as error:
        database.close()
        raise BadSettings(f"{KEY}: what is kept {str(error).removeprefix('it ')}") from None
    except AdsError:
        database.close()
        raise
    return Host(settings, database, keys, Desks(settings, database, keys), signer)


def _close_to_others(path: Path) -> None:
    """SQLite's file and what lies beside it, for its owner alone; what SQLite makes later is like it."""
    with contextlib.suppress(OSError):  # SQLite says better why it cannot be used
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE))
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + end).chmod(FILE)
