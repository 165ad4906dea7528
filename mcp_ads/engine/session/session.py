"""One connector at work: its connection and the accounts it reaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Connector
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
        self.under_way: dict[tuple[str, str], tuple[float, tuple[list[Any], bool]]] = {}
        """By account and whose read it was: when it was read, what runs there, and whether that is all."""

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
