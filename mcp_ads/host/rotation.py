"""A refresh token that came in the place of another is sealed back into its connector at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.engine.records.store import Records
from mcp_ads.errors import NoRecord
from mcp_ads.settings import Settings

from .catalog import DEFINITIONS
from .keys import Keys
from .limited import LimitedDesk
from .records.recording import recorded
from .refusals import Refused
from .store import connectors
from .store.connectors import Kept
from .store.database import Database

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

REFRESH = "refresh_token"
Keep = Callable[[Kept, str], None]


class RotatingDesk(LimitedDesk):
    """An engine that has each new refresh token kept while its process holds the turn at renewing it."""

    def __init__(self, settings: Settings, records: Records, kept: Sequence[Kept], keep: Keep) -> None:
        super().__init__(settings, records, kept)
        self._keep = keep
        self._kept = {(DEFINITIONS[one.slug].name, one.label): one for one in kept}

    def session(self, name: str, connection: str = "") -> Session:
        """The session of a connector's connection, as every desk has it."""
        found = super().session(name, connection)
        if kept := self._kept.get((found.connector.name, found.platform.connection)):
            found.renewed = partial(self._renewed, kept, found.platform.credentials.get("REFRESH_TOKEN", ""))
        return found

    def _renewed(self, kept: Kept, began_with: str, tokens: dict[str, str]) -> None:
        if (new := tokens.get(REFRESH, "")) and new != began_with:
            self._keep(kept, new)


def keep(database: Database, keys: Keys, kept: Kept, new: str) -> None:
    """Seal a new refresh token into its connector; every worker's engines are made anew with it.

    It raises nothing: a token that cannot be kept lives in this process alone.
    """

    async def work(connection: AsyncConnection) -> None:
        now = await connectors.get(connection, kept.organization_id, kept.id)
        credentials = now.credentials(keys)
        if credentials.get(REFRESH) != new:
            await connectors.touch(connection, kept.organization_id, kept.workspace_id)
            await connectors.renew(connection, keys, now, {**credentials, REFRESH: new})

    try:
        with recorded("a new refresh token"):
            database.wait(work)
    except (NoRecord, Refused) as error:
        said = "connector %s: its new refresh token lives in this process alone: %s"
        logging.getLogger("mcp_ads.host").warning(said, kept.id, error)
