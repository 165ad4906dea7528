"""A process of the host put together: folder, database, key, and what signs its tokens."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import AdsError, BadSettings

from .desks import Desks
from .key_file import keys_of
from .parts import Host
from .settings import URL, HostSettings
from .signing import Signer
from .store import organizations
from .store.database import Database
from .store.migrating import migrate


def assembled(settings: HostSettings, *, begins: bool = False) -> Host:
    """The parts, with the tables as they should be. Raises BadSettings.

    Only what `begins` may make a key: where there is data, one that is not there is lost.
    """
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = keys_of(settings, make=begins)
    database = Database(settings.database)

    async def set_up(connection: AsyncConnection) -> Signer:
        await migrate(connection)
        return Signer(await organizations.signing(connection, keys))

    try:
        signer = database.wait(set_up)
    except DBAPIError as error:
        database.close()
        why = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
        raise BadSettings(
            f"{URL if not database.is_sqlite else 'the database'}: cannot be used: {why}"
        ) from None
    except AdsError:
        database.close()
        raise
    return Host(settings, database, keys, Desks(settings, database, keys), signer)
