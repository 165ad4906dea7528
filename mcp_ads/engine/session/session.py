"""One connector at work: its connection and the accounts it reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.core import Aside, Connector, Contexts, Note, Recall
from mcp_ads.engine.records.store import Records
from mcp_ads.engine.wire.connection import Connection
from mcp_ads.engine.wire.trace import Trace
from mcp_ads.errors import InvalidParams
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings

from .accounts import Accounts

if TYPE_CHECKING:
    import httpx


class Session(Connection):
    """A connection with its accounts."""

    def __init__(
        self,
        connector: Connector,
        settings: Settings,
        trace: Trace,
        sandbox: Callable[[], httpx.ASGITransport],
        records: Records,
        platform: Platform | None = None,
    ) -> None:
        """`platform` is which connection of the settings this is; left out, the default one."""
        chosen = platform or settings.platforms[connector.name]
        super().__init__(connector, settings, chosen, trace, sandbox, records.tokens, records.blobs.open)
        self.accounts = Accounts(self, records)
        self._notes = records.notes
        self.under_way: dict[tuple[str, str], tuple[float, tuple[list[Any], bool]]] = {}
        """By account and whose read it was: when it was read, what runs there, and whether that is all."""

    async def reach(self) -> str:
        """The id of the connector that carries its requests, with credentials that are accepted there.

        Raises AdsError.
        """
        auth: Any = self.transport.client.auth
        connector_id: str = await auth.reached()
        return connector_id

    @property
    def signed_in_as(self) -> dict[str, str]:
        """Whose credentials are sent, and by which connector at Airbyte where that was looked up."""
        found = str(getattr(self.transport.client.auth, "found", "")) if self.platform.airbyte else ""
        return {**self.platform.credentials_of, **({"connector_id": found} if found else {})}

    async def look_up(self) -> None:
        """Have it known which connector at Airbyte carries the requests, where one does. Raises AdsError."""
        if self.platform.airbyte:
            auth: Any = self.transport.client.auth
            await auth.token()

    async def aside(self, step: Aside) -> Any:
        if isinstance(step, Contexts):
            return [self.context(await self.accounts.get(id_)) for id_ in step.ids]
        if isinstance(step, Recall):
            return await asyncio.to_thread(self._notes.get, self._noted(step.name))
        assert isinstance(step, Note)
        for object_id in step.owns:
            self.accounts.own(object_id, step.of)
        return await asyncio.to_thread(self._notes.put, self._noted(step.name), step.facts)

    def _noted(self, name: str) -> str:
        """The name by which these credentials' notes are told from others'."""
        return fingerprint(self.connector.name, self.identity, name)

    def without_credentials(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters without those that repeat a credential; raises InvalidParams for another one."""
        rest = dict(params)
        for given in params:
            if name := self.connector.repeats.get(given.lower()):
                said = rest.pop(given)
                if said not in (None, "", self.credentials.get(name)):
                    raise InvalidParams(
                        f"{given}: not the one that is configured; leave it out, the settings have it"
                    )
        return rest
