"""A process of the host put together: folder, database, key, and what signs its tokens."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from .desks import Desks
from .key_file import keys_of
from .parts import Host
from .settings import HostSettings
from .signing import Signer
from .store import organizations
from .store.database import Database
from .store.tables import METADATA


def assembled(settings: HostSettings, *, begins: bool = False) -> Host:
    """The parts, with the tables as they should be. Raises BadSettings.

    Only what `begins` may make a key: where there is data, one that is not there is lost.
    """
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = keys_of(settings, make=begins)
    database = Database(settings.database)

    async def set_up(connection: AsyncConnection) -> Signer:
        await connection.run_sync(METADATA.create_all)
        return Signer(await organizations.signing(connection, keys))

    signer = database.wait(set_up)
    return Host(settings, database, keys, Desks(settings, database, keys), signer)
