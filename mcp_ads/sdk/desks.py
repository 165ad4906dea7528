"""The engine of a program: one for each event loop that it runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mcp_ads.across.desk import Desk
from mcp_ads.clients_edited import Guard, changed
from mcp_ads.settings import Settings

from .token_news import OnTokenRefresh, TellingDesk
from .written import Written


class Desks:
    """Desks with the same settings: a loop's connections are of no use in another one.

    Plans, records and what cursors go on with are in the home that they share, and what a person protects
    there since the settings were read holds in each.
    """

    def __init__(
        self,
        settings: Settings,
        clients_in: Path | None = None,
        on_token_refresh: OnTokenRefresh | None = None,
    ) -> None:
        """`clients_in` is the folder of clients.toml, where that is not among the records."""
        self.settings = settings
        self._guard, self._tell = Guard(settings.clients, clients_in or settings.records), on_token_refresh
        self._seen = changed(self._guard.path)
        self._open: dict[asyncio.AbstractEventLoop, Desk] = {}

    @property
    def here(self) -> Desk:
        """The one of the event loop that runs."""
        loop = asyncio.get_running_loop()
        if loop not in self._open:
            for over in [one for one in self._open if one.is_closed()]:
                self._open.pop(over).trace.flush()
            made = TellingDesk(self.settings, self._tell) if self._tell else Desk(self.settings)
            made.sign_ins = Written(self.settings, self._guard, self._seen)
            self._open[loop] = made
        return self._open[loop]

    async def close(self) -> None:
        """Close the connections of the event loop that runs; the next call opens others."""
        if there := self._open.pop(asyncio.get_running_loop(), None):
            await there.close()
